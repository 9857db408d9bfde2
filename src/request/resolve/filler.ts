import type { Annotation, Span, Text } from '../file/syntax';
import type { RequestFiles } from '../files';
import type { Scope } from '../variables/scope';
import type { TextValue, Values } from '../variables/values';
import type { RequestProblem } from './resolved';

/** An annotation with every reference replaced. */
export interface Filled {
  readonly name: string;
  readonly value: string;
  /** As it is written. */
  readonly text: string;
  readonly span: Span;
}

/** Replaces references in the parts of one request, and gathers what is wrong, with its place in the file. */
export class Filler {
  readonly #values: Values;
  readonly #files: RequestFiles;
  readonly scope: Scope;
  readonly problems: RequestProblem[] = [];

  constructor(values: Values, scope: Scope, files: RequestFiles) {
    this.#values = values;
    this.scope = scope;
    this.#files = files;
  }

  problem(span: Span, message: string): void {
    this.problems.push({ span, message });
  }

  async fill(text: Text): Promise<Text> {
    return { text: (await this.#fill(text, 'text')).text, span: text.span };
  }

  /** The text of a message, and where its offsets come from in the file. */
  async json(
    text: Text,
  ): Promise<{ readonly json: string; readonly placeOf: (offset: number) => number }> {
    const filled = await this.#fill(text, 'json');
    return { json: filled.text, placeOf: (offset) => text.span.from + filled.originOf(offset) };
  }

  async annotation({ name, value, span }: Annotation): Promise<Filled> {
    const { text } = await this.fill(value);
    return { name: name.text, value: text, text: value.text, span };
  }

  /** The path that an annotation names; undefined when it can't be used. */
  async path({ name, value, span }: Filled): Promise<string | undefined> {
    if (value === '') {
      this.problem(span, `The path of a file has to follow: @${name} ./path`);
      return undefined;
    }
    return this.file(value, span);
  }

  /** Where a file stands that is to be read; undefined when it can't be used. */
  async file(path: string, span: Span): Promise<string | undefined> {
    const answer = await this.#files.path(path);
    if (!answer.ok) {
      this.problem(span, answer.message);
      return undefined;
    }
    return answer.path;
  }

  /** The folder that paths are relative to; undefined when nothing may be read of it. */
  async folder(): Promise<string | undefined> {
    const answer = await this.#files.path('.');
    return answer.ok ? answer.path : undefined;
  }

  async message(path: Text): Promise<string | undefined> {
    const { text } = await this.fill(path);
    const answer = await this.#files.message(text);
    if (!answer.ok) {
      this.problem(path.span, answer.message);
      return undefined;
    }
    return answer.text;
  }

  async #fill({ text, span }: Text, syntax: 'text' | 'json'): Promise<TextValue> {
    const filled = await this.#values.fill(text, syntax, this.scope);
    for (const { span: at, message } of filled.problems) {
      this.problem({ from: span.from + at.from, to: span.from + at.to }, message);
    }
    return filled;
  }
}
