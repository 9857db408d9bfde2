import type { Node } from 'web-tree-sitter';
import type { Expression, Span, Statement, Target } from '../../program/syntax';
import { childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { type Declarator, declaratorOf, typeText } from './declarators';
import { created, expressionOf } from './expressions';
import { type Place, textOf } from './source';

/** `T a, *b = x, c(1), d{1};`, each a statement with the span of the whole. */
export function variablesOf(node: Node, place: Place, span: Span = spanOf(node)): Statement[] {
  const type = fieldOf(node, 'type');
  const value = fieldOf(node, 'value');
  return node.childrenForFieldName('declarator').flatMap((each): Statement[] => {
    const isInitialized = each.type === 'init_declarator';
    const declarator = declaratorOf(isInitialized ? fieldOf(each, 'declarator') : each);
    // `T name(A)` declares a function.
    if (declarator.fn !== undefined) {
      return [];
    }
    const given = isInitialized ? fieldOf(each, 'value') : value;
    const initial =
      given === undefined ? undefined : initialValue(each, type, declarator, given, place);
    const target = targetOf(declarator, type, place);
    if (initial !== undefined) {
      return [{ kind: 'assign', target, value: initial, declares: true, span }];
    }
    return target.kind === 'name'
      ? [
          {
            kind: 'declare',
            name: target.name,
            ...(target.type === undefined ? {} : { type: target.type }),
            span,
          },
        ]
      : [];
  });
}

/** New variables. */
export function targetOf(
  { name, marks, binding }: Declarator,
  type: Node | undefined,
  place: Place,
): Target {
  const declared = (node: Node): Target => {
    const text = textOf(node, place);
    place.names.declare(text);
    return { kind: 'name', name: text, span: spanOf(node) };
  };
  if (binding !== undefined) {
    return { kind: 'list', items: childrenOf(binding).map(declared), span: spanOf(binding) };
  }
  if (name === undefined) {
    const span = type === undefined ? { from: 0, to: 0 } : spanOf(type);
    return { kind: 'ignored', parts: [], span };
  }
  const written = typeText(type, { marks }, place);
  const target = declared(name);
  return target.kind === 'name' && written !== undefined ? { ...target, type: written } : target;
}

/** Of `= value`, `(a, b)` and `{a, b}`; undefined where the object is as its type makes it. */
function initialValue(
  node: Node,
  type: Node | undefined,
  { marks }: Declarator,
  given: Node,
  place: Place,
): Expression | undefined {
  const isList = given.type === 'argument_list' || given.type === 'initializer_list';
  if (!isList) {
    return expressionOf(given, place);
  }
  const items = childrenOf(given);
  const [only] = items;
  if (only === undefined) {
    return undefined;
  }
  // Of a pointer, a reference or `auto` it is the value itself.
  if (items.length === 1 && (marks !== '' || type?.type === 'placeholder_type_specifier')) {
    return expressionOf(only, place);
  }
  const isMadeWith = type !== undefined && !items.some((item) => item.type === 'initializer_pair');
  return isMadeWith ? created(node, type, given, spanOf(node), place) : expressionOf(given, place);
}
