import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Security } from '../../src/grpc/target';
import {
  createCertificateAuthority,
  loopbackHosts,
  writeCertificateFiles,
} from '../../src/sampleServer/certificates';
import type { CallStatus } from '../../src/transcript/entry';
import { outline } from '../tools/readTranscript';
import { shows } from './suite';
import {
  answer,
  end,
  type InteropServer,
  open,
  patience,
  schemaFor,
  send,
  servers,
  start,
  startForTest,
} from './tools';

const authority = createCertificateAuthority();
const { files, remove } = writeCertificateFiles(
  authority,
  authority.issue({ commonName: 'client' }),
);
const strangers = createCertificateAuthority('Stranger');
const stranger = writeCertificateFiles(strangers, strangers.issue({ commonName: 'stranger' }));
afterAll(() => {
  remove();
  stranger.remove();
});

async function pem(name: string, text: string): Promise<string> {
  const path = join(dirname(files.ca), name);
  await writeFile(path, text, { mode: 0o600 });
  return path;
}

async function serverFlags(name: string, hosts: readonly string[]): Promise<string[]> {
  const pair = authority.issue({ commonName: hosts[0] ?? '', hosts });
  return [
    `--cert=${await pem(`${name}.pem`, pair.certificate)}`,
    `--key=${await pem(`${name}-key.pem`, pair.key)}`,
  ];
}

const trusting: Security = { kind: 'tls', verify: true, ca: files.ca };
const withClient: Security = {
  ...trusting,
  client: { certificate: files.clientCertificate, key: files.clientKey },
};

for (const { language, title, suite, certificateAlert } of servers) {
  describe(`TLS to a server in ${title}`, suite, () => {
    let tls: InteropServer;
    let mutual: InteropServer;

    beforeAll(async () => {
      const flags = await serverFlags(language, loopbackHosts);
      tls = await start(language, flags);
      mutual = await start(language, [...flags, `--client-ca=${files.ca}`]);
    });
    afterAll(() => Promise.all([tls?.stop(), mutual?.stop()]));

    async function refusal(address: string, security: Security): Promise<CallStatus> {
      const channel = await open(address, {}, security);
      const call = channel.startCall({ path: '/interop.v1.Library/Wait', deadline: patience });
      call.halfClose();
      const status = await call.done;
      call.transcript.dispose();
      return status;
    }

    it(
      'discovers, calls and shows the frames with the CA of the server',
      shows('tls'),
      async () => {
        const schema = await schemaFor(language, tls.address, trusting);
        const channel = await open(tls.address, {}, trusting);
        const call = send(channel, schema, 'EchoBook', [{ name: 'secret' }]);
        expect(await call.done).toMatchObject({ name: 'OK' });
        const lines = outline(call.transcript);
        expect(lines).toContain('<- message 0 (8 B)');
        expect(call.transcript.entry(lines.indexOf('tls'))).toMatchObject({
          alpn: 'h2',
          verified: true,
          protocol: 'TLSv1.3',
          certificate: { subjectAltName: expect.stringContaining('127.0.0.1') },
        });
      },
    );

    it('discovers and calls with a client certificate', shows('mutual'), async () => {
      const schema = await schemaFor(language, mutual.address, withClient);
      const channel = await open(mutual.address, {}, withClient);
      expect(await answer(channel, schema, 'EchoBook', { name: 'a' })).toEqual({ name: 'a' });
    });

    it.each([
      ['no client certificate', trusting, 'client-certificate-required'],
      [
        'a client certificate of another CA',
        {
          ...trusting,
          client: { certificate: stranger.files.clientCertificate, key: stranger.files.clientKey },
        },
        'client-certificate-rejected',
      ],
    ] as const)('tells %s', shows('mutual'), async (_what, security, cause) => {
      const status = await refusal(mutual.address, security);
      expect(status).toMatchObject({
        name: 'UNAVAILABLE',
        origin: 'transport',
        explanation: expect.stringContaining('client certificate'),
      });
      expect([...(certificateAlert ? [cause] : []), 'closed-after-tls']).toContain(status.cause);
    });

    it('tells plaintext to a TLS port', shows('tls'), async () => {
      expect(await refusal(tls.address, { kind: 'plaintext' })).toMatchObject({
        name: 'UNAVAILABLE',
        origin: 'transport',
        cause: 'plaintext-to-tls-port',
      });
    });

    it('refuses a server of another CA', shows('tls'), async () => {
      const security = { ...trusting, ca: stranger.files.ca };
      expect(await refusal(tls.address, security)).toMatchObject({
        name: 'UNAVAILABLE',
        origin: 'transport',
        cause: 'tls-unknown-ca',
      });
    });

    it('refuses a server with the name of another host', shows('tls'), async () => {
      const server = await start(language, await serverFlags('other', ['other.example']));
      try {
        expect(await refusal(server.address, trusting)).toMatchObject({ cause: 'tls-wrong-host' });
      } finally {
        await server.stop();
      }
    });

    it('tells TLS to a plaintext port', shows('tls'), async () => {
      const server = await startForTest(language);
      const schema = await schemaFor(language, server.address);
      const channel = await open(server.address, {}, trusting);
      expect(await end(channel, schema, 'EchoBook', {})).toMatchObject({
        name: 'UNAVAILABLE',
        cause: 'tls-to-plaintext-port',
      });
    });
  });
}
