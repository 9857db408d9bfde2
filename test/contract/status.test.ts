import { createServer as createHttp1Server } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { gzipSync } from 'node:zlib';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import type { CallRequest } from '../../src/grpc/call';
import { Channel } from '../../src/grpc/channel';
import type { Security } from '../../src/grpc/target';
import { createCertificateAuthority, loopbackHosts } from '../../src/sampleServer/certificates';
import { grpcMessage, messagePrefix, type Script } from '../../src/sampleServer/script';
import type { CallStatus } from '../../src/transcript/entry';
import { echo, startRawServer } from '../tools/rawServer';
import {
  type PeerBehaviour,
  type ScriptedPeer,
  type ScriptedPeerOptions,
  startScriptedPeer,
} from '../tools/scriptedPeer';

/** Each cause of a failed call is produced for real, over sockets, and must be told from the others. */

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) {
    await cleanup();
  }
});

const PLAINTEXT: Security = { kind: 'plaintext' };
const TLS: Security = { kind: 'tls', verify: true };
const RESPONSE = [
  [':status', '200'],
  ['content-type', 'application/grpc'],
] as const;

async function peer(
  behaviour: PeerBehaviour,
  options?: ScriptedPeerOptions,
): Promise<ScriptedPeer> {
  const started = await startScriptedPeer(behaviour, options);
  cleanups.push(() => started.close());
  return started;
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  cleanups.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

interface Attempt {
  readonly security?: Security;
  readonly credentials?: grpc.ChannelCredentials;
  readonly options?: grpc.ChannelOptions;
  readonly request?: Partial<CallRequest>;
  /** Runs when the first message has come. */
  readonly afterMessage?: (call: ReturnType<Channel['startCall']>) => void;
}

/** Calls `address` with one message and returns how it ended. */
async function call(address: string, attempt: Attempt = {}): Promise<CallStatus> {
  const channel = new Channel(
    { address, security: attempt.security ?? PLAINTEXT },
    attempt.credentials ?? grpc.credentials.createInsecure(),
    { 'grpc.enable_retries': 0, ...attempt.options },
  );
  cleanups.push(() => channel.close());
  const running = channel.startCall({ path: '/raw.Raw/Echo', deadline: 8_000, ...attempt.request });
  const { afterMessage } = attempt;
  if (afterMessage) {
    const stop = running.transcript.onAppend(() => {
      if (running.transcript.messageCount('received') > 0) {
        stop();
        afterMessage(running);
      }
    });
  }
  running.send(Buffer.from('hello'));
  running.halfClose();
  const status = await running.done;
  expect(status.explanation).toMatch(/.{20,}\.$/s);
  expect(status.evidence.length).toBeGreaterThan(0);
  return status;
}

async function answered(script: Script, attempt?: Attempt): Promise<CallStatus> {
  return call((await peer(script)).address, attempt);
}

const authority = createCertificateAuthority();
const serverPair = authority.issue({ commonName: 'localhost', hosts: loopbackHosts });
const trusted = grpc.credentials.createSsl(Buffer.from(authority.certificate));

async function tlsServer(
  pair = serverPair,
  client?: { readonly rootCerts: string },
): Promise<string> {
  const server = await startRawServer(
    { Echo: echo },
    grpc.ServerCredentials.createSsl(
      client ? Buffer.from(client.rootCerts) : null,
      [{ cert_chain: Buffer.from(pair.certificate), private_key: Buffer.from(pair.key) }],
      client !== undefined,
    ),
  );
  cleanups.push(() => server.close());
  return `localhost:${server.port}`;
}

describe('before a connection stands', () => {
  it('refused connection', async () => {
    const server = await startRawServer({ Echo: echo });
    server.close();
    expect(await call(`127.0.0.1:${server.port}`)).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'transport',
      cause: 'connection-refused',
      certainty: 'observed',
    });
  });

  it('name not found', async () => {
    expect(await call('no-such-host.invalid:443')).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'transport',
      cause: 'name-not-found',
    });
  });

  it('deadline before connecting', async () => {
    const server = await startRawServer({ Echo: echo });
    server.close();
    const request = { deadline: 150, waitForReady: true };
    expect(await call(`127.0.0.1:${server.port}`, { request })).toMatchObject({
      name: 'DEADLINE_EXCEEDED',
      origin: 'client',
      cause: 'deadline-before-connecting',
    });
  });

  it('deadline on a connection that never speaks HTTP/2', async () => {
    const silent = await peer({ kind: 'silent' });
    expect(await call(silent.address, { request: { deadline: 150 } })).toMatchObject({
      name: 'DEADLINE_EXCEEDED',
      origin: 'client',
      cause: 'deadline-before-http2',
    });
  });
});

describe('plaintext and TLS', () => {
  it('plaintext to a TLS port', async () => {
    const address = await tlsServer();
    expect(await call(address)).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'transport',
      cause: 'plaintext-to-tls-port',
    });
  });

  it('TLS to a plaintext port', async () => {
    const server = await startRawServer({ Echo: echo });
    cleanups.push(() => server.close());
    const status = await call(`localhost:${server.port}`, { security: TLS, credentials: trusted });
    expect(status).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'transport',
      cause: 'tls-to-plaintext-port',
    });
  });

  it('unknown CA', async () => {
    const address = await tlsServer();
    const credentials = grpc.credentials.createSsl();
    expect(await call(address, { security: TLS, credentials })).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'transport',
      cause: 'tls-unknown-ca',
      certainty: 'observed',
    });
  });

  it('expired certificate', async () => {
    const day = 86_400_000;
    const address = await tlsServer(
      authority.issue({
        commonName: 'localhost',
        hosts: loopbackHosts,
        notBefore: new Date(Date.now() - 20 * day),
        notAfter: new Date(Date.now() - 10 * day),
      }),
    );
    expect(await call(address, { security: TLS, credentials: trusted })).toMatchObject({
      origin: 'transport',
      cause: 'tls-expired',
      certainty: 'observed',
    });
  });

  it('wrong host name', async () => {
    const address = await tlsServer(
      authority.issue({ commonName: 'other.example', hosts: ['other.example'] }),
    );
    expect(await call(address, { security: TLS, credentials: trusted })).toMatchObject({
      origin: 'transport',
      cause: 'tls-wrong-host',
      certainty: 'observed',
    });
  });

  it('client certificate required', async () => {
    const address = await tlsServer(serverPair, { rootCerts: authority.certificate });
    expect(await call(address, { security: TLS, credentials: trusted })).toMatchObject({
      origin: 'transport',
      cause: 'client-certificate-required',
    });
  });

  it('no ALPN h2', async () => {
    const noAlpn = await peer(
      { kind: 'hangUp' },
      { tls: { cert: serverPair.certificate, key: serverPair.key } },
    );
    expect(
      await call(`localhost:${noAlpn.port}`, { security: TLS, credentials: trusted }),
    ).toMatchObject({ origin: 'transport', cause: 'no-alpn-h2' });
  });
});

describe('what answers is not a gRPC server', () => {
  it('an HTTP/1.1 server', async () => {
    const port = await listen(createHttp1Server((_request, response) => response.end('hi')));
    expect(await call(`127.0.0.1:${port}`)).toMatchObject({
      origin: 'transport',
      cause: 'http1-server',
      certainty: 'observed',
    });
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [404, 'UNIMPLEMENTED'],
    [503, 'UNAVAILABLE'],
    [418, 'UNKNOWN'],
  ])('HTTP status %i without grpc-status', async (code, name) => {
    const status = await answered([
      {
        do: 'headers',
        fields: [
          [':status', String(code)],
          ['server', 'envoy'],
          ['content-type', 'text/html'],
        ],
        endStream: true,
      },
    ]);
    expect(status).toMatchObject({ name, origin: 'intermediary', cause: `http-${code}` });
    expect(status.evidence.join(' ')).toContain('envoy');
  });
});

describe('deadlines and cancellation', () => {
  it('deadline before headers', async () => {
    const script: Script = [];
    expect(await answered(script, { request: { deadline: 200 } })).toMatchObject({
      name: 'DEADLINE_EXCEEDED',
      origin: 'client',
      cause: 'deadline-before-headers',
    });
  });

  it('deadline mid-stream', async () => {
    const script: Script = [
      { do: 'headers', fields: RESPONSE },
      { do: 'data', bytes: grpcMessage(Buffer.from('one')) },
    ];
    expect(await answered(script, { request: { deadline: 300 } })).toMatchObject({
      name: 'DEADLINE_EXCEEDED',
      origin: 'client',
      cause: 'deadline-mid-stream',
    });
  });

  it("the service config's timeout, enforced by the server", async () => {
    const script: Script = [
      { do: 'headers', fields: RESPONSE },
      { do: 'data', bytes: grpcMessage(Buffer.from('one')) },
      { do: 'wait', milliseconds: 297 },
      { do: 'rstStream', code: 8 },
    ];
    const serviceConfig = { methodConfig: [{ name: [{}], timeout: '0.300000000s' }] };
    const options = { 'grpc.service_config': JSON.stringify(serviceConfig) };
    expect(await answered(script, { options, request: { deadline: 8_000 } })).toMatchObject({
      name: 'DEADLINE_EXCEEDED',
      origin: 'client',
      cause: 'deadline-mid-stream',
    });
  });

  it('deadline reported by the server', async () => {
    const script: Script = [
      { do: 'headers', fields: [...RESPONSE, ['grpc-status', '4']], endStream: true },
    ];
    expect(await answered(script)).toMatchObject({
      name: 'DEADLINE_EXCEEDED',
      origin: 'application',
    });
  });

  it('cancelled while the call is prepared: nothing is sent', async () => {
    const server = await peer([]);
    const channel = new Channel(
      { address: server.address, security: PLAINTEXT },
      grpc.credentials.createInsecure(),
      {},
    );
    cleanups.push(() => channel.close());
    const first = channel.startCall({ path: '/raw.Raw/Echo', deadline: 100 });
    await first.done;
    const cancelled = channel.startCall({ path: '/raw.Raw/Echo', deadline: 8_000 });
    // Between the steps of grpc-js, which it takes in microtasks.
    await Promise.resolve();
    cancelled.cancel();
    expect((await cancelled.done).cause).toBe('cancelled-here');
    const last = channel.startCall({ path: '/raw.Raw/Echo', deadline: 100 });
    await last.done;
    expect(server.requests).toHaveLength(2);
    const entries = cancelled.transcript;
    expect(entries.entry(entries.length - 1).kind).toBe('status');
  });

  it('cancelled here', async () => {
    const script: Script = [
      { do: 'headers', fields: RESPONSE },
      { do: 'data', bytes: grpcMessage(Buffer.from('one')) },
    ];
    expect(await answered(script, { afterMessage: (running) => running.cancel() })).toMatchObject({
      name: 'CANCELLED',
      origin: 'client',
      cause: 'cancelled-here',
    });
  });
});

describe('the stream or the connection is ended', () => {
  it.each([
    [7, 'UNAVAILABLE', 'rst-refused-stream'],
    [8, 'CANCELLED', 'rst-cancel'],
    [11, 'RESOURCE_EXHAUSTED', 'rst-enhance-your-calm'],
    [12, 'PERMISSION_DENIED', 'rst-inadequate-security'],
    [2, 'INTERNAL', 'rst-internal-error'],
  ])('RST_STREAM with code %i', async (code, name, cause) => {
    const status = await answered([
      { do: 'headers', fields: RESPONSE },
      { do: 'rstStream', code },
    ]);
    expect(status).toMatchObject({ name, origin: 'transport', cause });
  });

  it('GOAWAY too_many_pings', async () => {
    const status = await answered([
      { do: 'headers', fields: RESPONSE },
      { do: 'goAway', code: 11, debugData: 'too_many_pings' },
      { do: 'goAway', code: 0, debugData: '' },
      { do: 'close' },
    ]);
    expect(status).toMatchObject({ origin: 'transport', cause: 'too-many-pings' });
    expect(status.nextActions.join(' ')).toMatch(/keepalive/);
  });

  it('a PING that is never answered', async () => {
    const script: Script = [
      { do: 'headers', fields: RESPONSE },
      { do: 'data', bytes: grpcMessage(Buffer.from('one')) },
    ];
    const hanging = await peer({ kind: 'http2', pings: 'ignore', answer: script });
    const status = await call(hanging.address, {
      options: { 'grpc.keepalive_time_ms': 50, 'grpc.keepalive_timeout_ms': 100 },
    });
    expect(status).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'transport',
      cause: 'keepalive-timeout',
      certainty: 'observed',
    });
  });

  it('connections that are closed after the same silence', async () => {
    const { address } = await peer([
      { do: 'headers', fields: RESPONSE },
      { do: 'wait', milliseconds: 1_050 },
      { do: 'close' },
    ]);
    const channel = new Channel(
      { address, security: PLAINTEXT },
      grpc.credentials.createInsecure(),
      {},
    );
    cleanups.push(() => channel.close());
    const ends: CallStatus[] = [];
    // A busy machine may be late, but not each time by another time.
    while (ends.at(-1)?.cause !== 'idle-timeout' && ends.length < 8) {
      const running = channel.startCall({ path: '/raw.Raw/Echo', deadline: 20_000 });
      running.halfClose();
      ends.push(await running.done);
      running.transcript.dispose();
    }
    expect(ends[0]).toMatchObject({ cause: 'connection-lost', origin: 'transport' });
    expect(ends[0]?.explanation).toContain('without a frame');
    expect(ends.at(-1)).toMatchObject({
      name: 'UNAVAILABLE',
      origin: 'intermediary',
      cause: 'idle-timeout',
      certainty: 'inferred',
    });
  });

  it('server gone mid-stream, after another connection was closed in order', async () => {
    const scripts: Script[] = [
      [{ do: 'goAway', code: 0, debugData: '' }, { do: 'rstStream', code: 7 }, { do: 'close' }],
      [{ do: 'headers', fields: RESPONSE }, { do: 'reset' }],
    ];
    const server = await peer(() => scripts.shift() ?? []);
    const status = await call(server.address, { options: { 'grpc.enable_retries': 1 } });
    expect(server.connections).toBe(2);
    expect(status).toMatchObject({ origin: 'transport', cause: 'connection-lost' });
    expect(status.evidence.join(' ')).not.toContain('GOAWAY received');
  });

  it('HTTP/2 that the library of this side gives the connection up for', async () => {
    // WINDOW_UPDATE by nothing, which is an error of the connection (RFC 9113 section 6.9).
    const update = Buffer.from([0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    const status = await answered([{ do: 'bytes', bytes: update }]);
    expect(status).toMatchObject({ origin: 'transport', cause: 'malformed-http2' });
  });

  it('server gone mid-stream', async () => {
    const status = await answered([
      { do: 'headers', fields: RESPONSE },
      { do: 'data', bytes: Buffer.concat([messagePrefix(100, false), Buffer.from('half')]) },
      { do: 'reset' },
    ]);
    expect(status).toMatchObject({ origin: 'transport', cause: 'connection-lost' });
  });
});

describe('messages that cannot be taken', () => {
  it('received message over the size limit', async () => {
    const status = await answered(
      [
        { do: 'headers', fields: RESPONSE },
        { do: 'data', bytes: grpcMessage(Buffer.alloc(2_000)) },
      ],
      {
        options: { 'grpc.max_receive_message_length': 1_000 },
        request: { maxReceiveSize: 1_000 },
      },
    );
    expect(status).toMatchObject({
      name: 'RESOURCE_EXHAUSTED',
      origin: 'client',
      cause: 'message-too-large-received',
    });
    expect(status.evidence.join(' ')).toMatch(/2,?000/);
  });

  it('received message over the size limit, refused in the middle of its first frame', async () => {
    const frame = Buffer.concat([
      // A DATA frame of 2005 bytes on stream 1, of which the prefix of the message and some more come.
      Buffer.from([0, 0x07, 0xd5, 0, 0, 0, 0, 0, 1]),
      messagePrefix(2_000, false),
      Buffer.alloc(10),
    ]);
    const status = await answered(
      [
        { do: 'headers', fields: RESPONSE },
        { do: 'bytes', bytes: frame },
      ],
      {
        options: { 'grpc.max_receive_message_length': 1_000 },
        request: { maxReceiveSize: 1_000 },
      },
    );
    expect(status).toMatchObject({
      name: 'RESOURCE_EXHAUSTED',
      origin: 'client',
      certainty: 'inferred',
      cause: 'message-too-large-received',
    });
  });

  it('sent message over the size limit', async () => {
    const server = await startRawServer({ Echo: echo });
    cleanups.push(() => server.close());
    const status = await call(`127.0.0.1:${server.port}`, {
      options: { 'grpc.max_send_message_length': 2 },
      request: { maxSendSize: 2 },
    });
    expect(status).toMatchObject({
      name: 'RESOURCE_EXHAUSTED',
      origin: 'client',
      cause: 'message-too-large-sent',
    });
  });

  it('bad compression', async () => {
    const broken = gzipSync(Buffer.from('hello'));
    broken.fill(0xff, 10);
    const status = await answered([
      { do: 'headers', fields: [...RESPONSE, ['grpc-encoding', 'gzip']] },
      { do: 'data', bytes: grpcMessage(broken, true) },
      { do: 'headers', fields: [['grpc-status', '0']], endStream: true },
    ]);
    expect(status).toMatchObject({ cause: 'bad-compression' });
    expect(status.code).not.toBe(0);
  });

  it('unknown compression', async () => {
    const status = await answered([
      { do: 'headers', fields: [...RESPONSE, ['grpc-encoding', 'lzw']] },
      { do: 'data', bytes: grpcMessage(Buffer.from('abc'), true) },
    ]);
    expect(status).toMatchObject({ cause: 'bad-compression' });
  });
});

describe('the application', () => {
  it('its own status with a message', async () => {
    const status = await answered([
      { do: 'headers', fields: RESPONSE },
      {
        do: 'headers',
        fields: [
          ['grpc-status', '9'],
          ['grpc-message', 'no%20seller'],
        ],
        endStream: true,
      },
    ]);
    expect(status).toMatchObject({
      name: 'FAILED_PRECONDITION',
      message: 'no seller',
      origin: 'application',
    });
  });

  it('its first status, when another follows the end of the stream', async () => {
    const ending = (status: string) =>
      ({ do: 'headers', fields: [...RESPONSE, ['grpc-status', status]], endStream: true }) as const;
    const status = await answered([ending('8'), { do: 'rstStream', code: 0 }, ending('2')]);
    expect(status).toMatchObject({ name: 'RESOURCE_EXHAUSTED', origin: 'application' });
  });

  it('OK', async () => {
    const server = await startRawServer({ Echo: echo });
    cleanups.push(() => server.close());
    expect(await call(`127.0.0.1:${server.port}`)).toMatchObject({ code: 0, cause: 'ok' });
  });

  it('a response without grpc-status', async () => {
    const status = await answered([
      { do: 'headers', fields: RESPONSE },
      { do: 'data', bytes: grpcMessage(Buffer.from('abc')), endStream: true },
    ]);
    expect(status.code).not.toBe(0);
    expect(status).toMatchObject({ cause: 'missing-grpc-status' });
  });
});
