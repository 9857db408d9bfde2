import type { Node } from 'web-tree-sitter';

/** Comments and the texts of heredocs can stand between any two parts. */
export function partsOf(node: Node): Node[] {
  return node.namedChildren.filter(({ type }) => type !== 'comment' && type !== 'heredoc_body');
}
