import type { Span } from './span';

/** A place in a text; both from 1, columns in UTF-16 units, as editors and SARIF count them. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface Region {
  readonly start: Place;
  /** The first place behind it. */
  readonly end: Place;
}

/** Turns offsets of one text into places. */
export class Lines {
  readonly #text: string;
  readonly #starts: readonly number[];

  constructor(text: string) {
    const starts = [0];
    for (const { index, 0: end } of text.matchAll(/\r\n|\r|\n/g)) {
      starts.push(index + end.length);
    }
    this.#text = text;
    this.#starts = starts;
  }

  place(offset: number): Place {
    const line = this.#lineOf(offset);
    return { line: line + 1, column: offset - (this.#starts[line] ?? 0) + 1 };
  }

  region({ from, to }: Span): Region {
    return { start: this.place(from), end: this.place(to) };
  }

  /** @param line from 1 */
  line(line: number): string {
    return this.#text.slice(this.#starts[line - 1], this.#starts[line]).replace(/\r?\n$|\r$/, '');
  }

  /** The last line that starts at or before the offset. */
  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
