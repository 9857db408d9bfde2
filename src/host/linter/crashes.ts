/** A server that ends more often than this within `window` stays off. */
const limit = 4;

/** Milliseconds. */
const window = 3 * 60_000;

/** Decides after each unexpected end of the server whether it is started again. */
export class Crashes {
  #times: number[] = [];
  #count = 0;

  /**
   * @param now milliseconds
   * @returns what to do; `isFirst` once, for what needs to be said only once
   */
  next(now: number): { readonly restart: boolean; readonly isFirst: boolean } {
    this.#times = [...this.#times.filter((time) => now - time < window), now];
    return { restart: this.#times.length <= limit, isFirst: this.#count++ === 0 };
  }
}
