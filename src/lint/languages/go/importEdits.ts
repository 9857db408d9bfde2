/** Adds what a fix needs to the imports, in the order that gofmt keeps. */
import type { Node } from 'web-tree-sitter';
import type { TextEdit } from '../../finding';
import { insertion } from './insertion';

/** One import, with the lines that it takes. */
interface Spec {
  readonly path: string;
  readonly node: Node;
}

/** Edits that import the packages, all of the standard library, whose names are their paths. */
export function importEdits(root: Node, text: string, packages: readonly string[]): TextEdit[] {
  if (packages.length === 0) {
    return [];
  }
  const declarations = root.namedChildren.filter(
    (node) => node.type === 'import_declaration' && !/^import\s+"C"/.test(node.text),
  );
  const block = declarations.find((node) =>
    node.namedChildren.some(({ type }) => type === 'import_spec_list'),
  );
  if (block !== undefined) {
    return intoBlock(block, text, packages);
  }
  const [only, ...others] = declarations;
  if (only !== undefined && others.length === 0) {
    return asBlock(only, packages);
  }
  const after =
    declarations.at(-1) ??
    root.namedChildren.findLast(({ type }) => type === 'import_declaration') ??
    root.namedChildren.find(({ type }) => type === 'package_clause');
  return after === undefined ? [] : [afterwards(after, others.length > 0, packages)];
}

/** Behind other lines of imports, or as a block of its own behind the package. */
function afterwards(after: Node, isLine: boolean, packages: readonly string[]): TextEdit {
  const at = after.endIndex;
  const [only] = packages;
  if (isLine) {
    return insertion(at, packages.map((path) => `\nimport "${path}"`).join(''));
  }
  return insertion(
    at,
    packages.length === 1
      ? `\n\nimport "${only}"`
      : `\n\nimport (\n${packages.map((path) => `\t"${path}"\n`).join('')})`,
  );
}

function specsIn(node: Node): Spec[] {
  return node.descendantsOfType('import_spec').flatMap((spec) => {
    const path = spec?.childForFieldName('path')?.text.slice(1, -1);
    return spec === null || path === undefined ? [] : [{ path, node: spec }];
  });
}

/** `import "context"` becomes a block. */
function asBlock(declaration: Node, packages: readonly string[]): TextEdit[] {
  const [spec] = specsIn(declaration);
  if (spec === undefined) {
    return [];
  }
  const own = { path: spec.path, text: spec.node.text };
  const standard = packages.map((path) => ({ path, text: `"${path}"` }));
  const lines = isStandard(own.path)
    ? [...standard, own].sort((a, b) => (a.path < b.path ? -1 : 1)).map(({ text }) => `\t${text}\n`)
    : [...standard.map(({ text }) => `\t${text}\n`), '\n', `\t${own.text}\n`];
  const span = { from: declaration.startIndex, to: declaration.endIndex };
  return [{ span, text: `import (\n${lines.join('')})` }];
}

function isStandard(path: string): boolean {
  return !path.split('/', 1)[0]?.includes('.');
}

/** Each package to its place in the group that holds the standard library. */
function intoBlock(block: Node, text: string, packages: readonly string[]): TextEdit[] {
  const specs = specsIn(block);
  const [first] = specs;
  if (first === undefined) {
    const at = block.endIndex - 1;
    const lines = packages.map((path) => `\t"${path}"\n`).join('');
    const before = text[at - 1] === '\n' ? '' : '\n';
    return [insertion(at, `${before}${lines}`)];
  }
  const group = groupsOf(specs).find((each) => each.some(({ path }) => isStandard(path)));
  if (group === undefined) {
    const lines = packages.map((path) => `"${path}"\n\t`).join('');
    return [insertion(first.node.startIndex, `${lines.slice(0, -1)}\n\t`)];
  }
  const edits = new Map<number, string>();
  for (const path of packages) {
    const before = group.findLast((spec) => spec.path < path);
    const at = before === undefined ? group[0]?.node.startIndex : lineEnd(before.node, text);
    if (at !== undefined) {
      const line = before === undefined ? `"${path}"\n\t` : `\n\t"${path}"`;
      edits.set(at, (edits.get(at) ?? '') + line);
    }
  }
  return [...edits].map(([at, added]) => insertion(at, added));
}

/** Parted by blank lines. */
function groupsOf(specs: readonly Spec[]): Spec[][] {
  const groups: Spec[][] = [];
  let lastRow = -2;
  for (const spec of specs) {
    const { row } = spec.node.startPosition;
    if (row > lastRow + 1) {
      groups.push([]);
    }
    groups.at(-1)?.push(spec);
    lastRow = row;
  }
  return groups;
}

/** Behind a comment too, that stands on the same line. */
function lineEnd(node: Node, text: string): number {
  const end = text.indexOf('\n', node.endIndex);
  const rest = text.slice(node.endIndex, end);
  return end >= 0 && /^\s*(?:\/\/.*)?\r?$/.test(rest)
    ? end - (rest.endsWith('\r') ? 1 : 0)
    : node.endIndex;
}
