import { once } from 'node:events';
import { connect as connectHttp2, constants } from 'node:http2';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import * as grpc from '@grpc/grpc-js';
import { afterEach, describe, expect, it } from 'vitest';
import { createCertificateAuthority, loopbackHosts } from '../../src/sampleServer/certificates';
import {
  closeMidMessage,
  goAway,
  httpAnswer,
  okAnswer,
  responseHeaders,
  rstStream,
  trailers,
} from '../../src/sampleServer/faultScripts';
import { rstStreamFrame } from '../../src/wire/frameEncoder';
import { RawHttp2Client } from '../tools/rawHttp2Client';
import {
  type PeerBehaviour,
  type ScriptedPeer,
  type ScriptedPeerOptions,
  startScriptedPeer,
} from '../tools/scriptedPeer';

const cleanups: (() => unknown)[] = [];

afterEach(async () => {
  for (const clean of cleanups.splice(0).reverse()) await clean();
});

async function start(
  behaviour: PeerBehaviour,
  options: ScriptedPeerOptions = {},
): Promise<ScriptedPeer> {
  const peer = await startScriptedPeer(behaviour, options);
  cleanups.push(() => peer.close());
  return peer;
}

async function open(peer: ScriptedPeer): Promise<RawHttp2Client> {
  const client = await RawHttp2Client.open(peer.port);
  cleanups.push(() => client.close());
  return client;
}

/** A unary call of grpc-js with bytes in and out. */
function call(peer: ScriptedPeer, deadline = 10_000, options: grpc.ClientOptions = {}) {
  const client = new grpc.Client(peer.address, grpc.credentials.createInsecure(), {
    'grpc.use_local_subchannel_pool': 1,
    ...options,
  });
  cleanups.push(() => client.close());
  return new Promise<Buffer>((resolve, reject) => {
    client.makeUnaryRequest(
      '/any.Service/Method',
      (value: Buffer) => value,
      (value: Buffer) => value,
      Buffer.from('request'),
      { deadline: Date.now() + deadline },
      (error, value) => (error ? reject(error) : resolve(value ?? Buffer.alloc(0))),
    );
  });
}

describe('an HTTP/2 peer', () => {
  it('answers each request by its path', async () => {
    const peer = await start((request) => okAnswer(Buffer.from(`you asked for ${request.path}`)));
    expect((await call(peer)).toString()).toBe('you asked for /any.Service/Method');
    expect(peer.connections).toBe(1);
    expect(peer.requests).toMatchObject([{ streamId: 1, path: '/any.Service/Method' }]);
    expect(peer.requests[0]?.fields).toContainEqual(['te', 'trailers']);
  });

  it('gives window back, so that a client can send a lot', async () => {
    const peer = await start([{ do: 'awaitEnd' }, ...okAnswer(Buffer.from('read it all'))]);
    const client = new grpc.Client(peer.address, grpc.credentials.createInsecure());
    cleanups.push(() => client.close());
    const response = await new Promise<Buffer | undefined>((resolve, reject) => {
      client.makeUnaryRequest(
        '/any.Service/Method',
        (value: Buffer) => value,
        (value: Buffer) => value,
        Buffer.alloc(1_000_000, 1),
        (error, value) => (error ? reject(error) : resolve(value)),
      );
    });
    expect(response?.toString()).toBe('read it all');
  });

  it('resets a stream as node:http2 sees it', async () => {
    const code = constants.NGHTTP2_ENHANCE_YOUR_CALM;
    const peer = await start(rstStream(code, 'afterHeaders', Buffer.alloc(3)));
    const session = connectHttp2(`http://${peer.address}`);
    cleanups.push(() => session.destroy());
    const stream = session.request({ ':method': 'POST', ':path': '/a/b' });
    stream.on('error', () => {});
    const [headers] = await once(stream, 'response');
    expect(headers).toMatchObject({ ':status': 200 });
    await new Promise((resolve) => stream.on('close', resolve));
    expect(stream.rstCode).toBe(code);
  });

  it('sends GOAWAY with debug data and closes', async () => {
    const client = await open(await start(goAway(11, 'too_many_pings')));
    client.request(1, '/a/b');
    await client.untilClosed();
    const frame = client.frames.find(({ name }) => name === 'GOAWAY');
    expect(frame?.payload.toString('latin1', 8)).toBe('too_many_pings');
    expect(frame?.payload.readUInt32BE(0)).toBe(1);
  });

  it('acknowledges PINGs, or hangs', async () => {
    const peer = await start({ kind: 'http2' });
    const client = await open(peer);
    client.ping();
    await client.until(() => client.names().includes('PING'));
    expect(peer.pings).toBe(1);

    const deaf = await start({ kind: 'http2', pings: 'ignore' });
    const error = await call(deaf, 10_000, {
      'grpc.keepalive_time_ms': 20,
      'grpc.keepalive_timeout_ms': 50,
    }).catch((error: grpc.ServiceError) => error);
    expect(error).toMatchObject({ code: grpc.status.UNAVAILABLE });
    expect(deaf.pings).toBeGreaterThanOrEqual(1);
  });

  it('enforces pings', async () => {
    const peer = await start({ kind: 'http2', pings: { minInterval: 300_000, maxStrikes: 2 } });
    const client = await open(peer);
    for (let ping = 0; ping < 4; ping++) client.ping();
    await client.untilClosed();
    expect(client.names().filter((name) => name === 'PING')).toHaveLength(4);
    const frame = client.frames.find(({ name }) => name === 'GOAWAY');
    expect(frame?.payload.readUInt32BE(4)).toBe(11);
    expect(frame?.payload.toString('latin1', 8)).toBe('too_many_pings');
  });

  it('sends the SETTINGS it is told to, or none', async () => {
    const client = await open(await start({ kind: 'http2', settings: [[0x3, 7]] }));
    await client.until(() => client.frames.length > 0);
    expect(client.frames[0]).toMatchObject({ name: 'SETTINGS' });
    expect(client.frames[0]?.payload.toString('hex')).toBe('000300000007');

    const mute = await open(
      await start({ kind: 'http2', settings: false, answer: okAnswer(Buffer.from('no settings')) }),
    );
    mute.request(1, '/a/b');
    await mute.until(() => mute.bytes.length > 0);
    // A first frame that is no SETTINGS.
    expect(mute.bytes[0]?.[3]).toBe(0x1);
    expect(mute.malformed).toBe('preface');
  });

  it('never answers a request it has no script for', async () => {
    const peer = await start({ kind: 'http2' });
    await expect(call(peer, 100)).rejects.toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED });
    expect(peer.requests).toHaveLength(1);
  });

  it('closes or resets the connection in the middle of a message', async () => {
    for (const how of ['close', 'reset'] as const) {
      const peer = await start(closeMidMessage(Buffer.from('cut in two'), how));
      const client = await open(peer);
      client.request(1, '/a/b');
      await client.untilClosed();
      expect(client.names(1)).toEqual(['HEADERS', 'DATA']);
      await expect(call(peer)).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
    }
  });

  it('answers as a proxy would', async () => {
    const peer = await start(httpAnswer({ status: 404, server: 'nginx', body: '<h1>404</h1>' }));
    await expect(call(peer)).rejects.toMatchObject({ code: grpc.status.UNIMPLEMENTED });
  });

  it('sends header blocks of 10 MB over CONTINUATION', async () => {
    const name = 'x'.repeat(10_000_000);
    const peer = await start([
      {
        do: 'headers',
        fields: [
          [':status', '200'],
          [name, ''],
        ],
      },
      trailers(),
    ]);
    const client = await open(peer);
    client.request(1, '/a/b');
    await client.untilEnd(1);
    const block = client.of(1).filter(({ name }) => name === 'CONTINUATION' || name === 'HEADERS');
    expect(block.length).toBeGreaterThan(600);
    expect(block.reduce((sum, { payload }) => sum + payload.length, 0)).toBeGreaterThan(10_000_000);
  });

  it('writes any bytes', async () => {
    // A PING of 3 bytes is a frame size error.
    const bytes = Buffer.from('000003060000000000010203', 'hex');
    const client = await open(await start([responseHeaders(), { do: 'bytes', bytes }, trailers()]));
    client.request(1, '/a/b');
    await client.untilEnd(1);
    expect(client.frames.find(({ name }) => name === 'PING')?.payload.toString('hex')).toBe(
      '010203',
    );
  });

  it('stops a script when the client resets the stream', async () => {
    const peer = await start([
      responseHeaders(),
      { do: 'wait', milliseconds: 20 },
      ...okAnswer(Buffer.alloc(1)),
    ]);
    const client = await open(peer);
    client.request(1, '/a/b');
    await client.until(() => client.names(1).includes('HEADERS'));
    client.write(rstStreamFrame(1, constants.NGHTTP2_CANCEL));
    // An answer that comes whole after it: the first one had time to go on, had it not been stopped.
    client.request(3, '/a/b');
    await client.untilEnd(3);
    expect(client.names(1)).toEqual(['HEADERS']);
  });
});

describe('a peer that speaks no HTTP/2', () => {
  it('answers with HTTP/1.1', async () => {
    const bytes = 'HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n';
    const peer = await start({ kind: 'raw', bytes });
    const client = await open(peer);
    await client.untilClosed();
    expect(Buffer.concat(client.bytes).toString()).toBe(bytes);
    expect(client.malformed).toBe('http1');
    await expect(call(peer)).rejects.toMatchObject({ code: grpc.status.UNAVAILABLE });
  });

  it('is silent', async () => {
    const peer = await start({ kind: 'silent' });
    await expect(call(peer, 100)).rejects.toMatchObject({ code: grpc.status.DEADLINE_EXCEEDED });
    expect(peer.connections).toBe(1);
    expect(peer.requests).toHaveLength(0);
  });

  it.each([false, true])('hangs up, reset %s', async (reset) => {
    const peer = await start({ kind: 'hangUp', reset });
    const socket = connect(peer.port, '127.0.0.1');
    const errors: string[] = [];
    socket.on('error', (error: NodeJS.ErrnoException) => errors.push(error.code ?? ''));
    socket.resume();
    await new Promise((resolve) => socket.on('close', resolve));
    expect(errors).toEqual(reset ? ['ECONNRESET'] : []);
  });
});

describe('TLS', () => {
  const authority = createCertificateAuthority();
  const { certificate: cert, key } = authority.issue({
    commonName: 'localhost',
    hosts: loopbackHosts,
  });

  async function handshake(peer: ScriptedPeer, ca = authority.certificate, host = 'localhost') {
    const socket = connectTls({
      port: peer.port,
      host: '127.0.0.1',
      servername: host,
      ca,
      ALPNProtocols: ['h2'],
    });
    cleanups.push(() => socket.destroy());
    return new Promise<string>((resolve) => {
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('secureConnect', () => resolve(`connected ${socket.alpnProtocol}`));
    });
  }

  it('serves h2, or takes no part in ALPN, or offers HTTP/1.1 only', async () => {
    const h2 = await start(okAnswer(), { tls: { cert, key, ALPNProtocols: ['h2'] } });
    expect(await handshake(h2)).toBe('connected h2');
    const none = await start(okAnswer(), { tls: { cert, key } });
    expect(await handshake(none)).toBe('connected false');
    const http1 = await start(okAnswer(), { tls: { cert, key, ALPNProtocols: ['http/1.1'] } });
    expect(await handshake(http1)).toBe('ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL');
  });

  it('is found out: unknown CA, expired, wrong host', async () => {
    const serve = (pair: { certificate: string; key: string }) =>
      start(okAnswer(), {
        tls: { cert: pair.certificate, key: pair.key, ALPNProtocols: ['h2'] },
      });
    const good = await serve({ certificate: cert, key });
    expect(await handshake(good, createCertificateAuthority().certificate)).toMatch(
      /SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_VERIFY_LEAF_SIGNATURE|UNABLE_TO_GET_ISSUER_CERT/,
    );
    const day = 86_400_000;
    const expired = await serve(
      authority.issue({
        commonName: 'localhost',
        hosts: loopbackHosts,
        notBefore: new Date(Date.now() - 2 * day),
        notAfter: new Date(Date.now() - day),
      }),
    );
    expect(await handshake(expired)).toBe('CERT_HAS_EXPIRED');
    const other = await serve(
      authority.issue({ commonName: 'other', hosts: ['other.example', 'fd00::1:2'] }),
    );
    expect(await handshake(other)).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    expect(await handshake(other, authority.certificate, 'other.example')).toBe('connected h2');
  });
});
