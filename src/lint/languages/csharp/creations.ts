import type { Node } from 'web-tree-sitter';
import type { Argument, Call, Expression, ObjectEntry, ObjectLiteral } from '../../program/syntax';
import { MemberNames } from '../shared/memberNames';
import { childOfType, childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { type Place, textOf, typeText, unread } from './source';

export function argumentsOf(list: Node, place: Place): Argument[] {
  return childrenOf(list)
    .filter(({ type }) => type === 'argument')
    .flatMap((argument) => {
      const name = fieldOf(argument, 'name');
      const value = childrenOf(argument).at(-1);
      return value === undefined
        ? []
        : [
            {
              value: place.lowering.expression(value, { ...place, expected: undefined }),
              ...(name === undefined ? {} : { name: textOf(name, place) }),
              span: spanOf(argument),
            },
          ];
    });
}

/** `new X(…) { A = 1 }`. */
export function creation(node: Node, place: Place): Expression {
  const type = fieldOf(node, 'type');
  const list = fieldOf(node, 'arguments');
  const written = fieldOf(node, 'initializer');
  if (type === undefined) {
    return unread(node, place);
  }
  return created(node, place.lowering.expression(type, typePlace(place)), list, written, place);
}

/** A type's name is never meant as a member of the object. */
function typePlace({ text, lowering }: Place): Place {
  return { text, lowering, names: new MemberNames(undefined) };
}

function created(
  node: Node,
  callee: Expression,
  list: Node | undefined,
  written: Node | undefined,
  place: Place,
): Call {
  const end = { from: callee.span.to, to: callee.span.to };
  return {
    kind: 'call',
    callee,
    creates: true,
    arguments: list === undefined ? [] : argumentsOf(list, place),
    argumentsSpan: list === undefined ? end : spanOf(list),
    ...(written === undefined ? {} : { initializer: objectOf(written, place) }),
    span: spanOf(node),
  };
}

/** `new(…)`, of the type that is expected here; `new` stands for one that can't be seen. */
export function impliedCreation(node: Node, place: Place): Expression {
  const list = childOfType(node, 'argument_list');
  const written = childOfType(node, 'initializer_expression');
  const span = { from: node.startIndex, to: node.startIndex + 'new'.length };
  return created(node, impliedType(place, span), list, written, place);
}

function impliedType({ expected }: Place, span: Expression['span']): Expression {
  const [first = 'new', ...rest] = (expected ?? 'new').replace(/\?$|<.*$/s, '').split('.');
  return rest.reduce<Expression>(
    (object, name) => ({ kind: 'member', object, name, nameSpan: span, span }),
    { kind: 'name', name: first, span },
  );
}

/** `{ A = 1 }`, `{ ["key"] = 1 }`. */
function objectOf(node: Node, place: Place): ObjectLiteral {
  const entries: ObjectEntry[] = [];
  let isOpen = false;
  for (const child of childrenOf(node)) {
    const entry = child.type === 'assignment_expression' ? entryOf(child, place) : undefined;
    if (entry === undefined) {
      isOpen = true;
      continue;
    }
    entries.push(entry);
  }
  return { kind: 'object', entries, isOpen, spreads: [], span: spanOf(node) };
}

function entryOf(node: Node, place: Place): ObjectEntry | undefined {
  const left = fieldOf(node, 'left');
  const right = fieldOf(node, 'right');
  if (left === undefined || right === undefined) {
    return undefined;
  }
  const literal =
    left.type === 'element_binding_expression' ? childrenOf(left)[0]?.namedChildren[0] : left;
  const key = literal === undefined ? '' : textOf(literal, place).replace(/^"(.*)"$/s, '$1');
  return { key, keySpan: spanOf(left), value: place.lowering.expression(right, place) };
}

/** Braces after a member: settings of an object that is there, or elements that are added to a list. */
export function initializer(node: Node, place: Place): Expression {
  return childrenOf(node).some(({ type }) => type === 'assignment_expression')
    ? objectOf(node, place)
    : listOfChildren(node, place);
}

export function list(node: Node, place: Place): Expression {
  const elements = childOfType(node, 'initializer_expression');
  return elements === undefined ? unread(node, place) : listOfChildren(elements, place);
}

export function listOfChildren(node: Node, place: Place): Expression {
  const items = childrenOf(node).map((child) => place.lowering.expression(child, place));
  return { kind: 'list', items, span: spanOf(node) };
}

export function listOfArguments(node: Node, place: Place): Expression {
  const items = childrenOf(node).flatMap((argument) => {
    const value = argument.type === 'argument' ? childrenOf(argument).at(-1) : argument;
    return value === undefined ? [] : [place.lowering.expression(value, place)];
  });
  return { kind: 'list', items, span: spanOf(node) };
}

/** `default(CallOptions)` is one without settings; any other default is as good as null. */
export function defaultValue(node: Node, place: Place): Expression {
  const type = fieldOf(node, 'type');
  const span = spanOf(node);
  const written = typeText(type, place) ?? place.expected;
  return written !== undefined && /(^|\.)CallOptions$/.test(written)
    ? created(node, impliedType({ ...place, expected: written }, span), undefined, undefined, place)
    : { kind: 'literal', value: null, span };
}
