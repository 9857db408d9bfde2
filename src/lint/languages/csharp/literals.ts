import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { unescaped } from '../shared/escapes';
import { spanOf } from '../shared/nodes';

/** A literal of C#; undefined for what is none. */
export function literalOf(node: Node, text: string): Expression | undefined {
  const span = spanOf(node);
  switch (node.type) {
    case 'integer_literal':
    case 'real_literal':
      return { kind: 'literal', value: numberOf(text), span };
    case 'boolean_literal':
      return { kind: 'literal', value: text === 'true', span };
    case 'null_literal':
      return { kind: 'literal', value: null, span };
    case 'string_literal':
    case 'character_literal': {
      const inner = text.replace(/u8$/, '').slice(1, -1);
      const value = unescaped(inner);
      return {
        kind: 'literal',
        value,
        ...(value === inner ? { plainFrom: span.from + 1 } : {}),
        span,
      };
    }
    case 'verbatim_string_literal': {
      const inner = text.slice(2, -1);
      const value = inner.replaceAll('""', '"');
      return {
        kind: 'literal',
        value,
        ...(value === inner ? { plainFrom: span.from + 2 } : {}),
        span,
      };
    }
    case 'raw_string_literal': {
      const quotes = /^"+/.exec(text)?.[0].length ?? 3;
      return { kind: 'literal', value: text.slice(quotes, -quotes).trim(), span };
    }
    default:
      return undefined;
  }
}

/** Of `10_000L`, `1.5f`, `0x1F`. */
function numberOf(text: string): number {
  const digits = text.replaceAll('_', '').toLowerCase();
  return Number(
    /^0[xb]/.test(digits) ? digits.replace(/[ul]+$/, '') : digits.replace(/[a-z]+$/, ''),
  );
}
