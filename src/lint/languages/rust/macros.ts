import type { Node } from 'web-tree-sitter';
import type { Argument, Expression } from '../../program/syntax';
import { childOfType, fieldOf, other, spanOf } from '../shared/nodes';
import { literalOf } from './literals';
import { type Place, pathExpression, textOf } from './source';

/**
 * A macro is a call of `name!`. What it gets are tokens: of these, paths, calls and chains of methods are read,
 * so that the calls in `join!(client.get(a), client.get(b))` are seen.
 */
export function macroOf(node: Node, place: Place): Expression {
  const name = fieldOf(node, 'macro');
  const tree = childOfType(node, 'token_tree');
  if (name === undefined || tree === undefined) {
    return other(node);
  }
  const span = spanOf(node);
  const plain = /\w*$/.exec(textOf(name, place))?.[0];
  const args = argumentsIn(tree, place);
  if (plain === 'vec') {
    return { kind: 'list', items: args.map(({ value }) => value), span };
  }
  // One branch of `select!` waits for a time, and ends the others.
  const isTimed = plain === 'select' && /\bsleep(?:_until)?\s*\(/.test(textOf(tree, place));
  const callee = isTimed ? 'tokio::time::timeout' : `${textOf(name, place)}!`;
  return {
    kind: 'call',
    callee: pathExpression(callee, spanOf(name), place),
    arguments: args,
    argumentsSpan: spanOf(tree),
    span,
  };
}

/** What stands between commas, semicolons, arrows and `=`. */
function argumentsIn(tree: Node, place: Place): Argument[] {
  const groups: Node[][] = [[]];
  for (const token of tree.children.slice(1, -1)) {
    if (/^(?:,|;|=>|=)$/.test(token.type)) {
      groups.push([]);
    } else if (!token.type.endsWith('comment')) {
      groups.at(-1)?.push(token);
    }
  }
  return groups.flatMap((tokens) => {
    const [first] = tokens;
    const last = tokens.at(-1);
    return first === undefined || last === undefined
      ? []
      : [
          {
            value: new TokenReader(tokens, place).expression(),
            span: { from: first.startIndex, to: last.endIndex },
          },
        ];
  });
}

/** Reads tokens as chains, `a::b(c).d(e).await?`, one after the other with anything between them. */
class TokenReader {
  readonly #tokens: readonly Node[];
  readonly #place: Place;
  #at = 0;

  constructor(tokens: readonly Node[], place: Place) {
    this.#tokens = tokens;
    this.#place = place;
  }

  expression(): Expression {
    const chains: Expression[] = [];
    let isOne = true;
    while (this.#at < this.#tokens.length) {
      const chain = this.#chain();
      if (chain === undefined) {
        isOne &&= /^(?:&|mutable_specifier|async|move)$/.test(this.#next?.type ?? '');
        this.#at += 1;
      } else {
        chains.push(chain);
      }
    }
    const [first, ...more] = chains;
    const from = this.#tokens[0]?.startIndex ?? 0;
    const span = { from, to: this.#tokens.at(-1)?.endIndex ?? from };
    if (first === undefined || more.length > 0 || !isOne) {
      return { kind: 'other', parts: chains, span };
    }
    return first.span.from === from ? first : { kind: 'same', value: first, span };
  }

  get #next(): Node | undefined {
    return this.#tokens[this.#at];
  }

  #is(type: string, ahead = 0): boolean {
    return this.#tokens[this.#at + ahead]?.type === type;
  }

  #chain(): Expression | undefined {
    let chain = this.#start();
    while (chain !== undefined) {
      const longer = this.#link(chain);
      if (longer === undefined) {
        return chain;
      }
      chain = longer;
    }
    return undefined;
  }

  /** A path, a call of one, a struct, a literal, or what stands in parentheses. */
  #start(): Expression | undefined {
    const token = this.#next;
    if (token === undefined) {
      return undefined;
    }
    if (token.type.endsWith('_literal')) {
      this.#at += 1;
      return literalOf(token, this.#place);
    }
    if (token.type === 'token_tree') {
      this.#at += 1;
      return this.#group(token);
    }
    if (!/^(?:identifier|self|super|crate|metavariable)$/.test(token.type)) {
      return undefined;
    }
    const path = this.#path(token);
    if (this.#is('!') && this.#is('token_tree', 1)) {
      this.#at += 1;
      return this.#call({
        ...path,
        callee: pathExpression(`${path.text}!`, path.span, this.#place),
      });
    }
    const tree = this.#next;
    if (tree?.type !== 'token_tree') {
      return path.callee;
    }
    const opening = this.#place.text[tree.startIndex];
    if (opening === '(') {
      return this.#call(path);
    }
    if (opening !== '{' || !/(?:^|::)[A-Z]\w*$/.test(path.text)) {
      return path.callee;
    }
    this.#at += 1;
    const values = argumentsIn(tree, this.#place).map(({ value }) => value);
    const span = { from: path.span.from, to: tree.endIndex };
    return values.length === 0
      ? { kind: 'object', type: path.callee, entries: [], isOpen: true, spreads: [], span }
      : this.#filled(path.callee, values, span);
  }

  /** A struct whose fields are evaluated, but not told apart. */
  #filled(type: Expression, values: readonly Expression[], span: Expression['span']): Expression {
    const whole: Expression = {
      kind: 'object',
      type,
      entries: [],
      isOpen: true,
      spreads: [],
      span,
    };
    return {
      kind: 'statements',
      body: [
        ...values.map((value) => ({ kind: 'expression', value, span: value.span }) as const),
        { kind: 'expression', value: whole, span },
      ],
      span,
    };
  }

  /** `a::b::<T>::c` */
  #path(first: Node): { text: string; span: Expression['span']; callee: Expression } {
    let text = textOf(first, this.#place);
    let last = first;
    this.#at += 1;
    while (this.#is('::')) {
      this.#at += 1;
      if (this.#is('<')) {
        this.#typeArguments();
        continue;
      }
      const name = this.#next;
      // `default` and others are keywords for the grammar.
      if (name === undefined || !/^\w+$/.test(textOf(name, this.#place))) {
        break;
      }
      text += `::${textOf(name, this.#place)}`;
      last = name;
      this.#at += 1;
    }
    const span = { from: first.startIndex, to: last.endIndex };
    const callee = pathExpression(text, span, this.#place);
    return {
      text,
      span,
      callee: callee.kind === 'member' ? { ...callee, nameSpan: spanOf(last) } : callee,
    };
  }

  #typeArguments(): void {
    let depth = 0;
    do {
      depth += this.#is('<') ? 1 : this.#is('>') ? -1 : this.#is('>>') ? -2 : 0;
      this.#at += 1;
    } while (depth > 0 && this.#at < this.#tokens.length);
  }

  /** `.name`, `.name(…)`, `.await`, `?`, `[…]`. */
  #link(chain: Expression): Expression | undefined {
    if (this.#is('?')) {
      this.#at += 1;
      return this.#same(chain);
    }
    const tree = this.#next;
    if (tree?.type === 'token_tree' && this.#place.text[tree.startIndex] === '[') {
      this.#at += 1;
      return this.#same(chain);
    }
    if (!this.#is('.')) {
      return undefined;
    }
    const name = this.#tokens[this.#at + 1];
    if (name === undefined || !/^\w+$/.test(textOf(name, this.#place))) {
      return undefined;
    }
    this.#at += 2;
    if (name.type === 'await') {
      return this.#same(chain);
    }
    const callee: Expression = {
      kind: 'member',
      object: chain,
      name: textOf(name, this.#place),
      nameSpan: spanOf(name),
      span: { from: chain.span.from, to: name.endIndex },
    };
    if (this.#is('::') && this.#is('<', 1)) {
      this.#at += 1;
      this.#typeArguments();
    }
    const list = this.#next;
    const isCall = list?.type === 'token_tree' && this.#place.text[list.startIndex] === '(';
    return isCall ? this.#call({ callee, span: callee.span }) : callee;
  }

  #same(value: Expression): Expression {
    return { kind: 'same', value, span: value.span };
  }

  #call({ callee, span }: { callee: Expression; span: Expression['span'] }): Expression {
    const list = this.#next;
    this.#at += 1;
    const to = list?.endIndex ?? span.to;
    return {
      kind: 'call',
      callee,
      arguments: list === undefined ? [] : argumentsIn(list, this.#place),
      argumentsSpan: { from: list?.startIndex ?? to, to },
      span: { from: span.from, to },
    };
  }

  /** `(a)` is `a`; of a block and of several values the parts are read. */
  #group(tree: Node): Expression {
    const [only, ...more] = argumentsIn(tree, this.#place).map(({ value }) => value);
    return only !== undefined && more.length === 0
      ? { kind: 'same', value: only, span: spanOf(tree) }
      : other(tree, only === undefined ? [] : [only, ...more]);
  }
}
