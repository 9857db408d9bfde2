import type { Node } from 'web-tree-sitter';
import type { Expression, Span, Statement } from '../../program/syntax';
import type { MemberNames } from '../shared/memberNames';
import { childrenOf, other } from '../shared/nodes';
import { dottedPath } from '../shared/paths';

/** The parts of lowering that need each other. */
export interface Lowering {
  expression(node: Node, place: Place): Expression;
  block(node: Node, place: Place): Statement[];
}

/** What lowering needs to know at one place of the file. */
export interface Place {
  readonly text: string;
  readonly lowering: Lowering;
  readonly names: MemberNames;
}

export function textOf(node: Node, { text }: Place): string {
  return text.slice(node.startIndex, node.endIndex);
}

/** Anything that has no counterpart: all that stands inside is evaluated. */
export function unread(node: Node, place: Place): Expression {
  return other(
    node,
    childrenOf(node).map((child) => place.lowering.expression(child, place)),
  );
}

/** `a::b::c`, `::a::b`: a chain of members, without template arguments. */
export function pathExpression(written: string, span: Span): Expression {
  const [first = '', ...rest] = dottedPath(written).split('.');
  return rest.reduce<Expression>(
    (object, name) => ({ kind: 'member', object, name, nameSpan: span, span }),
    { kind: 'name', name: first, span },
  );
}
