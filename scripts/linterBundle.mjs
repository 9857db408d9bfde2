import { cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Bundled CommonJS packages call `require`, which an ES module doesn't have by itself. */
export const requireBanner =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * How the language server becomes a program of its own.
 * @param {string} dist
 * @returns {import('esbuild').BuildOptions}
 */
export function languageServerBuild(dist) {
  return {
    bundle: true,
    entryPoints: { main: 'src/languageServer/main.ts' },
    outdir: join(dist, 'languageServer'),
    format: 'esm',
    platform: 'node',
    target: 'node20',
    banner: { js: requireBanner },
  };
}

const grammars = [
  ...[
    'c-sharp',
    'cpp',
    'go',
    'java',
    'javascript',
    'python',
    'ruby',
    'rust',
    'tsx',
    'typescript',
  ].map((name) => `@vscode/tree-sitter-wasm/wasm/tree-sitter-${name}.wasm`),
  '@tree-sitter-grammars/tree-sitter-kotlin/tree-sitter-kotlin.wasm',
  'web-tree-sitter/web-tree-sitter.wasm',
];

/**
 * Copies the grammars, and the parser that runs them, into one folder: what the programs of the linter read.
 * @param {string} dist
 */
export async function grammarFiles(dist) {
  const folder = join(dist, 'grammars');
  await mkdir(folder, { recursive: true });
  await Promise.all(
    grammars.map((file) =>
      cp(join('node_modules', file), join(folder, file.slice(file.lastIndexOf('/') + 1))),
    ),
  );
}
