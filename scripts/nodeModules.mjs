/**
 * How an ES module for Node is bundled. Splitting keeps what is imported dynamically out of the entry files.
 * @type {import('esbuild').BuildOptions}
 */
export const nodeModules = {
  bundle: true,
  format: 'esm',
  splitting: true,
  chunkNames: 'chunks/[name]-[hash]',
  platform: 'node',
  target: 'node20',
  // jsonc-parser's `main` is UMD, which can't be bundled; its `module` can.
  mainFields: ['module', 'main'],
  banner: {
    // Bundled CommonJS packages call `require`, which an ES module doesn't have by itself.
    js: "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);",
  },
};
