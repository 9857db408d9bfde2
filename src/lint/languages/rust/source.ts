import type { Node } from 'web-tree-sitter';
import type { Expression, Span, Statement } from '../../program/syntax';
import { childrenOf, other } from '../shared/nodes';
import { dottedPath } from '../shared/paths';

/** The parts of lowering that need each other. */
export interface Lowering {
  expression(node: Node, place: Place): Expression;
  /** The statements of a body; its value, where it has one, is returned. */
  body(node: Node, place: Place): Statement[];
}

/** What lowering needs to know at one place of the file. */
export interface Place {
  readonly text: string;
  readonly lowering: Lowering;
  /** What `Self` stands for. */
  readonly selfType?: string | undefined;
}

export function textOf(node: Node, { text }: Place): string {
  return text.slice(node.startIndex, node.endIndex);
}

/** A type as written, with what `Self` stands for. */
export function typeText(node: Node | undefined, place: Place): string | undefined {
  const { selfType } = place;
  const written = node === undefined ? undefined : textOf(node, place);
  return selfType === undefined ? written : written?.replace(/\bSelf\b/g, selfType);
}

/** Anything that has no counterpart: all that stands inside is evaluated. */
export function unread(node: Node, place: Place): Expression {
  return other(
    node,
    childrenOf(node).map((child) => place.lowering.expression(child, place)),
  );
}

/** `a::b::c`: a chain of members. */
export function pathExpression(written: string, span: Span, { selfType }: Place): Expression {
  const [first = '', ...rest] = dottedPath(written).split('.');
  return rest.reduce<Expression>(
    (object, name) => ({ kind: 'member', object, name, nameSpan: span, span }),
    { kind: 'name', name: first === 'Self' ? (selfType ?? first) : first, span },
  );
}
