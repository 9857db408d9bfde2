import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from '../../program/syntax';
import type { MemberNames } from '../shared/memberNames';
import { childrenOf, other } from '../shared/nodes';

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
  /** The type that `new(…)` and `default` stand for here, as written. */
  readonly expected?: string | undefined;
  /** What `return` gives, as written. */
  readonly returns?: string | undefined;
}

export function textOf(node: Node, { text }: Place): string {
  return text.slice(node.startIndex, node.endIndex);
}

/** A type as written: `Lazy<Client>?`; undefined for `var`. */
export function typeText(node: Node | undefined, place: Place): string | undefined {
  return node === undefined || node.type === 'implicit_type' ? undefined : textOf(node, place);
}

/** The type of the value that an async function returns: that in `Task<…>`. */
export function awaited(type: string | undefined): string | undefined {
  return type?.replace(/^(?:[\w.]*\.)?(?:Value)?Task<(.*)>$/s, '$1');
}

/** Anything that has no counterpart: all that stands inside is evaluated. */
export function unread(node: Node, place: Place): Expression {
  return other(
    node,
    childrenOf(node).map((child) => place.lowering.expression(child, place)),
  );
}
