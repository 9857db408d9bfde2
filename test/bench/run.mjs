// `npm run bench`: prints each figure beside its target. Speed depends on the machine, so ratios are taken side
// by side in one run and nothing here fails a build. `npm run bench -- tap discovery` runs some of them,
// `npm run bench -- --peers` compares with the tools that people use, and `npm run bench -- --peers stream` in one row.
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const here = fileURLToPath(new URL('.', import.meta.url));
const all = [
  'tap',
  'transcript',
  'extensionHost',
  'webview',
  'discovery',
  'startup',
  'lint',
  'requestFile',
  'call',
  'run',
];
const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const peers = process.argv.includes('--peers');
const unknown = peers ? [] : wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`Unknown benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}.`);
  process.exit(2);
}

/** Files that the benchmarks share with the tests find others from where their source stands, not from the bundle. */
const sourceFolders = {
  name: 'source-folders',
  setup(build) {
    build.onLoad({ filter: /[\\/]test[\\/].*\.ts$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        'import.meta.dirname',
        JSON.stringify(dirname(path)),
      ),
      loader: 'ts',
    }));
    build.onLoad({ filter: /[\\/]scripts[\\/]project\.mjs$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replaceAll(
        'import.meta.url',
        JSON.stringify(pathToFileURL(path).href),
      ),
    }));
  },
};

/** Node imports JSON only with words that the sources don't need: the extension bundles it. */
const packagedJson = {
  name: 'packaged-json',
  setup(build) {
    build.onResolve({ filter: /^[^.].*\.json$/ }, ({ path }) => ({
      path: fileURLToPath(import.meta.resolve(path)),
    }));
  },
};

const folder = await mkdtemp(join(tmpdir(), 'frameline-bench-'));
try {
  await symlink(resolve('node_modules'), join(folder, 'node_modules'), 'junction');
  const names = peers ? ['peers'] : wanted.length > 0 ? wanted : all;
  await esbuild.build({
    entryPoints: [...names, 'floodServer', 'bareCall'].map((name) => join(here, `${name}.ts`)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    packages: 'external',
    plugins: [sourceFolders, packagedJson],
    logLevel: 'warning',
  });
  for (const name of names) {
    // Each in a process of its own: one benchmark's garbage is not the next one's memory.
    const code = await run(join(folder, `${name}.mjs`), peers ? wanted : []);
    if (code !== 0) {
      process.exitCode = 1;
    }
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

function run(file, rows) {
  return new Promise((done) => {
    const child = spawn(process.execPath, ['--expose-gc', file, ...rows], { stdio: 'inherit' });
    child.once('exit', (code) => done(code ?? 1));
  });
}
