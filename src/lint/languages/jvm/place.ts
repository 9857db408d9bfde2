import type { Node } from 'web-tree-sitter';
import type { ClassNode, Expression, FunctionNode, Span, Statement } from '../../program/syntax';
import { MemberNames } from '../shared/memberNames';
import { spanOf } from '../shared/nodes';
import type { Place } from './lowering';

/** The parts of a lowering that need each other. */
export interface Lowering {
  expression(node: Node, place: LanguagePlace): Expression;
  block(node: Node | undefined, place: LanguagePlace): readonly Statement[];
  /** The class that stands in a function: a local one, or the body of an anonymous one. */
  localClass(node: Node, name: string, place: LanguagePlace): ClassNode;
}

export interface LanguagePlace extends Place {
  readonly lowering: Lowering;
}

export function textOf(node: Node, { file }: Place): string {
  return file.text.slice(node.startIndex, node.endIndex);
}

/** A block of its own: what is declared in it is not known outside. */
export function inner(place: LanguagePlace): LanguagePlace {
  return { ...place, names: place.names.inner() };
}

/** In the functions of the class that is around. */
export function inFunction(place: LanguagePlace): LanguagePlace {
  return {
    ...place,
    self: 'this',
    names: new MemberNames(
      place.surrounding === undefined ? undefined : { ...place.surrounding, self: 'this' },
      place.names,
    ),
  };
}

/** An object of a class without a name: defines the class, then makes one. */
export function anonymousObject(
  node: Node,
  body: Node,
  args: Extract<Expression, { kind: 'call' }>['arguments'],
  place: LanguagePlace,
): Expression {
  const span = spanOf(node);
  const name = `${place.className}$${body.startIndex}`;
  const definition = place.lowering.localClass(body, name, place);
  place.file.localClasses.set(name, definition);
  const end = { from: span.to, to: span.to };
  return {
    kind: 'statements',
    body: [
      { kind: 'define', definition, span },
      {
        kind: 'expression',
        value: {
          kind: 'call',
          callee: { kind: 'name', name, span: { from: span.from, to: span.from } },
          arguments: args,
          argumentsSpan: end,
          creates: true,
          span,
        },
        span,
      },
    ],
    span,
  };
}

/** `stub::getListing`: a function that calls it with whatever it gets. */
export function methodReference(
  object: Expression,
  name: string,
  nameSpan: Span,
  span: Span,
): Expression {
  const call: Expression = {
    kind: 'call',
    callee: { kind: 'member', object, name, nameSpan, span },
    arguments: [],
    argumentsSpan: { from: span.to, to: span.to },
    span,
  };
  return {
    kind: 'closure',
    definition: closure([], [{ kind: 'return', value: call, span }], span, span),
    span,
  };
}

export function closure(
  parameters: FunctionNode['parameters'],
  body: readonly Statement[] | (() => readonly Statement[]),
  span: Span,
  bodySpan: Span,
): FunctionNode {
  return {
    kind: 'function',
    name: '',
    parameters,
    annotations: [],
    span,
    bodySpan,
    body: typeof body === 'function' ? body : () => body,
  };
}
