import type { Node } from 'web-tree-sitter';
import type { Expression, Span, Statement } from '../../program/syntax';

export function spanOf(node: Node): Span {
  return { from: node.startIndex, to: node.endIndex };
}

/** The child of this field; undefined where the grammar has none here. */
export function fieldOf(node: Node, name: string): Node | undefined {
  return node.childForFieldName(name) ?? undefined;
}

/** Without comments, which can stand anywhere. */
export function childrenOf(node: Node): Node[] {
  return node.namedChildren.filter(({ type }) => !type.endsWith('comment'));
}

export function childOfType(node: Node, ...types: readonly string[]): Node | undefined {
  return node.namedChildren.find(({ type }) => types.includes(type));
}

/** Evaluates its parts, in their order, and is nothing that is known. */
export function other(node: Node, parts: readonly Expression[] = []): Expression {
  return { kind: 'other', parts, span: spanOf(node) };
}

/** Has the value of its operand: `(x)`, `await x`. */
export function same(node: Node, value: Expression): Expression {
  return { kind: 'same', value, span: spanOf(node) };
}

/** An expression that is a statement of its own: nobody looks at what an assignment gives then. */
export function expressionStatement(value: Expression, span: Span): Statement {
  return value.kind === 'assignment'
    ? { kind: 'assign', target: value.target, value: value.value, declares: false, span }
    : { kind: 'expression', value, span };
}

/** `if`, in every language. */
export function ifStatement(
  condition: Expression,
  yes: readonly Statement[],
  no: readonly Statement[],
  span: Span,
): Statement {
  // biome-ignore lint/suspicious/noThenProperty: the syntax calls it so, and nobody awaits a statement.
  return { kind: 'if', condition, then: yes, otherwise: no, span };
}
