import type { FunctionNode } from './syntax';

/** Functions, fields and variables that are looked into for the sake of one: deeper is not followed. */
const deepest = 8;

/** What an answer rests on beside the text of the function that asks. */
export class Grounds {
  /** Functions whose bodies were walked. */
  readonly functions = new Set<FunctionNode>();
  /** Fields and variables whose assignments were looked for. */
  readonly names = new Set<string>();

  add({ functions, names }: Grounds): void {
    for (const fn of functions) {
      this.functions.add(fn);
    }
    for (const name of names) {
      this.names.add(name);
    }
  }
}

/** An answer that is kept for whoever asks next, who then rests on the same. */
export interface Answer<Result> {
  readonly value: Result | undefined;
  readonly grounds: Grounds;
  /** How deep the outermost question stands that it came back to. */
  readonly cameBackTo: number;
}

const nowhere = Number.POSITIVE_INFINITY;

/** Questions that are asked for the sake of others, in circles too. */
export class Inquiry {
  /** Of what is asked at the moment. */
  grounds = new Grounds();
  /** Being answered, and how deep: a circle gives nothing. */
  readonly #open = new Map<unknown, number>();
  #depth = 0;
  /** How deep the outermost open question stands that what is asked at the moment came back to. */
  #cameBackTo = nowhere;
  /** Forgets the answers that came back to a question, by how deep it stands: they hold while it is open. */
  readonly #forget = new Map<number, (() => void)[]>();

  isOpen(question: unknown): boolean {
    const depth = this.#open.get(question);
    this.#cameBackTo = Math.min(this.#cameBackTo, depth ?? nowhere);
    return depth !== undefined;
  }

  get isTooDeep(): boolean {
    return this.#depth >= deepest;
  }

  /** The answer that is kept, or a new one; undefined in a circle, and where nothing is known. */
  answer<Key, Result>(
    answers: Map<Key, Answer<Result>>,
    question: Key,
    compute: () => Result | undefined,
  ): Result | undefined {
    const known = answers.get(question);
    if (known !== undefined) {
      this.grounds.add(known.grounds);
      this.#cameBackTo = Math.min(this.#cameBackTo, known.cameBackTo);
      return known.value;
    }
    if (this.isOpen(question)) {
      return undefined;
    }
    const around = this.#cameBackTo;
    this.#cameBackTo = nowhere;
    const { value, grounds } = this.grounded(() => this.guarded(question, compute));
    const cameBackTo = this.#cameBackTo < this.#depth ? this.#cameBackTo : nowhere;
    this.#cameBackTo = Math.min(around, cameBackTo);
    answers.set(question, { value, grounds, cameBackTo });
    if (cameBackTo !== nowhere) {
      const forget = this.#forget.get(cameBackTo) ?? [];
      forget.push(() => answers.delete(question));
      this.#forget.set(cameBackTo, forget);
    }
    return value;
  }

  /** With what it rests on; that counts for what is asked at the moment as well. */
  grounded<Result>(compute: () => Result): { readonly value: Result; readonly grounds: Grounds } {
    const around = this.grounds;
    const grounds = new Grounds();
    this.grounds = grounds;
    try {
      return { value: compute(), grounds };
    } finally {
      this.grounds = around;
      around.add(grounds);
    }
  }

  guarded<Result>(question: unknown, compute: () => Result): Result {
    const depth = this.#depth;
    this.#open.set(question, depth);
    this.#depth += 1;
    try {
      return compute();
    } finally {
      this.#depth = depth;
      this.#open.delete(question);
      for (const forget of this.#forget.get(depth) ?? []) {
        forget();
      }
      this.#forget.delete(depth);
    }
  }
}
