import { expect, test, vi } from 'vitest';
import { Progress } from '../../../src/cli/lint/progress';

function terminal(columns?: number) {
  const written: string[] = [];
  return { written, write: (text: string) => written.push(text), isTTY: true, columns };
}

test('draws over its own line, and leaves nothing behind', () => {
  const out = terminal();
  const progress = new Progress(out);
  progress.show('Linting', 1, 20);
  progress.clear();
  progress.clear();
  expect(out.written).toEqual(['\rLinting: 1 of 20 files\x1b[K', '\r\x1b[K']);
});

test('is drawn anew ten times a second at most, and never longer than the line', () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const out = terminal(12);
    const progress = new Progress(out);
    for (let done = 0; done < 100; done += 1) {
      progress.show('Looking', done, undefined);
      vi.advanceTimersByTime(10);
    }
    expect(out.written).toHaveLength(10);
    expect(out.written[0]).toBe('\rLooking: 0 \x1b[K');
  } finally {
    vi.useRealTimers();
  }
});

test('says nothing where nobody watches', () => {
  const progress = new Progress(undefined);
  progress.show('Linting', 1, 2);
  progress.clear();
});
