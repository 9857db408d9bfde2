import { describe, expect, it } from 'vitest';
import { formatRequestFile } from '../../../src/request/file/format';
import { parseRequestFile } from '../../../src/request/file/parse';
import { nextToken } from '../../../src/schema/jsonTokens';
import { forSeeds, type Random } from '../../tools/random';

/** What a file means, without places. A message is its tokens; one that is no JSON is what stands there. */
function meaning(text: string): unknown {
  const file = parseRequestFile(text);
  const pairs = (all: readonly { name: { text: string }; value: { text: string } }[]) =>
    all.map(({ name, value }) => [name.text, value.text]);
  return {
    variables: pairs(file.variables),
    annotations: pairs(file.annotations),
    problems: file.problems.map(({ message }) => message),
    requests: file.requests.map(({ title, annotations, line, metadata, messages }) => ({
      title: title?.text,
      annotations: pairs(annotations),
      line: [line.target.text, line.service.text, line.method.text],
      metadata: metadata.map(({ key, value }) => [key.text, value.text]),
      messages: messages.map((message) => [
        message.wait && { ...message.wait, span: undefined },
        message.kind === 'file' ? message.path.text : tokens(message.json),
      ]),
    })),
  };
}

function tokens(json: string): string[] {
  const texts: string[] = [];
  for (let token = nextToken(json, 0); token; token = nextToken(json, token.to)) {
    texts.push(json.slice(token.from, token.to));
  }
  return texts;
}

/** What stands in comments, in their order. */
function comments(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => /^(?:#(?!##)|\/\/)/.test(line) && !/^(?:#|\/\/)\s*@/.test(line));
}

describe('formatting a request file', () => {
  it('gives everything one spacing', () => {
    const text = `

@host=localhost:50051
@id   =   1
###    Talk
//@deadline   2s
  #   a comment
GRPC   {{host}}/market.v1.ListingService/Negotiate
authorization:Bearer {{token}}
# @expect    status OK
{"listingId":"{{id}}","offer":{"units":{{units}},  "nanos":0},
  # the way to talk
"tags":[],"more":[1,2]}
===wait   2
<   ./message.json
===
{ "text": }
####
GRPC host/service/method`;
    expect(formatRequestFile(text)).toBe(`@host = localhost:50051
@id = 1

### Talk
// @deadline 2s
#   a comment
GRPC {{host}}/market.v1.ListingService/Negotiate
authorization: Bearer {{token}}
# @expect status OK

{
  "listingId": "{{id}}",
  "offer": {
    "units": {{units}},
    "nanos": 0
  },
  # the way to talk
  "tags": [],
  "more": [
    1,
    2
  ]
}
=== wait 2
< ./message.json
===
{ "text": }

####
GRPC host/service/method
`);
  });

  it('keeps line ends as they are', () => {
    expect(formatRequestFile('@a=1\r\n\r\n\r\n\r\nGRPC a/b/c\r\n{"a":1}')).toBe(
      '@a = 1\r\n\r\nGRPC a/b/c\r\n\r\n{\r\n  "a": 1\r\n}\r\n',
    );
  });

  it('never makes another line of one', () => {
    for (const text of [
      '  ### a comment\nGRPC a/b/c\n',
      'GRPC a/b/c\n  @key: value\n',
      'GRPC a/b/c\n\n{\n  ### a comment\n"a": 1}\n',
    ]) {
      const formatted = formatRequestFile(text);
      expect(meaning(formatted)).toEqual(meaning(text));
      expect(formatRequestFile(formatted)).toBe(formatted);
    }
  });

  it('changes no meaning and no comment of random files, and nothing the second time', () => {
    forSeeds(3000, (random) => {
      const text = randomFile(random);
      const formatted = formatRequestFile(text);
      expect(meaning(formatted), JSON.stringify(text)).toEqual(meaning(text));
      expect(comments(formatted), JSON.stringify(text)).toEqual(comments(text));
      expect(formatRequestFile(formatted), JSON.stringify(text)).toBe(formatted);
    });
  });
});

const lines = [
  ...[
    '',
    '',
    '  ',
    '###',
    '### title',
    '####   two words ',
    '  ### no title',
    '# comment',
    '// other',
  ],
  ...[
    '  # @deadline 2s',
    '#@expect status OK',
    '// @plaintext',
    '# @',
    '@a = 1',
    '@b=',
    '@c',
    '@d={{a}}',
  ],
  ...[
    'GRPC a:1/b.C/D',
    '  GRPC   {{a}}/b/c ',
    'GRPC',
    'GRPC a',
    'nonsense here',
    'key:value',
    ' @k: v',
  ],
  ...[
    'x-bin :  AAEC',
    '===',
    '===wait',
    '=== wait  3',
    '=== nonsense',
    '< ./a.json',
    '  <',
    '<./a  b.json ',
  ],
  ...[
    '{}',
    '{',
    '}',
    '[',
    ']',
    ' "a": 1,',
    '"a" : { "b" :[ 1,2 ]}',
    '{"a":{{b}}}',
    '{ "a": "{{b}} c", ',
    '"s"',
  ],
  ...[
    '{"a":[],"b":{}}',
    '{{a}}',
    '-{{a}}',
    '1{{a}}',
    'null',
    'true',
    '{"a": "}"}',
    '{"a": "#", "b"',
    ': 1}',
  ],
];

function randomFile(random: Random): string {
  const end = random.chance(0.2) ? '\r\n' : '\n';
  const count = random.integer(0, 24);
  const some = random.chance(0.5) ? ['GRPC a:1/b.C/D', ''] : [];
  return [...some, ...Array.from({ length: count }, () => random.pick(lines))].join(end);
}
