import type { Node } from 'web-tree-sitter';
import type { Expression, Statement, Target } from '../../program/syntax';
import { anonymousObject, closure, textOf } from '../jvm/place';
import { blockReceiver } from '../jvm/scopeFunctions';
import { childOfType, fieldOf, other, same, spanOf } from '../shared/nodes';
import { ifParts, isLeaving, tryBlocks, whenEntries } from './branches';
import { callExpression, lambdaOf, navigation } from './calls';
import { keywords, numberLiteral, stringLiteral } from './literals';
import { parametersOf } from './parameters';
import { codeIn, insideBlock, type KotlinPlace, nameExpression } from './place';

/** The value of an expression. */
export function expressionOf(node: Node, place: KotlinPlace): Expression {
  switch (node.type) {
    case 'identifier': {
      const name = textOf(node, place);
      const span = spanOf(node);
      return Object.hasOwn(keywords, name)
        ? { kind: 'literal', value: keywords[name] ?? null, span }
        : nameExpression(name, span, place);
    }
    case 'this_expression':
      return thisExpression(node, place);
    case 'string_literal':
    case 'multiline_string_literal':
      return stringLiteral(node, place);
    case 'number_literal':
    case 'float_literal':
      return numberLiteral(node, place);
    case 'navigation_expression':
      return navigation(node, place);
    case 'call_expression':
      return callExpression(node, place);
    case 'lambda_literal':
      return lambdaOf(node, '', place);
    case 'anonymous_function':
      return anonymousFunction(node, place);
    case 'object_literal': {
      const body = childOfType(node, 'class_body');
      return body === undefined ? other(node) : anonymousObject(node, body, [], place);
    }
    case 'parenthesized_expression':
    case 'labeled_expression':
    case 'annotated_expression': {
      const value = codeIn(node).at(-1);
      return value === undefined ? other(node) : same(node, expressionOf(value, place));
    }
    case 'as_expression': {
      const left = fieldOf(node, 'left');
      return left === undefined ? other(node) : same(node, expressionOf(left, place));
    }
    case 'binary_expression':
      return binary(node, place);
    case 'infix_expression':
      return infix(node, place);
    case 'unary_expression':
      return unary(node, place);
    case 'if_expression':
      return ifValue(node, place);
    case 'when_expression':
      return whenValue(node, place);
    case 'try_expression':
      return tryValue(node, place);
    case 'return_expression':
    case 'throw_expression':
    case 'is_expression':
    case 'in_expression':
    case 'range_expression':
    case 'index_expression':
    case 'spread_expression':
    case 'collection_literal':
    case 'when_subject':
    case 'range_test':
      return other(
        node,
        codeIn(node)
          .filter(({ type }) => !type.endsWith('_type'))
          .map((part) => expressionOf(part, place)),
      );
    default:
      return other(node);
  }
}

/** `this`, `this@Outer`; in `apply { … }` the object of the block. */
function thisExpression(node: Node, place: KotlinPlace): Expression {
  const label = childOfType(node, 'identifier');
  const own = place.receiver === blockReceiver ? blockReceiver : place.self;
  const name = label === undefined ? own : textOf(label, place);
  return { kind: 'name', name: name === place.className ? place.self : name, span: spanOf(node) };
}

function anonymousFunction(node: Node, place: KotlinPlace): Expression {
  const inside = insideBlock(place);
  const parameters = parametersOf(childOfType(node, 'function_value_parameters'), inside);
  const body = childOfType(node, 'function_body');
  const span = spanOf(node);
  return {
    kind: 'closure',
    definition: closure(
      parameters,
      () => place.lowering.block(body, inside),
      span,
      body === undefined ? span : spanOf(body),
    ),
    span,
  };
}

/** What stands between the operands. */
function operatorOf(left: Node, right: Node, place: KotlinPlace): string {
  return place.file.text
    .slice(left.endIndex, right.startIndex)
    .replace(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, '')
    .trim();
}

function binary(node: Node, place: KotlinPlace): Expression {
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  if (left === undefined || right === undefined) {
    return other(
      node,
      codeIn(node).map((part) => expressionOf(part, place)),
    );
  }
  const operator = operatorOf(left, right, place);
  const [a, b] = [expressionOf(left, place), expressionOf(right, place)];
  return operator === '?:'
    ? { kind: 'choice', options: isLeaving(right) ? [a] : [a, b], span: spanOf(node) }
    : { kind: 'binary', operator, left: a, right: b, span: spanOf(node) };
}

/** `x to y`, `x until y`: functions that are written between their arguments. */
function infix(node: Node, place: KotlinPlace): Expression {
  const [left, name, right] = codeIn(node);
  if (left === undefined || name === undefined || right === undefined) {
    return other(node);
  }
  const [a, b] = [expressionOf(left, place), expressionOf(right, place)];
  const [nameSpan, span, text] = [spanOf(name), spanOf(node), textOf(name, place)];
  const isPair = text === 'to';
  return {
    kind: 'call',
    callee: isPair
      ? { kind: 'name', name: text, span: nameSpan }
      : {
          kind: 'member',
          object: a,
          name: text,
          nameSpan,
          span: { from: span.from, to: nameSpan.to },
        },
    arguments: (isPair ? [a, b] : [b]).map((value) => ({ value, span: value.span })),
    argumentsSpan: { from: span.to, to: span.to },
    span,
  };
}

function unary(node: Node, place: KotlinPlace): Expression {
  const argument = fieldOf(node, 'argument');
  if (argument === undefined) {
    return other(node);
  }
  const value = expressionOf(argument, place);
  const text = place.file.text;
  if (text.slice(argument.endIndex, node.endIndex).trim() === '!!') {
    return same(node, value);
  }
  const operator = text.slice(node.startIndex, argument.startIndex).trim();
  return operator === '-' || operator === '!'
    ? { kind: 'unary', operator, value, span: spanOf(node) }
    : other(node, [value]);
}

/** The value of a branch, of a block its last one; undefined when the branch leaves. */
function branchValue(node: Node, place: KotlinPlace): Expression | undefined {
  if (isLeaving(node)) {
    return undefined;
  }
  if (node.type !== 'block') {
    return expressionOf(node, place);
  }
  const body = place.lowering.block(node, insideBlock(place));
  return body.at(-1)?.kind === 'expression'
    ? { kind: 'statements', body, span: spanOf(node) }
    : undefined;
}

/** What runs in a branch that gives no value. */
function withoutValue(node: Node, place: KotlinPlace): Expression {
  const span = spanOf(node);
  const body = () => place.lowering.block(node, insideBlock(place));
  return { kind: 'closure', definition: closure([], body, span, span), span };
}

function choiceOf(
  node: Node,
  condition: readonly Expression[],
  branches: readonly (Node | undefined)[],
  place: KotlinPlace,
): Expression {
  const options: Expression[] = [];
  const others: Expression[] = [];
  for (const branch of branches.filter((each) => each !== undefined)) {
    const value = branchValue(branch, place);
    if (value === undefined) {
      others.push(withoutValue(branch, place));
    } else {
      options.push(value);
    }
  }
  return {
    kind: 'choice',
    condition: other(node, [...condition, ...others]),
    options,
    span: spanOf(node),
  };
}

function ifValue(node: Node, place: KotlinPlace): Expression {
  const { condition, yes, no } = ifParts(node);
  const conditions = condition === undefined ? [] : [expressionOf(condition, place)];
  return choiceOf(node, conditions, [yes, no], place);
}

/** The subject, which may be kept in a variable, and all conditions. */
export function whenConditions(node: Node, place: KotlinPlace): Expression[] {
  const subject = childOfType(node, 'when_subject');
  const variable = subject === undefined ? undefined : childOfType(subject, 'variable_declaration');
  const value = subject === undefined ? undefined : codeIn(subject).at(-1);
  const name = variable === undefined ? undefined : childOfType(variable, 'identifier');
  if (name !== undefined) {
    place.names.declare(textOf(name, place));
  }
  return [
    ...(value === undefined ? [] : [expressionOf(value, place)]),
    ...whenEntries(node).flatMap(({ conditions }) =>
      conditions.map((condition) => expressionOf(condition, place)),
    ),
  ];
}

function whenValue(node: Node, place: KotlinPlace): Expression {
  const inside = insideBlock(place);
  const bodies = whenEntries(node).map(({ body }) => body);
  return choiceOf(node, whenConditions(node, inside), bodies, inside);
}

function tryValue(node: Node, place: KotlinPlace): Expression {
  return choiceOf(node, [], tryBlocks(node), place);
}

/** What an assignment writes to; `map["k"] = v` is a call. */
export function assignment(node: Node, place: KotlinPlace): Statement {
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  const span = spanOf(node);
  if (left === undefined || right === undefined) {
    return { kind: 'expression', value: other(node), span };
  }
  const value = expressionOf(right, place);
  if (left.type === 'index_expression') {
    const [object, ...keys] = codeIn(left).map((part) => expressionOf(part, place));
    return { kind: 'expression', value: indexedSet(object, keys, value, span), span };
  }
  const before = expressionOf(left, place);
  const operator = operatorOf(left, right, place);
  return {
    kind: 'assign',
    target: targetOf(before),
    value:
      operator === '='
        ? value
        : { kind: 'binary', operator: operator.slice(0, -1), left: before, right: value, span },
    declares: false,
    span,
  };
}

function indexedSet(
  object: Expression | undefined,
  keys: readonly Expression[],
  value: Expression,
  span: Expression['span'],
): Expression {
  if (object === undefined) {
    return { kind: 'other', parts: [...keys, value], span };
  }
  const end = { from: object.span.to, to: object.span.to };
  return {
    kind: 'call',
    callee: { kind: 'member', object, name: 'set', nameSpan: end, span: object.span },
    arguments: [...keys, value].map((each) => ({ value: each, span: each.span })),
    argumentsSpan: end,
    span,
  };
}

function targetOf(expression: Expression): Target {
  switch (expression.kind) {
    case 'name':
      return expression;
    case 'member': {
      const { object, name, span } = expression;
      return { kind: 'member', object, name, span };
    }
    default:
      return { kind: 'ignored', parts: [expression], span: expression.span };
  }
}
