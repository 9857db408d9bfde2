import type { Node } from 'web-tree-sitter';

/**
 * A node with its type. Each look at a node costs a call into WebAssembly: so its type is read once, by its
 * parent, and children are told apart by their order and type, not by field.
 */
export interface Part {
  readonly type: string;
  readonly node: Node;
}

/** The named children without comments. */
export function partsOf(node: Node): Part[] {
  const parts: Part[] = [];
  for (const child of node.namedChildren) {
    const { type } = child;
    if (type !== 'comment') {
      parts.push({ type, node: child });
    }
  }
  return parts;
}

export function textOf({ node }: Part, source: string): string {
  return source.slice(node.startIndex, node.endIndex);
}
