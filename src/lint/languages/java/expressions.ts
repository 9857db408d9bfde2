import type { Node } from 'web-tree-sitter';
import type { Argument, Expression, Span, Statement, Target } from '../../program/syntax';
import { literalOf } from '../jvm/literals';
import { dotted, plainType } from '../jvm/lowering';
import {
  anonymousObject,
  closure,
  inner,
  type LanguagePlace,
  methodReference,
  textOf,
} from '../jvm/place';
import { childOfType, fieldOf, other, same, spanOf } from '../shared/nodes';
import { binaryOf, conditionalOf } from '../shared/operators';
import { parametersOf } from './parameters';
import { switchValue } from './switches';

/** The value of an expression. */
export function expressionOf(node: Node, place: LanguagePlace): Expression {
  const lower = (child: Node) => expressionOf(child, place);
  switch (node.type) {
    case 'identifier':
      return place.names.expression(textOf(node, place), spanOf(node));
    case 'this':
      return { kind: 'name', name: place.self, span: spanOf(node) };
    case 'super':
      return { kind: 'name', name: 'super', span: spanOf(node) };
    case 'string_literal':
    case 'character_literal':
    case 'decimal_integer_literal':
    case 'hex_integer_literal':
    case 'decimal_floating_point_literal':
      return literalOf(node, place.file.text);
    case 'true':
    case 'false':
      return { kind: 'literal', value: node.type === 'true', span: spanOf(node) };
    case 'null_literal':
      return { kind: 'literal', value: null, span: spanOf(node) };
    case 'method_invocation':
      return invocation(node, place);
    case 'object_creation_expression':
      return creation(node, place);
    case 'field_access':
      return fieldAccess(node, place);
    case 'method_reference':
      return reference(node, place);
    case 'lambda_expression':
      return lambda(node, place);
    case 'parenthesized_expression':
      return same(node, onlyChild(node, place));
    case 'cast_expression': {
      const value = fieldOf(node, 'value');
      return value === undefined ? other(node) : same(node, expressionOf(value, place));
    }
    case 'ternary_expression':
      return conditionalOf(node, lower) ?? other(node);
    case 'binary_expression':
      return binaryOf(node, lower) ?? other(node, partsOf(node, place));
    case 'unary_expression':
      return unary(node, place);
    case 'assignment_expression':
      return { kind: 'assignment', ...assignmentOf(node, place), span: spanOf(node) };
    case 'switch_expression':
      return switchValue(node, place);
    case 'class_literal': {
      const type = node.namedChild(0);
      const span = spanOf(node);
      return type === null
        ? other(node)
        : {
            kind: 'member',
            object: dotted(plainType(textOf(type, place)), type.startIndex),
            name: 'class',
            nameSpan: span,
            span,
          };
    }
    case 'array_initializer':
      return {
        kind: 'list',
        items: node.namedChildren.map((item) => expressionOf(item, place)),
        span: spanOf(node),
      };
    case 'array_creation_expression': {
      const value = fieldOf(node, 'value');
      return value === undefined
        ? other(node)
        : { kind: 'list', items: partsOf(value, place), span: spanOf(node) };
    }
    case 'instanceof_expression': {
      const [left, name] = [fieldOf(node, 'left'), fieldOf(node, 'name')];
      if (name !== undefined) {
        place.names.declare(textOf(name, place));
      }
      return other(node, left === undefined ? [] : [expressionOf(left, place)]);
    }
    case 'array_access':
    case 'update_expression':
      return other(node, partsOf(node, place));
    default:
      return other(node);
  }
}

function partsOf(node: Node, place: LanguagePlace): Expression[] {
  return node.namedChildren.map((child) => expressionOf(child, place));
}

function onlyChild(node: Node, place: LanguagePlace): Expression {
  const [child] = node.namedChildren.filter(({ type }) => !type.endsWith('comment'));
  return child === undefined ? other(node) : expressionOf(child, place);
}

function invocation(node: Node, place: LanguagePlace): Expression {
  const [object, nameNode, list] = [
    fieldOf(node, 'object'),
    fieldOf(node, 'name'),
    fieldOf(node, 'arguments'),
  ];
  if (nameNode === undefined || list === undefined) {
    return other(node, object === undefined ? [] : [expressionOf(object, place)]);
  }
  const args = argumentsOf(list, place);
  const nameSpan = spanOf(nameNode);
  const callee = calleeOf(object, textOf(nameNode, place), nameSpan, args.length, place);
  return callee.kind === 'same'
    ? same(node, callee.value)
    : {
        kind: 'call',
        callee,
        arguments: args,
        argumentsSpan: spanOf(list),
        span: spanOf(node),
      };
}

/** A method of an object, or what a plain name means; a component of a record is read, not called. */
function calleeOf(
  object: Node | undefined,
  written: string,
  nameSpan: Span,
  args: number,
  place: LanguagePlace,
): Expression {
  const found: Expression =
    object === undefined
      ? place.names.expression(written, nameSpan)
      : {
          kind: 'member',
          object: expressionOf(object, place),
          name: written,
          nameSpan,
          span: { from: object.startIndex, to: nameSpan.to },
        };
  const isOwn = object === undefined || object.type === 'this';
  if (!isOwn || found.kind !== 'member' || found.object.kind !== 'name') {
    return found;
  }
  const owner = found.object.name === 'this' ? place.className : found.object.name;
  return args === 0 && place.file.isAccessor(owner, written)
    ? { kind: 'same', value: found, span: found.span }
    : { ...found, name: place.file.methodFor(owner, written, args) };
}

export function argumentsOf(list: Node, place: LanguagePlace): Argument[] {
  return list.namedChildren
    .filter(({ type }) => !type.endsWith('comment'))
    .map((value) => ({ value: expressionOf(value, place), span: spanOf(value) }));
}

/** `new Foo<Bar>(…)`, `new Foo() { … }`. */
function creation(node: Node, place: LanguagePlace): Expression {
  const [type, list] = [fieldOf(node, 'type'), fieldOf(node, 'arguments')];
  if (type === undefined || list === undefined) {
    return other(node);
  }
  const args = argumentsOf(list, place);
  const body = childOfType(node, 'class_body');
  return body === undefined
    ? {
        kind: 'call',
        callee: dotted(plainType(textOf(type, place)), type.startIndex),
        arguments: args,
        argumentsSpan: spanOf(list),
        creates: true,
        span: spanOf(node),
      }
    : anonymousObject(node, body, args, place);
}

function fieldAccess(node: Node, place: LanguagePlace): Expression {
  const [object, field] = [fieldOf(node, 'object'), fieldOf(node, 'field')];
  if (object === undefined || field === undefined) {
    return other(node);
  }
  if (field.type === 'this') {
    // `Outer.this`: an object of that class.
    return { kind: 'name', name: textOf(object, place), span: spanOf(node) };
  }
  return {
    kind: 'member',
    object: expressionOf(object, place),
    name: textOf(field, place),
    nameSpan: spanOf(field),
    span: spanOf(node),
  };
}

/** `stub::get`; `Foo::new` and methods of types make nothing that is followed. */
function reference(node: Node, place: LanguagePlace): Expression {
  const [object, name] = node.namedChildren;
  if (object === undefined || name === undefined || !/^[a-z(]/.test(textOf(object, place))) {
    return other(node);
  }
  return methodReference(
    expressionOf(object, place),
    textOf(name, place),
    spanOf(name),
    spanOf(node),
  );
}

function lambda(node: Node, place: LanguagePlace): Expression {
  const body = fieldOf(node, 'body');
  const list = fieldOf(node, 'parameters');
  if (body === undefined || list === undefined) {
    return other(node);
  }
  const inside = inner(place);
  const parameters = parametersOf(list, inside);
  const statements = (): readonly Statement[] =>
    body.type === 'block'
      ? place.lowering.block(body, inside)
      : [{ kind: 'return', value: expressionOf(body, inside), span: spanOf(body) }];
  return {
    kind: 'closure',
    definition: closure(parameters, statements, spanOf(node), spanOf(body)),
    span: spanOf(node),
  };
}

function unary(node: Node, place: LanguagePlace): Expression {
  const operand = fieldOf(node, 'operand');
  return operand === undefined
    ? other(node)
    : {
        kind: 'unary',
        operator: fieldOf(node, 'operator')?.type ?? '',
        value: expressionOf(operand, place),
        span: spanOf(node),
      };
}

/** `x = y` and `x += y`. */
export function assignmentOf(
  node: Node,
  place: LanguagePlace,
): { target: Target; value: Expression } {
  const [left, right] = [fieldOf(node, 'left'), fieldOf(node, 'right')];
  const operator = fieldOf(node, 'operator')?.type ?? '=';
  const value = right === undefined ? other(node) : expressionOf(right, place);
  if (left === undefined) {
    return { target: { kind: 'ignored', parts: [], span: spanOf(node) }, value };
  }
  const before = expressionOf(left, place);
  return {
    target: targetOf(before),
    value:
      operator === '='
        ? value
        : {
            kind: 'binary',
            operator: operator.slice(0, -1),
            left: before,
            right: value,
            span: spanOf(node),
          },
  };
}

function targetOf(expression: Expression): Target {
  switch (expression.kind) {
    case 'name':
      return expression;
    case 'member':
      return {
        kind: 'member',
        object: expression.object,
        name: expression.name,
        span: expression.span,
      };
    case 'other':
      return { kind: 'ignored', parts: expression.parts, span: expression.span };
    default:
      return { kind: 'ignored', parts: [expression], span: expression.span };
  }
}
