import { describe, expect, it } from 'vitest';
import { parseRequestFile } from '../../../../src/request/file/parse';
import type { RequestFile, Span } from '../../../../src/request/file/syntax';
import { forSeeds, type Random } from '../../../tools/random';
import { requestTree } from '../../../tools/requestTree';

const tree = (text: string): string => requestTree(parseRequestFile(text));

describe('a request file', () => {
  it('has variables, requests, metadata and messages', () => {
    const text = `@host = localhost:50051
# @plaintext

### Reserve a listing
# @deadline 2s
// a remark
GRPC {{host}}/market.v1.ListingService/Negotiate
authorization: Bearer {{token}}
# @expect status OK
trace-bin: AAEC

{ "listingId": "9007199254740993",
# in the middle
  "text": "still there?" }
=== wait
{ "text": "I can come today" }
=== wait 500ms
< ./last words.json

### No body

GRPC dns:///market:443/a.B/C
`;
    expect(tree(text)).toMatchInlineSnapshot(`
      "variable "host" "localhost:50051"
      annotation "plaintext" ""
      request 4:1 "Reserve a listing"
        line "{{host}}" "market.v1.ListingService" "Negotiate"
        annotation "deadline" "2s"
        annotation "expect" "status OK"
        metadata "authorization" "Bearer {{token}}"
        metadata "trace-bin" "AAEC"
        message "{ \\"listingId\\": \\"9007199254740993\\",\\n               \\n  \\"text\\": \\"still there?\\" }"
        message after 1 answers "{ \\"text\\": \\"I can come today\\" }"
        message after 500ms < ./last words.json
      request 20:1 "No body"
        line "dns:///market:443" "a.B" "C""
    `);
  });

  it('needs no separator for its first request, and reads CRLF', () => {
    expect(
      tree('# @deadline 1s\r\nGRPC h:1/S/M\r\nkey: a value \r\n\r\n{}\r\n'),
    ).toMatchInlineSnapshot(`
      "request 1:1
        line "h:1" "S" "M"
        annotation "deadline" "1s"
        metadata "key" "a value"
        message "{}""
    `);
  });

  it('takes slashes inside references for no separators', () => {
    expect(tree('GRPC {{a/b}}/S/M')).toMatchInlineSnapshot(`
      "request 1:1
        line "{{a/b}}" "S" "M""
    `);
    expect(tree('GRPC unix:/run/app.sock/S/M')).toContain('line "unix:/run/app.sock" "S" "M"');
  });

  it('reads a body that begins without an empty line', () => {
    expect(tree('GRPC h:1/S/M\nkey: value\n{ "a": 1 }\n')).toContain('message "{ \\"a\\": 1 }"');
  });

  it('takes a quoted text that looks like a separator for a message', () => {
    expect(tree('GRPC h:1/S/M\n\n"### no separator"\n')).toContain(
      'message "\\"### no separator\\""',
    );
  });

  it.each([
    ['GRPC', 'problem 1:1 "GRPC": There is no target and no service and no method.'],
    ['GRPC h:1', 'There is no service and no method.'],
    ['GRPC S/M', 'problem 1:1 "GRPC S/M": There is no target.'],
    ['GRPC h:1/S/M extra', 'There is a space in the method.'],
    ['POST http://x', 'problem 1:1 "POST http://x": This line is none of a request file’s'],
    ['GRPC h:1/S/M\nno metadata', 'problem 2:1 "no metadata": This is no metadata'],
    ['@host localhost', 'problem 1:1 "@host localhost": A variable needs a value'],
    ['@1a = x', 'problem 1:2 "1a": "1a" can\'t be the name of a variable'],
    ['### a\n# @deadline 1s\n', 'problem 2:1 "# @deadline 1s": @deadline belongs to a request'],
    [
      'GRPC h:1/S/M\n\n{}\n===\n',
      'problem 4:1 "===": A message has to stand on both sides of ===.',
    ],
    [
      'GRPC h:1/S/M\n\n===\n{}\n',
      'problem 3:1 "===": A message has to stand on both sides of ===.',
    ],
    ['GRPC h:1/S/M\n\n{}\n=== wiat\n{}', 'problem 4:1 "=== wiat": After === can stand'],
    ['GRPC h:1/S/M\n\n{}\n=== waiting\n{}', 'problem 4:1 "=== waiting": After === can stand'],
    ['GRPC h:1/S/M\n\n{}\n=== wait 0\n{}', 'Wait for 1 to 1000000 answers.'],
    ['GRPC h:1/S/M\n\n{}\n=== wait 5 weeks\n{}', 'problem 4:1 "=== wait 5 weeks"'],
    [
      'GRPC h:1/S/M\n\n< a.json\n{}\n',
      'problem 4:1 "{}": A message that is read from a file has one line',
    ],
    ['GRPC h:1/S/M\n\n<\n', 'problem 3:1 "<": A path has to follow'],
  ])('says what is wrong in %j', (text, problem) => {
    expect(tree(text)).toContain(problem);
  });

  it('goes on after a mistake', () => {
    const { requests, problems } = parseRequestFile(
      '### a\nwhat\nGRPC h:1/S/A\n### b\nGRPC h:1/S/B\n',
    );
    expect(requests.map(({ line }) => line.method.text)).toEqual(['A', 'B']);
    expect(problems).toHaveLength(1);
  });
});

describe('any text', () => {
  it('is covered by nodes, problems and layout, and each node is the text where it stands', () => {
    forSeeds(300, (random) => {
      const text = randomFile(random);
      const file = parseRequestFile(text);
      const spans = checkTexts(file);
      const rest = uncovered(text, [...spans, ...file.problems.map(({ span }) => span)]);
      for (const line of rest.split(/\r?\n/)) {
        expect(line, text).toMatch(/^\s*$|^\s*(#|\/\/)|^\s*===\s*$/);
      }
    });
  });
});

/** Every place of the tree, each compared with the text there. */
function checkTexts(file: RequestFile): Span[] {
  const spans: Span[] = [];
  const check = (text: string, span: Span): void => {
    expect(file.text.slice(span.from, span.to)).toBe(text);
  };
  const named = [
    ...file.variables,
    ...file.annotations,
    ...file.requests.flatMap((it) => it.annotations),
  ];
  for (const { name, value, span } of named) {
    check(name.text, name.span);
    check(value.text, value.span);
    spans.push(span);
  }
  for (const { title, line, metadata, messages, span } of file.requests) {
    for (const part of [...(title ? [title] : []), line.target, line.service, line.method]) {
      check(part.text, part.span);
      expect(part.span.from).toBeGreaterThanOrEqual(span.from);
      expect(part.span.to).toBeLessThanOrEqual(span.to);
    }
    spans.push(line.span, ...metadata.map((it) => it.span));
    for (const message of messages) {
      spans.push(message.span, ...(message.wait ? [message.wait.span] : []));
      if (message.kind === 'json') {
        expect(message.json).toHaveLength(message.span.to - message.span.from);
        expect(message.json.trim()).toBe(message.json);
      } else {
        check(message.path.text, message.path.span);
      }
    }
    for (const { key, value } of metadata) {
      check(key.text, key.span);
      check(value.text, value.span);
    }
  }
  return spans;
}

function uncovered(text: string, spans: readonly Span[]): string {
  const characters = [...text.split('')];
  for (const { from, to } of spans) {
    for (let at = from; at < to; at++) {
      if (characters[at] !== '\n' && characters[at] !== '\r') {
        characters[at] = ' ';
      }
    }
  }
  return characters.join('');
}

const pieces = [
  '### title',
  '###',
  '####   many',
  '# comment',
  '// @expect status OK',
  '# @deadline 2s',
  '  # @plaintext',
  '@host = localhost:1',
  '@bad',
  'GRPC h:1/a.B/C',
  'GRPC {{host}}/a.B/C',
  'GRPC',
  'GRPC h',
  'key: value',
  'key-bin: AAEC',
  '',
  '   ',
  '{ "a": "{{b}}" }',
  '{',
  '}',
  '===',
  '=== wait 2',
  '=== wait 5s',
  '=== what',
  '< ./body.json',
  '<',
  'lost',
  '"text"',
  'ünïcödé: 🛋️',
];

function randomFile(random: Random): string {
  const count = random.integer(0, 25);
  const end = random.chance(0.3) ? '\r\n' : '\n';
  return Array.from({ length: count }, () => random.pick(pieces)).join(end);
}

describe('a line that was made to take long', () => {
  // By the square of its length each would take minutes, and the test would run out of time.
  const gap = ' '.repeat(300_000);

  it.each([
    ['a title', `### a${gap}b`],
    ['an annotation', `# @deadline a${gap}b`],
    ['a variable', `@a = a${gap}b`],
    ['a variable without =', `@a${gap}b\u2028c`],
    ['a request', `GRPC a${gap}b`],
    ['metadata', `GRPC a/b/c\nkey: a${gap}b`],
    ['a path', `GRPC a/b/c\n\n< a${gap}b`],
    ['a wait', `GRPC a/b/c\n\n{}\n=== wait${gap}b\u2028c\n{}`],
  ])('is read at once: %s', (_, text) => {
    expect(parseRequestFile(`${text}\n### next\nGRPC a/b/Last\n`).requests.at(-1)).toMatchObject({
      line: { method: { text: 'Last' } },
    });
  });

  it('keeps what stands between its words, and no blanks at its end', () => {
    const { requests, variables } = parseRequestFile(
      '@a = b\u2028c \n### t\ru \nGRPC  a/b/c \nk:  v  w \n\n<  p q \n',
    );
    expect(variables[0]?.value.text).toBe('b\u2028c');
    expect(requests[0]).toMatchObject({
      title: { text: 't\ru' },
      line: { method: { text: 'c' } },
      metadata: [{ value: { text: 'v  w' } }],
      messages: [{ path: { text: 'p q' } }],
    });
  });
});
