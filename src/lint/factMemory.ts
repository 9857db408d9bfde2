import type { Fact } from './facts';
import type { LintContext } from './lintedFile';
import { mentions, type Outline } from './outline';

/** What was found out about one function, and what that rests on beside its own text. */
export interface Remembered {
  readonly text: string;
  readonly owner: string;
  /** With spans relative to the start of the function. */
  readonly facts: readonly Fact[];
  /** Texts of functions, by their names, that decided something here. */
  readonly others: readonly { readonly key: string; readonly text: string }[];
  /** Names whose assignments were looked for, and the texts of the functions that have some. */
  readonly written: readonly { readonly name: string; readonly texts: string }[];
}

/** Facts of a file's functions, from one look at it to the next. */
export class FactMemory {
  #outline: Outline | undefined;
  #context: { settings: unknown; generation: number } | undefined;
  /** By the text of the function and what it belongs to. */
  #functions = new Map<string, Remembered>();

  copy(): FactMemory {
    const copy = new FactMemory();
    copy.#outline = this.#outline;
    copy.#context = this.#context;
    copy.#functions = new Map(this.#functions);
    return copy;
  }

  get(key: string): Remembered | undefined {
    return this.#functions.get(key);
  }

  keep(functions: Map<string, Remembered>): void {
    this.#functions = functions;
  }

  /** Forgets what a new outline, other settings or another index may have changed. */
  forget(outline: Outline, { settings, index }: LintContext): void {
    const same =
      this.#context?.settings === settings && this.#context.generation === index.generation;
    const changed =
      same && this.#outline !== undefined ? outline.changesSince(this.#outline) : 'everything';
    this.#context = { settings, generation: index.generation };
    this.#outline = outline;
    if (changed === 'everything') {
      this.#functions.clear();
    } else if (changed.size > 0) {
      const uses = mentions(changed);
      for (const [key, { text, owner, others }] of this.#functions) {
        if (uses.test(text) || uses.test(owner) || others.some((other) => uses.test(other.text))) {
          this.#functions.delete(key);
        }
      }
    }
  }
}
