import { cp, mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { nodeModules } from './nodeModules.mjs';

/**
 * How the language server becomes a program of its own. It and the command line each have a folder, so that the
 * extension and the npm package need not ship the other one.
 * @param {string} dist
 * @returns {import('esbuild').BuildOptions}
 */
export function languageServerBuild(dist) {
  return {
    ...nodeModules,
    entryPoints: { main: 'src/languageServer/main.ts' },
    outdir: join(dist, 'languageServer'),
  };
}

/**
 * The command `frameline`: one file of CommonJS, whose compiled code can be kept from one run to the next, and two small
 * ones that load it, for the process and for the linter's threads.
 * @param {string} dist
 * @returns {import('esbuild').BuildOptions}
 */
export function commandLineBuild(dist) {
  return {
    ...nodeModules,
    format: 'cjs',
    splitting: false,
    banner: {},
    outExtension: { '.js': '.cjs' },
    // THIRD-PARTY-NOTICES.txt has them; without them everything is ASCII, which V8 reads faster.
    legalComments: 'none',
    // An import that esbuild takes for one of an ES module.
    alias: { 'web-tree-sitter': './node_modules/web-tree-sitter/web-tree-sitter.cjs' },
    // grpc-js asks for it when it serves channelz, which the command doesn't: a sixth of what it would have to read.
    external: ['@grpc/proto-loader'],
    entryPoints: {
      frameline: 'src/cli/frameline.ts',
      main: 'src/cli/main.ts',
      lintWorker: 'src/cli/lintWorker.ts',
    },
    outdir: join(dist, 'cli'),
  };
}

/** Grammars of a package that brings many; `scripts/notices.mjs` names their authors. */
export const sharedGrammars = /** @type {const} */ ([
  'tree-sitter-c-sharp',
  'tree-sitter-cpp',
  'tree-sitter-go',
  'tree-sitter-java',
  'tree-sitter-javascript',
  'tree-sitter-python',
  'tree-sitter-ruby',
  'tree-sitter-rust',
  'tree-sitter-tsx',
  'tree-sitter-typescript',
]);

const grammars = [
  ...sharedGrammars.map((name) => `node_modules/@vscode/tree-sitter-wasm/wasm/${name}.wasm`),
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
