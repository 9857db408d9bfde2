import type { Literal } from '../../program/syntax';
import { spanOf } from '../shared/nodes';
import { type Part, textOf } from './parts';

const escapes: Readonly<Record<string, string>> = {
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** Strings and numbers as the Go specification writes them ("Lexical elements"). */
export function literal(part: Part, source: string): Literal {
  const span = spanOf(part.node);
  const text = source.slice(span.from, span.to);
  switch (part.type) {
    case 'raw_string_literal':
      return {
        kind: 'literal',
        // Carriage returns are left out of raw strings: then places in the value are none in the file.
        value: text.slice(1, -1).replaceAll('\r', ''),
        ...(text.includes('\r') ? {} : { plainFrom: span.from + 1 }),
        span,
      };
    case 'interpreted_string_literal':
      return text.includes('\\')
        ? { kind: 'literal', value: unescaped(text.slice(1, -1)), span }
        : { kind: 'literal', value: text.slice(1, -1), plainFrom: span.from + 1, span };
    case 'nil':
      return { kind: 'literal', value: null, span };
    case 'true':
    case 'false':
      return { kind: 'literal', value: part.type === 'true', span };
    default:
      return { kind: 'literal', value: number(text), span };
  }
}

/** The decoded text of a string literal, quotes taken off. */
export function stringValue(part: Part, source: string): string {
  return textOf(part, source).slice(1, -1);
}

function unescaped(text: string): string {
  return text.replace(
    /\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([0-7]{3})|(.))/gs,
    (_, hex?: string, short?: string, long?: string, octal?: string, one = '') => {
      const code = hex ?? short ?? long;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        return point > 0x10_ff_ff ? '\ufffd' : String.fromCodePoint(point);
      }
      return octal === undefined
        ? (escapes[one] ?? one)
        : String.fromCharCode(Number.parseInt(octal, 8));
    },
  );
}

/** `1_000`, `0x1F`, `0b11`, `0o17`, `017`, `1.5e3`. */
function number(text: string): number {
  const digits = text.replaceAll('_', '');
  return /^0\d+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}
