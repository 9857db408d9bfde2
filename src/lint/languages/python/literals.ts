import type { Node } from 'web-tree-sitter';
import type { Expression, Literal } from '../../program/syntax';
import { other, spanOf } from '../shared/nodes';

/** Python's escapes that stand for one character; a backslash before a line's end stands for nothing. */
const escapes: Readonly<Record<string, string>> = {
  '\n': '',
  '\\': '\\',
  "'": "'",
  '"': '"',
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

/** The text of a string without interpolations; undefined for an f-string that has some. */
export function stringLiteral(node: Node): Literal | undefined {
  const parts = node.namedChildren;
  if (parts.some(({ type }) => type === 'interpolation')) {
    return undefined;
  }
  const contents = parts.filter(({ type }) => type === 'string_content');
  const isRaw = /r/i.test(/^\w*/.exec(node.text)?.[0] ?? '');
  const written = contents.map(({ text }) => text).join('');
  const isPlain = isRaw || !written.includes('\\');
  const [first] = contents;
  return {
    kind: 'literal',
    value: isPlain ? written : decoded(written),
    ...(isPlain && contents.length === 1 && first !== undefined
      ? { plainFrom: first.startIndex }
      : {}),
    span: spanOf(node),
  };
}

function decoded(text: string): string {
  return text.replace(
    /\\(?:\r\n|u([\da-fA-F]{4})|U([\da-fA-F]{8})|x([\da-fA-F]{2})|([0-7]{1,3})|([\s\S]))/g,
    (whole, short, long, byte, octal, character: string | undefined) => {
      const hex: string | undefined = short ?? long ?? byte;
      if (hex !== undefined || octal !== undefined) {
        const code = hex === undefined ? Number.parseInt(octal, 8) : Number.parseInt(hex, 16);
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      }
      return character === undefined ? '' : (escapes[character] ?? whole);
    },
  );
}

/** `"a" 'b'`: one string; an expression of its parts when one of them is an f-string. */
export function concatenatedString(node: Node, lower: (part: Node) => Expression): Expression {
  const parts = node.namedChildren.filter(({ type }) => type === 'string').map(lower);
  const texts = parts.map((part) => (part.kind === 'literal' ? part.value : undefined));
  return texts.every((text) => typeof text === 'string')
    ? { kind: 'literal', value: texts.join(''), span: spanOf(node) }
    : other(node, parts);
}

/** An integer or a float; nothing that is known for an imaginary number. */
export function numberLiteral(node: Node): Expression {
  const text = node.text.replaceAll('_', '');
  const value = /^0[xob]/i.test(text) ? Number(text.toLowerCase()) : Number(text);
  return Number.isNaN(value) ? other(node) : { kind: 'literal', value, span: spanOf(node) };
}
