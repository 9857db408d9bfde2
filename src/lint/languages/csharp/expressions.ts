import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { childOfType, childrenOf, fieldOf, other, same, spanOf } from '../shared/nodes';
import { binaryOf, choiceOf, conditionalOf, prefixOf } from '../shared/operators';
import {
  argumentsOf,
  creation,
  defaultValue,
  impliedCreation,
  initializer,
  list,
  listOfArguments,
  listOfChildren,
} from './creations';
import { functionOf } from './functions';
import { literalOf } from './literals';
import { declaredIn, declarePattern } from './patterns';
import { type Place, textOf, typeText, unread } from './source';
import { assignmentOf } from './targets';

/** What the operand of these is, they are. */
const transparent = new Set([
  'parenthesized_expression',
  'await_expression',
  'checked_expression',
  'ref_expression',
  'arrow_expression_clause',
  'expression_statement',
]);

/** An expression of C#, lowered. What has no counterpart keeps its parts. */
export function expressionOf(node: Node, place: Place): Expression {
  const { type } = node;
  if (type.endsWith('_literal')) {
    return literalOf(node, textOf(node, place)) ?? other(node);
  }
  if (transparent.has(type)) {
    const inner = childrenOf(node).at(-1);
    return inner === undefined ? other(node) : same(node, expressionOf(inner, place));
  }
  return (lowerings[type] ?? unread)(node, place);
}

type Lowering = (node: Node, place: Place) => Expression;

const lowerings: Readonly<Record<string, Lowering>> = {
  identifier: (node, place) => place.names.expression(textOf(node, place), spanOf(node)),
  predefined_type: named,
  this: (node) => ({ kind: 'name', name: 'this', span: spanOf(node) }),
  base: (node) => ({ kind: 'name', name: 'this', span: spanOf(node) }),
  generic_name: generic,
  qualified_name: (node, place) => member(node, 'qualifier', 'name', place),
  alias_qualified_name: (node, place) => qualified(node, place),
  nullable_type: (node, place) => childExpression(node, place),
  member_access_expression: (node, place) => member(node, 'expression', 'name', place),
  conditional_access_expression: conditionalAccess,
  element_access_expression: elementAccess,
  invocation_expression: invocation,
  object_creation_expression: creation,
  implicit_object_creation_expression: impliedCreation,
  initializer_expression: initializer,
  array_creation_expression: list,
  implicit_array_creation_expression: list,
  collection_expression: listOfChildren,
  element_binding_expression: listOfArguments,
  tuple_expression: listOfArguments,
  cast_expression: (node, place) => operand(node, 'value', place),
  as_expression: (node, place) => operand(node, 'left', place),
  is_pattern_expression: typeTest,
  postfix_unary_expression: postfix,
  prefix_unary_expression: prefix,
  binary_expression: binary,
  conditional_expression: (node, place) =>
    conditionalOf(node, (part) => expressionOf(part, place)) ?? unread(node, place),
  switch_expression: switchExpression,
  assignment_expression: assignmentOf,
  lambda_expression: closure,
  anonymous_method_expression: closure,
  default_expression: defaultValue,
  declaration_expression: (node, place) => {
    declaredIn(node, place);
    return other(node);
  },
  typeof_expression: (node) => other(node),
  sizeof_expression: (node) => other(node),
};

function named(node: Node, place: Place): Expression {
  return { kind: 'name', name: textOf(node, place), span: spanOf(node) };
}

function childExpression(node: Node, place: Place): Expression {
  const child = childrenOf(node)[0];
  return child === undefined ? other(node) : expressionOf(child, place);
}

function operand(node: Node, field: string, place: Place): Expression {
  const value = fieldOf(node, field);
  return value === undefined ? unread(node, place) : same(node, expressionOf(value, place));
}

/** `CreateClient<T>`: the name; what stands in brackets is read by the call. */
function generic(node: Node, place: Place): Expression {
  const name = childrenOf(node)[0];
  return name === undefined ? other(node) : expressionOf(name, place);
}

/** `global::A`. */
function qualified(node: Node, place: Place): Expression {
  const name = fieldOf(node, 'name');
  return name === undefined ? other(node) : named(name, place);
}

function member(node: Node, objectField: string, nameField: string, place: Place): Expression {
  const object = fieldOf(node, objectField);
  const name = fieldOf(node, nameField);
  return object === undefined || name === undefined
    ? unread(node, place)
    : memberOf(node, object, name, place);
}

function memberOf(node: Node, object: Node, nameNode: Node, place: Place): Expression {
  const name = nameNode.type === 'generic_name' ? (childrenOf(nameNode)[0] ?? nameNode) : nameNode;
  return {
    kind: 'member',
    object: expressionOf(object, place),
    name: textOf(name, place),
    nameSpan: spanOf(name),
    span: spanOf(node),
  };
}

/** `a?.b`, `a?[0]`. */
function conditionalAccess(node: Node, place: Place): Expression {
  const object = fieldOf(node, 'condition');
  const binding = childOfType(node, 'member_binding_expression');
  const name = binding === undefined ? undefined : fieldOf(binding, 'name');
  return object === undefined || name === undefined
    ? unread(node, place)
    : memberOf(node, object, name, place);
}

/** `a["key"]` is the member `key`. */
function elementAccess(node: Node, place: Place): Expression {
  const object = fieldOf(node, 'expression');
  const subscript = fieldOf(node, 'subscript')?.namedChildren ?? [];
  const [key, ...more] = subscript.flatMap((argument) => childrenOf(argument));
  const name =
    key?.type === 'string_literal' && more.length === 0
      ? literalOf(key, textOf(key, place))
      : undefined;
  if (
    object === undefined ||
    key === undefined ||
    name?.kind !== 'literal' ||
    typeof name.value !== 'string'
  ) {
    return unread(node, place);
  }
  return {
    kind: 'member',
    object: expressionOf(object, place),
    name: name.value,
    nameSpan: spanOf(key),
    span: spanOf(node),
  };
}

function invocation(node: Node, place: Place): Expression {
  const callee = fieldOf(node, 'function');
  const list = fieldOf(node, 'arguments');
  if (callee === undefined || list === undefined) {
    return unread(node, place);
  }
  if (callee.type === 'identifier' && textOf(callee, place) === 'nameof') {
    return other(node);
  }
  const typeArguments = typeArgumentsOf(callee, place);
  return {
    kind: 'call',
    callee: expressionOf(callee, place),
    arguments: argumentsOf(list, place),
    argumentsSpan: spanOf(list),
    ...(typeArguments.length === 0 ? {} : { typeArguments }),
    span: spanOf(node),
  };
}

function typeArgumentsOf(callee: Node, place: Place): string[] {
  const name =
    callee.type === 'member_access_expression'
      ? fieldOf(callee, 'name')
      : callee.type === 'conditional_access_expression'
        ? fieldOf(childOfType(callee, 'member_binding_expression') ?? callee, 'name')
        : callee;
  const list = name?.type === 'generic_name' ? childOfType(name, 'type_argument_list') : undefined;
  return list?.namedChildren.map((type) => textOf(type, place)) ?? [];
}

/** `x is T y` gives `y` the value of `x`. */
function typeTest(node: Node, place: Place): Expression {
  const value = fieldOf(node, 'expression');
  const pattern = fieldOf(node, 'pattern');
  if (value === undefined || pattern === undefined) {
    return unread(node, place);
  }
  const tested = expressionOf(value, place);
  const name = pattern.type === 'declaration_pattern' ? fieldOf(pattern, 'name') : undefined;
  declarePattern(pattern, place);
  if (name?.type !== 'identifier') {
    return other(node, [tested]);
  }
  const type = typeText(fieldOf(pattern, 'type'), place);
  return other(node, [
    {
      kind: 'assignment',
      target: {
        kind: 'name',
        name: textOf(name, place),
        ...(type === undefined ? {} : { type }),
        span: spanOf(name),
      },
      value: tested,
      span: spanOf(node),
    },
  ]);
}

/** `x!` is `x`; of `x++` nothing is known. */
function postfix(node: Node, place: Place): Expression {
  const inner = childrenOf(node)[0];
  if (inner === undefined) {
    return other(node);
  }
  const value = expressionOf(inner, place);
  return place.text[node.endIndex - 1] === '!' ? same(node, value) : other(node, [value]);
}

function prefix(node: Node, place: Place): Expression {
  const inner = childrenOf(node).at(-1);
  return inner === undefined
    ? other(node)
    : prefixOf(node, inner, place.text, (part) => expressionOf(part, place));
}

function binary(node: Node, place: Place): Expression {
  const lowered = binaryOf(node, (part) => expressionOf(part, place));
  if (lowered?.kind !== 'binary' || lowered.operator !== '??') {
    return lowered ?? unread(node, place);
  }
  // `x ?? throw …` is `x` wherever the program goes on.
  return fieldOf(node, 'right')?.type === 'throw_expression'
    ? same(node, lowered.left)
    : { kind: 'choice', options: [lowered.left, lowered.right], span: lowered.span };
}

function switchExpression(node: Node, place: Place): Expression {
  const [value, ...arms] = childrenOf(node);
  if (value === undefined) {
    return other(node);
  }
  const results = arms
    .flatMap((arm) => (arm.type === 'switch_expression_arm' ? [arm] : childrenOf(arm)))
    .filter(({ type }) => type === 'switch_expression_arm')
    .map((arm) => {
      declarePattern(arm, place);
      return childrenOf(arm).at(-1);
    });
  return choiceOf(node, expressionOf(value, place), results, (part) => expressionOf(part, place));
}

function closure(node: Node, place: Place): Expression {
  return { kind: 'closure', definition: functionOf(node, { name: '' }, place), span: spanOf(node) };
}
