import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { fieldOf, other, spanOf } from '../shared/nodes';
import type { Expressions } from './expressions';
import { partsOf } from './parts';

/** `if`, `unless` and `a ? b : c` as values. */
export function conditional(node: Node, expressions: Expressions): Expression {
  return {
    kind: 'choice',
    condition: expressions.field(node, 'condition'),
    options: [branch(node, 'consequence', expressions), branch(node, 'alternative', expressions)],
    span: spanOf(node),
  };
}

/** `x if c`: without it, `nil`. */
export function modified(node: Node, expressions: Expressions): Expression {
  return {
    kind: 'choice',
    condition: expressions.field(node, 'condition'),
    options: [
      expressions.field(node, 'body'),
      { kind: 'literal', value: null, span: spanOf(node) },
    ],
    span: spanOf(node),
  };
}

export function caseOf(node: Node, expressions: Expressions): Expression {
  const branches = partsOf(node).filter(({ type }) => /^(?:when|in_clause|else)$/.test(type));
  return {
    kind: 'choice',
    condition: expressions.field(node, 'value'),
    options: branches.map((each) =>
      each.type === 'else' ? statements(each, expressions) : branch(each, 'body', expressions),
    ),
    span: spanOf(node),
  };
}

/** `x rescue y` */
export function rescued(node: Node, expressions: Expressions): Expression {
  return {
    kind: 'choice',
    condition: other(node),
    options: [expressions.field(node, 'body'), expressions.field(node, 'handler')],
    span: spanOf(node),
  };
}

/** `begin … end` and `(a; b)`, with the value of what comes last. */
export function block(node: Node, { bodies, scope }: Expressions): Expression {
  return { kind: 'statements', body: bodies.block(node, scope), span: spanOf(node) };
}

/** The value of a branch; without one it is `nil`. */
function branch(node: Node, name: string, expressions: Expressions): Expression {
  const found = fieldOf(node, name);
  if (found === undefined) {
    return { kind: 'literal', value: null, span: { from: node.endIndex, to: node.endIndex } };
  }
  return /^(?:then|else)$/.test(found.type)
    ? statements(found, expressions)
    : expressions.lower(found);
}

function statements(node: Node, expressions: Expressions): Expression {
  const [only, ...more] = partsOf(node);
  return only !== undefined && more.length === 0 && !/^(?:return|next|break)$/.test(only.type)
    ? expressions.lower(only)
    : block(node, expressions);
}
