import type { Node } from 'web-tree-sitter';
import type { Literal } from '../../program/syntax';
import { unescaped } from '../shared/escapes';
import { spanOf } from '../shared/nodes';

/** A string, a character or a number; undefined for a number that JavaScript can't hold as written. */
export function literalOf(node: Node, text: string): Literal {
  const span = spanOf(node);
  const written = text.slice(span.from, span.to);
  if (written.startsWith('"""')) {
    return textBlock(written, span);
  }
  if (/^["']/.test(written)) {
    const inner = written.slice(1, -1);
    return inner.includes('\\')
      ? { kind: 'literal', value: unescaped(inner), span }
      : { kind: 'literal', value: inner, plainFrom: span.from + 1, span };
  }
  return { kind: 'literal', value: numberOf(written), span };
}

/**
 * The text as it stands between the quotes, its indentation included: Java takes that away, but then a place in
 * the text is no place in the file, and what reads such texts (JSON) doesn't care.
 */
function textBlock(written: string, span: { from: number; to: number }): Literal {
  const start = written.indexOf('\n') + 1;
  const inner = written.slice(start, -3);
  return inner.includes('\\')
    ? { kind: 'literal', value: unescaped(inner), span }
    : { kind: 'literal', value: inner, plainFrom: span.from + start, span };
}

/** `5_000L`, `1.5D`, `0xFF`. */
export function numberOf(written: string): number {
  const digits = written.replaceAll('_', '');
  return /^0[xb]/i.test(digits)
    ? Number(digits.replace(/[uUlL]+$/, ''))
    : Number(digits.replace(/[uUlLfFdD]+$/, ''));
}
