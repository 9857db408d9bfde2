import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import type { Value } from '../../program/value';
import { spanOf } from './nodes';

/** A list that is written out: with `*rest` inside, the lists before, in and after it, put together by `+`. */
export function listExpression(
  node: Node,
  parts: readonly Node[],
  lower: (part: Node) => Expression,
  isSpread: (part: Node) => boolean,
): Expression {
  const span = spanOf(node);
  const lists: Expression[] = [];
  let items: Expression[] = [];
  for (const part of parts) {
    if (isSpread(part)) {
      lists.push({ kind: 'list', items, span }, lower(part));
      items = [];
    } else {
      items.push(lower(part));
    }
  }
  const last: Expression = { kind: 'list', items, span };
  return [...lists, last].reduce((left, right) => ({
    kind: 'binary',
    operator: '+',
    left,
    right,
    span,
  }));
}

/** `a + b` of lists. What can't be seen of them makes the whole open. */
export function joinedLists(operator: string, left: Value, right: Value): Value | undefined {
  if (operator !== '+' || (left.kind !== 'list' && right.kind !== 'list')) {
    return undefined;
  }
  const parts = [left, right];
  return {
    kind: 'list',
    items: parts.flatMap((part) => (part.kind === 'list' ? part.items : [])),
    isOpen: parts.some((part) => part.kind !== 'list' || part.isOpen),
  };
}
