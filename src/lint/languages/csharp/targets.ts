import type { Node } from 'web-tree-sitter';
import type { Expression, Target } from '../../program/syntax';
import { childrenOf, fieldOf, other, spanOf } from '../shared/nodes';
import { declaredIn, declarePattern } from './patterns';
import { type Place, textOf } from './source';

/** `a = b`, `a ??= b`, `a += b`. */
export function assignmentOf(node: Node, place: Place): Expression {
  const left = fieldOf(node, 'left');
  const right = fieldOf(node, 'right');
  if (left === undefined || right === undefined) {
    return other(node);
  }
  const value = place.lowering.expression(right, { ...place, expected: undefined });
  const target = targetOf(left, place);
  const operator = fieldOf(node, 'operator')?.type ?? '=';
  const span = spanOf(node);
  if (operator === '=') {
    return { kind: 'assignment', target, value, span };
  }
  const before = place.lowering.expression(left, place);
  return {
    kind: 'assignment',
    target,
    value:
      operator === '??='
        ? { kind: 'choice', options: [before, value], span }
        : { kind: 'binary', operator: operator.slice(0, -1), left: before, right: value, span },
    span,
  };
}

/** What stands left of `=`. */
export function targetOf(node: Node, place: Place): Target {
  const span = spanOf(node);
  switch (node.type) {
    case 'identifier': {
      const name = textOf(node, place);
      if (name === '_') {
        return { kind: 'ignored', parts: [], span };
      }
      const expression = place.names.expression(name, span);
      return expression.kind === 'member'
        ? { kind: 'member', object: expression.object, name, span }
        : { kind: 'name', name, span };
    }
    case 'tuple_expression':
      return {
        kind: 'list',
        items: childrenOf(node).flatMap((argument) =>
          childrenOf(argument)
            .slice(-1)
            .map((item) => targetOf(item, place)),
        ),
        span,
      };
    case 'tuple_pattern':
    case 'declaration_expression':
      return declaredTarget(node, place);
    case 'parenthesized_expression': {
      const [inner] = childrenOf(node);
      return inner === undefined ? { kind: 'ignored', parts: [], span } : targetOf(inner, place);
    }
    default: {
      const expression = place.lowering.expression(node, place);
      return expression.kind === 'member'
        ? { kind: 'member', object: expression.object, name: expression.name, span }
        : { kind: 'ignored', parts: [expression], span };
    }
  }
}

/** New variables: `x`, `(x, y)`, and `var x` where a value is taken apart. */
export function declaredTarget(node: Node, place: Place): Target {
  const span = spanOf(node);
  if (node.type === 'identifier') {
    const name = textOf(node, place);
    place.names.declare(name);
    return { kind: 'name', name, span };
  }
  declaredIn(node, place);
  declarePattern(node, place);
  const names = node.childrenForFieldName('name').filter(({ type }) => type !== ',');
  if (node.type === 'declaration_expression') {
    const [name] = names;
    return name?.type === 'identifier'
      ? { kind: 'name', name: textOf(name, place), span }
      : { kind: 'ignored', parts: [], span };
  }
  return { kind: 'list', items: names.map((name) => declaredTarget(name, place)), span };
}
