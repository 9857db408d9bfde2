import { expect, it } from 'vitest';
import { statusText } from '../../../src/cli/call/statusText';
import { Conversation, endedOk, schema } from '../panel/conversation';

it('shows a message of several lines, as exceptions in Ruby have, in one', () => {
  const { transcript } = new Conversation();
  const status = {
    ...endedOk,
    code: 2,
    name: 'UNKNOWN',
    message: "undefined method `pack'\r\n\n  pack(part)\n  ^^^^\u001b[2J",
  };
  const [head] = statusText({ status, schema, transcript }, (_style, text) => text, false).split(
    '\n',
  );
  expect(head).toContain(
    "UNKNOWN: undefined method `pack'↵↵  pack(part)↵  ^^^^\uFFFD[2J (0 messages",
  );
  transcript.dispose();
});
