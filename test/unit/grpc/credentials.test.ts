import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { Client, Metadata, type ServiceError } from '@grpc/grpc-js';
import { describe, expect, test } from 'vitest';
import { CredentialsError, channelCredentials } from '../../../src/grpc/credentials';
import type { Security } from '../../../src/grpc/target';
import { readTrustedRoots } from '../../../src/grpc/trustedRoots';
import { createCertificateAuthority } from '../../../src/sampleServer/certificates';

const authority = createCertificateAuthority();
const server = authority.issue({ commonName: 'server', hosts: ['localhost', '127.0.0.1'] });
const client = authority.issue({ commonName: 'client' });
const other = createCertificateAuthority().issue({ commonName: 'other' });

const encrypted = createPrivateKey(client.key)
  .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'secret' })
  .toString();
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
const traditional = rsa
  .export({ type: 'pkcs1', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'secret' })
  .toString();
const der = Buffer.from(authority.certificate.replace(/-----[^-]+-----|\s/g, ''), 'base64');

const files: { readonly [path: string]: string | Uint8Array } = {
  '/ca.pem': authority.certificate,
  '/bundle.pem': `# two of them\n${authority.certificate}\n${server.certificate}`,
  '/client.pem': client.certificate,
  '/client.key': client.key,
  '/client.encrypted.key': encrypted,
  '/rsa.encrypted.key': traditional,
  '/rsa.key': rsa.export({ type: 'pkcs8', format: 'pem' }).toString(),
  '/other.key': other.key,
  '/ca.der': der,
  '/garbage.txt': 'not a certificate',
  '/empty.pem': '',
  '/broken.pem': `${authority.certificate}\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
  '/broken.key': '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n',
};

async function readFile(path: string): Promise<Uint8Array> {
  const content = files[path];
  if (content === undefined) {
    const code =
      path === '/denied.pem' ? 'EACCES' : path === '/gone.uri' ? 'FileNotFound' : 'ENOENT';
    throw Object.assign(new Error(`${code}: ${path}`), { code });
  }
  return Buffer.from(content);
}

type Tls = Extract<Security, { kind: 'tls' }>;

function make(security: Omit<Tls, 'kind' | 'verify'>, passphrase?: string) {
  return channelCredentials(
    { security: { kind: 'tls', verify: true, ...security } },
    passphrase === undefined ? {} : { passphrase },
    readFile,
  );
}

test('plaintext is not secure and reads nothing', async () => {
  const result = await channelCredentials({ security: { kind: 'plaintext' } }, {}, () =>
    Promise.reject(new Error('read')),
  );
  expect(result._isSecure()).toBe(false);
});

describe('accepts', () => {
  test.each<[string, Omit<Tls, 'kind' | 'verify'>, string?]>([
    ['the system authorities', {}],
    ['an own authority', { ca: '/ca.pem' }],
    ['a bundle with a comment', { ca: '/bundle.pem' }],
    ['a client certificate', { client: { certificate: '/client.pem', key: '/client.key' } }],
    [
      'an encrypted key',
      { client: { certificate: '/client.pem', key: '/client.encrypted.key' } },
      'secret',
    ],
    [
      'a passphrase that is not needed',
      { client: { certificate: '/client.pem', key: '/client.key' } },
      'secret',
    ],
  ])('%s', async (_, security, passphrase) => {
    expect((await make(security, passphrase))._isSecure()).toBe(true);
  });
});

describe('refuses', () => {
  const certificate = '/client.pem';
  const key = '/client.key';

  test.each<[string, string, string, Omit<Tls, 'kind' | 'verify'>, string?]>([
    ['file-missing', 'ca', '/none.pem', { ca: '/none.pem' }],
    ['file-missing', 'ca', '/gone.uri', { ca: '/gone.uri' }],
    ['file-unreadable', 'ca', '/denied.pem', { ca: '/denied.pem' }],
    ['not-pem', 'ca', '/garbage.txt', { ca: '/garbage.txt' }],
    ['not-pem', 'ca', '/empty.pem', { ca: '/empty.pem' }],
    ['not-pem', 'ca', '/ca.der', { ca: '/ca.der' }],
    ['not-pem', 'ca', '/client.key', { ca: '/client.key' }],
    ['broken-certificate', 'ca', '/broken.pem', { ca: '/broken.pem' }],
    ['file-missing', 'certificate', '/no.pem', { client: { certificate: '/no.pem', key } }],
    ['file-missing', 'key', '/no.key', { client: { certificate, key: '/no.key' } }],
    ['not-pem', 'certificate', '/client.key', { client: { certificate: '/client.key', key } }],
    ['not-pem', 'key', '/client.pem', { client: { certificate, key: '/client.pem' } }],
    ['broken-key', 'key', '/broken.key', { client: { certificate, key: '/broken.key' } }],
    ['key-mismatch', 'key', '/other.key', { client: { certificate, key: '/other.key' } }],
    ['key-mismatch', 'key', '/rsa.key', { client: { certificate, key: '/rsa.key' } }],
    [
      'passphrase-missing',
      'key',
      '/client.encrypted.key',
      { client: { certificate, key: '/client.encrypted.key' } },
    ],
    [
      'passphrase-missing',
      'key',
      '/rsa.encrypted.key',
      { client: { certificate, key: '/rsa.encrypted.key' } },
      '',
    ],
    [
      'wrong-passphrase',
      'key',
      '/client.encrypted.key',
      { client: { certificate, key: '/client.encrypted.key' } },
      'hunter2',
    ],
    [
      'wrong-passphrase',
      'key',
      '/rsa.encrypted.key',
      { client: { certificate, key: '/rsa.encrypted.key' } },
      'hunter2',
    ],
  ])('%s: %s %s', async (code, file, path, security, passphrase) => {
    const error: unknown = await make(security, passphrase).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(CredentialsError);
    expect(error).toMatchObject({ code, file, path });
    const message = error instanceof Error ? error.message : '';
    expect(message).toContain(path);
    expect(message).not.toContain('hunter2');
    expect(message).not.toContain('BEGIN RSA');
  });

  test('says how to convert DER', async () => {
    await expect(make({ ca: '/ca.der' })).rejects.toThrow(/looks like DER.*openssl x509/);
  });
});

describe('verification', () => {
  /** The status code of a call to a TLS server on the loopback interface. */
  async function callWith(
    security: Omit<Tls, 'kind'>,
    serverOptions: object = {},
  ): Promise<number> {
    const tlsServer = http2.createSecureServer({
      cert: server.certificate,
      key: server.key,
      ...serverOptions,
    });
    tlsServer.on('stream', (stream) => {
      stream.on('error', () => stream.destroy());
      stream.respond(
        { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' },
        { endStream: true },
      );
    });
    await new Promise<void>((done) => tlsServer.listen(0, '127.0.0.1', done));
    const { port } = tlsServer.address() as AddressInfo;
    const made = await channelCredentials(
      { security: { kind: 'tls', ...security } },
      { passphrase: 'secret' },
      readFile,
    );
    const caller = new Client(`dns:localhost:${port}`, made, { 'grpc.enable_http_proxy': 0 });
    const code = await new Promise<number>((done) => {
      const stream = caller.makeServerStreamRequest(
        '/a.B/C',
        (value: Buffer) => value,
        (value) => value,
        Buffer.alloc(0),
        new Metadata(),
        { deadline: Date.now() + 10_000 },
      );
      stream.on('data', () => undefined);
      stream.on('error', (_: ServiceError) => undefined);
      stream.on('status', (status) => done(status.code));
    });
    caller.close();
    tlsServer.close();
    return code;
  }

  test('an own authority is trusted', async () => {
    expect(await callWith({ verify: true, ca: '/ca.pem' })).toBe(0);
  });

  test('an unknown authority is not', async () => {
    expect(await callWith({ verify: true })).toBe(14);
  });

  test('an unknown authority is not, whatever the environment says', async () => {
    const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED;
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0';
    try {
      expect(await callWith({ verify: true })).toBe(14);
    } finally {
      if (before === undefined) {
        delete process.env.NODE_TLS_REJECT_UNAUTHORIZED;
      } else {
        process.env.NODE_TLS_REJECT_UNAUTHORIZED = before;
      }
    }
  });

  test('only an explicit choice turns verification off', async () => {
    expect(await callWith({ verify: false })).toBe(0);
  });

  test('mTLS with an encrypted key', async () => {
    const mutual = { requestCert: true, rejectUnauthorized: true, ca: authority.certificate };
    const own = { verify: true, ca: '/ca.pem' };
    const keys = { certificate: '/client.pem', key: '/client.encrypted.key' };
    expect(await callWith({ ...own, client: keys }, mutual)).toBe(0);
    expect(await callWith(own, mutual)).toBe(14);
  });
});

describe('readTrustedRoots', () => {
  test('joins what Node and the system trust, without doubles', () => {
    const reader = (type: 'default' | 'system') => (type === 'default' ? ['a', 'b'] : ['b', 'c']);
    expect(readTrustedRoots(reader)).toEqual(['a', 'b', 'c']);
  });

  test('leaves it to Node where Node can not tell', () => {
    expect(readTrustedRoots(undefined)).toBeUndefined();
    expect(readTrustedRoots(() => [])).toBeUndefined();
    expect(
      readTrustedRoots(() => {
        throw new Error('no keychain');
      }),
    ).toBeUndefined();
  });
});
