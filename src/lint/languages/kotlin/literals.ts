import type { Node } from 'web-tree-sitter';
import type { Expression } from '../../program/syntax';
import { numberOf } from '../jvm/literals';
import { textOf } from '../jvm/place';
import { unescaped } from '../shared/escapes';
import { other, spanOf } from '../shared/nodes';
import { codeIn, type KotlinPlace, nameExpression } from './place';

/** What the grammar takes for names. */
export const keywords: Readonly<Record<string, boolean | null>> = {
  true: true,
  false: false,
  null: null,
};

export function numberLiteral(node: Node, place: KotlinPlace): Expression {
  return { kind: 'literal', value: numberOf(textOf(node, place)), span: spanOf(node) };
}

/** `"text"`, `"""text"""`; with values in it, these are evaluated. */
export function stringLiteral(node: Node, place: KotlinPlace): Expression {
  const span = spanOf(node);
  const written = textOf(node, place);
  const quotes = written.startsWith('"""') ? 3 : 1;
  const text = written.slice(quotes, -quotes);
  if (quotes === 1 ? /(?<!\\)\$[\w{`]/.test(text) : /\$[A-Za-z_{`]/.test(text)) {
    return other(node, interpolated(node, place));
  }
  return quotes === 1 && text.includes('\\')
    ? { kind: 'literal', value: unescaped(text), span }
    : { kind: 'literal', value: text, plainFrom: span.from + quotes, span };
}

/** The grammar takes `$name` for text. */
function interpolated(node: Node, place: KotlinPlace): Expression[] {
  const parts: Expression[] = [];
  let isName = false;
  for (const part of node.namedChildren) {
    const text = textOf(part, place);
    if (part.type === 'interpolation') {
      parts.push(...codeIn(part).map((value) => place.lowering.expression(value, place)));
    } else if (isName) {
      const name = /^[A-Za-z_]\w*/.exec(text)?.[0] ?? '';
      const from = part.startIndex;
      parts.push(nameExpression(name, { from, to: from + name.length }, place));
    }
    isName = text === '$';
  }
  return parts;
}
