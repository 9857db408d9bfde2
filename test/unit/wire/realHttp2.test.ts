import { once } from 'node:events';
import {
  type ClientHttp2Session,
  connect,
  createServer,
  type Http2Server,
  type OutgoingHttpHeaders,
  type ServerHttp2Stream,
} from 'node:http2';
import { type AddressInfo, connect as connectTcp, createServer as createTcpServer } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ConnectionDecoder } from '../../../src/wire/connectionDecoder';
import { type Direction, FrameType, type HeaderField } from '../../../src/wire/frame';
import { decodeFrameBody } from '../../../src/wire/frameBody';
import { forSeeds } from '../../tools/random';

// Node's own HTTP/2 (nghttp2) on both ends of a recorded loopback connection: an independent judge.

/** Above Node's defaults, which would refuse what these tests send. */
const maxHeaderListSize = 1_000_000;
const maxHeaderListPairs = 1000;

interface Seen {
  readonly fields: {
    readonly direction: Direction;
    readonly streamId: number;
    readonly list: HeaderField[];
    readonly endStream: boolean;
  }[];
  readonly types: { readonly direction: Direction; readonly type: number }[];
  readonly data: Record<Direction, number>;
  readonly problems: string[];
}

type Chunk = readonly [Direction, Uint8Array];

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).reverse()) close();
});

function listen(server: ReturnType<typeof createTcpServer> | Http2Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** A server, a client, and every byte between them in order. */
async function start(
  server: Http2Server,
  settings: { headerTableSize?: number } = {},
): Promise<{ client: ClientHttp2Session; chunks: Chunk[] }> {
  const serverPort = await listen(server);
  closers.push(() => server.close());
  const chunks: Chunk[] = [];
  const recorder = createTcpServer((near) => {
    const far = connectTcp(serverPort, '127.0.0.1');
    near.on('data', (chunk) => {
      chunks.push(['sent', chunk]);
      far.write(chunk);
    });
    far.on('data', (chunk) => {
      chunks.push(['received', chunk]);
      near.write(chunk);
    });
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      // Nagle's algorithm would hold each small frame for 40 ms.
      socket.setNoDelay();
      socket.on('error', () => other.destroy());
      socket.on('close', () => other.destroy());
    }
  });
  const port = await listen(recorder);
  closers.push(() => recorder.close());
  const client = connect(`http://127.0.0.1:${port}`, {
    settings: { ...settings, maxHeaderListSize },
    maxHeaderListPairs,
  });
  closers.push(() => client.destroy());
  await once(client, 'connect');
  return { client, chunks };
}

function decodeAll(chunks: readonly Chunk[]): Seen {
  const seen: Seen = { fields: [], types: [], data: { sent: 0, received: 0 }, problems: [] };
  const decoder = new ConnectionDecoder({
    frame: (direction, header, payload) => {
      seen.types.push({ direction, type: header.type });
      const body = decodeFrameBody(header, payload);
      if (body.kind === 'data') seen.data[direction] += body.data.length;
      if (body.kind === 'undecodable') seen.problems.push(body.reason);
    },
    fields: (direction, streamId, list, endStream) =>
      seen.fields.push({ direction, streamId, list, endStream }),
    undecodableFields: (_direction, _streamId, reason) => seen.problems.push(reason),
    malformed: (_direction, problem) => seen.problems.push(problem.message),
  });
  for (const [direction, chunk] of chunks) decoder.push(direction, chunk);
  return seen;
}

/** Sends a request and reads the answer to its end; the raw fields of both as the ends themselves saw them. */
async function call(
  client: ClientHttp2Session,
  headers: OutgoingHttpHeaders,
  body: Uint8Array,
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const stream = client.request({ ':method': 'POST', ...headers });
    stream.on('error', reject);
    stream.on('close', resolve);
    stream.resume();
    stream.end(body);
  });
}

function pairs(raw: readonly string[]): HeaderField[] {
  const list: HeaderField[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) list.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return list;
}

/** Answers like a gRPC server: headers, data, trailers. Notes what nghttp2 decoded of each request. */
function echoServer(
  requests: HeaderField[][],
  respond: (index: number) => { headers: OutgoingHttpHeaders; trailers: OutgoingHttpHeaders },
  settings: { headerTableSize?: number } = {},
): Http2Server {
  const server = createServer({
    settings: { ...settings, maxHeaderListSize },
    maxHeaderListPairs,
  });
  server.on(
    'stream',
    (stream: ServerHttp2Stream, _headers: unknown, _flags: unknown, rawHeaders: string[]) => {
      const { headers, trailers } = respond(requests.length);
      requests.push(pairs(rawHeaders));
      stream.on('error', () => {});
      stream.respond({ ':status': 200, ...headers }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.pipe(stream);
    },
  );
  return server;
}

function sentFields(seen: Seen): HeaderField[][] {
  return seen.fields.filter(({ direction }) => direction === 'sent').map(({ list }) => list);
}

function value(list: readonly HeaderField[] | undefined, name: string): string | undefined {
  return list?.find(([fieldName]) => fieldName === name)?.[1];
}

describe('traffic of node:http2', () => {
  test('100 requests that reuse the dynamic table', async () => {
    const requests: HeaderField[][] = [];
    const server = echoServer(requests, (index) => ({
      headers: { 'content-type': 'application/grpc', 'x-index': String(index % 7) },
      trailers: { 'grpc-status': String(index % 17), 'grpc-message': `round ${index}` },
    }));
    const { client, chunks } = await start(server);
    const body = new Uint8Array(1000).fill(1);
    for (let index = 0; index < 100; index++) {
      const headers = {
        ':path': `/market.v1.Market/Get${index % 3}`,
        te: 'trailers',
        'x-number': `${index}`,
      };
      await call(client, headers, body);
    }
    const seen = decodeAll(chunks);
    expect(seen.problems).toEqual([]);
    expect(sentFields(seen)).toEqual(requests);
    expect(requests).toHaveLength(100);
    const received = seen.fields.filter(({ direction }) => direction === 'received');
    expect(received).toHaveLength(200);
    for (let index = 0; index < 100; index++) {
      const [headers, trailers] = received.filter(({ streamId }) => streamId === index * 2 + 1);
      expect(headers?.endStream).toBe(false);
      expect(value(headers?.list, 'x-index')).toBe(String(index % 7));
      expect(trailers?.endStream).toBe(true);
      expect(trailers?.list).toEqual([
        ['grpc-status', String(index % 17)],
        ['grpc-message', `round ${index}`],
      ]);
    }
    expect(seen.data).toEqual({ sent: 100_000, received: 100_000 });
  });

  test('many headers, and headers large enough for CONTINUATION', async () => {
    const requests: HeaderField[][] = [];
    const many = Object.fromEntries(
      Array.from({ length: 150 }, (_, index) => [`x-many-${index}`, `value ${index}`]),
    );
    const large = 'large-value!'.repeat(3000);
    const server = echoServer(requests, () => ({ headers: many, trailers: { 'x-large': large } }));
    const { client, chunks } = await start(server);
    await call(client, { ...many, ':path': '/many' }, new Uint8Array(0));
    await call(client, { ':path': '/large', 'x-large': large }, new Uint8Array(0));
    const seen = decodeAll(chunks);
    expect(seen.problems).toEqual([]);
    expect(sentFields(seen)).toEqual(requests);
    expect(value(requests[1], 'x-large')).toBe(large);
    expect(seen.types.map(({ type }) => type)).toContain(FrameType.Continuation);
    const trailers = seen.fields.filter(
      ({ direction, endStream }) => direction === 'received' && endStream,
    );
    expect(trailers.map(({ list }) => list)).toEqual([[['x-large', large]], [['x-large', large]]]);
  });

  test.each([0, 128, 65536])('a header table of %i bytes on both sides', async (size) => {
    const requests: HeaderField[][] = [];
    const server = echoServer(
      requests,
      (index) => ({ headers: { 'x-round': String(index) }, trailers: { 'grpc-status': '0' } }),
      { headerTableSize: size },
    );
    const { client, chunks } = await start(server, { headerTableSize: size });
    for (let index = 0; index < 20; index++) {
      await call(
        client,
        { ':path': `/round/${index % 4}`, 'x-key': 'v'.repeat(index) },
        new Uint8Array(3),
      );
    }
    const seen = decodeAll(chunks);
    expect(seen.problems).toEqual([]);
    expect(sentFields(seen)).toEqual(requests);
  });

  test('PING, and a stream that is reset', async () => {
    const server = createServer();
    server.on('stream', (stream) => {
      stream.on('error', () => {});
      stream.respond({ ':status': 200 });
    });
    const { client, chunks } = await start(server);
    await new Promise<void>((resolve, reject) => {
      client.ping(Buffer.from('12345678'), (error) => (error ? reject(error) : resolve()));
    });
    await new Promise<void>((resolve) => {
      const stream = client.request({ ':path': '/reset' });
      stream.on('response', () => stream.close(8));
      stream.on('close', () => resolve());
      stream.resume();
    });
    await new Promise<void>((resolve, reject) => {
      client.ping((error) => (error ? reject(error) : resolve()));
    });
    const seen = decodeAll(chunks);
    expect(seen.problems).toEqual([]);
    const count = (direction: Direction, type: number) =>
      seen.types.filter((frame) => frame.direction === direction && frame.type === type).length;
    expect(count('sent', FrameType.Ping)).toBe(2);
    expect(count('received', FrameType.Ping)).toBe(2);
    expect(count('sent', FrameType.RstStream)).toBe(1);
  });

  test('random field values survive, in any chunks', async () => {
    const requests: HeaderField[][] = [];
    const server = echoServer(requests, () => ({ headers: {}, trailers: { 'grpc-status': '0' } }));
    const { client, chunks } = await start(server);
    const sending: OutgoingHttpHeaders[] = [];
    forSeeds(30, (random) => {
      const printable = () =>
        String.fromCharCode(
          0x21,
          ...Array.from({ length: random.integer(0, 60) }, () => random.integer(0x21, 0x7e)),
        );
      sending.push({
        ':path': '/random',
        [`x-${random.integer(0, 5)}`]: printable(),
        'x-fixed-bin': printable(),
      });
    });
    for (const headers of sending) await call(client, headers, new Uint8Array(0));
    expect(requests).toHaveLength(sending.length);
    const whole = decodeAll(chunks);
    expect(whole.problems).toEqual([]);
    expect(sentFields(whole)).toEqual(requests);
    const bytewise = chunks.flatMap(([direction, chunk]) =>
      Array.from(chunk, (byte): Chunk => [direction, Uint8Array.of(byte)]),
    );
    expect(decodeAll(bytewise).fields).toEqual(whole.fields);
  });
});
