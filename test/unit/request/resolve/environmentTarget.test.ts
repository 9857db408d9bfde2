import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseEnvironments } from '../../../../src/config/environmentFiles';
import { parseRequestFile } from '../../../../src/request/file/parse';
import { localRequestFiles } from '../../../../src/request/files';
import { resolveRequest } from '../../../../src/request/resolve/resolveRequest';
import { useTemporaryFolders } from '../../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();

/** A request to the target `market`, which says what is given, in a folder. */
async function resolve(target: object, folder: string, isTrusted: boolean, head = '') {
  const { environments } = parseEnvironments(
    JSON.stringify({
      environments: {
        local: {
          secrets: ['TOKEN'],
          targets: { market: { address: 'localhost:50051', ...target } },
        },
      },
    }),
    join(folder, 'frameline.json'),
  );
  const file = parseRequestFile(`${head}GRPC market/a.B/C`);
  const [request] = file.requests;
  if (!request) {
    throw new Error('there is no request in the text');
  }
  return resolveRequest(file, request, {
    scope: {
      overrides: new Map(),
      captures: new Map(),
      environment: environments[0],
      secret: async () => ({ ok: true, value: 's3cret' }),
    },
    files: localRequestFiles({ file: join(folder, 'a.grpc'), root: folder, isTrusted }),
  });
}

describe('a target of an environment', () => {
  it('has reflection metadata of its own, and the request’s of the same key instead', async () => {
    const target = {
      reflectionMetadata: { authorization: 'Bearer {{TOKEN}}', 'X-Team': 'market' },
    };
    const head = '# @reflect-metadata x-team: mine\n';
    expect(await resolve(target, '/work', true, head)).toMatchObject({
      ok: true,
      request: {
        secrets: ['s3cret'],
        server: {
          reflectionMetadata: [
            { key: 'authorization', value: 'Bearer s3cret' },
            { key: 'x-team', value: 'mine' },
          ],
        },
      },
    });
  });

  it('reads files anywhere in a trusted folder', async () => {
    const target = { ca: '/etc/ca.pem', protoFiles: ['../protos/a.proto'] };
    expect(await resolve(target, '/work', true)).toMatchObject({
      ok: true,
      request: {
        server: {
          target: { security: { ca: '/etc/ca.pem' } },
          sources: { protoFiles: ['/protos/a.proto'] },
        },
      },
    });
  });

  it('reads files inside the folder only in Restricted Mode, links followed', async () => {
    const outside = await temporaryFolder({
      'x.pem': '',
      'x.key': '',
      'x.proto': '',
      'x.binpb': '',
    });
    const folder = await temporaryFolder({ 'in.pem': '', 'in.proto': '' });
    await mkdir(join(folder, 'protos'));
    await writeFile(join(folder, 'protos', 'in.binpb'), '');
    await symlink(join(outside, 'x.pem'), join(folder, 'link.pem'));
    const inside = { ca: 'in.pem', protoFiles: ['in.proto'], importPaths: ['protos'] };
    expect(await resolve(inside, folder, false)).toMatchObject({ ok: true });
    for (const target of [
      { ca: join(outside, 'x.pem') },
      { ca: 'link.pem' },
      { clientCertificate: 'in.pem', clientKey: join(outside, 'x.key') },
      { protoFiles: ['in.proto', join(outside, 'x.proto')] },
      { importPaths: [outside] },
      { descriptorSets: [join(outside, 'x.binpb')] },
    ]) {
      const resolution = await resolve(target, folder, false);
      expect(resolution.ok ? [] : resolution.problems.map(({ message }) => message)).toEqual([
        expect.stringMatching(/ is outside .* not trusted: in Restricted Mode .* Trust the folder/),
      ]);
    }
  });
});
