import type { Output } from '../environment';

type ProgressOutput = Pick<Output, 'write' | 'columns'>;

/** How often a line is drawn anew, in milliseconds. */
const interval = 100;

/** One line on a terminal that says how far things are; gone when it is over. */
export class Progress {
  readonly #out: ProgressOutput | undefined;
  #drawn = 0;
  #isShown = false;

  /** @param out undefined: nobody watches */
  constructor(out: ProgressOutput | undefined) {
    this.#out = out;
  }

  /** @param what `Linting`; `total` undefined when it isn't known yet */
  show(what: string, done: number, total: number | undefined): void {
    const now = performance.now();
    if (this.#out === undefined || (this.#isShown && now - this.#drawn < interval)) {
      return;
    }
    this.#drawn = now;
    this.#isShown = true;
    const count = total === undefined ? `${done} files` : `${done} of ${total} files`;
    const line = `${what}: ${count}`.slice(0, (this.#out.columns || 80) - 1);
    // Back to the start of the line, the text, and nothing behind it (ECMA-48 8.3.41, EL).
    this.#out.write(`\r${line}\x1b[K`);
  }

  clear(): void {
    if (this.#isShown) {
      this.#out?.write('\r\x1b[K');
      this.#isShown = false;
    }
  }
}
