import { describe, expect, it } from 'vitest';
import { StaticValues } from '../../../src/request/check/staticValues';
import { complete, requestAt } from '../../../src/request/complete/complete';
import { completeServices } from '../../../src/request/complete/completeTarget';
import type { Suggestion } from '../../../src/request/complete/suggestion';
import { parseRequestFile } from '../../../src/request/file/parse';
import { environments, sampleSchema } from '../../tools/requestFiles';

const servers = [
  { name: 'Market', address: 'localhost:50051', plaintext: true },
  { name: 'shop.example.com', address: 'shop.example.com', plaintext: false },
];

/** What is offered where `|` stands. */
function offered(marked: string): Suggestion[] {
  const { file, offset } = read(marked);
  const values = StaticValues.of(file, environments[0]);
  return complete(file, offset, { values, servers, schema: sampleSchema });
}

function read(marked: string) {
  const offset = marked.indexOf('|');
  return { file: parseRequestFile(marked.replace('|', '')), offset };
}

function labels(marked: string): string[] {
  return offered(marked).map(({ label }) => label);
}

/** The text when a suggestion is taken, with `|` where the cursor stands then. */
function taken(marked: string, label: string): string {
  const suggestion = offered(marked).find((one) => one.label === label);
  if (!suggestion) throw new Error(`${label} is not offered: ${labels(marked).join(', ')}`);
  const text = marked.replace('|', '');
  const { insert, isSnippet, span } = suggestion;
  const written = isSnippet
    ? insert.replace(/(?<!\\)\$[01]/, '|').replaceAll(/\\([\\$}])/g, '$1')
    : `${insert}|`;
  return text.slice(0, span.from) + written + text.slice(span.to);
}

const listing = 'GRPC localhost:50051/market.v1.ListingService';
const search = `${listing}/SearchListings\n\n`;

describe('completion in a request file', () => {
  it('begins a request', () => {
    expect(labels('|').slice(0, 2)).toEqual(['GRPC', 'GRPC request']);
    expect(taken('GR|', 'GRPC')).toBe('GRPC |');
    expect(taken('### Get\n|', 'GRPC request')).toBe('### Get\nGRPC |/$2/$3\n\n{$0}');
    expect(taken('@a|', '@name = value')).toBe('@| = $0');
    expect(taken('@dea|', '@deadline')).toBe('# @deadline |');
    expect(labels(`|\n${listing}/GetListing`)).not.toContain('GRPC');
    expect(labels('some words |')).toEqual([]);
  });

  it('offers targets of the environment, variables and servers', () => {
    expect(labels('@host = localhost:1\n@id = 7\nGRPC |')).toEqual([
      ...['market', '{{host}}', 'localhost:50051', 'shop.example.com'],
    ]);
    expect(taken('GRPC lo|', 'localhost:50051')).toBe('GRPC localhost:50051/|');
    expect(taken('GRPC {{|', 'pageSize')).toBe('GRPC {{pageSize}}|');
  });

  it('offers services and methods while they are typed', () => {
    expect(taken('GRPC localhost:50051/mar|', 'market.v1.ListingService')).toBe(`${listing}/|`);
    expect(taken('GRPC dns:///localhost:50051/|', 'kitchen.v1.KitchenSink')).toBe(
      'GRPC dns:///localhost:50051/kitchen.v1.KitchenSink/|',
    );
    expect(taken('GRPC market/ma|/GetListing', 'market.v1.ListingService')).toBe(
      'GRPC market/market.v1.ListingService|/GetListing',
    );
    const methods = offered(`${listing}/|\nkey: value`);
    expect(methods.map(({ label }) => label)).toEqual([
      ...['GetListing', 'SearchListings', 'UploadPhotos', 'Negotiate', 'ListAll'],
    ]);
    expect(methods[1]).toMatchObject({
      detail: '(market.v1.SearchListingsRequest) → stream market.v1.SearchResult',
      documentation: 'Streams the listings that match, cheapest first.',
    });
    expect(methods.filter(({ deprecated }) => deprecated).map(({ label }) => label)).toEqual([
      'ListAll',
    ]);
    expect(requestAt(...at('GRPC dns:///a:1/b|'))?.line.target.text).toBe('dns:///a:1');
    expect(requestAt(...at('GRPC dns:///a|'))?.line.target.text).toBe('dns:///a');
    expect(requestAt(...at('GRPC unix:/run/shop.sock/a.B/|'))?.line.target.text).toBe(
      'unix:/run/shop.sock',
    );
  });

  it('offers a message to start from, with the method or below it', () => {
    const message = '{\n  "id": ""\n}';
    expect(taken(`${listing}/Get|`, 'GetListing { … }')).toBe(
      `${listing}/GetListing\n\n${message}|`,
    );
    expect(labels(`${listing}/Get|\n\n{}`)).not.toContain('GetListing { … }');
    const label = '{ … } market.v1.GetListingRequest';
    expect(taken(`${listing}/GetListing\n|`, label)).toBe(`${listing}/GetListing\n\n${message}|`);
    expect(taken(`${listing}/GetListing\n\n|`, label)).toBe(`${listing}/GetListing\n\n${message}|`);
    expect(taken(`${listing}/Negotiate\n\n{}\n===\n|`, '{ … } market.v1.NegotiateRequest')).toBe(
      `${listing}/Negotiate\n\n{}\n===\n{\n  "listingId": ""\n}|`,
    );
  });

  it('offers what comes with gRPC below the services of the server', () => {
    const services = ['grpc.health.v1.Health', 'grpcurl.v1.A', 'market.v1.B'].map((name) => ({
      name,
      methods: [],
      problems: [],
    }));
    const span = { from: 0, to: 0 };
    expect(completeServices({ services }, span, false).map(({ label }) => label)).toEqual([
      ...['grpcurl.v1.A', 'market.v1.B', 'grpc.health.v1.Health'],
    ]);
  });

  it('offers annotations that are not there yet, and their values', () => {
    expect(taken(`# @dead|\n${listing}/GetListing`, '@deadline')).toBe(
      `# @deadline |\n${listing}/GetListing`,
    );
    expect(taken(`# |\n${listing}/GetListing`, '@plaintext')).toContain('# @plaintext|');
    expect(taken('|', '@deadline')).toBe('# @deadline |');
    const all = labels(`# @deadline 2s\n# @expect status OK\n# @|\n${listing}/GetListing`);
    expect(all).not.toContain('@deadline');
    expect(all).toContain('@expect');
    expect(labels('# @|\nGRPC market/a/b')).not.toContain('@plaintext');
    expect(labels('# @|').slice(0, 4)).toEqual(['@deadline', '@expect', '@capture', '@plaintext']);
    expect(labels('# @keepalive-time |')).toContain('off');
    expect(labels('# @compression |')).toEqual(['identity', 'gzip', 'deflate']);
    expect(taken('# @compression gz|', 'gzip')).toBe('# @compression gzip|');
    expect(labels('# @retries |')).toEqual(['true', 'false']);
    expect(labels('# a comm|ent')).toEqual([]);
  });

  it('offers what an expectation can be about', () => {
    const of = (text: string) => labels(`# @expect ${text}\n${listing}/GetListing`);
    expect(of('|')).toContain('trailers');
    expect(of('message.|')).toContain('price');
    expect(of('message.price.u|')).toEqual(['currencyCode', 'units', 'nanos']);
    expect(of('message.photos[0].|')).toEqual(['fileName', 'size', 'digest']);
    expect(of('message.condition |')).toContain('==');
    expect(of('message.condition == |')).toContain('CONDITION_NEW');
    expect(of('status N|')).toContain('NOT_FOUND');
    expect(taken(`# @expect status N|\n${listing}/GetListing`, 'NOT_FOUND')).toContain(
      '# @expect status NOT_FOUND|\n',
    );
    expect(labels(`# @capture id = message.|\n${listing}/GetListing`)).toContain('title');
  });

  it('offers metadata', () => {
    expect(taken(`${listing}/GetListing\nauth|`, 'authorization')).toContain(
      '\nauthorization: Bearer {{|}}',
    );
    expect(taken(`${listing}/GetListing\nx-request-id: |`, '{{$uuid}}')).toContain(
      '\nx-request-id: {{$uuid}}',
    );
    expect(labels(`${listing}/GetListing\nauthorization: a\n|`)).not.toContain('authorization');
  });

  it('offers variables and dynamic values between braces', () => {
    const file = `@host = a:1\n# @capture id = message.id\n${listing}/GetListing\n\n### two\n${search}`;
    expect(labels(`${file}{ "query": "{{|" }`)).toEqual([
      ...['host', 'id', 'pageSize', 'shop', 'TOKEN'],
      ...['$uuid', '$timestamp', '$isoTimestamp', '$randomInt min max'],
    ]);
    expect(taken(`${file}{ "query": "{{$u|}}" }`, '$uuid')).toContain('"{{$uuid|}}"');
    expect(labels(`@a = {{|\n`)).toContain('a');
    const secret = offered('GRPC {{|').find(({ label }) => label === 'TOKEN');
    expect(secret?.detail).toBe('secret (local)');
  });

  it('offers fields, enum values and booleans of a message', () => {
    expect(labels(`${search}{ | }`)).toEqual(['query', 'maxPrice', 'conditions', 'limit', 'pause']);
    expect(taken(`${search}{ | }`, 'maxPrice')).toBe(`${search}{ "maxPrice": {|} }`);
    expect(taken(`${search}{ "lim| }`, 'limit')).toBe(`${search}{ "limit": | }`);
    expect(taken(`${search}{ "qu|": "a" }`, 'query')).toBe(`${search}{ "query"|: "a" }`);
    expect(taken(`${search}{\n  |\n  "limit": 1 }`, 'query')).toBe(
      `${search}{\n  "query": "|",\n  "limit": 1 }`,
    );
    expect(labels(`${search}{ "limit": {{pageSize}}, | }`)).toEqual([
      ...['query', 'maxPrice', 'conditions', 'pause'],
    ]);
    expect(labels(`${search}{ "maxPrice": { "units": "1", |`)).toEqual(['currencyCode', 'nanos']);
    expect(taken(`${search}{ "conditions": [|] }`, 'CONDITION_NEW')).toBe(
      `${search}{ "conditions": ["CONDITION_NEW"|] }`,
    );
    expect(offered(`${search}{ | }`).find(({ label }) => label === 'limit')).toMatchObject({
      detail: 'int32',
      documentation: '0 means all. Negative is refused with INVALID_ARGUMENT.',
    });
    const negotiate = `${listing}/Negotiate\n\n{}\n=== wait\n`;
    expect(labels(`${negotiate}{ | }`)).toEqual(['listingId', 'text', 'offer', 'accept']);
    expect(labels(`${negotiate}{ "text": "a", | }`)).toEqual([]);
    expect(labels(`${negotiate}{ "accept": | }`)).toEqual(['true', 'false']);
    expect(labels(`${negotiate}{}\n===|`)).toContain('=== wait');
  });
});

function at(marked: string): Parameters<typeof requestAt> {
  const { file, offset } = read(marked);
  return [file, offset];
}
