// npm run soak: calls of every kind through faults of every kind (test/soak), for a minute or as long as is said.
//   npm run soak                                       60 seconds, as in .ci/run
//   npm run soak -- --minutes 10                       as at night
//   npm run soak -- --seed 17                          what an earlier run did
//   npm run soak -- --seed 17 --only calls-1/4         one episode of it, again and again
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import * as esbuild from 'esbuild';
import { prepareGo } from './interop/go.mjs';
import { commandLineBuild } from './linterBundle.mjs';
import { nodeModules } from './nodeModules.mjs';
import { root } from './project.mjs';
import { sampleServerBuild, sampleServerFiles } from './sampleServerBundle.mjs';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '1' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    only: { type: 'string' },
  },
});
for (const name of /** @type {const} */ (['minutes', 'seed'])) {
  if (!(Number(values[name]) >= 0)) throw new Error(`--${name} ${values[name]} is no number`);
}

process.chdir(root);
const folder = await mkdtemp(join(tmpdir(), 'frameline-soak-'));
try {
  const programs = await build();
  // What the program and its commands leave behind stands there alone.
  const temporary = join(folder, 'tmp');
  await mkdir(temporary);
  await mkdir(programs.serverFolder);
  process.exitCode = await start(programs, temporary);
} finally {
  await rm(folder, { recursive: true, force: true });
}

/** Builds everything into a folder of its own. */
async function build() {
  const dist = join(folder, 'dist');
  const quiet = /** @type {const} */ ({ logLevel: 'warning' });
  const go = await prepareGo((line) => console.log(line));
  await Promise.all([
    esbuild.build({ ...commandLineBuild(dist), ...quiet }),
    esbuild.build({ ...sampleServerBuild(dist), ...quiet }),
    sampleServerFiles(dist),
    esbuild.build({
      ...nodeModules,
      ...quiet,
      external: ['@grpc/proto-loader'],
      entryPoints: { soak: 'test/soak/main.ts' },
      outdir: join(dist, 'soak'),
      sourcemap: 'inline',
    }),
  ]);
  return {
    soak: join(dist, 'soak', 'soak.js'),
    sampleServer: join(dist, 'sampleServer', 'bin', 'main.cjs'),
    command: join(dist, 'cli', 'frameline.cjs'),
    serverFolder: join(folder, 'server'),
    ...(go && { goServer: go.file }),
  };
}

/**
 * @param {Awaited<ReturnType<typeof build>>} programs
 * @param {string} temporary
 * @returns {Promise<number>} exit code
 */
function start({ soak, ...programs }, temporary) {
  const child = spawn(
    process.execPath,
    [
      '--expose-gc',
      '--enable-source-maps',
      soak,
      `--programs=${JSON.stringify(programs)}`,
      `--seed=${values.seed}`,
      `--seconds=${Number(values.minutes) * 60}`,
      ...(values.only === undefined ? [] : [`--only=${values.only}`]),
    ],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, TMPDIR: temporary, TEMP: temporary, TMP: temporary },
    },
  );
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
