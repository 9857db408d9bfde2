import type { Node } from 'web-tree-sitter';
import type { FunctionNode, Parameter, Statement } from '../../program/syntax';
import { childOfType, childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { declaratorOf, typeText } from './declarators';
import { type Place, textOf } from './source';

/** What a function is beside its parameters and body. */
export interface FunctionHead {
  readonly name: string;
  /** The class of a method that is defined outside of it. */
  readonly owner?: string | undefined;
  readonly isMember?: boolean;
  readonly isConstructor?: boolean;
}

/** A function with a body, or a lambda. */
export function functionOf(node: Node, head: FunctionHead, place: Place): FunctionNode {
  const { name, owner, isMember = owner !== undefined, isConstructor = false } = head;
  const inside: Place = { ...place, names: place.names.inner() };
  const declarator = declaratorOf(fieldOf(node, 'declarator'));
  const { fn } = declarator;
  const list =
    fn === undefined
      ? fieldOf(fieldOf(node, 'declarator') ?? node, 'parameters')
      : fieldOf(fn, 'parameters');
  const parameters = list === undefined ? [] : parametersOf(list, inside);
  const type = childOfType(fn ?? node, 'trailing_return_type') ?? fieldOf(node, 'type');
  const returnType = typeText(type, declarator, place)?.replace(/^->\s*/, '');
  const body = fieldOf(node, 'body') ?? childOfType(node, 'compound_statement', 'try_statement');
  const captures = fieldOf(node, 'captures');
  return {
    kind: 'function',
    name,
    ...(owner === undefined ? {} : { owner }),
    ...(isMember ? { self: 'this' } : {}),
    parameters,
    ...(returnType === undefined ? {} : { returnType }),
    annotations: [],
    ...(isConstructor ? { isConstructor } : {}),
    span: spanOf(node),
    bodySpan: spanOf(body ?? node),
    body: () => [
      ...(captures === undefined ? [] : capturesOf(captures, inside, place)),
      ...(body === undefined ? [] : place.lowering.block(body, inside)),
    ],
  };
}

/** `[x = std::move(y)]` is a variable of the lambda. */
function capturesOf(captures: Node, inside: Place, around: Place): Statement[] {
  return childrenOf(captures)
    .filter(({ type }) => type === 'lambda_capture_initializer')
    .flatMap((capture): Statement[] => {
      const name = fieldOf(capture, 'left');
      const value = fieldOf(capture, 'right');
      if (name === undefined || value === undefined) {
        return [];
      }
      const text = textOf(name, inside);
      const lowered = around.lowering.expression(value, around);
      inside.names.declare(text);
      return [
        {
          kind: 'assign',
          target: { kind: 'name', name: text, span: spanOf(name) },
          value: lowered,
          declares: true,
          span: spanOf(capture),
        },
      ];
    });
}

/** Also declares their names. */
export function parametersOf(list: Node, place: Place): Parameter[] {
  return childrenOf(list)
    .filter(({ type }) => /parameter_declaration$/.test(type))
    .map((node) => {
      const declarator = declaratorOf(fieldOf(node, 'declarator'));
      const name = declarator.name === undefined ? '' : textOf(declarator.name, place);
      const type = typeText(fieldOf(node, 'type'), declarator, place);
      const value = fieldOf(node, 'default_value');
      place.names.declare(name);
      const isReference = /[*&]$/.test(declarator.marks) && !isConstant(node, place);
      return {
        name,
        ...(type === undefined ? {} : { type }),
        ...(value === undefined ? {} : { value: place.lowering.expression(value, place) }),
        ...(isReference ? { isReference } : {}),
        span: spanOf(node),
      };
    });
}

function isConstant(node: Node, place: Place): boolean {
  return childrenOf(node).some(
    (child) => child.type === 'type_qualifier' && textOf(child, place) === 'const',
  );
}
