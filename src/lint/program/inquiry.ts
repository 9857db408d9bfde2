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
  readonly value: Result;
  readonly grounds: Grounds;
}

/** Questions that are asked for the sake of others, in circles too. */
export class Inquiry {
  /** Of what is asked at the moment. */
  grounds = new Grounds();
  /** Being answered, and how deep: a circle gives nothing. */
  readonly #open = new Map<unknown, number>();
  #depth = 0;
  /** The outermost open question that what is asked at the moment came back to: its answer is only this way's. */
  #cameBackTo = Number.POSITIVE_INFINITY;

  isOpen(question: unknown): boolean {
    const depth = this.#open.get(question);
    this.#cameBackTo = Math.min(this.#cameBackTo, depth ?? Number.POSITIVE_INFINITY);
    return depth !== undefined;
  }

  get isTooDeep(): boolean {
    return this.#depth >= deepest;
  }

  /** The answer that is kept, or a new one; undefined in a circle. What a circle left open is asked again. */
  answer<Key, Result>(
    answers: Map<Key, Answer<Result | undefined>>,
    question: Key,
    compute: () => Result | undefined,
  ): Result | undefined {
    const known = answers.get(question);
    if (known !== undefined) {
      this.grounds.add(known.grounds);
      return known.value;
    }
    if (this.isOpen(question)) {
      return undefined;
    }
    const depth = this.#depth;
    const around = this.#cameBackTo;
    this.#cameBackTo = Number.POSITIVE_INFINITY;
    const { value, grounds } = this.grounded(() => this.guarded(question, compute));
    const isOpenOutside = this.#cameBackTo < depth;
    this.#cameBackTo = Math.min(around, isOpenOutside ? this.#cameBackTo : around);
    if (value !== undefined || !isOpenOutside) {
      answers.set(question, { value, grounds });
    }
    return value;
  }

  /** With what it rests on; that counts for what is asked at the moment as well. */
  grounded<Result>(compute: () => Result): Answer<Result> {
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
    this.#open.set(question, this.#depth);
    this.#depth += 1;
    try {
      return compute();
    } finally {
      this.#depth -= 1;
      this.#open.delete(question);
    }
  }
}
