import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { CallRun, type RunningCall, type Update } from '../../../src/host/requestPanel/callRun';
import type { MethodInfo } from '../../../src/schema/schema';
import type { CallStatus } from '../../../src/transcript/entry';
import { Conversation, endedOk, method, ordinaryCall, schema } from '../panel/conversation';

/** A call that is a conversation: the test says what happens in it. */
function started(conversation = new Conversation(), kind: MethodInfo['kind'] = method.kind) {
  let finish: (status: CallStatus) => void = () => undefined;
  const done = new Promise<CallStatus>((resolve) => {
    finish = resolve;
  });
  const cancel = vi.fn();
  const call: RunningCall = {
    transcript: conversation.transcript,
    canSend: false,
    done,
    send: () => true,
    drained: () => Promise.resolve(),
    halfClose: () => undefined,
    cancel,
  };
  const updates: Update[] = [];
  const run = new CallRun(
    call,
    {
      callId: 7,
      target: 'localhost:1',
      method: { ...method, kind },
      schema,
      framesAvailable: true,
      deadline: 15_000,
    },
    (update) => updates.push(update),
  );
  return { conversation, run, updates, cancel, finish };
}

describe('CallRun', () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it('tells the phases of a call', () => {
    const { conversation, run } = started();
    expect(run.snapshot()).toMatchObject({ callId: 7, phase: 'connecting', deadline: 15_000 });
    conversation.headers('sent', [[':path', method.path]]);
    expect(run.snapshot().phase).toBe('connecting');
    conversation.headers('received', [[':status', '200']]);
    expect(run.snapshot().phase).toBe('streaming');
    conversation.listing({ title: 'Lamp' }).end();
    expect(run.snapshot()).toMatchObject({
      phase: 'ended',
      receivedMessages: 1,
      rows: { messages: 4, frames: 7 },
      status: { name: 'OK' },
    });
    run.dispose();
  });

  it('names the row of the answer for calls that have one', () => {
    const streaming = started(ordinaryCall());
    expect(streaming.run.snapshot().answerRow).toBeUndefined();
    const unary = started(ordinaryCall(), 'unary');
    expect(unary.run.snapshot().answerRow).toBe(3);
    streaming.run.dispose();
    unary.run.dispose();
  });

  it('sends at most 30 updates a second however much arrives, each with the watched window only', () => {
    const { conversation, run, updates } = started();
    run.watch({ view: 'messages', first: 0, count: 20, follow: true });
    for (let millisecond = 0; millisecond < 1000; millisecond++) {
      for (let index = 0; index < 20; index++) {
        conversation.listing({ title: `lamp ${millisecond} ${index}` });
      }
      conversation.transcript.flush();
      vi.advanceTimersByTime(1);
    }
    vi.advanceTimersByTime(100);
    expect(updates.length).toBeGreaterThan(10);
    expect(updates.length).toBeLessThanOrEqual(31);
    for (const { window } of updates) {
      expect(window?.rows.length ?? 0).toBeLessThanOrEqual(20);
    }
    const last = updates.at(-1);
    expect(last?.snapshot.receivedMessages).toBe(20_000);
    expect(last?.window?.rows.map((row) => row.row)).toEqual(
      Array.from({ length: 20 }, (_, index) => 19_980 + index),
    );
    run.dispose();
  });

  it('leaves time to others when an update takes long', () => {
    const { conversation, run, updates } = started();
    let busy = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + busy);
    const { transcript } = conversation;
    const entry = transcript.entry.bind(transcript);
    vi.spyOn(transcript, 'entry').mockImplementation((number) => {
      busy += 10;
      return entry(number);
    });
    run.watch({ view: 'messages', first: 0, count: 20, follow: true });
    for (let millisecond = 0; millisecond < 3000; millisecond++) {
      conversation.listing({ title: `lamp ${millisecond}` });
      transcript.flush();
      vi.advanceTimersByTime(1);
    }
    // 21 entries of 10 ms each are read for an update: at most a quarter of the time may go there.
    expect(updates.length).toBeGreaterThan(2);
    expect(busy).toBeLessThan((3000 + busy) / 4 + 210);
    run.dispose();
    vi.restoreAllMocks();
  });

  it('does not send a window again that did not change', () => {
    const { conversation, run, updates } = started(ordinaryCall());
    run.watch({ view: 'messages', first: 0, count: 3, follow: false });
    vi.advanceTimersByTime(50);
    conversation.transcript.flush();
    vi.advanceTimersByTime(50);
    expect(updates.map(({ window }) => window?.rows.length)).toEqual([3, undefined]);
    run.forgetSent();
    conversation.transcript.flush();
    vi.advanceTimersByTime(50);
    expect(updates.at(-1)?.window?.rows).toHaveLength(3);
    run.watch({ view: 'frames', first: 2, count: 2, follow: false });
    vi.advanceTimersByTime(50);
    expect(updates.at(-1)?.window).toMatchObject({
      view: 'frames',
      rows: [{ row: 2 }, { row: 3 }],
    });
    run.dispose();
  });

  it('gives rows by number, within what there is', () => {
    const { run } = started(ordinaryCall());
    expect(run.rows('messages', 2, 2).map((row) => row.label)).toEqual(['headers', 'message 1']);
    expect(run.rows('messages', 5, 100).map((row) => row.row)).toEqual([5, 6]);
    expect(run.rows('messages', 100, 10)).toEqual([]);
    expect(run.rows('frames', -5, 1).map((row) => row.row)).toEqual([0]);
    expect(run.rows('frames', 0, 1e9).length).toBeLessThanOrEqual(500);
    const [, second] = run.rows('messages', 0, 2);
    expect(run.rows('messages', 1, 1)[0]).toEqual(second);
    run.dispose();
  });

  it('gives a message as JSON, and other entries as their fields', () => {
    const { conversation, run } = started(ordinaryCall());
    const entry = (row: number): number => conversation.transcript.entryNumber('messages', row);
    expect(JSON.parse(run.entryText(entry(4), true))).toEqual({
      title: 'Floor lamp',
      price: '0',
      photo: '',
      tags: [],
    });
    expect(run.entryText(entry(5), false)).toContain('trace-bin');
    run.dispose();
  });

  it('keeps the bytes of a call that somebody still reads', async () => {
    const { conversation, run, finish } = started(ordinaryCall());
    const disposed = vi.spyOn(conversation.transcript, 'dispose');
    let letGo = (): void => undefined;
    run.hold(
      new Promise<void>((resolve) => {
        letGo = resolve;
      }),
    );
    run.hold(Promise.reject(new Error('The disk is full.')));
    run.dispose();
    finish(endedOk);
    await vi.advanceTimersByTimeAsync(100);
    expect(disposed).not.toHaveBeenCalled();
    letGo();
    await vi.advanceTimersByTimeAsync(100);
    expect(disposed).toHaveBeenCalledOnce();
  });

  it('is silent after it was disposed, cancels the call and gives its bytes back when that has ended', async () => {
    const { conversation, run, updates, cancel, finish } = started(ordinaryCall());
    const disposed = vi.spyOn(conversation.transcript, 'dispose');
    run.watch({ view: 'messages', first: 0, count: 3, follow: false });
    run.dispose();
    conversation.transcript.flush();
    vi.advanceTimersByTime(1000);
    expect(updates).toEqual([]);
    expect(cancel).toHaveBeenCalledOnce();
    expect(disposed).not.toHaveBeenCalled();
    finish(endedOk);
    await Promise.resolve();
    await Promise.resolve();
    expect(disposed).toHaveBeenCalledOnce();
  });
});
