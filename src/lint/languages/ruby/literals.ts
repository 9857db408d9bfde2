import type { Node } from 'web-tree-sitter';
import type { Expression, Literal } from '../../program/syntax';
import { other, spanOf } from '../shared/nodes';

const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  e: '\x1b',
  f: '\f',
  n: '\n',
  r: '\r',
  s: ' ',
  t: '\t',
  v: '\v',
  '\n': '',
};

/** A string or a symbol; undefined for anything else, and when something is interpolated. */
export function textLiteral(node: Node): Literal | undefined {
  const span = spanOf(node);
  const { text } = node;
  if (node.type === 'simple_symbol') {
    return { kind: 'literal', value: text.slice(1), plainFrom: span.from + 1, span };
  }
  if (
    node.type === 'hash_key_symbol' ||
    node.type === 'bare_string' ||
    node.type === 'bare_symbol'
  ) {
    return { kind: 'literal', value: text, plainFrom: span.from, span };
  }
  return node.type === 'string' || node.type === 'delimited_symbol'
    ? contentLiteral(node, node, /^:?'|^%q/.test(text))
    : undefined;
}

/** The text of what follows the line of `<<~JSON`; what is cut off by `~` is white space at the start of lines. */
export function heredocLiteral(node: Node): Literal | undefined {
  const body = heredocBody(node);
  return body === undefined ? undefined : contentLiteral(node, body, /^<<[~-]?'/.test(node.text));
}

/** What is interpolated in a heredoc. */
export function heredocBody(node: Node): Node | undefined {
  for (let around = node.parent; around !== null; around = around.parent) {
    const body = around.namedChildren.find(
      ({ type, startIndex }) => type === 'heredoc_body' && startIndex >= node.endIndex,
    );
    if (body !== undefined) {
      return body;
    }
  }
  return undefined;
}

function contentLiteral(node: Node, body: Node, isSingleQuoted: boolean): Literal | undefined {
  const parts = body.namedChildren;
  if (parts.some(({ type }) => type === 'interpolation')) {
    return undefined;
  }
  const contents = parts.filter(({ type }) =>
    /^(?:string|heredoc)_content$|^escape_sequence$/.test(type),
  );
  const written = contents.map(({ text }) => text).join('');
  const isPlain = !written.includes('\\');
  const [first] = contents;
  return {
    kind: 'literal',
    value: isPlain
      ? written
      : isSingleQuoted
        ? written.replace(/\\([\\'])/g, '$1')
        : decoded(written),
    ...(isPlain && contents.length === 1 && first !== undefined
      ? { plainFrom: first.startIndex }
      : {}),
    span: spanOf(node),
  };
}

function decoded(text: string): string {
  return text.replace(
    /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{1,2})|([\s\S]))/g,
    (whole, braces, short, byte, character: string | undefined) => {
      const hex: string | undefined = braces ?? short ?? byte;
      const code = hex === undefined ? undefined : Number.parseInt(hex, 16);
      if (code !== undefined) {
        return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
      }
      return escapes[character ?? ''] ?? character ?? '';
    },
  );
}

export function numberLiteral(node: Node): Expression {
  const text = node.text.replaceAll('_', '').replace(/^0d/i, '').toLowerCase();
  const value = /^0\d+$/.test(text) ? Number.parseInt(text, 8) : Number(text);
  return Number.isNaN(value) ? other(node) : { kind: 'literal', value, span: spanOf(node) };
}
