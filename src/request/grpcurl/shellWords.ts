import { afterParentheses, missingQuote, readAnsiC, readExpansion } from './shellExpansion';
import { ShellError, type ShellToken, type ShellWord, WordBuilder } from './shellSyntax';

/**
 * The words, operators and redirections of a command line as a POSIX shell reads them (XCU section 2.3), with
 * `$'…'`, `$"…"`, `<<<` and `&>` of bash. Nothing is expanded or run. Throws `ShellError` where a shell would ask
 * for more.
 */
export function readShell(text: string): ShellToken[] {
  return new ShellReader(text).read();
}

/** Longest first. */
const operators = ['&&', '||', ';;', '|&', '|', '&', ';', '(', ')', '\n'];
const redirects = ['<<<', '<<-', '&>>', '<<', '<>', '<&', '>>', '>&', '>|', '&>', '<', '>'];

interface PendingHereDocument {
  /** Where in the tokens it stands. */
  readonly index: number;
  readonly operator: string;
  readonly word: ShellWord;
  readonly from: number;
}

class ShellReader {
  readonly #text: string;
  readonly #tokens: ShellToken[] = [];
  #at = 0;
  #pending: PendingHereDocument[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  read(): ShellToken[] {
    for (;;) {
      this.#skipBlanks();
      if (this.#at >= this.#text.length) {
        break;
      }
      if (!this.#readRedirect() && !this.#readOperator()) {
        this.#tokens.push({ kind: 'word', word: this.#readWord() });
      }
    }
    const [unread] = this.#pending;
    if (unread) {
      throw new ShellError(
        `The text of ${unread.operator} is missing: it begins on the next line.`,
        {
          from: unread.from,
          to: unread.word.span.to,
        },
      );
    }
    return this.#tokens;
  }

  /** Blanks, line continuations and comments. */
  #skipBlanks(): void {
    for (;;) {
      const [blank = ''] = /^(?:[ \t]|\\\n)+/.exec(this.#text.slice(this.#at)) ?? [];
      this.#at += blank.length;
      if (this.#text[this.#at] !== '#') {
        return;
      }
      const end = this.#text.indexOf('\n', this.#at);
      this.#at = end < 0 ? this.#text.length : end;
    }
  }

  #readOperator(): boolean {
    const from = this.#at;
    const operator = operators.find((one) => this.#text.startsWith(one, from));
    if (operator === undefined) {
      return false;
    }
    this.#at += operator.length;
    this.#tokens.push({ kind: 'operator', text: operator, span: { from, to: this.#at } });
    if (operator === '\n') {
      this.#readHereDocuments();
    }
    return true;
  }

  #readRedirect(): boolean {
    const from = this.#at;
    const [number = ''] = /^\d+(?=[<>])/.exec(this.#text.slice(from, from + 20)) ?? [];
    const start = from + number.length;
    // <(…) and >(…) are words of bash.
    if (/^[<>]\(/.test(this.#text.slice(start, start + 2)) && number === '') {
      return false;
    }
    const operator = redirects.find((one) => this.#text.startsWith(one, start));
    if (operator === undefined) {
      return false;
    }
    this.#at = start + operator.length;
    this.#skipBlanks();
    const word = this.#readWord();
    if (!word.quoted && word.parts.length === 0) {
      throw new ShellError(`After ${operator} a word is missing.`, {
        from,
        to: start + operator.length,
      });
    }
    if (operator === '<<' || operator === '<<-') {
      this.#pending.push({ index: this.#tokens.length, operator, word, from });
    }
    const span = { from, to: word.span.to };
    this.#tokens.push({ kind: 'redirect', operator: number + operator, span, word });
    return true;
  }

  #readHereDocuments(): void {
    for (const { index, operator, word, from } of this.#pending) {
      const span = { from, to: word.span.to };
      const delimiter = word.parts
        .map((part) => (part.kind === 'text' ? part.text : part.source))
        .join('');
      const lines: string[] = [];
      for (let closed = false; !closed; ) {
        if (this.#at >= this.#text.length) {
          throw new ShellError(`The line ${delimiter} that ends this text is missing.`, span);
        }
        const end = this.#text.indexOf('\n', this.#at);
        const to = end < 0 ? this.#text.length : end;
        const whole = this.#text.slice(this.#at, to);
        const line = operator === '<<-' ? whole.replace(/^\t+/, '') : whole;
        this.#at = end < 0 ? to : to + 1;
        closed = line === delimiter;
        if (!closed) {
          lines.push(`${line}\n`);
        }
      }
      const body = word.quoted
        ? plainWord(lines.join(''))
        : new ShellReader(lines.join('')).#inDocument();
      this.#tokens[index] = {
        kind: 'redirect',
        operator,
        span,
        word: { ...body, span: word.span },
      };
    }
    this.#pending = [];
  }

  /** The whole text as what stands in a here-document. */
  #inDocument(): ShellWord {
    const word = new WordBuilder();
    this.#readQuoted(word, undefined);
    return word.word(0, this.#text.length);
  }

  #readWord(): ShellWord {
    const from = this.#at;
    const word = new WordBuilder();
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (/[<>]/.test(character) && this.#text[this.#at + 1] === '(' && !word.begun) {
        const next = afterParentheses(this.#text, this.#at + 1);
        word.part({ kind: 'expansion', source: this.#text.slice(this.#at, next) });
        this.#at = next;
      } else if (/[ \t\n|&;()<>]/.test(character)) {
        break;
      } else {
        this.#readPiece(word, character);
      }
    }
    return word.word(from, Math.min(this.#at, this.#text.length));
  }

  #readPiece(word: WordBuilder, character: string): void {
    const from = this.#at;
    const next = this.#text[from + 1];
    if (character === '\\') {
      // A backslash at the very end stands for itself, as bash has it.
      if (next !== '\n') {
        word.text(next ?? '\\');
      }
      this.#at += 2;
    } else if (character === "'") {
      const end = this.#text.indexOf("'", from + 1);
      if (end < 0) {
        throw missingQuote(this.#text, from);
      }
      word.quoted = true;
      word.text(this.#text.slice(from + 1, end));
      this.#at = end + 1;
    } else if (character === '$' && next === "'") {
      const ansi = readAnsiC(this.#text, from + 1);
      word.quoted = true;
      word.text(ansi.value);
      this.#at = ansi.next;
    } else if (character === '"' || (character === '$' && next === '"')) {
      this.#at += character === '"' ? 0 : 1;
      word.quoted = true;
      word.text('');
      this.#readQuoted(word, this.#at);
    } else {
      this.#readExpansion(word, character, true);
    }
  }

  /** What stands in double quotes that open at `quote`; without it, to the end of the text. */
  #readQuoted(word: WordBuilder, quote: number | undefined): void {
    this.#at += quote === undefined ? 0 : 1;
    while (this.#at < this.#text.length) {
      const character = this.#text[this.#at] ?? '';
      if (character === '"' && quote !== undefined) {
        this.#at++;
        return;
      }
      if (character === '\\') {
        const next = this.#text[this.#at + 1] ?? '';
        const escapes = quote === undefined ? '$`\\' : '$`\\"';
        if (next !== '\n') {
          word.text(next !== '' && escapes.includes(next) ? next : `\\${next}`);
        }
        this.#at += 2;
      } else {
        this.#readExpansion(word, character, false);
      }
    }
    if (quote !== undefined) {
      throw missingQuote(this.#text, quote);
    }
  }

  #readExpansion(word: WordBuilder, character: string, unquoted: boolean): void {
    const expansion = /[$`]/.test(character) ? readExpansion(this.#text, this.#at) : undefined;
    if (expansion) {
      word.part(expansion.value);
      this.#at = expansion.next;
    } else {
      word.text(character, unquoted);
      this.#at++;
    }
  }
}

function plainWord(text: string): ShellWord {
  const word = new WordBuilder();
  word.text(text);
  return word.word(0, text.length);
}
