import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buildMetadata, type MetadataEntry } from '../../../src/grpc/metadata';

function rows(...pairs: [string, string][]): MetadataEntry[] {
  return pairs.map(([key, value]) => ({ key, value, enabled: true }));
}

function build(...pairs: [string, string][]): { [key: string]: (string | Buffer)[] } {
  const { metadata, problems } = buildMetadata(rows(...pairs));
  expect(problems).toEqual([]);
  return metadata.toJSON();
}

describe('buildMetadata', () => {
  test('keeps several values of a key in order', () => {
    expect(build(['x-tag', 'a'], ['x-other', '1'], ['X-Tag', 'b'], ['x-tag', 'a'])).toEqual({
      'x-tag': ['a', 'b', 'a'],
      'x-other': ['1'],
    });
  });

  test('leaves out rows that are off or empty, and counts rows with them', () => {
    const { metadata, problems } = buildMetadata([
      { key: 'te', value: 'x', enabled: false },
      { key: '', value: '', enabled: true },
      { key: ' ', value: '', enabled: true },
      { key: 'a', value: '', enabled: true },
      { key: '', value: 'x', enabled: true },
    ]);
    expect(metadata.toJSON()).toEqual({ a: [''] });
    expect(problems).toEqual([{ row: 4, message: 'The key is missing.' }]);
  });

  test.each<[string, string, number[]]>([
    ['padded', 'AQI=', [1, 2]],
    ['not padded', 'AQI', [1, 2]],
    ['two signs of padding', 'AQ==', [1]],
    ['standard alphabet', '+/+/', [0xfb, 0xff, 0xbf]],
    ['URL-safe alphabet', '-_-_', [0xfb, 0xff, 0xbf]],
    ['empty', '', []],
    ['spaces around', ' AQI= ', [1, 2]],
  ])('-bin: %s', (_, value, bytes) => {
    expect(build(['x-raw-bin', value])).toEqual({ 'x-raw-bin': [Buffer.from(bytes)] });
  });

  test.each<[string, string, string]>([
    ['x-raw-bin', 'AQI=,AwQ=', 'a row of its own'],
    ['x-raw-bin', 'hello world', 'The space at position 6'],
    ['x-raw-bin', 'A', '1 characters are not base64'],
    ['x-raw-bin', 'AQI==', 'something is cut off'],
    ['x-raw-bin', 'A=QI', '"=" (U+003D) at position 2'],
    ['x-a', 'grüße', '"ü" (U+00FC) at position 3'],
    ['x-a', 'token\n', 'The line break at position 6'],
    ['x-a', 'a\tb', 'The tab at position 2'],
    ['x-a', 'a\u0000', 'U+0000 at position 2'],
    ['x-a', '😀', 'U+1F600'],
    ['x-a', ' a', 'begin or end with a space'],
    ['x-a', 'a ', 'begin or end with a space'],
    ['x a', 'b', 'The space at position 2'],
    ['x-ä', 'b', '"ä" (U+00E4) at position 3'],
    ['x:a', 'b', '":" (U+003A) at position 2'],
    [':path', '/x', 'pseudo-header'],
    [':authority', 'x', 'pseudo-header'],
    ['te', 'trailers', 'always sends te'],
    ['TE', 'trailers', 'always sends te'],
    ['content-type', 'application/json', 'always sends content-type'],
    ['user-agent', 'x', 'option user-agent'],
    ['host', 'x', ':authority'],
    ['content-length', '3', 'a stream'],
    ['connection', 'close', 'HTTP/1.1'],
    ['keep-alive', '1', 'HTTP/1.1'],
    ['proxy-connection', 'x', 'HTTP/1.1'],
    ['transfer-encoding', 'chunked', 'HTTP/1.1'],
    ['upgrade', 'h2c', 'HTTP/1.1'],
    ['http2-settings', 'x', 'HTTP/1.1'],
    ['grpc-timeout', '1S', 'option deadline'],
    ['grpc-encoding', 'gzip', 'option compression'],
    ['grpc-accept-encoding', 'gzip', 'decompress'],
    ['accept-encoding', 'gzip', 'option compression'],
    ['grpc-status', '0', 'reserved for gRPC'],
    ['grpc-previous-rpc-attempts', '1', 'reserved for gRPC'],
    ['Grpc-Anything', '1', 'reserved for gRPC'],
  ])('refuses %s: %j', (key, value, reason) => {
    const { metadata, problems } = buildMetadata(rows(['x-good', '1'], [key, value]));
    expect(metadata.toJSON()).toEqual({ 'x-good': ['1'] });
    expect(problems).toHaveLength(1);
    expect(problems[0]?.row).toBe(1);
    expect(problems[0]?.message).toContain(reason);
  });

  test('what tracing libraries set is not refused', () => {
    expect(Object.keys(build(['grpc-trace-bin', 'AA'], ['grpc-tags-bin', 'AA']))).toEqual([
      'grpc-trace-bin',
      'grpc-tags-bin',
    ]);
  });

  test('a second value of a key that has one only is refused at its own row', () => {
    const { metadata, problems } = buildMetadata(
      rows(['authorization', 'Bearer a'], ['x', '1'], ['Authorization', 'Bearer b']),
    );
    expect(metadata.get('authorization')).toEqual(['Bearer a']);
    expect(problems).toEqual([
      { row: 2, message: 'authorization can have one value only; row 1 has one already.' },
    ]);
  });
});

describe('what is refused would fail or be overwritten', () => {
  let server: http2.Http2Server;
  let received: http2.IncomingHttpHeaders = {};
  let address: string;

  beforeAll(async () => {
    server = http2.createServer();
    server.on('stream', (stream, headers) => {
      received = headers;
      stream.on('error', () => stream.destroy());
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' },
        { endStream: true },
      );
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    address = `dns:127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  afterAll(() => {
    server.close();
  });

  /** Sends what grpc-js itself would let through, over a connection of its own. */
  async function call(metadata: Metadata, patience = 10_000): Promise<number> {
    received = {};
    const client = new Client(address, credentials.createInsecure(), {
      'grpc.enable_http_proxy': 0,
    });
    const code = await new Promise<number>((done) => {
      const stream = client.makeServerStreamRequest(
        '/a.B/C',
        (value: Buffer) => value,
        (value) => value,
        Buffer.alloc(0),
        metadata,
        { deadline: Date.now() + patience },
      );
      stream.on('data', () => undefined);
      stream.on('error', () => undefined);
      stream.on('status', (status) => done(status.code));
    });
    client.close();
    return code;
  }

  function metadata(key: string, ...values: string[]): Metadata {
    const result = new Metadata();
    for (const value of values) {
      result.add(key, value);
    }
    return result;
  }

  test.each([
    'te',
    'content-type',
    'user-agent',
    'accept-encoding',
    'grpc-timeout',
    'grpc-encoding',
    'grpc-accept-encoding',
    ':path',
    ':method',
    ':scheme',
    ':authority',
  ])('%s is overwritten or dropped', async (key) => {
    expect(await call(metadata(key, 'mine'))).toBe(0);
    expect(received[':path']).toBe('/a.B/C');
    expect(received[key]).not.toBe('mine');
  });

  test.each([
    'connection',
    'keep-alive',
    'proxy-connection',
    'transfer-encoding',
    'upgrade',
    'http2-settings',
  ])('%s: HTTP/2 refuses to send the call', async (key) => {
    expect(await call(metadata(key, 'x'), 150)).not.toBe(0);
    expect(received).toEqual({});
  });

  test('content-length fails the call at the server', async () => {
    expect(await call(metadata('content-length', '1'))).toBe(13);
  });

  test.each(['authorization', 'date', 'range', 'x-content-type-options'])(
    'HTTP/2 refuses to send a second value of %s',
    async (key) => {
      expect(await call(metadata(key, 'a', 'b'), 150)).not.toBe(0);
      expect(received).toEqual({});
    },
  );

  test('what is accepted arrives as it was given', async () => {
    const { metadata } = buildMetadata(
      rows(
        ['X-Tag', 'a'],
        ['x-tag', 'b'],
        ['authorization', 'Bearer t'],
        ['x-raw-bin', 'AQI'],
        ['x-raw-bin', '-_8'],
        ['grpc-trace-bin', 'AAE'],
        ['cookie', 'c=1'],
        ['a.b_c-9', '~ !"#'],
      ),
    );
    expect(await call(metadata)).toBe(0);
    expect(received).toMatchObject({
      'x-tag': 'a, b',
      authorization: 'Bearer t',
      'x-raw-bin': 'AQI=, +/8=',
      'grpc-trace-bin': 'AAE=',
      cookie: 'c=1',
      'a.b_c-9': '~ !"#',
    });
  });
});
