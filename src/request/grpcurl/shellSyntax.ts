import type { Span } from '../file/syntax';

/** What a shell would make a word of; nothing is expanded or run. */
export type ShellPart =
  | { readonly kind: 'text'; readonly text: string }
  /** `$NAME`, `${NAME}`, or `${NAME…}` with more, which `source` shows. */
  | { readonly kind: 'variable'; readonly name: string; readonly source: string }
  /** Anything else that a shell would replace: `$(…)`, backticks, `$1`, `<(…)`. */
  | { readonly kind: 'expansion'; readonly source: string };

export interface ShellWord {
  readonly span: Span;
  /** Neighbouring texts are one part; none for an empty word. */
  readonly parts: readonly ShellPart[];
  /** True when a part stands in quotes: an empty word is one only with them. */
  readonly quoted: boolean;
  /** Characters outside quotes by which a shell would make other words: `*`, `~`, `{a,b}`. */
  readonly pattern: string | undefined;
}

export type ShellToken =
  | { readonly kind: 'word'; readonly word: ShellWord }
  /** `|`, `&&`, `;`, `(`, a line end: what separates commands. */
  | { readonly kind: 'operator'; readonly text: string; readonly span: Span }
  /** `> file`, `< file`, `<<EOF`, `<<< text`; `span` is that of the operator and its word. */
  | {
      readonly kind: 'redirect';
      readonly operator: string;
      readonly span: Span;
      /** The word after it; the text itself for a here-document and a here-string. */
      readonly word: ShellWord;
    };

/** Why a shell would not read on, and where. */
export class ShellError extends Error {
  override readonly name = 'ShellError';
  readonly span: Span;

  constructor(message: string, span: Span) {
    super(message);
    this.span = span;
  }
}

/** Gathers the parts of a word. */
export class WordBuilder {
  readonly #parts: ShellPart[] = [];
  quoted = false;
  /** True once anything of a word was read. */
  begun = false;
  /** What stands outside quotes, with a space for what doesn't. */
  plain = '';

  text(text: string, unquoted = false): void {
    this.begun = true;
    this.plain += unquoted ? text : ' ';
    const last = this.#parts.at(-1);
    if (last?.kind === 'text') {
      this.#parts[this.#parts.length - 1] = { kind: 'text', text: last.text + text };
    } else if (text !== '') {
      this.#parts.push({ kind: 'text', text });
    }
  }

  part(part: ShellPart): void {
    this.begun = true;
    this.plain += ' ';
    this.#parts.push(part);
  }

  word(from: number, to: number): ShellWord {
    return {
      span: { from, to },
      parts: this.#parts,
      quoted: this.quoted,
      pattern: patternIn(this.plain),
    };
  }
}

/** What is no pattern but often written without quotes: `[::1]:50051`, `{}`. */
function patternIn(plain: string): string | undefined {
  const braces = plain.match(/\{[^\s{}]*\}/g)?.find((one) => /,|\.\./.test(one));
  const glob = /[*?]|\[(?![0-9a-fA-F:.]*\])[^\]\s]*\]/.exec(plain)?.[0];
  return braces ?? glob ?? /^~[^\s/:]*/.exec(plain)?.[0];
}
