// Takes the README's pictures anew, from the packaged extension in a real VS Code.
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { root } from './project.mjs';
import { prepare } from './tests.mjs';

await prepare(['e2e'], (line) => process.stdout.write(`${line}\n`));
// Beside the scripts, because the tools import them and they are not bundled.
const program = join(root, 'scripts', '.pictures.mjs');
try {
  await esbuild.build({
    entryPoints: [join(root, 'test', 'tools', 'pictures.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    plugins: [
      {
        name: 'scripts stay files',
        setup(build) {
          build.onResolve({ filter: /\/scripts\/[^/]+\.mjs$/ }, ({ path }) => ({
            path: `./${path.split('/').at(-1)}`,
            external: true,
          }));
        },
      },
    ],
  });
  await import(pathToFileURL(program).href);
} finally {
  await rm(program, { force: true });
}
