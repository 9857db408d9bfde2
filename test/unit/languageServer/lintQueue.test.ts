import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LintQueue } from '../../../src/languageServer/lintQueue';

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** A queue whose work is written down. */
function recorded(work: (key: string) => Promise<void> | void = () => undefined) {
  const ran: string[] = [];
  const queue = new LintQueue<string>(async (key) => {
    ran.push(key);
    await work(key);
  });
  const done = (count: number) => vi.waitFor(() => expect(ran).toHaveLength(count));
  return { queue, ran, done };
}

describe('LintQueue', () => {
  it('runs in order, what is urgent first', async () => {
    const { queue, ran, done } = recorded();
    queue.add('a');
    queue.add('b');
    queue.addFirst('c');
    await done(3);
    expect(ran).toEqual(['c', 'a', 'b']);
  });

  it('does once what is asked for several times', async () => {
    const { queue, ran, done } = recorded();
    queue.add('a');
    queue.add('b');
    queue.add('a');
    queue.addAfter(100, 'c');
    queue.addAfter(100, 'c');
    await done(2);
    await vi.advanceTimersByTimeAsync(100);
    await done(3);
    expect(ran).toEqual(['a', 'b', 'c']);
  });

  it('waits until nobody has asked for the length of the rest', async () => {
    const { queue, ran, done } = recorded();
    queue.addAfter(100, 'a');
    await vi.advanceTimersByTimeAsync(80);
    queue.addAfter(100, 'a');
    await vi.advanceTimersByTimeAsync(80);
    expect(ran).toEqual([]);
    await vi.advanceTimersByTimeAsync(20);
    await done(1);
  });

  it('does not wait for the rest of what somebody needs now', async () => {
    const { queue, ran } = recorded();
    queue.addAfter(100, 'a');
    await queue.settled('a');
    expect(ran).toEqual(['a']);
    await vi.advanceTimersByTimeAsync(200);
    await queue.settled('a');
    expect(ran).toEqual(['a']);
  });

  it('waits for work that runs, and for what was asked for while it ran', async () => {
    const { queue, ran } = recorded((key) => {
      if (key === 'a' && ran.length === 1) {
        queue.add('a');
      }
    });
    queue.add('a');
    await queue.settled('a');
    expect(ran).toEqual(['a', 'a']);
  });

  it('waits for work that runs already', async () => {
    let finish = () => {};
    const { queue, ran, done } = recorded(() => new Promise((resolve) => (finish = resolve)));
    queue.add('a');
    await done(1);
    let isSettled = false;
    const settled = queue.settled('a').then(() => {
      isSettled = true;
    });
    await Promise.resolve();
    expect(isSettled).toBe(false);
    finish();
    await settled;
    expect(ran).toEqual(['a']);
  });

  it('forgets what is taken out, also for those who wait', async () => {
    const { queue, ran, done } = recorded();
    queue.addAfter(100, 'a');
    queue.add('b');
    const settled = queue.settled('b');
    queue.delete('a');
    queue.delete('b');
    await settled;
    queue.add('c');
    await done(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(ran).toEqual(['c']);
  });
});
