import { once } from 'node:events';
import { connect } from 'node:net';
import { gunzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { encode } from '../../src/sampleServer/descriptors';
import { hostileTexts } from '../../src/sampleServer/faultScripts';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { connectionPreface } from '../../src/wire/frame';
import { encodeFrame } from '../../src/wire/frameEncoder';
import { seededRandom } from '../tools/random';
import { RawHttp2Client } from '../tools/rawHttp2Client';
import { type SampleClient, sampleClient } from '../tools/sampleClient';

/** faults.v1.Wire: what the server writes into a connection past grpc-js. */

let server: SampleServer;
const raws: RawHttp2Client[] = [];
const clients: SampleClient[] = [];

beforeAll(async () => {
  server = await startSampleServer({ tls: true });
});

afterEach(() => {
  for (const each of raws.splice(0)) each.close();
  for (const each of clients.splice(0)) each.close();
});

afterAll(() => server.close());

async function raw(): Promise<RawHttp2Client> {
  const client = await RawHttp2Client.open(Number(server.address.split(':')[1]));
  raws.push(client);
  return client;
}

function wire(options: grpc.ClientOptions = {}): SampleClient {
  const client = sampleClient(
    server.address,
    'faults.v1.Wire',
    grpc.credentials.createInsecure(),
    options,
  );
  clients.push(client);
  return client;
}

/** One Wire call on a connection of its own; what came back. */
async function observe(method: string, type: string, request: object): Promise<RawHttp2Client> {
  const client = await raw();
  client.request(1, `/faults.v1.Wire/${method}`, encode(`faults.v1.${type}`, request));
  await client.untilEnd(1);
  return client;
}

/** DATA as gRPC messages: the compressed flag and the bytes. */
function messages(data: Buffer) {
  const found: { compressed: boolean; bytes: Buffer }[] = [];
  for (let at = 0; at + 5 <= data.length; ) {
    const length = data.readUInt32BE(at + 1);
    found.push({ compressed: data[at] === 1, bytes: data.subarray(at + 5, at + 5 + length) });
    at += 5 + length;
  }
  return found;
}

const sample = encode('faults.v1.WirePayload', { text: 'a message on its way' });

describe('RstStream', () => {
  it.each([
    [0, ['RST_STREAM']],
    [1, ['HEADERS', 'RST_STREAM']],
    [2, ['HEADERS', 'DATA', 'RST_STREAM']],
    [3, ['HEADERS', 'DATA', 'RST_STREAM']],
  ])('when %i: %j with the code', async (when, names) => {
    const client = await observe('RstStream', 'RstStreamRequest', { code: 7, when });
    expect(client.names(1)).toEqual(names);
    expect(client.of(1).at(-1)?.payload.readUInt32BE(0)).toBe(7);
    expect(messages(client.data(1)).every(({ bytes }) => bytes.length <= sample.length)).toBe(true);
    // The connection lives on, and grpc-js with it.
    client.request(3, '/kitchen.v1.KitchenSink/Ping');
    await client.untilEnd(3);
    expect(client.headers(3).at(-1)).toMatchObject({ 'grpc-status': '0' });
  });

  it('reaches a grpc-js client as the status of its code', async () => {
    const { status } = await wire().serverStream('RstStream', { code: 11, when: 1 });
    expect(status.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
  });

  it('works under TLS too', async () => {
    const client = sampleClient(
      server.tlsAddress ?? '',
      'faults.v1.Wire',
      grpc.credentials.createSsl(null, null, null, { rejectUnauthorized: false }),
    );
    clients.push(client);
    const { status } = await client.serverStream('RstStream', { code: 12, when: 0 });
    expect(status.code).toBe(grpc.status.PERMISSION_DENIED);
  });
});

describe('GoAway', () => {
  it('sends code and debug data, then closes', async () => {
    const client = await raw();
    const request = encode('faults.v1.GoAwayRequest', { code: 11, debugData: 'too_many_pings' });
    client.request(1, '/faults.v1.Wire/GoAway', request);
    await client.untilClosed();
    const frame = client.frames.find(({ name }) => name === 'GOAWAY');
    expect(frame?.payload.readUInt32BE(4)).toBe(11);
    expect(frame?.payload.subarray(8).toString()).toBe('too_many_pings');
  });

  it('lets the call end well when graceful', async () => {
    const client = wire();
    const { status, messages } = await client.serverStream('GoAway', {
      graceful: true,
      debugData: 'max_age',
    });
    expect(status.code).toBe(grpc.status.OK);
    expect(messages).toHaveLength(1);
    // The next call opens a new connection.
    expect((await client.serverStream('Framing', {})).status.code).toBe(grpc.status.OK);
  });
});

describe('EnforcePings', () => {
  it('reports PINGs and ends the connection after too many', async () => {
    const client = await raw();
    const request = encode('faults.v1.EnforcePingsRequest', { maxStrikes: 1 });
    client.request(1, '/faults.v1.Wire/EnforcePings', request);
    await client.until(() => client.names(1).includes('HEADERS'));
    for (let ping = 1; ping <= 3; ping++) {
      client.ping();
      await client.until(() => client.frames.filter(({ name }) => name === 'PING').length >= ping);
    }
    await client.untilClosed();
    const goAway = client.frames.find(({ name }) => name === 'GOAWAY');
    expect(goAway?.payload.readUInt32BE(4)).toBe(11);
    expect(goAway?.payload.subarray(8).toString()).toBe('too_many_pings');
    expect(messages(client.data(1)).length).toBe(3);
  });

  it('meets a grpc-js client with a short keepalive time', async () => {
    const client = wire({ 'grpc.keepalive_time_ms': 20, 'grpc.keepalive_timeout_ms': 5_000 });
    const { status, messages } = await client.serverStream('EnforcePings', {});
    expect(status.code).toBe(grpc.status.RESOURCE_EXHAUSTED);
    expect(messages.length).toBeGreaterThanOrEqual(2);
  });
});

describe('HttpStatus', () => {
  interface Request {
    readonly status?: number;
    readonly server?: string;
    readonly contentType?: string;
    readonly body?: string;
  }

  it.each<[Request, number]>([
    [{ status: 401, server: 'nginx', body: '<html>401</html>' }, grpc.status.UNAUTHENTICATED],
    [{ status: 404 }, grpc.status.UNIMPLEMENTED],
    [{ status: 503, server: 'envoy', contentType: 'text/plain', body: 'no healthy upstream' }, 14],
    [{}, grpc.status.UNAVAILABLE],
  ])('%j', async (request, code) => {
    await expect(wire().unary('HttpStatus', request)).rejects.toMatchObject({ code });
    const client = await observe('HttpStatus', 'HttpStatusRequest', request);
    const [headers] = client.headers(1);
    expect(headers).toMatchObject({
      ':status': String(request.status ?? 503),
      'content-type': request.contentType ?? 'text/html',
      ...(request.server ? { server: request.server } : {}),
    });
    expect(headers).not.toHaveProperty('grpc-status');
    expect(client.data(1).toString()).toBe(request.body ?? '');
  });
});

describe('Malformed', () => {
  const malformed = (kind: number) => observe('Malformed', 'MalformedRequest', { kind });

  it('status details that are no google.rpc.Status, or no base64', async () => {
    const details = async (kind: number) =>
      (await malformed(kind)).headers(1).at(-1)?.['grpc-status-details-bin'];
    expect(await details(0)).toBe('Cv///38B');
    expect(await details(1)).toBe('*** not base64 ***');
  });

  it('a grpc-status that is no number, or none', async () => {
    expect((await malformed(2)).headers(1).at(-1)).toEqual({ 'grpc-status': 'fine, thanks' });
    expect((await malformed(4)).headers(1).at(-1)).toEqual({ 'x-request-id': '42' });
  });

  it('END_STREAM on DATA', async () => {
    const client = await malformed(3);
    expect(client.names(1)).toEqual(['HEADERS', 'DATA']);
    expect(messages(client.data(1))).toEqual([{ compressed: false, bytes: sample }]);
  });

  it('a compressed flag without encoding, an unknown one, corrupt gzip', async () => {
    const without = await malformed(5);
    expect(without.headers(1)[0]).not.toHaveProperty('grpc-encoding');
    expect(messages(without.data(1))[0]?.compressed).toBe(true);
    expect((await malformed(6)).headers(1)[0]).toMatchObject({ 'grpc-encoding': 'brotlish' });
    const [corrupt] = messages((await malformed(7)).data(1));
    expect(() => gunzipSync(corrupt?.bytes ?? Buffer.alloc(0))).toThrow();
  });

  it('a prefix of 2 GiB, a message cut off, bytes that are no protobuf', async () => {
    expect((await malformed(8)).data(1).readUInt32BE(1)).toBe(2 ** 31);
    const cut = (await malformed(9)).data(1);
    expect(cut.length).toBeLessThan(cut.readUInt32BE(1) + 5);
    expect(messages((await malformed(10)).data(1))[0]?.bytes.toString('hex')).toBe('0a7f010203');
  });

  it('a gzip bomb', async () => {
    const [bomb] = messages((await malformed(11)).data(1));
    expect(bomb?.bytes.length).toBeLessThan(60_000);
    expect(gunzipSync(bomb?.bytes ?? Buffer.alloc(0)).length).toBe(32 * 1024 * 1024);
  });

  it('every kind that grpc-js notices ends in a failure, and its connection stays usable', async () => {
    const client = wire({ 'grpc.max_receive_message_length': 4 * 1024 * 1024 });
    // grpc-js takes a message that was cut off (9) for the end of the stream.
    for (const kind of [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11]) {
      const { status } = await client.serverStream('Malformed', { kind });
      expect(status.code, `kind ${kind}`).not.toBe(grpc.status.OK);
    }
    expect((await client.serverStream('Framing', {})).status.code).toBe(grpc.status.OK);
  });
});

describe('Framing', () => {
  const framing = (kind: number) => observe('Framing', 'FramingRequest', { kind });

  it('one byte in each DATA frame', async () => {
    const client = await framing(0);
    const frames = client.of(1).filter(({ name }) => name === 'DATA');
    expect(frames).toHaveLength(sample.length + 5);
    expect(messages(client.data(1))).toEqual([{ compressed: false, bytes: sample }]);
  });

  it('three messages in one DATA frame', async () => {
    const client = await framing(1);
    expect(client.names(1)).toEqual(['HEADERS', 'DATA', 'HEADERS']);
    expect(messages(client.data(1))).toHaveLength(3);
  });

  it('padding', async () => {
    const client = await framing(2);
    expect(client.of(1)[1]?.payload[0]).toBe(100);
    expect(messages(client.data(1))).toEqual([{ compressed: false, bytes: sample }]);
  });

  it('CONTINUATION for headers and trailers', async () => {
    const client = await framing(3);
    expect(client.names(1).filter((name) => name === 'CONTINUATION').length).toBeGreaterThan(3);
    expect(client.headers(1)).toMatchObject([{ ':status': '200' }, { 'x-trailer': 'also split' }]);
  });

  it('every kind is right for a grpc-js client', async () => {
    const client = wire();
    for (let kind = 0; kind <= 4; kind++) {
      const { status, messages } = await client.serverStream('Framing', { kind });
      expect(status.code, `kind ${kind}`).toBe(grpc.status.OK);
      expect(messages[0]).toMatchObject({ text: 'a message on its way' });
    }
  });
});

describe('the rest', () => {
  it('compresses with gzip', async () => {
    const client = await observe('CompressedEcho', 'WirePayload', { text: 'twice '.repeat(100) });
    expect(client.headers(1)[0]).toMatchObject({ 'grpc-encoding': 'gzip' });
    expect(messages(client.data(1))[0]?.compressed).toBe(true);
    const { response } = await wire().unary('CompressedEcho', { text: 'twice' });
    expect(response).toMatchObject({ text: 'twice' });
  });

  it('closes the socket in the middle of a message', async () => {
    const client = await raw();
    client.request(1, '/faults.v1.Wire/CloseSocket');
    await client.untilClosed();
    expect(client.names(1)).toEqual(['HEADERS', 'DATA']);
    expect(client.names()).not.toContain('GOAWAY');
  });

  it.each(Object.entries(hostileTexts).map(([name, text], kind) => ({ name, text, kind })))(
    'sends hostile text: $name',
    async ({ text, kind }) => {
      const { messages, status } = await wire().serverStream('HostileText', { kind });
      expect(messages).toMatchObject([{ text }]);
      expect(status).toMatchObject({ code: grpc.status.UNKNOWN, details: text });
    },
  );

  it('sends a long header', async () => {
    const client = await observe('HostileText', 'HostileTextRequest', { kind: 4 });
    expect(client.headers(1)[0]?.['x-long']).toHaveLength(40_000);
  });

  it('tells a call of a client that makes up the stream header apart', async () => {
    const client = wire();
    const metadata = new grpc.Metadata();
    metadata.set('x-frameline-stream', '1.1');
    const status = await new Promise<grpc.StatusObject>((resolve) => {
      const call = client.raw.makeServerStreamRequest(
        '/faults.v1.Wire/RstStream',
        (value: Buffer) => value,
        (value: Buffer) => value,
        encode('faults.v1.RstStreamRequest', { code: 8 }),
        metadata,
      );
      call.on('error', () => {});
      call.on('status', resolve);
      call.resume();
    });
    expect(status.code).toBe(grpc.status.CANCELLED);
  });
});

describe('around it', () => {
  it('keeps calls of grpc-js whole while frames are written between them', async () => {
    const client = wire();
    const flood = new Promise<number>((resolve, reject) => {
      let count = 0;
      const call = client.raw.makeServerStreamRequest(
        '/faults.v1.Faults/Flood',
        (value: Buffer) => value,
        (value: Buffer) => value,
        encode('faults.v1.FloodRequest', { count: 5_000, size: 700 }),
      );
      call.on('data', () => count++);
      call.on('error', reject);
      call.on('end', () => resolve(count));
    });
    for (let round = 0; round < 10; round++) {
      const { status } = await client.serverStream('Framing', { kind: round % 5 });
      expect(status.code).toBe(grpc.status.OK);
    }
    expect(await flood).toBe(5_000);
  });

  it.each([1, 2, 3, 4, 5, 6, 7, 8])('outlives random bytes, seed %i', async (seed) => {
    const random = seededRandom(seed);
    const socket = connect(Number(server.address.split(':')[1]), '127.0.0.1');
    socket.on('error', () => {});
    await once(socket, 'connect');
    if (random.chance(0.7)) socket.write(connectionPreface);
    for (let part = 0; part < 20; part++) {
      const payload = random.bytes(random.integer(0, 200));
      const frame = encodeFrame(
        random.integer(0, 10),
        random.integer(0, 255),
        random.integer(0, 5),
        payload,
      );
      if (socket.writable) socket.write(random.chance(0.8) ? frame : payload);
    }
    const closed = once(socket, 'close');
    socket.resume().end();
    await closed;
    const kitchen = sampleClient(server.address, 'kitchen.v1.KitchenSink');
    clients.push(kitchen);
    expect((await kitchen.unary('Ping', {})).response, `seed ${seed}`).toEqual({});
  });
});
