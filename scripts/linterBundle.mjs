import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { nodeModules } from './nodeModules.mjs';

/**
 * The faces of the linter: the language server, which goes into the extension, and the command line, which goes
 * into the npm package. Each has its own folder, so that neither ships the other.
 * @param {string} dist
 * @returns {import('esbuild').BuildOptions[]}
 */
export function linterBuilds(dist) {
  return [
    {
      ...nodeModules,
      entryPoints: { main: 'src/languageServer/main.ts' },
      outdir: join(dist, 'languageServer'),
    },
    {
      ...nodeModules,
      entryPoints: { frameline: 'src/cli/main.ts', lintWorker: 'src/cli/lint/lintWorker.ts' },
      outdir: join(dist, 'cli'),
    },
  ];
}

const grammars = [
  ...[
    'go',
    'java',
    'python',
    'javascript',
    'typescript',
    'tsx',
    'ruby',
    'c-sharp',
    'cpp',
    'rust',
  ].map((name) => `node_modules/@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`),
  'node_modules/@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm',
  // The parser itself, which both look for beside the grammars.
  'node_modules/web-tree-sitter/web-tree-sitter.wasm',
];

/**
 * Copies what parses.
 * @param {string} dist
 */
export async function grammarFiles(dist) {
  await mkdir(join(dist, 'grammars'), { recursive: true });
  await Promise.all(grammars.map((path) => cp(path, join(dist, 'grammars', basename(path)))));
}
