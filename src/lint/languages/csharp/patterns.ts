import type { Node } from 'web-tree-sitter';
import { childrenOf } from '../shared/nodes';
import { type Place, textOf } from './source';

/** Declares the variables of patterns: `Foo foo`, `(var a, var b)`, `{ X: var x }`. */
export function declarePattern(node: Node, place: Place): void {
  switch (node.type) {
    case 'declaration_pattern':
    case 'var_pattern':
    case 'recursive_pattern':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'parenthesized_variable_designation':
      declareNames(node, place);
      break;
  }
  for (const child of childrenOf(node)) {
    if (/pattern|subpattern|designation|clause$/.test(child.type)) {
      declarePattern(child, place);
    }
  }
}

/** The variable of `out var x`. */
export function declaredIn(node: Node, place: Place): void {
  declareNames(node, place);
}

function declareNames(node: Node, place: Place): void {
  for (const name of node.childrenForFieldName('name')) {
    if (name.type === 'identifier') {
      place.names.declare(textOf(name, place));
    }
  }
}
