// Builds everything that ships into dist/. `node esbuild.mjs --watch` rebuilds on change.
import { cp, mkdir, rm } from 'node:fs/promises';
import * as esbuild from 'esbuild';
import { grammarFiles, languageServerBuild, requireBanner } from './scripts/linterBundle.mjs';
import { sampleServerBuild, sampleServerFiles } from './scripts/sampleServerBundle.mjs';

const watch = process.argv.includes('--watch');
const common = { bundle: true, sourcemap: watch, minify: !watch, logLevel: 'warning' };

const builds = [
  {
    // The extension host. Splitting keeps what is imported dynamically out of the entry file.
    ...common,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    chunkNames: 'chunks/[name]-[hash]',
    format: 'esm',
    splitting: true,
    platform: 'node',
    target: 'node20',
    external: ['vscode'],
    banner: { js: requireBanner },
  },
  { ...common, ...languageServerBuild('dist') },
  { ...common, ...sampleServerBuild('dist') },
  {
    ...common,
    entryPoints: { panel: 'src/panel/webview/panel.ts' },
    outdir: 'dist/panel',
    format: 'esm',
    platform: 'browser',
    target: 'es2022',
    tsconfig: 'src/panel/webview/tsconfig.json',
  },
];

await rm('dist', { recursive: true, force: true });
await mkdir('dist', { recursive: true });
await Promise.all([
  sampleServerFiles('dist'),
  grammarFiles('dist'),
  cp('node_modules/@vscode/codicons/dist/codicon.css', 'dist/panel/codicon.css'),
  cp('node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/panel/codicon.ttf'),
]);
if (watch) {
  const contexts = await Promise.all(builds.map((options) => esbuild.context(options)));
  await Promise.all(contexts.map((context) => context.watch()));
} else {
  await Promise.all(builds.map((options) => esbuild.build(options)));
}
