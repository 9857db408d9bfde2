import type { Node } from 'web-tree-sitter';
import type { Import, Span, Statement } from '../../program/syntax';
import { fieldOf, spanOf } from '../shared/nodes';

/**
 * The names that an import statement binds. A relative import has the path that stands in it, without the dots:
 * what matters is the end, the generated module and what is in it.
 */
export function importedNames(node: Node): Import[] {
  const names = node.namedChildren.filter(({ type }) => type !== 'comment');
  if (node.type === 'import_statement') {
    return names.map((name) => moduleImport(name));
  }
  const [module, ...imported] = names;
  const from = module?.type === 'relative_import' ? relativePath(module) : (module?.text ?? '');
  return imported.map((name) => memberImport(name, from));
}

/** `import a.b.c` binds `a`, `import a.b.c as d` binds `d`. */
function moduleImport(node: Node): Import {
  const span = spanOf(node);
  const alias = fieldOf(node, 'alias')?.text;
  const path = (fieldOf(node, 'name') ?? node).text;
  const [first = path] = path.split('.');
  return alias === undefined ? { name: first, path: first, span } : { name: alias, path, span };
}

function memberImport(node: Node, from: string): Import {
  const span = spanOf(node);
  if (node.type === 'wildcard_import') {
    return { name: '*', path: from, span };
  }
  const written = (fieldOf(node, 'name') ?? node).text;
  const path = from === '' ? written : `${from}.${written}`;
  return { name: fieldOf(node, 'alias')?.text ?? written, path, span };
}

function relativePath(node: Node): string {
  return node.namedChildren.find(({ type }) => type === 'dotted_name')?.text ?? '';
}

/** How the symbol of an import inside a function is written as a name, which no source can have. */
const prefix = 'import ';

/** An import inside a function: it binds a name there only. */
export function localImport({ name, path, span: at }: Import, span: Span): Statement {
  return {
    kind: 'assign',
    target: { kind: 'name', name, span: at },
    value: { kind: 'name', name: `${prefix}${path}`, span: at },
    declares: false,
    span,
  };
}

/** The path of a name that `localImport` made; undefined for any other. */
export function locallyImported(name: string): string | undefined {
  return name.startsWith(prefix) ? name.slice(prefix.length) : undefined;
}
