import { describe, expect, it } from 'vitest';
import { answerText } from '../../../../src/host/requestFiles/answerText';
import { failedChecks, passed, resultText } from '../../../../src/host/requestFiles/resultText';
import { TestCalls } from '../../../../src/host/testExplorer/testCalls';
import type { CheckResult } from '../../../../src/request/expect/expectation';
import type { CallResult } from '../../../../src/request/run/result';
import { Conversation, endedOk, method, schema, types } from '../../panel/conversation';

/** A call with so many answers, ended or not. */
function call(answers: number, status = endedOk, ended = true) {
  const conversation = new Conversation();
  const { transcript } = conversation;
  const fields = [
    [':status', '200'],
    ['x-note', 'a\u001b[31mb'],
    ['set-cookie', 'top-secret'],
  ] as const;
  transcript.appendFields(1, 'received', 1, fields, false, conversation.later());
  for (let index = 0; index < answers; index++) {
    const bytes = schema.encode(types.responseType, `{"title":"thing ${index}"}`);
    transcript.appendMessage('received', bytes, conversation.later());
  }
  if (ended) {
    transcript.end(status, conversation.later());
  }
  return transcript;
}
const textOf = (transcript: ReturnType<typeof call>) =>
  answerText({ transcript, schema, method, target: 'localhost:1', defaults: false });

describe('answerText', () => {
  it('begins with what came of the call, and has its messages as JSON', () => {
    const text = textOf(call(2));
    expect(text).toMatch(
      /^OK · [\d.]+ m?s · 2 messages\n# market\.v1\.ListingService\/Get on localhost:1, /,
    );
    expect(text).toMatch(/# Message 2, .*\n\{\n {2}"title": "thing 1"\n\}\n/);
  });

  it('says what runs still, and shows the newest messages of many', () => {
    const text = textOf(call(450, endedOk, false));
    expect(text).toMatch(/^RUNNING · 450 messages\n/);
    expect(text).toContain('# 250 messages before these');
    expect(text).not.toContain('"thing 249"');
    expect(text).toContain('"thing 250"');
    expect(text).toContain('"thing 449"');
  });

  it('explains a status that is an error', () => {
    const status = {
      ...endedOk,
      code: 5,
      name: 'NOT_FOUND',
      message: 'no\nsuch',
      nextActions: ['Look.'],
    };
    expect(textOf(call(0, status))).toContain('# no↵such\n# The call succeeded.\n# Look.\n');
  });

  it('shows neither secrets nor control characters of headers', () => {
    const text = textOf(call(1));
    expect(text).not.toContain('top-secret');
    expect(text).not.toContain('\u001b');
  });
});

describe('resultText', () => {
  const check = (isPassed: boolean) => ({ passed: isPassed }) as CheckResult;
  const result = (checks: readonly CheckResult[], expectations: number): CallResult =>
    ({
      kind: 'called',
      status: endedOk,
      transcript: { timing: { ended: 12_000 } },
      request: { expectations: Array(expectations).fill({}), captures: [] },
      checks,
    }) as unknown as CallResult;

  it('says the status, and of expectations how many hold', () => {
    expect(resultText(result([check(true)], 0))).toBe('OK · 12 ms');
    expect(resultText(result([check(true)], 1))).toBe('OK · 12 ms · 1 expectation met');
    const failed = result([check(true), check(false)], 2);
    expect(resultText(failed)).toBe('1 of 2 expectations failed · OK · 12 ms');
    expect(passed(failed)).toBe(false);
    expect(failedChecks(failed)).toEqual([check(false)]);
  });

  it('expects nothing of a call that somebody ended', () => {
    const failed = result([check(false)], 1);
    const ended = { ...failed, status: { ...endedOk, cause: 'cancelled-here' as const } };
    expect(failedChecks(ended)).toEqual([]);
  });

  it('says why nothing was sent', () => {
    const refused = { kind: 'refused', name: 'A', problems: [{ message: 'No\nway.' }] } as unknown;
    expect(resultText(refused as Parameters<typeof resultText>[0])).toBe('Not sent: No↵way.');
  });
});

describe('TestCalls', () => {
  function kept(calls: TestCalls, id: string) {
    let isDisposed = false;
    const transcript = {
      dispose: () => {
        isDisposed = true;
      },
    };
    calls.keep(id, {
      key: { serverId: 's', path: '/a/b' },
      form: { body: '', metadata: [], options: {} },
      started: { call: { transcript }, context: {}, held: Promise.resolve() },
    } as unknown as Parameters<TestCalls['keep']>[1]);
    return () => isDisposed;
  }

  it('keeps the newest, and gives back what the others held', async () => {
    const calls = new TestCalls();
    const first = kept(calls, 'first');
    for (let index = 0; index < 20; index++) {
      kept(calls, `test ${index}`);
    }
    await expect.poll(first).toBe(true);
    expect(calls.show('first')).toBeUndefined();
    expect(calls.show('test 19')).toBeDefined();
  });

  it('leaves what a panel shows to the panel, and tells it when nobody else reads it', async () => {
    const calls = new TestCalls();
    const isDisposed = kept(calls, 'a');
    const shown = calls.show('a');
    calls.dispose();
    await shown?.started.held;
    expect(isDisposed()).toBe(false);
  });
});
