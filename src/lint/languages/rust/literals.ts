import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { unescaped } from '../shared/escapes';
import { childOfType, other, spanOf } from '../shared/nodes';
import { type Place, textOf } from './source';

/** A literal of Rust. */
export function literalOf(node: Node, place: Place): Expression {
  const text = textOf(node, place);
  const span = spanOf(node);
  switch (node.type) {
    case 'integer_literal':
    case 'float_literal':
      return { kind: 'literal', value: numberOf(text), span };
    case 'boolean_literal':
      return { kind: 'literal', value: text === 'true', span };
    case 'char_literal':
      return { kind: 'literal', value: unescaped(text.slice(1, -1)), span };
    case 'string_literal': {
      const from = text.indexOf('"') + 1;
      const inner = text.slice(from, -1);
      const value = unescaped(inner);
      return {
        kind: 'literal',
        value,
        ...(value === inner ? { plainFrom: span.from + from } : {}),
        span,
      };
    }
    case 'raw_string_literal': {
      const content = childOfType(node, 'string_content');
      return content === undefined
        ? { kind: 'literal', value: '', span }
        : { kind: 'literal', value: textOf(content, place), plainFrom: content.startIndex, span };
    }
    default:
      return other(node);
  }
}

/** Of `1_000u64`, `1.5f32`, `0xff`. */
function numberOf(text: string): number {
  const digits = text.replaceAll('_', '').toLowerCase();
  return Number(digits.replace(/(?<!^0x[\da-f]*)(?:f(?:32|64)|[iu](?:8|16|32|64|128|size))$/, ''));
}
