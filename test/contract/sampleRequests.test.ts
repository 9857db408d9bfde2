import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeSampleWorkspace, usualAddress } from '../../scripts/sampleWorkspace.mjs';
import { parseEnvironments } from '../../src/config/environmentFiles';
import { parseRequestFile } from '../../src/request/file/parse';
import { localRequestFiles } from '../../src/request/files';
import { FileRun } from '../../src/request/run/runFile';
import { type SampleServer, startSampleServer } from '../../src/sampleServer/sampleServer';
import { testCaller } from '../tools/testCaller';

const fixture = 'test/fixtures/sampleWorkspace';
const names = readdirSync(join(fixture, 'requests')).filter((name) => name.endsWith('.grpc'));
const caller = testCaller();
let server: SampleServer;
/** The sample workspace as npm start makes it. */
let home: string;
let folder: string;

beforeAll(async () => {
  server = await startSampleServer();
  home = await mkdtemp(join(tmpdir(), 'frameline-sample-'));
  folder = join(home, 'sample');
  await makeSampleWorkspace(folder, server.address);
});
afterAll(async () => {
  await caller.close();
  await server.close();
  await rm(home, { recursive: true, force: true });
});

function environments(root: string) {
  const path = join(root, 'frameline.json');
  return parseEnvironments(readFileSync(path, 'utf8'), path);
}

describe('the sample workspace', () => {
  it('has environments to choose from, and the local one is the server that the editor starts', () => {
    const { environments: found, problems } = environments(fixture);
    expect(problems).toEqual([]);
    expect(found.map(({ name }) => name)).toEqual(['local', 'staging']);
    expect(found[0]?.targets.get('market')?.target).toEqual({
      address: usualAddress,
      security: { kind: 'plaintext' },
    });
  });

  it.each(names)('can send every request of %s, and all that it expects holds', async (name) => {
    const path = join(folder, 'requests', name);
    const file = parseRequestFile(readFileSync(path, 'utf8'));
    expect(file.problems).toEqual([]);
    expect(file.requests.length).toBeGreaterThan(3);
    const run = new FileRun(file, {
      scope: {
        overrides: new Map(),
        captures: new Map(),
        environment: environments(folder).environments[0],
        secret: async (secret) => ({ ok: false, message: `${secret} is asked for` }),
      },
      files: localRequestFiles({ file: path, root: folder, isTrusted: true }),
      caller,
    });
    for (const request of file.requests) {
      const result = await run.run(request);
      const failed =
        result.kind === 'refused'
          ? result.problems.map(({ message }) => message)
          : result.checks.filter(({ passed }) => !passed).map(({ message }) => message);
      expect(failed, request.title?.text).toEqual([]);
      expect(request.annotations.some(({ name: said }) => said.text === 'expect')).toBe(true);
      if (result.kind === 'called') {
        result.transcript.dispose();
      }
    }
  });
});
