// Builds everything that ships into dist/. `node esbuild.mjs --watch` rebuilds on change.
import { cp, mkdir, rm } from 'node:fs/promises';
import * as esbuild from 'esbuild';
import { commandLineBuild, grammarFiles, languageServerBuild } from './scripts/linterBundle.mjs';
import { nodeModules } from './scripts/nodeModules.mjs';
import { writeNotices } from './scripts/notices.mjs';
import { sampleServerBuild, sampleServerFiles } from './scripts/sampleServerBundle.mjs';

const watch = process.argv.includes('--watch');
const common = { bundle: true, sourcemap: watch, minify: !watch, logLevel: 'warning' };

const builds = [
  {
    // The extension host.
    ...common,
    ...nodeModules,
    entryPoints: { extension: 'src/extension.ts' },
    outdir: 'dist',
    external: ['vscode'],
  },
  { ...common, ...languageServerBuild('dist') },
  { ...common, ...commandLineBuild('dist') },
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
  const results = await Promise.all(
    builds.map((options) => esbuild.build({ ...options, metafile: true })),
  );
  await writeNotices(
    'dist',
    results.map(({ metafile }) => metafile),
  );
}
