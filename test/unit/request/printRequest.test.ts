import { describe, expect, it } from 'vitest';
import type { RequestDraft } from '../../../src/request/draft';
import { parseRequestFile } from '../../../src/request/file/parse';
import { printRequest, UnprintableRequest } from '../../../src/request/printRequest';
import { reflectionOnly } from '../../../src/schema/sources';
import { forSeeds, type Random } from '../../tools/random';
import { readDraft } from '../../tools/requestDraft';

const draft: RequestDraft = {
  target: { address: 'localhost:50051', security: { kind: 'plaintext' } },
  sources: reflectionOnly,
  reflectionMetadata: [],
  method: 'market.v1.ListingService/GetListing',
  metadata: [],
  options: {},
  messages: ['{"id":"lamp-1"}'],
};

const everything: RequestDraft = {
  title: 'Reserve a listing',
  target: {
    address: '{{host}}',
    security: {
      kind: 'tls',
      verify: false,
      ca: '/work/requests/tls/ca.pem',
      client: { certificate: '/home/me/client.pem', key: '/work/requests/tls/key.pem' },
    },
    authority: 'market.example',
  },
  sources: {
    reflection: false,
    protoFiles: ['/work/requests/market/v1/listing.proto', '/work/other.proto'],
    importPaths: ['/work/requests'],
    descriptorSets: ['/work/requests/all.binpb'],
  },
  reflectionMetadata: [{ key: 'authorization', value: 'Bearer {{reader}}' }],
  method: 'market.v1.ListingService/Negotiate',
  metadata: [
    { key: 'authorization', value: 'Bearer {{token}}' },
    { key: 'trace-bin', value: 'AAEC' },
    { key: 'empty', value: '' },
  ],
  options: {
    deadline: '2s',
    'keepalive-time': ' ',
    'service-config': '{\n  "loadBalancingConfig": []\n}',
  },
  messages: [
    '{"listingId":"9007199254740993","offer":9007199254740993.10,"tags":[],"size":{{size}},"text":"{{a}} {{b}}"}',
    '',
    '"5s"',
  ],
};

describe('printRequest', () => {
  it('is short where there is little to say', () => {
    expect(printRequest(draft)).toBe(`###
# @plaintext
GRPC localhost:50051/market.v1.ListingService/GetListing

{
  "id": "lamp-1"
}
`);
  });

  it('ends with the request line when there is no message', () => {
    expect(printRequest({ ...draft, messages: [] })).toBe(`###
# @plaintext
GRPC localhost:50051/market.v1.ListingService/GetListing
`);
  });

  it('writes everything in one order, with paths inside the folder relative to it', () => {
    const options = { folder: '/work/requests', comments: ['Imported.', '@deadline 1s\n### x'] };
    expect(printRequest(everything, options)).toBe(`### Reserve a listing
# Imported.
# (@deadline 1s ### x)
# @insecure
# @ca tls/ca.pem
# @cert /home/me/client.pem
# @key tls/key.pem
# @authority market.example
# @proto market/v1/listing.proto
# @proto /work/other.proto
# @import-path .
# @protoset all.binpb
# @no-reflection
# @reflect-metadata authorization: Bearer {{reader}}
# @deadline 2s
# @service-config { "loadBalancingConfig": [] }
GRPC {{host}}/market.v1.ListingService/Negotiate
authorization: Bearer {{token}}
trace-bin: AAEC
empty:

{
  "listingId": "9007199254740993",
  "offer": 9007199254740993.10,
  "tags": [],
  "size": {{size}},
  "text": "{{a}} {{b}}"
}
===
{}
===
"5s"
`);
  });

  it('is read back', () => {
    expect(readDraft(printRequest(everything))).toEqual({
      ...everything,
      options: { deadline: '2s', 'service-config': '{ "loadBalancingConfig": [] }' },
      messages: [
        expect.stringContaining('"size": {{size}},\n  "text": "{{a}} {{b}}"'),
        '{}',
        '"5s"',
      ],
    });
  });

  it('leaves a message that is not JSON as it is', () => {
    const half = '{\n   "id": "lamp\n\n  "x": [1,';
    expect(readDraft(printRequest({ ...draft, messages: [half] })).messages).toEqual([half]);
  });

  it.each<[string, Partial<RequestDraft>, RegExp]>([
    [
      'a line break in metadata',
      { metadata: [{ key: 'a', value: 'b\nc: d' }] },
      /metadata a.*line/,
    ],
    ['a space after metadata', { metadata: [{ key: 'a', value: 'b ' }] }, /metadata a.*space/],
    ['a key that is a comment', { metadata: [{ key: '#a', value: '' }] }, /"#a"/],
    ['a key that is a body', { metadata: [{ key: '{', value: '' }] }, /"\{"/],
    ['reflection metadata', { reflectionMetadata: [{ key: 'a:b', value: '' }] }, /"a:b"/],
    ['a line break in an option', { options: { 'user-agent': 'a\nb' } }, /@user-agent.*line/],
    ['an option without a name', { options: { 'a b': 'c' } }, /"a b"/],
    ['a method', { method: 'GetListing' }, /"GetListing" names no method/],
    ['no address', { target: { ...draft.target, address: '' } }, /There is no address/],
    ['a spacy address', { target: { ...draft.target, address: 'a b:1' } }, /"a b:1" has a space/],
    ['a path', { sources: { ...reflectionOnly, protoFiles: ['a.proto '] } }, /@proto.*space/],
    ['a comment in a message', { messages: ['{}', '{\n  # no\n}'] }, /Line 2 of message 2/],
    ['a separator in a message', { messages: ['{ ?\n=== wait\n}'] }, /Line 2 of message 1/],
    ['a variable in a message', { messages: ['{ ?\n@a = b\n}'] }, /Line 2 of message 1/],
    ['a file as a message', { messages: ['< /etc/passwd'] }, /Message 1 begins with </],
  ])('refuses %s', (_, change, message) => {
    const print = (): string => printRequest({ ...draft, ...change });
    expect(print).toThrow(UnprintableRequest);
    expect(print).toThrow(message);
  });

  it('puts a title on one line', () => {
    expect(readDraft(printRequest({ ...draft, title: ' a\n###  b\t' })).title).toBe('a ### b');
  });

  it('gives back what it was given, or refuses it: random drafts', () => {
    let printed = 0;
    forSeeds(3000, (random) => {
      const given = randomDraft(random);
      let text: string;
      try {
        text = printRequest(given);
      } catch (error) {
        expect(error).toBeInstanceOf(UnprintableRequest);
        return;
      }
      printed++;
      const read = readDraft(text);
      expect({ ...read, messages: [] }).toEqual({ ...given, messages: [] });
      expect(read.messages.map(compact)).toEqual(given.messages.map(compact));
      // Beside others it stays one block.
      expect(parseRequestFile(`${text}\n${text}`).requests).toHaveLength(2);
    });
    expect(printed).toBeGreaterThan(500);
  });
});

/** JSON without its layout; other text as it is. */
function compact(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text.trim() || '{}'));
  } catch {
    return text.trim();
  }
}

const pieces = [
  ...['a', 'B', '7', '-', '_', '.', '/', ':', ' ', '  ', '\t', '\n', '\r\n', '\r', '"', "'", '\\'],
  ...['#', '//', '###', '@', '=', '===', '=== wait', '<', '< x', '{', '}', '{{', '}}', '{{a}}'],
  ...['{{$randomInt 1 2}}', 'GRPC ', ',', '[', ']', 'ü', '自', '🚲', '\u2028', '\u00a0', '\0'],
];

function randomText(random: Random, most: number, nasty: number): string {
  return Array.from({ length: random.integer(1, most) }, () =>
    random.chance(nasty) ? random.pick(pieces) : random.pick(['a', 'b', 'C', '1', '-']),
  ).join('');
}

function randomDraft(random: Random): RequestDraft {
  const text = (most = 4, nasty = 0.08): string => randomText(random, most, nasty);
  const some = <T>(make: () => T): T[] => Array.from({ length: random.integer(0, 2) }, make);
  const maybe = <T>(key: string, make: () => T): object =>
    random.chance(0.3) ? { [key]: make() } : {};
  const pair = () => ({ key: text().trim(), value: random.chance(0.1) ? '' : text(8) });
  const title = text(5)
    .replace(/[\s\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return {
    ...(random.chance(0.5) && title !== '' && { title }),
    target: {
      address: `${text()}:50051`,
      security: random.chance(0.5)
        ? { kind: 'plaintext' }
        : {
            kind: 'tls',
            verify: random.chance(0.5),
            ...maybe('ca', text),
            ...maybe('client', () => ({ certificate: text(), key: text() })),
          },
      ...maybe('authority', text),
    },
    sources: {
      reflection: random.chance(0.5),
      protoFiles: some(text),
      importPaths: some(text),
      descriptorSets: some(text),
    },
    reflectionMetadata: some(pair),
    method: `${text(3, 0.03)}.S/${text(3, 0.03)}`,
    metadata: some(pair),
    options: random.chance(0.3) ? { 'user-agent': `x${text(6)}`.trim() } : {},
    messages: some(() =>
      random.chance(0.7) ? JSON.stringify(randomJson(random, 3)) : text(12, 0.4),
    ),
  };
}

function randomJson(random: Random, depth: number): unknown {
  const make = depth === 0 ? 1 : random.integer(0, 3);
  switch (make) {
    case 0:
      return random.pick([0, -1, 1.5, true, null]);
    case 1:
      return randomText(random, 6, 0.7);
    case 2:
      return Array.from({ length: random.integer(0, 3) }, () => randomJson(random, depth - 1));
    default:
      return Object.fromEntries(
        Array.from({ length: random.integer(0, 3) }, () => [
          randomText(random, 3, 0.5),
          randomJson(random, depth - 1),
        ]),
      );
  }
}
