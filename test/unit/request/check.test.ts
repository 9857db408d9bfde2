import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { RequestChecker } from '../../../src/request/check/requestChecker';
import type { SchemaState } from '../../../src/request/check/surroundings';
import { seededRandom } from '../../tools/random';
import { check, described, environments, sampleSchema } from '../../tools/requestFiles';

async function found(text: string, given?: Parameters<typeof check>[1]): Promise<string[]> {
  return described(text, await check(text, given));
}

const get = 'GRPC localhost:50051/market.v1.ListingService/GetListing';
const search = 'GRPC localhost:50051/market.v1.ListingService/SearchListings';
const negotiate = 'GRPC localhost:50051/market.v1.ListingService/Negotiate';
const upload = 'GRPC localhost:50051/market.v1.ListingService/UploadPhotos';

describe('checking a request file', () => {
  it('finds nothing in one that is right', async () => {
    const text = `@host = localhost:50051
# @plaintext

### Get a listing
# @deadline 2s
# @expect status OK
# @expect message.price.units == 5
# @capture listing = message.id
GRPC {{host}}/market.v1.ListingService/GetListing
authorization: Bearer {{TOKEN}}
trace-bin: AAEC

{ "id": "{{$uuid}}" }

### Talk
# @expect message[1].mood == MOOD_FIRM
GRPC {{host}}/market.v1.ListingService/Negotiate

{ "listingId": "{{listing}}" }
=== wait
{ "text": "still there?" }
`;
    expect(await found(text)).toEqual([]);
  });

  it.each([
    ['# @deadlin 2s', 'error unknown-annotation "deadlin"', 'Did you mean deadline?'],
    ['# @nothing-like-it', 'error unknown-annotation "nothing-like-it"', 'There are deadline,'],
    ['# @deadline 2 seconds', 'error option-value "2 seconds"', 'unit'],
    ['# @deadline', 'error annotation-value "deadline"', 'needs a value'],
    ['# @plaintext yes', 'error annotation-value "yes"', 'takes no value'],
    ['# @deadline none', 'warning no-deadline "# @deadline none"', 'waits for ever'],
    [
      '# @keepalive-time 20s',
      'warning keepalive-too-many-pings "# @keepalive-time 20s"',
      'every 5m',
    ],
    ['# @compression gzipp', 'error option-value "gzipp"', 'identity, gzip, deflate'],
    ['# @ca ./no.pem', 'error missing-file "./no.pem"', 'relative to it'],
    ['# @reflect-metadata nonsense', 'error target', 'key: value'],
    ['# @expect statuss OK', 'error expectation "statuss"', 'Did you mean status?'],
    ['# @expect status FINE', 'error expectation "FINE"', 'There is no status code'],
    ['# @expect message.prise exists', 'error expectation', 'Did you mean price?'],
    ['# @expect message.title.length exists', 'error expectation', 'title is string'],
    ['# @expect message.photos.size exists', 'error expectation', 'photos[0]'],
    ['# @expect message[2].id exists', 'warning expectation', 'one message'],
    ['# @capture message.id', 'error capture', 'listingId = message.id'],
    ['# @capture a = message.identity', 'error expectation', 'has no field identity'],
    ['# @plaintext\n# @insecure', 'error target "# @insecure"', '@plaintext'],
  ])('of the annotation %j: %s', async (annotation, start, part) => {
    const all = await found(`${annotation}\n${get}\n\n{ "id": "{{region}}" }\n`, {
      environments: [],
    });
    const one = all.find((line) => line.startsWith(start));
    expect(one, all.join('\n')).toContain(part);
  });

  it.each([
    ['GRPC localhost:50051/market.v1.ListingServices/GetListing', 'error unknown-service'],
    ['GRPC localhost:50051/market.v1.ListingService/GetListng', 'error unknown-method'],
    ['GRPC localhost:50051/market.v1.ListingService/ListAll', 'hint deprecated-method "ListAll"'],
    [
      'GRPC localhost:500510/market.v1.ListingService/GetListing',
      'error target "localhost:500510"',
    ],
    ['GRPC localhost:50051', 'error syntax'],
    ['GRPC {{hst}}/market.v1.ListingService/GetListing', 'error unknown-variable "{{hst}}"'],
  ])('of the request line %j: %s', async (line, start) => {
    const all = await found(`@host = localhost:50051\n\n###\n${line}\n`);
    expect(
      all.some((one) => one.startsWith(start)),
      all.join('\n'),
    ).toBe(true);
  });

  it('takes the target of an environment by its name', async () => {
    expect(await found('GRPC market/market.v1.ListingService/GetListing\n')).toEqual([]);
    const own = '# @plaintext\nGRPC market/market.v1.ListingService/GetListing\n';
    expect(await found(own)).toEqual([
      expect.stringContaining(
        'error target "# @plaintext": @plaintext belongs to the target market',
      ),
    ]);
  });

  it.each([
    ['x-request id: 1', 'error syntax'],
    ['te: trailers', 'error metadata "te: trailers"'],
    ['trace-bin: %%%', 'error metadata "trace-bin: %%%"'],
    ['x-name: Zoë', 'error metadata "x-name: Zoë"'],
    ['authorization: a\nauthorization: b', 'error metadata "authorization: b"'],
  ])('of the metadata %j: %s', async (metadata, start) => {
    const all = await found(`${get}\n${metadata}\n`);
    expect(all).toHaveLength(1);
    expect(all[0]).toContain(start);
  });

  it('says nothing about values that are known only when the request is sent', async () => {
    const text = `# @deadline {{TOKEN}}
${search}
x-id-bin: {{TOKEN}}

{ "limit": {{TOKEN}}, "query": "{{TOKEN}}", "conditions": ["{{TOKEN}}"], {{TOKEN}}, "pause": "{{TOKEN}}s" }
`;
    expect(await found(text)).toEqual([]);
    const more = `${search}\n\n{ "limit": {{TOKEN}}, "qery": "{{TOKEN}}" }\n`;
    expect(await found(more)).toEqual([
      expect.stringContaining(
        'error message "\\"qery\\"": market.v1.SearchListingsRequest has no field',
      ),
    ]);
  });

  it('holds known values to the schema, at the place of the reference', async () => {
    const text = `@words = two words
${search}

{ "limit": "{{words}}", "query": {{pageSize}}, "pause": "{{$isoTimestamp}}" }
`;
    expect(await found(text)).toEqual([
      expect.stringContaining('error message "\\"{{words}}\\"": '),
      expect.stringContaining('error message "{{pageSize}}": '),
      expect.stringContaining('error message "\\"{{$isoTimestamp}}\\"": '),
    ]);
  });

  it('finds what the messages of a method may not be', async () => {
    expect(await found(`${get}\n\n{}\n===\n{ "id": "2" }\n`)).toEqual([
      expect.stringContaining(
        'error too-many-messages "{ \\"id\\": \\"2\\" }": GetListing takes one',
      ),
    ]);
    expect(await found(`${upload}\n\n{}\n=== wait\n{}\n`)).toEqual([
      expect.stringContaining('warning wait "=== wait": UploadPhotos answers once'),
    ]);
    expect(await found(`${negotiate}\n\n{ "text": "a", "accept": true }\n`)).toEqual([
      expect.stringContaining('exclude each other'),
    ]);
  });

  it('looks at the files of messages', async () => {
    const of = (path: string) => found(`${get}\n\n< ${path}\n`);
    expect(await of('./message.json')).toEqual([]);
    expect(await of('./nothing.json')).toEqual([
      'error missing-file "./nothing.json": There is no file ./nothing.json. The path is relative to the request file.',
    ]);
    expect(await of('messages')).toEqual([expect.stringContaining('is a folder')]);
    expect(await of('../secret.json')).toEqual([
      expect.stringContaining('error outside-file "../secret.json": ../secret.json is outside'),
    ]);
    expect(await of('wrong.json')).toEqual([
      expect.stringContaining('error message "wrong.json": wrong.json, line 2: market.v1.Get'),
    ]);
  });

  it('finds variables that stand for nothing, twice, or for themselves', async () => {
    const text = `@a = {{b}}
@b = {{a}}
@c = {{c}}
@d = 1
@d = 2
@e = {{$uid}}
@f = {{region}}
@g = {{two words}}
`;
    expect(await found(text)).toEqual([
      'error cyclic-variable "{{b}}": a refers to itself by way of b, so it has no value.',
      'error cyclic-variable "{{a}}": b refers to itself by way of a, so it has no value.',
      'error cyclic-variable "{{c}}": c refers to itself, so it has no value.',
      'warning repeated-variable "d": d has a value in line 4 already, which counts. Remove one of them.',
      'error dynamic-value "{{$uid}}": There is no dynamic value $uid. Did you mean $uuid?',
      'error unknown-variable "{{region}}": The environment local has no variable region; there is one in staging. Add it to local, or choose the other environment.',
      expect.stringContaining('error reference "{{two words}}": '),
    ]);
  });

  it('knows what an earlier request captures, and says when nothing uses it', async () => {
    const use = `${get}\n\n{ "id": "{{found}}" }\n`;
    const capture = `# @capture found = message[0].id\n${get}\n`;
    expect(await found(`${capture}\n###\n${use}`)).toEqual([]);
    expect(await found(`${use}\n###\n${capture}`)).toEqual([
      expect.stringContaining(
        'error unknown-variable "{{found}}": found is captured by this request',
      ),
      expect.stringContaining('hint unused-capture'),
    ]);
  });

  it('says of a preamble once what is wrong there', async () => {
    const text = `# @deadline none\n# @colour red\n\n###\n${get}\n\n###\n${get}\n`;
    expect(await found(text)).toEqual([
      expect.stringContaining('warning no-deadline "# @deadline none"'),
      expect.stringContaining('error unknown-annotation "colour"'),
    ]);
    expect(await found(`# @deadline none\n\n###\n# @wait-for-ready true\n${get}\n`)).toEqual([
      expect.stringContaining('warning no-deadline "# @deadline none"'),
      expect.stringContaining('warning wait-for-ready-without-deadline "# @wait-for-ready true"'),
    ]);
  });

  it('checks what needs no schema when there is none, and says why once for a server', async () => {
    const failed = { kind: 'failed', message: 'Nothing listens there.' } as const;
    const text = `${get}\n\n{ "id": }\n\n###\n# @deadline soon\n${get}\n`;
    const all = await found(text, { schemaOf: () => failed });
    expect(all).toEqual([
      `information no-schema "${get}": Methods and messages of this server are not checked. Nothing listens there.`,
      expect.stringContaining('error message'),
      expect.stringContaining('error option-value "soon"'),
    ]);
    expect(await found(text, { schemaOf: () => ({ kind: 'unknown' }) })).toEqual(all.slice(1));
  });
});

describe('checking again after an edit', () => {
  const file = Array.from(
    { length: 20 },
    (_, at) => `### ${at}\n${search}\n\n{ "query": "{{words}} ${at}", "limt": 1 }\n`,
  ).join('\n');

  function counting() {
    const validate = vi.spyOn(sampleSchema, 'validate');
    onTestFinished(() => validate.mockRestore());
    const state: SchemaState = { kind: 'ready', schema: sampleSchema };
    return { validate, schemaOf: () => state };
  }

  it('looks only at the request that changed, and finds what a new checker would', async () => {
    const { validate, schemaOf } = counting();
    const checker = new RequestChecker();
    const text = `@words = second hand\n\n${file}`;
    const findings = await check(text, { schemaOf }, checker);
    expect(findings).toHaveLength(20);
    expect(validate).toHaveBeenCalledTimes(20);
    const edited = text.replace('} 7"', '} seven"');
    const again = await check(edited, { schemaOf }, checker);
    expect(validate).toHaveBeenCalledTimes(21);
    expect(again).toEqual(await check(edited, { schemaOf }));
  });

  it('looks at all that depend on what changed elsewhere', async () => {
    const { validate, schemaOf } = counting();
    const checker = new RequestChecker();
    const text = `@words = second hand\n@other = 1\n\n${file}`;
    await check(text, { schemaOf }, checker);
    await check(text.replace('@other = 1', '@other = 2'), { schemaOf }, checker);
    expect(validate).toHaveBeenCalledTimes(20);
    await check(text.replace('second hand', 'new'), { schemaOf }, checker);
    expect(validate).toHaveBeenCalledTimes(40);
    const staging = await check(text, { schemaOf, environment: environments[1] }, checker);
    expect(validate).toHaveBeenCalledTimes(60);
    expect(staging).toHaveLength(20);
    const unknown: SchemaState = { kind: 'unknown' };
    expect(await check(text, { schemaOf: () => unknown }, checker)).toEqual([]);
  });

  it('gives what a new checker gives, whatever is edited', async () => {
    const checker = new RequestChecker();
    const random = seededRandom(7);
    let text = `@words = second hand\n# @deadline none\n\n${file}`;
    for (let edit = 0; edit < 150; edit++) {
      const from = random.integer(0, text.length);
      const to = Math.min(text.length, from + random.pick([0, 0, 1, 12]));
      const typed = random.pick([
        'x',
        '\n',
        '{{words}}',
        '"',
        '###\n',
        '@words = 2\n',
        '# @expect status OK\n',
      ]);
      text = text.slice(0, from) + typed + text.slice(to);
      expect(await check(text, {}, checker)).toEqual(await check(text));
    }
  });
});
