import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prepareTshark } from '../../../scripts/interop/tshark.mjs';
import { root } from '../../../scripts/project.mjs';
import type { Security } from '../../../src/grpc/target';
import {
  createCertificateAuthority,
  loopbackHosts,
  writeCertificateFiles,
} from '../../../src/sampleServer/certificates';
import { schemaOf, servers, start } from '../tools';
import { conversations } from './conversations';
import { type Held, hold } from './hold';
import { printTable, type Row } from './table';

const tshark = await prepareTshark(console.log);
const authority = createCertificateAuthority();
const { files, remove } = writeCertificateFiles(
  authority,
  authority.issue({ commonName: 'localhost', hosts: loopbackHosts }),
);
const rows: Row[] = [];
afterAll(() => {
  remove();
  if (tshark) {
    printTable(rows, tshark.version);
  }
});

const securities: readonly { name: string; security: Security; flags: readonly string[] }[] = [
  { name: 'plaintext', security: { kind: 'plaintext' }, flags: [] },
  {
    name: 'TLS',
    security: { kind: 'tls', verify: true, ca: files.ca },
    flags: [`--cert=${files.clientCertificate}`, `--key=${files.clientKey}`],
  },
];

/** Milliseconds for all conversations with one server, most of them waiting for PINGs. */
const timeout = 120_000;

for (const { language, missing, ...traits } of servers) {
  for (const { name, security, flags } of securities) {
    describe.skipIf(missing || !tshark)(`frames with a server in ${traits.title}, ${name}`, () => {
      const folder = join(root, 'test', 'output', 'capture', `${language}-${name}`);
      const wanted = conversations.filter(
        ({ needs }) => needs === undefined || traits[needs] === true,
      );
      let held: ReadonlyMap<string, Held | Error> | undefined;

      beforeAll(async () => {
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder, { recursive: true });
        const age = ['--max-connection-age', '--max-connection-age-grace'].map(
          (flag) => `${flag}=500${traits.milliseconds}`,
        );
        const server = await start(language, flags);
        const aging =
          traits.connectionAge === true ? await start(language, [...flags, ...age]) : undefined;
        try {
          held = await hold(wanted, {
            schema: await schemaOf(server.address, security),
            address: server.address,
            agingAddress: aging?.address,
            security,
            folder,
          });
        } finally {
          await Promise.all([server.stop(), aging?.stop()]);
        }
      }, timeout);
      afterAll(async () => {
        const equal = [...(held?.values() ?? [])].every(
          (it) => !(it instanceof Error) && it.comparison.differences.length === 0,
        );
        if (held && equal) {
          await rm(folder, { recursive: true });
        }
      });

      it.each(wanted.map((it) => [it.title, it] as const))('%s', (title, { shows }) => {
        const result = held?.get(title);
        if (result === undefined || result instanceof Error) {
          throw result;
        }
        const { comparison, told } = result;
        rows.push({ server: traits.title, security: name, title, comparison });
        expect(comparison.differences).toEqual([]);
        for (const pattern of shows) {
          expect(pattern.test(told), `${pattern} among the frames`).toBe(true);
        }
      });
    });
  }
}
