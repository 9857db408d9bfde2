import { findReferences } from '../variables/references';
import { sourceOf } from './findCommand';
import type { ShellPart, ShellWord } from './shellSyntax';

/** Turns words of a shell into texts of a request, with references for what the shell would replace. */
export class WordTexts {
  /** What a person should know about them: a sentence each. */
  readonly notes: string[] = [];
  readonly #home: string | undefined;
  /** What a shell would replace, as it is written, to the name of the reference in its place. */
  readonly #names = new Map<string, string>();

  constructor(home: string | undefined) {
    this.#home = home;
  }

  /** A text on one line, in which `{{` can't be written otherwise. */
  line(word: ShellWord): string {
    return this.#join(word, (text) => {
      const [reference] = findReferences(text);
      if (reference) {
        const { from, to } = reference.span;
        this.note(`${text.slice(from, to)} is read as a reference to a variable here.`);
      }
      return text;
    });
  }

  /** JSON, in which a `{{` that is no reference is escaped. */
  json(word: ShellWord): string {
    return this.#join(word, (text) => text.replace(/\{\{(?=[^{}\n]*\}\})/g, '\\u007b{'));
  }

  /** Each sentence once. */
  note(sentence: string): void {
    if (!this.notes.includes(sentence)) {
      this.notes.push(sentence);
    }
  }

  /** A reference to a variable of grpcurl's own environment. */
  reference(name: string, source: string): string {
    this.note(
      `{{${name}}} stands for ${source}: give it a value in the file, or in the variables or secrets of an environment.`,
    );
    return `{{${name}}}`;
  }

  #join(word: ShellWord, literal: (text: string) => string): string {
    const parts = this.#withHome(word);
    return parts
      .map((part) => (part.kind === 'text' ? literal(part.text) : this.#replace(part)))
      .join('');
  }

  #replace(part: Exclude<ShellPart, { kind: 'text' }>): string {
    const name = this.#names.get(part.source) ?? this.#nameFor(part);
    this.#names.set(part.source, name);
    return this.reference(name, part.source);
  }

  #nameFor(part: Exclude<ShellPart, { kind: 'text' }>): string {
    if (part.kind === 'variable') {
      return part.name;
    }
    const count = [...this.#names.values()].filter((name) => /^value\d+$/.test(name)).length;
    return `value${count + 1}`;
  }

  #withHome(word: ShellWord): readonly ShellPart[] {
    const [first, ...rest] = word.parts;
    if (word.pattern === '~' && first?.kind === 'text' && this.#home !== undefined) {
      return [{ kind: 'text', text: this.#home + first.text.slice(1) }, ...rest];
    }
    if (word.pattern !== undefined) {
      this.note(
        `${sourceOf(word)} is taken as it is written; a shell would replace ${word.pattern} outside quotes.`,
      );
    }
    return word.parts;
  }
}
