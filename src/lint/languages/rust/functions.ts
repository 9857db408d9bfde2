import type { Node } from 'web-tree-sitter';
import type { FunctionNode, Parameter, Statement } from '../../program/syntax';
import { childrenOf, fieldOf, spanOf } from '../shared/nodes';
import { targetOf } from './patterns';
import { type Place, textOf, typeText } from './source';

/** What a function is beside its parameters and body. */
export interface FunctionHead {
  readonly name: string;
  /** The type of its `impl`. */
  readonly owner?: string | undefined;
  readonly annotations?: readonly string[];
}

/** A function, a method, or a closure. */
export function functionOf(node: Node, head: FunctionHead, place: Place): FunctionNode {
  const list = fieldOf(node, 'parameters');
  const children = list === undefined ? [] : childrenOf(list);
  const isMethod = children.some(({ type }) => type === 'self_parameter');
  const returnType = typeText(fieldOf(node, 'return_type'), place);
  const body = fieldOf(node, 'body');
  const taken = children
    .filter(({ type }) => type !== 'self_parameter' && type !== 'attribute_item')
    .map((parameter) => parameterOf(parameter, place));
  return {
    kind: 'function',
    name: head.name,
    ...(head.owner === undefined ? {} : { owner: head.owner }),
    ...(isMethod ? { self: 'self' } : {}),
    parameters: taken.map(({ parameter }) => parameter),
    ...(returnType === undefined ? {} : { returnType }),
    annotations: head.annotations ?? [],
    span: spanOf(node),
    bodySpan: spanOf(body ?? node),
    body: () => [
      ...taken.flatMap(({ taking }) => taking),
      ...(body === undefined ? [] : place.lowering.body(body, place)),
    ],
  };
}

/** A parameter, and what takes it apart before the body. */
function parameterOf(node: Node, place: Place): { parameter: Parameter; taking: Statement[] } {
  const pattern = (node.type === 'parameter' ? fieldOf(node, 'pattern') : undefined) ?? node;
  const type = typeText(fieldOf(node, 'type'), place);
  const span = spanOf(node);
  const target = targetOf(pattern, place);
  // `State(x): State<T>` is a `T`.
  const held = pattern.type === 'tuple_struct_pattern' ? inner(type) : type;
  const isReference = type !== undefined && /^&\s*(?:'\w+\s+)?mut\b/.test(type);
  const parameter: Parameter = {
    name: target.kind === 'name' ? target.name : `pattern@${span.from}`,
    ...(held === undefined ? {} : { type: held }),
    ...(isReference ? { isReference } : {}),
    span,
  };
  if (target.kind === 'name' || target.kind === 'ignored') {
    return { parameter, taking: [] };
  }
  const value = { kind: 'name', name: parameter.name, span } as const;
  return { parameter, taking: [{ kind: 'assign', target, value, declares: true, span }] };
}

function inner(type: string | undefined): string | undefined {
  return type === undefined ? undefined : (/<([\s\S]*)>$/.exec(type)?.[1] ?? type);
}

/** `#[…]` before an item, without the brackets. */
export function annotationText(node: Node, place: Place): string {
  return textOf(node, place).replace(/^#!?\[\s*|\s*\]$/g, '');
}
