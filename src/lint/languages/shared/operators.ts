import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { fieldOf, spanOf } from './nodes';

type Lower = (node: Node) => Expression;

/** `left operator right`, where the grammar has these fields; undefined where one is missing. */
export function binaryOf(node: Node, lower: Lower): Expression | undefined {
  const left = fieldOf(node, 'left');
  const right = fieldOf(node, 'right');
  return left === undefined || right === undefined
    ? undefined
    : {
        kind: 'binary',
        operator: fieldOf(node, 'operator')?.type ?? '',
        left: lower(left),
        right: lower(right),
        span: spanOf(node),
      };
}

/** An operator before its operand. */
export function prefixOf(node: Node, operand: Node, text: string, lower: Lower): Expression {
  return {
    kind: 'unary',
    operator: text.slice(node.startIndex, operand.startIndex).trim(),
    value: lower(operand),
    span: spanOf(node),
  };
}

/** One of several values, by a condition; without those that never come to be, `throw`. */
export function choiceOf(
  node: Node,
  condition: Expression,
  options: readonly (Node | undefined)[],
  lower: Lower,
): Expression {
  return {
    kind: 'choice',
    condition,
    options: options.flatMap((option) =>
      option === undefined || option.type === 'throw_expression' ? [] : [lower(option)],
    ),
    span: spanOf(node),
  };
}

/** `condition ? consequence : alternative` */
export function conditionalOf(node: Node, lower: Lower): Expression | undefined {
  const condition = fieldOf(node, 'condition');
  const options = [fieldOf(node, 'consequence'), fieldOf(node, 'alternative')];
  return condition === undefined ? undefined : choiceOf(node, lower(condition), options, lower);
}
