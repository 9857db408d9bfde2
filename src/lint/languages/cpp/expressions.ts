import type { Node } from 'web-tree-sitter';
import type { Argument, Call, Expression, Span, Target } from '../../program/syntax';
import { childrenOf, fieldOf, other, same, spanOf } from '../shared/nodes';
import { binaryOf, conditionalOf, prefixOf } from '../shared/operators';
import { functionOf } from './functions';
import { literalOf } from './literals';
import { type Place, pathExpression, textOf, unread } from './source';

/** What the operand of these is, they are. */
const transparent = new Set([
  'parenthesized_expression',
  'co_await_expression',
  'expression_statement',
  'compound_literal_expression',
]);

/** An expression of C++, lowered. What has no counterpart keeps its parts. */
export function expressionOf(node: Node, place: Place): Expression {
  const { type } = node;
  if (transparent.has(type)) {
    const inner = childrenOf(node).at(-1);
    return inner === undefined ? other(node) : same(node, expressionOf(inner, place));
  }
  return lowerings[type]?.(node, place) ?? literalOf(node, place) ?? unread(node, place);
}

type ExpressionLowering = (node: Node, place: Place) => Expression;

const lowerings: Readonly<Record<string, ExpressionLowering>> = {
  identifier: (node, place) => place.names.expression(textOf(node, place), spanOf(node)),
  field_identifier: (node, place) => place.names.expression(textOf(node, place), spanOf(node)),
  this: (node) => ({ kind: 'name', name: 'this', span: spanOf(node) }),
  qualified_identifier: path,
  type_identifier: path,
  template_type: path,
  template_function: path,
  primitive_type: path,
  field_expression: member,
  call_expression: call,
  new_expression: creation,
  cast_expression: (node, place) => operand(node, 'value', place),
  pointer_expression: unary,
  unary_expression: unary,
  binary_expression: (node, place) =>
    binaryOf(node, (part) => expressionOf(part, place)) ?? unread(node, place),
  conditional_expression: (node, place) =>
    conditionalOf(node, (part) => expressionOf(part, place)) ?? unread(node, place),
  assignment_expression: assignment,
  lambda_expression: (node, place) => ({
    kind: 'closure',
    definition: functionOf(node, { name: '' }, place),
    span: spanOf(node),
  }),
  initializer_list: initializers,
  sizeof_expression: (node) => other(node),
  decltype: (node) => other(node),
};

/** `a::b`, a type or function: never a member of the object. */
function path(node: Node, place: Place): Expression {
  return pathExpression(textOf(node, place), spanOf(node));
}

function operand(node: Node, field: string, place: Place): Expression {
  const value = fieldOf(node, field);
  return value === undefined ? unread(node, place) : same(node, expressionOf(value, place));
}

function member(node: Node, place: Place): Expression {
  const object = fieldOf(node, 'argument');
  const name = fieldOf(node, 'field');
  if (object === undefined || name === undefined) {
    return unread(node, place);
  }
  const written = textOf(name, place);
  const plain = /^(?:template\s+)?(~?\w+)/.exec(written)?.[1] ?? written;
  const from = name.startIndex + written.indexOf(plain);
  return {
    kind: 'member',
    object: expressionOf(object, place),
    name: plain,
    nameSpan: { from, to: from + plain.length },
    span: spanOf(node),
  };
}

/** Functions that give what they get. */
const forwarding = /^(?:std::)?(?:move|forward|ref|cref|addressof|as_const)(?:<|$)/;

function call(node: Node, place: Place): Expression {
  const callee = fieldOf(node, 'function');
  const list = fieldOf(node, 'arguments');
  if (callee === undefined || list === undefined) {
    return unread(node, place);
  }
  const args = childrenOf(list);
  const [first] = args;
  if (
    first !== undefined &&
    args.length === 1 &&
    callee.type !== 'field_expression' &&
    forwarding.test(textOf(callee, place))
  ) {
    return same(node, expressionOf(first, place));
  }
  return pointerMethod(node, callee, args, place) ?? plainCall(node, callee, list, place);
}

/** `p.get()` is what `p` points to; `p.reset(x)` is `p = x`. */
function pointerMethod(
  node: Node,
  callee: Node,
  args: readonly Node[],
  place: Place,
): Expression | undefined {
  const object = callee.type === 'field_expression' ? fieldOf(callee, 'argument') : undefined;
  if (object === undefined || args.length > 1) {
    return undefined;
  }
  const method = textOf(fieldOf(callee, 'field') ?? callee, place);
  const [first] = args;
  if (first === undefined && (method === 'get' || method === 'release')) {
    return same(node, expressionOf(object, place));
  }
  if (method !== 'reset') {
    return undefined;
  }
  const span = spanOf(node);
  return {
    kind: 'assignment',
    target: targetOf(object, place),
    value:
      first === undefined ? { kind: 'literal', value: null, span } : expressionOf(first, place),
    span,
  };
}

function plainCall(node: Node, callee: Node, list: Node, place: Place): Expression {
  const typeArguments = typeArgumentsOf(callee, place);
  return {
    kind: 'call',
    callee: calleeOf(callee, place),
    arguments: argumentsOf(list, place),
    argumentsSpan: spanOf(list),
    ...(typeArguments.length === 0 ? {} : { typeArguments }),
    span: spanOf(node),
  };
}

/** With the span of the last name, where a path is called. */
function calleeOf(callee: Node, place: Place): Expression {
  const expression = expressionOf(callee, place);
  if (expression.kind !== 'member' || callee.type === 'field_expression') {
    return expression;
  }
  const written = textOf(callee, place).replace(/<[\s\S]*$/, '');
  const from = callee.startIndex + written.lastIndexOf(expression.name);
  return { ...expression, nameSpan: { from, to: from + expression.name.length } };
}

/** Of `f<A>`, `a::f<A>`, `a.f<A>`. */
function typeArgumentsOf(callee: Node, place: Place): string[] {
  let name: Node | undefined = callee;
  while (name !== undefined && !name.type.startsWith('template_')) {
    name = fieldOf(name, 'name') ?? fieldOf(name, 'field');
  }
  const list = name === undefined ? undefined : fieldOf(name, 'arguments');
  return list === undefined ? [] : childrenOf(list).map((type) => textOf(type, place));
}

export function argumentsOf(list: Node, place: Place): Argument[] {
  return childrenOf(list).map((value) => ({
    value: expressionOf(value, place),
    span: spanOf(value),
  }));
}

/** `new T(…)` */
function creation(node: Node, place: Place): Expression {
  const type = fieldOf(node, 'type');
  const list = fieldOf(node, 'arguments');
  return type === undefined ? unread(node, place) : created(node, type, list, spanOf(node), place);
}

/** An object of this type, made with these arguments. */
export function created(
  node: Node,
  type: Node,
  list: Node | undefined,
  span: Span,
  place: Place,
): Call {
  const typeArguments = typeArgumentsOf(type, place);
  return {
    kind: 'call',
    callee: path(type, place),
    creates: true,
    arguments: list === undefined ? [] : argumentsOf(list, place),
    argumentsSpan: list === undefined ? { from: node.endIndex, to: node.endIndex } : spanOf(list),
    ...(typeArguments.length === 0 ? {} : { typeArguments }),
    span,
  };
}

function unary(node: Node, place: Place): Expression {
  const value = fieldOf(node, 'argument');
  return value === undefined
    ? unread(node, place)
    : prefixOf(node, value, place.text, (part) => expressionOf(part, place));
}

function assignment(node: Node, place: Place): Expression {
  const left = fieldOf(node, 'left');
  const right = fieldOf(node, 'right');
  if (left === undefined || right === undefined) {
    return unread(node, place);
  }
  const value = expressionOf(right, place);
  const operator = fieldOf(node, 'operator')?.type ?? '=';
  const span = spanOf(node);
  const changed: Expression = {
    kind: 'binary',
    operator: operator.slice(0, -1),
    left: expressionOf(left, place),
    right: value,
    span,
  };
  return {
    kind: 'assignment',
    target: targetOf(left, place),
    value: operator === '=' ? value : changed,
    span,
  };
}

function targetOf(node: Node, place: Place): Target {
  const span = spanOf(node);
  const expression = expressionOf(node, place);
  switch (expression.kind) {
    case 'name':
      return { kind: 'name', name: expression.name, span };
    case 'member':
      return { kind: 'member', object: expression.object, name: expression.name, span };
    default:
      return { kind: 'ignored', parts: [expression], span };
  }
}

/** `{1, 2}`, `{.a = 1}` */
function initializers(node: Node, place: Place): Expression {
  const children = childrenOf(node);
  const pairs = children.filter(({ type }) => type === 'initializer_pair');
  if (pairs.length === 0) {
    const items = children.map((child) => expressionOf(child, place));
    return { kind: 'list', items, span: spanOf(node) };
  }
  return {
    kind: 'object',
    entries: pairs.flatMap((pair) => {
      const key = fieldOf(pair, 'designator');
      const value = fieldOf(pair, 'value');
      return key === undefined || value === undefined
        ? []
        : [
            {
              key: textOf(key, place).replace(/^\./, ''),
              keySpan: spanOf(key),
              value: expressionOf(value, place),
            },
          ];
    }),
    isOpen: pairs.length < children.length,
    spreads: [],
    span: spanOf(node),
  };
}
