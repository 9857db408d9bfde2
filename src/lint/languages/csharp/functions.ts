import type { Node } from 'web-tree-sitter';
import type { FunctionNode, Parameter, Statement } from '../../program/syntax';
import { childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { awaited, type Place, textOf, typeText } from './source';

/** What a function is beside its parameters and body. */
export interface FunctionHead {
  readonly name: string;
  /** Whether it belongs to an object: then `this` is known inside. */
  readonly isMember?: boolean;
  readonly isConstructor?: boolean;
  readonly returnType?: string | undefined;
  /** Of a constructor, `: base(…)`: runs before the body. */
  readonly before?: Node | undefined;
  /** Where it isn't found by itself: the arrow clause of a property. */
  readonly body?: Node | undefined;
}

/** Anything with parameters and a body: methods, accessors, local functions, lambdas. */
export function functionOf(node: Node, head: FunctionHead, place: Place): FunctionNode {
  const { name, isMember = false, isConstructor = false, returnType, before } = head;
  const names = place.names.inner();
  const inside: Place = {
    text: place.text,
    lowering: place.lowering,
    names,
    returns: awaited(returnType),
  };
  const list = fieldOf(node, 'parameters');
  const parameters = list === undefined ? [] : parametersOf(list, inside);
  const body = head.body ?? bodyNode(node);
  return {
    kind: 'function',
    name,
    ...(isMember ? { self: 'this' } : {}),
    parameters,
    ...(returnType === undefined ? {} : { returnType }),
    annotations: annotationsOf(node, place),
    ...(isConstructor ? { isConstructor } : {}),
    span: spanOf(node),
    bodySpan:
      body === undefined
        ? { from: node.endIndex, to: node.endIndex }
        : { from: (before ?? body).startIndex, to: body.endIndex },
    body: () => [
      ...(before === undefined ? [] : initializerOf(before, inside)),
      ...(body === undefined ? [] : bodyOf(body, inside)),
    ],
  };
}

/** The block, arrow clause or expression that is the body. */
function bodyNode(node: Node): Node | undefined {
  return (
    fieldOf(node, 'body') ??
    childrenOf(node).find(({ type }) => type === 'block' || type === 'arrow_expression_clause')
  );
}

function initializerOf(before: Node, place: Place): Statement[] {
  const args = childrenOf(before).find(({ type }) => type === 'argument_list');
  const parts = (args?.namedChildren ?? []).flatMap((argument) =>
    childrenOf(argument).map((part) => place.lowering.expression(part, place)),
  );
  const span = spanOf(before);
  return [{ kind: 'expression', value: { kind: 'other', parts, span }, span }];
}

/** The statements of a block, or the value of an arrow clause as what is returned. */
export function bodyOf(body: Node, place: Place): readonly Statement[] {
  if (body.type === 'block') {
    return place.lowering.block(body, place);
  }
  const value = body.type === 'arrow_expression_clause' ? childrenOf(body).at(-1) : body;
  return value === undefined
    ? []
    : [
        {
          kind: 'return',
          value: place.lowering.expression(value, { ...place, expected: place.returns }),
          span: spanOf(value),
        },
      ];
}

/** Also declares their names. */
export function parametersOf(list: Node, place: Place): Parameter[] {
  if (list.type === 'implicit_parameter') {
    return [parameter(list, undefined, list, undefined, false, place)];
  }
  const found: Parameter[] = [];
  let restType: Node | undefined;
  // `params T[] rest` has no node of its own: its type and name are children of the list.
  for (const child of childrenOf(list)) {
    if (child.type === 'parameter' || child.type === 'implicit_parameter') {
      const name = child.type === 'parameter' ? fieldOf(child, 'name') : child;
      const type = child.type === 'parameter' ? fieldOf(child, 'type') : undefined;
      if (name !== undefined) {
        const last = childrenOf(child).at(-1);
        const byDefault = last?.id === name.id ? undefined : last;
        found.push(parameter(child, type, name, byDefault, false, place));
      }
    } else if (child.type === 'identifier') {
      found.push(parameter(child, restType, child, undefined, restType !== undefined, place));
    } else if (child.type !== 'attribute_list') {
      restType = child;
    }
  }
  return found;
}

function parameter(
  node: Node,
  type: Node | undefined,
  name: Node,
  value: Node | undefined,
  isRest: boolean,
  place: Place,
): Parameter {
  const text = textOf(name, place);
  place.names.declare(text);
  const written = typeText(type, place);
  return {
    name: text,
    ...(written === undefined ? {} : { type: written }),
    ...(value === undefined
      ? {}
      : { value: place.lowering.expression(value, { ...place, expected: written }) }),
    ...(isRest ? { isRest } : {}),
    span: spanOf(node),
  };
}

/** As written, without brackets: `HttpGet("{id}")`. */
export function annotationsOf(node: Node, place: Place): string[] {
  return childrenOf(node).flatMap((child) =>
    child.type === 'attribute_list'
      ? childrenOf(child)
          .filter(({ type }) => type === 'attribute')
          .map((attribute) => textOf(attribute, place))
      : [],
  );
}
