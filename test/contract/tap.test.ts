import { createServer as createHttp2Server } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { Channel } from '../../src/grpc/channel';
import { TapCredentials } from '../../src/grpc/tap';
import type { Target } from '../../src/grpc/target';
import { createCertificateAuthority, loopbackHosts } from '../../src/sampleServer/certificates';
import { echo, startRawServer } from '../tools/rawServer';
import { outline } from '../tools/readTranscript';
import { startScriptedPeer } from '../tools/scriptedPeer';
import { until } from '../tools/until';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    cleanup();
  }
});

async function echoServer(credentials?: grpc.ServerCredentials): Promise<number> {
  const server = await startRawServer({ Echo: echo }, credentials);
  cleanups.push(() => server.close());
  return server.port;
}

function open(
  target: Target,
  credentials = grpc.credentials.createInsecure(),
  options: grpc.ChannelOptions = {},
): Channel {
  const channel = new Channel(target, credentials, options);
  cleanups.push(() => channel.close());
  return channel;
}

function plaintext(port: number): Target {
  return { address: `127.0.0.1:${port}`, security: { kind: 'plaintext' } };
}

/** Connections whose writes are done some milliseconds later, as under TLS on a busy machine. */
function slowlyWritten(milliseconds: number): grpc.ChannelCredentials {
  const credentials = grpc.credentials.createInsecure();
  const create = credentials._createSecureConnector.bind(credentials);
  credentials._createSecureConnector = (...all) => {
    const connector = create(...all);
    return {
      ...connector,
      async connect(socket) {
        const write = socket.write.bind(socket) as (chunk: Uint8Array, done: () => void) => boolean;
        const slowly = (chunk: Uint8Array, done = () => {}) =>
          write(chunk, () => setTimeout(done, milliseconds));
        return connector.connect(Object.assign(socket, { write: slowly }));
      },
    };
  };
  return credentials;
}

describe('the member of grpc-js that the tap rests on', () => {
  it('exists and is handed a connected socket', () => {
    expect(TapCredentials.isSupported(grpc.credentials.createInsecure())).toBe(true);
    expect(TapCredentials.isSupported(grpc.credentials.createSsl())).toBe(true);
  });
});

describe('a tapped call', () => {
  it('shows a plaintext conversation from TCP to the status, in order', async () => {
    const channel = open(plaintext(await echoServer()));
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    call.send(Buffer.from('hello'));
    await answers(call, 1);
    call.halfClose();
    expect(await call.done).toMatchObject({ code: 0, name: 'OK', origin: 'application' });
    expect(outline(call.transcript).filter((line) => !line.includes('SETTINGS'))).toEqual([
      'connect',
      '-> HEADERS',
      '-> headers',
      '-> DATA',
      '-> message 0 (5 B)',
      '<- HEADERS',
      '<- headers',
      '<- DATA',
      '<- message 0 (5 B)',
      '-> DATA',
      '<- HEADERS',
      '<- trailers',
      'status OK',
    ]);
    const settings = outline(call.transcript).filter((line) => line.includes('SETTINGS'));
    expect(settings.sort()).toEqual([
      '-> SETTINGS',
      '-> SETTINGS ACK',
      '<- SETTINGS',
      '<- SETTINGS ACK',
    ]);
    const { timing } = call.transcript;
    expect(timing.connected).toBeLessThanOrEqual(timing.headersSent ?? -1);
    expect(timing.headersSent).toBeLessThanOrEqual(timing.firstByte ?? -1);
    expect(timing.firstByte).toBeLessThanOrEqual(timing.lastMessage ?? -1);
    expect(timing.lastMessage).toBeLessThanOrEqual(timing.ended ?? -1);
  });

  it('shows the frames under TLS, with the certificate', async () => {
    const authority = await createCertificateAuthority();
    const pair = await authority.issue({ commonName: 'localhost', hosts: loopbackHosts });
    const port = await echoServer(
      grpc.ServerCredentials.createSsl(null, [
        { cert_chain: Buffer.from(pair.certificate), private_key: Buffer.from(pair.key) },
      ]),
    );
    const channel = open(
      { address: `localhost:${port}`, security: { kind: 'tls', verify: true } },
      grpc.credentials.createSsl(Buffer.from(authority.certificate)),
    );
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    call.send(Buffer.from('secret'));
    call.halfClose();
    expect(await call.done).toMatchObject({ code: 0 });
    const lines = outline(call.transcript);
    expect(lines.indexOf('connect')).toBeLessThan(lines.indexOf('tls'));
    expect(lines).toContain('<- message 0 (6 B)');
    const tls = call.transcript.entry(lines.indexOf('tls'));
    expect(tls).toMatchObject({
      alpn: 'h2',
      verified: true,
      serverName: 'localhost',
      certificate: { subjectAltName: expect.stringContaining('localhost') },
    });
    expect(call.transcript.timing).toMatchObject({ tlsDone: expect.any(Number) });
  });

  it('gives each of many calls on one connection its own stream and says that it was reused', async () => {
    const channel = open(plaintext(await echoServer()));
    const first = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    first.halfClose();
    await first.done;
    const calls = Array.from({ length: 50 }, (_, index) => {
      const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
      call.send(Buffer.from(`call ${index}`));
      call.halfClose();
      return call;
    });
    await Promise.all(calls.map((call) => call.done));
    calls.forEach((call, index) => {
      const number = call.transcript.messageEntry('received', 0) ?? -1;
      expect(Buffer.from(call.transcript.payload(number, 5)).toString()).toBe(`call ${index}`);
      expect(call.transcript.messageCount('received')).toBe(1);
      expect(call.transcript.entry(0)).toMatchObject({
        kind: 'connect',
        reused: { age: expect.any(Number) },
      });
    });
  });

  it('shows keepalive PINGs and their ACKs with the round-trip time', async () => {
    const channel = open(plaintext(await echoServer()), undefined, {
      'grpc.keepalive_time_ms': 20,
    });
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    await until(() => outline(call.transcript).includes('<- PING ACK'));
    call.halfClose();
    await call.done;
    const lines = outline(call.transcript);
    const ack = call.transcript.entry(lines.indexOf('<- PING ACK'));
    expect(ack).toMatchObject({ linked: lines.indexOf('-> PING'), roundTrip: expect.any(Number) });
  });

  it('writes the RST_STREAM of a cancelled call before its status', async () => {
    const channel = open(plaintext(await echoServer()));
    const call = channel.startCall({ path: '/raw.Raw/Echo' });
    call.send(Buffer.from('x'));
    await answers(call, 1);
    call.cancel();
    expect(await call.done).toMatchObject({ name: 'CANCELLED', origin: 'client' });
    expect(outline(call.transcript).slice(-2)).toEqual(['-> RST_STREAM', 'status CANCELLED']);
  });

  it('writes it too when bytes in front of it are still being written', async () => {
    const server = await startRawServer({ Echo: (call) => call.resume() });
    cleanups.push(() => server.close());
    const channel = open(plaintext(server.port), slowlyWritten(50));
    const call = channel.startCall({ path: '/raw.Raw/Echo' });
    call.send(Buffer.from('x'));
    await until(() => outline(call.transcript).includes('-> DATA'));
    call.cancel();
    expect(await call.done).toMatchObject({ name: 'CANCELLED', origin: 'client' });
    expect(outline(call.transcript).slice(-2)).toEqual(['-> RST_STREAM', 'status CANCELLED']);
  });

  it('opens no connection for a channel that was closed while grpc-js waited to try again', async () => {
    const gone = await startScriptedPeer({ kind: 'silent' });
    const { port } = gone;
    await gone.close();
    const soon = {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 100,
    };
    const closed = open(plaintext(port), undefined, soon);
    expect(await closed.startCall({ path: '/raw.Raw/Echo' }).done).toMatchObject({
      cause: 'connection-refused',
    });
    closed.close();
    const peer = await startScriptedPeer([], { port });
    cleanups.push(() => void peer.close());
    // As long as the longest wait that a channel which is still open may have, with time to spare.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(peer.connections).toBe(0);
  });

  it('takes an orderly end of the connection by the peer for no error', async () => {
    const server = createHttp2Server();
    let socket: Socket | undefined;
    server.on('connection', (opened: Socket) => {
      socket = opened;
    });
    server.on('stream', (stream) => {
      // As gRPC's C core does when a connection is old: GOAWAY, later the trailers, then FIN.
      stream.session?.goaway(0, 0, Buffer.from('max_age'));
      stream.resume();
      setTimeout(() => {
        const fields = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14' };
        stream.respond(fields, { endStream: true });
        setImmediate(() => socket?.end());
      }, 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    cleanups.push(() => server.close());
    const { port } = server.address() as AddressInfo;
    const channel = open(plaintext(port), undefined, { 'grpc.enable_retries': 0 });
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    call.halfClose();
    expect(await call.done).toMatchObject({ name: 'UNAVAILABLE', cause: 'goaway-graceful' });
    expect(call.transcript.entry(call.transcript.length - 2)).toMatchObject({
      kind: 'note',
      text: `The connection to 127.0.0.1:${port} was closed.`,
    });
  });

  it('has the error code of a refused connection', async () => {
    const server = await startRawServer({ Echo: echo });
    server.close();
    const channel = open(plaintext(server.port));
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    expect(await call.done).toMatchObject({ name: 'UNAVAILABLE', origin: 'transport' });
    expect(call.transcript.entry(0)).toMatchObject({
      kind: 'connect',
      address: `127.0.0.1:${server.port}`,
      error: { code: 'ECONNREFUSED' },
    });
  });

  it('has the error code of a name that does not resolve', async () => {
    const channel = open({ address: 'no-such-host.invalid:1', security: { kind: 'plaintext' } });
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 20_000 });
    expect(await call.done).toMatchObject({ name: 'UNAVAILABLE', origin: 'transport' });
    expect(call.transcript.entry(0)).toMatchObject({
      kind: 'resolution',
      target: 'no-such-host.invalid',
      error: { code: expect.stringMatching(/^(ENOTFOUND|EAI_AGAIN)$/) },
    });
  });

  it('refuses a message after the request stream was closed', async () => {
    const channel = open(plaintext(await echoServer()));
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    call.halfClose();
    expect(call.canSend).toBe(false);
    expect(() => call.send(Buffer.from('late'))).toThrow(/closed/);
    await call.done;
    expect(() => call.send(Buffer.from('later'))).toThrow(/ended/);
  });
});

describe('without the tap', () => {
  it('still makes the call and records messages, headers and trailers', async () => {
    const credentials = grpc.credentials.createInsecure();
    const original = TapCredentials.isSupported;
    TapCredentials.isSupported = () => false;
    cleanups.push(() => {
      TapCredentials.isSupported = original;
    });
    const channel = open(plaintext(await echoServer()), credentials);
    expect(channel.framesAvailable).toBe(false);
    const call = channel.startCall({ path: '/raw.Raw/Echo', deadline: 10_000 });
    call.send(Buffer.from('hello'));
    await answers(call, 1);
    call.halfClose();
    expect(await call.done).toMatchObject({ code: 0 });
    expect(outline(call.transcript)).toEqual([
      '-> message 0 (5 B)',
      '<- headers',
      '<- message 0 (5 B)',
      '<- trailers',
      'status OK',
    ]);
  });
});

async function answers(call: ReturnType<Channel['startCall']>, count: number): Promise<void> {
  await until(() => call.transcript.messageCount('received') >= count);
}
