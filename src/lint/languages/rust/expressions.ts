import type { Node } from 'web-tree-sitter';
import type { Argument, Expression, ObjectEntry, Target } from '../../program/syntax';
import { childrenOf, fieldOf, other, same, spanOf } from '../shared/nodes';
import { binaryOf, prefixOf } from '../shared/operators';
import { functionOf } from './functions';
import { literalOf } from './literals';
import { macroOf } from './macros';
import { type Place, pathExpression, textOf, unread } from './source';

/** What the operand of these is, they are. */
const transparent = new Set([
  'parenthesized_expression',
  'await_expression',
  'try_expression',
  'type_cast_expression',
  'reference_expression',
  'index_expression',
]);

/** An expression of Rust that holds no statements, lowered; undefined for one that does. */
export function plainExpression(node: Node, place: Place): Expression | undefined {
  const { type } = node;
  if (transparent.has(type)) {
    const inner = fieldOf(node, 'value') ?? childrenOf(node)[0];
    return inner === undefined ? other(node) : same(node, lower(inner, place));
  }
  return type.endsWith('_literal') ? literalOf(node, place) : lowerings[type]?.(node, place);
}

function lower(node: Node, place: Place): Expression {
  return place.lowering.expression(node, place);
}

const lowerings: Readonly<Record<string, (node: Node, place: Place) => Expression>> = {
  identifier: path,
  self: path,
  scoped_identifier: path,
  type_identifier: path,
  scoped_type_identifier: path,
  generic_type: path,
  generic_function: (node, place) => {
    const inner = fieldOf(node, 'function');
    return inner === undefined ? unread(node, place) : lower(inner, place);
  },
  field_expression: member,
  call_expression: call,
  struct_expression: struct,
  closure_expression: (node, place) => ({
    kind: 'closure',
    definition: functionOf(node, { name: '' }, place),
    span: spanOf(node),
  }),
  async_block: asyncBlock,
  macro_invocation: macroOf,
  binary_expression: (node, place) =>
    binaryOf(node, (part) => lower(part, place)) ?? unread(node, place),
  unary_expression: unary,
  assignment_expression: assignment,
  compound_assignment_expr: assignment,
  tuple_expression: list,
  array_expression: list,
};

function path(node: Node, place: Place): Expression {
  return pathExpression(textOf(node, place), spanOf(node), place);
}

function member(node: Node, place: Place): Expression {
  const object = fieldOf(node, 'value');
  const name = fieldOf(node, 'field');
  return object === undefined || name === undefined
    ? unread(node, place)
    : {
        kind: 'member',
        object: lower(object, place),
        name: textOf(name, place),
        nameSpan: spanOf(name),
        span: spanOf(node),
      };
}

function call(node: Node, place: Place): Expression {
  const callee = fieldOf(node, 'function');
  const list = fieldOf(node, 'arguments');
  if (callee === undefined || list === undefined) {
    return unread(node, place);
  }
  const types = callee.type === 'generic_function' ? fieldOf(callee, 'type_arguments') : undefined;
  const target = callee.type === 'generic_function' ? fieldOf(callee, 'function') : callee;
  const object = target?.type === 'field_expression' ? fieldOf(target, 'value') : undefined;
  const field = object === undefined || target === undefined ? undefined : fieldOf(target, 'field');
  const method = field === undefined ? '' : textOf(field, place);
  // The metadata of a request are a part of it: what is put there changes it.
  if (object !== undefined && method === 'metadata_mut') {
    return same(node, lower(object, place));
  }
  const args = argumentsOf(list, place);
  if (object !== undefined && method === 'timeout' && boundsFutures.test(place.text)) {
    return bounded(node, object, args, place);
  }
  return {
    kind: 'call',
    callee: calleeOf(target ?? callee, place),
    arguments: args,
    argumentsSpan: spanOf(list),
    ...(types === undefined
      ? {}
      : { typeArguments: childrenOf(types).map((type) => textOf(type, place)) }),
    span: spanOf(node),
  };
}

/** Traits that give futures a method `timeout`. */
const boundsFutures = /\buse\b[^;]*\b(?:FutureExt|FutureTimeoutExt|TimeoutExt)\b/;

/** `future.timeout(d)` is `timeout(d, future)`. */
export function bounded(
  node: Node,
  future: Node,
  args: readonly Argument[],
  place: Place,
): Expression {
  const span = spanOf(node);
  const given = { value: lower(future, place), span: spanOf(future) };
  return {
    kind: 'call',
    callee: pathExpression('tokio::time::timeout', { from: span.from, to: span.from }, place),
    arguments: [...args, given],
    argumentsSpan: { from: span.to, to: span.to },
    span,
  };
}

/** With the span of the last name, where a path is called. */
function calleeOf(callee: Node, place: Place): Expression {
  const expression = lower(callee, place);
  const name = fieldOf(callee, 'name');
  return expression.kind === 'member' && callee.type === 'scoped_identifier' && name !== undefined
    ? { ...expression, nameSpan: spanOf(name) }
    : expression;
}

export function argumentsOf(list: Node, place: Place): Argument[] {
  return childrenOf(list)
    .filter(({ type }) => type !== 'attribute_item')
    .map((value) => ({ value: lower(value, place), span: spanOf(value) }));
}

/** `Foo { a: 1, b, ..c }` */
function struct(node: Node, place: Place): Expression {
  const name = fieldOf(node, 'name');
  const fields = childrenOf(fieldOf(node, 'body') ?? node);
  const bases = fields.filter(({ type }) => type === 'base_field_initializer');
  return {
    kind: 'object',
    ...(name === undefined ? {} : { type: path(name, place) }),
    entries: fields.flatMap((field) => entryOf(field, place)),
    isOpen: false,
    spreads: bases.flatMap((base) =>
      childrenOf(base)
        .slice(0, 1)
        .map((value) => lower(value, place)),
    ),
    span: spanOf(node),
  };
}

function entryOf(field: Node, place: Place): ObjectEntry[] {
  const key =
    field.type === 'shorthand_field_initializer'
      ? childrenOf(field).at(-1)
      : field.type === 'field_initializer'
        ? fieldOf(field, 'field')
        : undefined;
  if (key === undefined) {
    return [];
  }
  const value = lower(fieldOf(field, 'value') ?? key, place);
  return [{ key: textOf(key, place), keySpan: spanOf(key), value }];
}

/** `async { … }`: a call of a closure; what it returns is its own. */
function asyncBlock(node: Node, place: Place): Expression {
  const body = childrenOf(node).at(-1);
  const span = spanOf(node);
  if (body === undefined) {
    return other(node);
  }
  return {
    kind: 'call',
    callee: {
      kind: 'closure',
      definition: {
        kind: 'function',
        name: '',
        parameters: [],
        annotations: [],
        span,
        bodySpan: spanOf(body),
        body: () => place.lowering.body(body, place),
      },
      span,
    },
    arguments: [],
    argumentsSpan: { from: span.to, to: span.to },
    span,
  };
}

function unary(node: Node, place: Place): Expression {
  const [value] = childrenOf(node);
  return value === undefined
    ? other(node)
    : prefixOf(node, value, place.text, (part) => lower(part, place));
}

/** `a = b`, `a += b`, `*a = b`. */
function assignment(node: Node, place: Place): Expression {
  const left = fieldOf(node, 'left');
  const right = fieldOf(node, 'right');
  if (left === undefined || right === undefined) {
    return unread(node, place);
  }
  const span = spanOf(node);
  const value = lower(right, place);
  const operator = fieldOf(node, 'operator')?.type ?? '=';
  const before = lower(left, place);
  const changed: Expression = {
    kind: 'binary',
    operator: operator.slice(0, -1),
    left: before,
    right: value,
    span,
  };
  return {
    kind: 'assignment',
    target: assigned(before),
    value: node.type === 'assignment_expression' ? value : changed,
    span,
  };
}

/** What is written through a reference is written to what it refers to. */
function assigned(expression: Expression): Target {
  const { span } = expression;
  switch (expression.kind) {
    case 'name':
      return { kind: 'name', name: expression.name, span };
    case 'member':
      return { kind: 'member', object: expression.object, name: expression.name, span };
    case 'same':
      return assigned(expression.value);
    case 'unary':
      return expression.operator === '*'
        ? assigned(expression.value)
        : { kind: 'ignored', parts: [expression], span };
    default:
      return { kind: 'ignored', parts: [expression], span };
  }
}

function list(node: Node, place: Place): Expression {
  const items = childrenOf(node)
    .filter(({ type }) => type !== 'attribute_item')
    .map((child) => lower(child, place));
  return { kind: 'list', items, span: spanOf(node) };
}
