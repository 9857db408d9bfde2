import { describe, expect, it } from 'vitest';
import { contains, isEqual, type Json, order } from '../../../../src/request/expect/compare';
import { evaluate } from '../../../../src/request/expect/evaluate';
import { parseCapture, parseExpectation } from '../../../../src/request/expect/parseExpectation';
import type { MethodInfo } from '../../../../src/schema/schema';
import { Conversation, endedOk, schema, types } from '../../panel/conversation';

const span = { from: 10, to: 20 };
const read = (text: string) => {
  const parsed = parseExpectation(text, span);
  return parsed.ok
    ? { ...parsed.expectation, span: undefined, text: undefined }
    : `${text.slice(parsed.span.from, parsed.span.to)}: ${parsed.message}`;
};

describe('an expectation', () => {
  it.each([
    ['status OK', { subject: { kind: 'status' }, operator: '==', value: 'OK' }],
    [
      'status != UNAVAILABLE',
      { subject: { kind: 'status' }, operator: '!=', value: 'UNAVAILABLE' },
    ],
    ['messages >= 3', { subject: { kind: 'messages' }, operator: '>=', value: '3' }],
    [
      'message.a.b == "x y"',
      { subject: { kind: 'message', index: 0, path: ['a', 'b'] }, operator: '==', value: '"x y"' },
    ],
    [
      'message[-1].list[0]["a \\"key"] exists',
      {
        subject: { kind: 'message', index: -1, path: ['list', 0, 'a "key'] },
        operator: 'exists',
        value: '',
      },
    ],
    [
      'message { "a": 1 }',
      { subject: { kind: 'message', index: 0, path: [] }, operator: '==', value: '{ "a": 1 }' },
    ],
    [
      'message[1] contains {"a":1}',
      { subject: { kind: 'message', index: 1, path: [] }, operator: 'contains', value: '{"a":1}' },
    ],
    [
      'message.text matches /^\\d+$/i',
      {
        subject: { kind: 'message', index: 0, path: ['text'] },
        operator: 'matches',
        value: '/^\\d+$/i',
      },
    ],
    [
      'message.existsAlready true',
      {
        subject: { kind: 'message', index: 0, path: ['existsAlready'] },
        operator: '==',
        value: 'true',
      },
    ],
    [
      'trailers.X-Cost absent',
      {
        subject: { kind: 'metadata', from: 'trailers', key: 'x-cost' },
        operator: 'absent',
        value: '',
      },
    ],
    [
      'metadata.a.b==1',
      { subject: { kind: 'metadata', from: 'either', key: 'a.b' }, operator: '==', value: '1' },
    ],
    [
      'status.details[0].reason == QUOTA',
      { subject: { kind: 'status.details', path: [0, 'reason'] }, operator: '==', value: 'QUOTA' },
    ],
    [
      'status.message contains no',
      { subject: { kind: 'status.message' }, operator: 'contains', value: 'no' },
    ],
    ['latency<50%', { subject: { kind: 'latency' }, operator: '<', value: '50%' }],
    ['latency <= 200ms', { subject: { kind: 'latency' }, operator: '<=', value: '200ms' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual({ ...expected, span: undefined, text: undefined });
  });

  it.each([
    ['stauts OK', 'stauts: Did you mean status?'],
    ['', ': An expectation begins with status'],
    ['status', 'status: What is expected has to follow'],
    ['status NOT_FOUD', 'NOT_FOUD: There is no status code NOT_FOUD. Did you mean NOT_FOUND?'],
    ['status < OK', '< OK: The status can only be equal or not equal'],
    ['status.code 5', 'code: Of the status there are'],
    [
      'messages[0].a 1',
      'messages[0].a 1: messages is a number and has no members. One of the messages is message[0].',
    ],
    ['messages many', 'many: messages is compared with a number.'],
    ['message.a.[0] 1', '.: A path goes on with'],
    ['message.a exists 3', 'exists 3: Nothing may follow exists.'],
    ['message.a ==', '==: A value has to follow ==.'],
    ['message.a === 3', '=== 3: There is no operator ==='],
    ['message.a matches abc', 'matches abc: Write the regular expression between slashes'],
    ['message.a matches /(/', 'matches /(/: Write the regular expression between slashes'],
    ['headers exists', 'headers: The key has to follow'],
    ['latency == 5s', '== 5s: The latency is compared with <'],
    ['latency < 5', '< 5: "5" has no unit'],
  ])('%j is refused', (text, message) => {
    expect(read(text)).toEqual(expect.stringContaining(message));
  });
});

describe('a capture', () => {
  it('keeps a value under a name', () => {
    const parsed = parseCapture('id = message[0].listing.id', span);
    expect(parsed.ok && parsed.capture).toEqual({
      name: 'id',
      subject: { kind: 'message', index: 0, path: ['listing', 'id'] },
      text: 'id = message[0].listing.id',
      span,
    });
  });

  it.each([
    ['message.id', 'Write the name of a variable'],
    ['id = massage.id', 'Did you mean message?'],
    ['id = message.id == 3', 'Nothing may follow'],
    ['id = latency', 'The latency is no value'],
  ])('%j is refused', (text, message) => {
    const parsed = parseCapture(text, span);
    expect(parsed.ok ? '' : parsed.message).toContain(message);
  });
});

describe('comparing', () => {
  it.each<[Json, Json, boolean]>([
    [1, 1, true],
    ['9007199254740993', 9007199254740992, false],
    ['9007199254740993', '9007199254740993', true],
    ['5', 5, true],
    ['5', '5.0', false],
    [5, '5.0', true],
    [0.1, '0.1', true],
    [null, false, false],
    ['', 0, false],
    [{ a: 1, b: [2] }, { b: [2], a: '1' }, true],
    [{ a: 1 }, { a: 1, b: 2 }, false],
    [{ a: 1, b: 2 }, { a: 1, c: 2 }, false],
    [[1, 2], [2, 1], false],
    [[1], { 0: 1 }, false],
    [{ toString: 1 }, { a: 1 }, false],
  ])('%j equals %j: %s', (a, b, expected) => {
    expect(isEqual(a, b)).toBe(expected);
    expect(isEqual(b, a)).toBe(expected);
  });

  it.each<[Json, Json, number | undefined]>([
    [2, '10', -1],
    ['9007199254740993', '9007199254740992', 1],
    ['2s', '1.5s', 1],
    ['2024-01-01T00:00:00Z', '2024-01-01T01:00:00+01:00', 0],
    ['2024-01-01T00:00:00.000000001Z', '2024-01-01T00:00:00Z', 1],
    ['b', 'a', 1],
    ['b', 1, undefined],
    [null, 1, undefined],
    [{}, {}, undefined],
  ])('%j against %j: %j', (a, b, expected) => {
    expect(order(a, b)).toBe(expected);
  });

  it.each<[Json, Json, boolean]>([
    ['say hello', 'hello', true],
    ['costs 15', 15, true],
    [['a', 'b'], 'b', true],
    [['ab'], 'b', false],
    [[{ id: 1, name: 'x' }], { id: 1 }, true],
    [{ a: 1, b: 2 }, { b: 2 }, true],
    [{ a: 1 }, 'a', false],
    [5, 5, false],
  ])('%j contains %j: %s', (whole, part, expected) => {
    expect(contains(whole, part)).toBe(expected);
  });
});

describe('what is expected, as a failure shows it', () => {
  const conversation = new Conversation();
  const { transcript } = conversation;
  const message = schema.encode(types.responseType, '{"title":"lamp"}');
  transcript.appendMessage('received', message, conversation.later());
  transcript.end(endedOk, conversation.later());
  const method: MethodInfo = {
    name: 'Get',
    path: '/s.S/Get',
    kind: 'unary',
    ...types,
    deprecated: false,
    problems: [],
  };

  it.each([
    ['message.title == "chair"', 'chair'],
    ['messages 99', '99'],
    ['messages >= 99', '>= 99'],
    ['status != OK', '!= OK'],
    ['message.title contains "chair"', 'contains chair'],
    ['message contains {"title":"chair"}', 'contains {\n  "title": "chair"\n}'],
    ['message.title matches /^c/', 'matches /^c/'],
    ['message.none > 5', '> 5'],
    ['latency < 0ms', '< 0ms'],
    ['trailers.x exists', 'exists'],
    ['message.title absent', 'absent'],
  ])('%s', (text, expected) => {
    const parsed = parseExpectation(text, span);
    if (!parsed.ok) {
      throw new Error(parsed.message);
    }
    const answer = { status: endedOk, transcript, schema, method, deadline: undefined };
    const check = evaluate(parsed.expectation, answer);
    expect(check).toMatchObject({ passed: false, expected });
  });
});
