import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { unescaped } from '../shared/escapes';
import { childOfType, childrenOf, other, spanOf } from '../shared/nodes';
import { type Place, pathExpression, textOf } from './source';

/** A literal of C++; undefined for what is none. */
export function literalOf(node: Node, place: Place): Expression | undefined {
  const text = textOf(node, place);
  const span = spanOf(node);
  switch (node.type) {
    case 'number_literal':
      return { kind: 'literal', value: numberOf(text), span };
    case 'string_literal':
    case 'char_literal': {
      const from = text.search(/["']/);
      const inner = text.slice(from + 1, -1);
      const value = unescaped(inner);
      const isPlain = value === inner;
      return {
        kind: 'literal',
        value,
        ...(isPlain ? { plainFrom: span.from + from + 1 } : {}),
        span,
      };
    }
    case 'raw_string_literal': {
      const content = childOfType(node, 'raw_string_content');
      return content === undefined
        ? { kind: 'literal', value: '', span }
        : { kind: 'literal', value: textOf(content, place), plainFrom: content.startIndex, span };
    }
    case 'concatenated_string': {
      const parts = childrenOf(node).map((part) => literalOf(part, place));
      const values = parts.map((part) => (part?.kind === 'literal' ? part.value : undefined));
      return values.every((value) => typeof value === 'string')
        ? { kind: 'literal', value: values.join(''), span }
        : other(node);
    }
    case 'user_defined_literal':
      return suffixed(node, place);
    case 'true':
    case 'false':
      return { kind: 'literal', value: node.type === 'true', span };
    case 'null':
      return { kind: 'literal', value: null, span };
    default:
      return undefined;
  }
}

/** Of `1'000ull`, `1.5f`, `0x1F`. */
function numberOf(text: string): number {
  const digits = text.replaceAll("'", '').toLowerCase();
  return Number(
    /^0[xb]/.test(digits) ? digits.replace(/[ul]+$/, '') : digits.replace(/[a-z]+$/, ''),
  );
}

/** Suffixes of `std::chrono_literals`. */
const durations: Readonly<Record<string, string>> = {
  h: 'hours',
  min: 'minutes',
  s: 'seconds',
  ms: 'milliseconds',
  us: 'microseconds',
  ns: 'nanoseconds',
};

/** `5s` is `std::chrono::seconds(5)`. */
function suffixed(node: Node, place: Place): Expression {
  const number = childOfType(node, 'number_literal');
  const suffix = childOfType(node, 'literal_suffix');
  const unit = suffix === undefined ? undefined : durations[textOf(suffix, place)];
  if (number === undefined || unit === undefined) {
    const text = childOfType(node, 'string_literal', 'raw_string_literal');
    // `"text"s` and `"text"sv` are the text.
    return (text === undefined ? undefined : literalOf(text, place)) ?? other(node);
  }
  const span = spanOf(node);
  const value = numberOf(textOf(number, place));
  return {
    kind: 'call',
    callee: pathExpression(`std::chrono::${unit}`, span),
    arguments: [{ value: { kind: 'literal', value, span: spanOf(number) }, span: spanOf(number) }],
    argumentsSpan: { from: span.to, to: span.to },
    span,
  };
}
