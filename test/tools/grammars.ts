import { resolve } from 'node:path';
import { Grammars } from '../../src/lint/parsing/grammars';

const modules = resolve(import.meta.dirname, '../../node_modules');

/** Grammars from the packages that bring them; the build puts all of them into one folder. */
export function installedGrammars(): Grammars {
  return new Grammars((file) => {
    if (file === 'web-tree-sitter.wasm') {
      return resolve(modules, 'web-tree-sitter', file);
    }
    return file === 'tree-sitter-kotlin.wasm'
      ? resolve(modules, '@tree-sitter-grammars/tree-sitter-kotlin', file)
      : resolve(modules, '@vscode/tree-sitter-wasm/wasm', file);
  });
}
