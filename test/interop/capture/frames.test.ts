import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { prepareTshark } from '../../../scripts/interop/tshark.mjs';
import { root } from '../../../scripts/project.mjs';
import type { Security } from '../../../src/grpc/target';
import {
  createCertificateAuthority,
  loopbackHosts,
  writeCertificateFiles,
} from '../../../src/sampleServer/certificates';
import { schemaFor, servers, start } from '../tools';
import { conversations } from './conversations';
import { type Held, hold } from './hold';
import { framesTable, type Row } from './table';

const tshark = await prepareTshark(console.log);
const authority = createCertificateAuthority();
const { files, remove } = writeCertificateFiles(
  authority,
  authority.issue({ commonName: 'localhost', hosts: loopbackHosts }),
);
const { programs } = inject('interop');
const rows: Row[] = [];
afterAll(() => {
  remove();
  if (tshark && rows.length > 0) {
    console.log(framesTable(rows, tshark.version));
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
      const kept = join(root, 'test', 'output', 'capture', `${language}-${name}`);
      const wanted = conversations.filter(
        ({ needs }) => needs === undefined || traits[needs] === true,
      );
      let held: ReadonlyMap<string, Held | Error> | undefined;

      beforeAll(async () => {
        const folder = await mkdtemp(join(tmpdir(), 'frameline-capture-'));
        const age = ['--max-connection-age', '--max-connection-age-grace'].map(
          (flag) => `${flag}=500${traits.milliseconds}`,
        );
        const server = await start(language, flags);
        const aging =
          traits.connectionAge === true ? await start(language, [...flags, ...age]) : undefined;
        try {
          held = await hold(wanted, {
            schema: await schemaFor(language, server.address, security),
            address: server.address,
            agingAddress: aging?.address,
            security,
            folder,
          });
          if ([...held.values()].some((it) => it instanceof Error || differs(it))) {
            await cp(folder, kept, { recursive: true });
          }
        } finally {
          await Promise.all([server.stop(), aging?.stop()]);
          await rm(folder, { recursive: true });
        }
      }, timeout);

      it.each(wanted.map((it) => [it.title, it] as const))('%s', (title, { shows }) => {
        const result = held?.get(title);
        if (result === undefined || result instanceof Error) {
          throw result;
        }
        const { comparison, told } = result;
        rows.push({
          conversation: title,
          server: traits.title,
          version: programs[language]?.version ?? '',
          tls: security.kind === 'tls',
          comparison,
        });
        expect(comparison.differences).toEqual([]);
        for (const pattern of shows) {
          expect(pattern.test(told), `${pattern} among the frames`).toBe(true);
        }
      });
    });
  }
}

function differs({ comparison }: Held): boolean {
  return comparison.differences.length > 0;
}
