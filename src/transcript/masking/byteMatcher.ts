/** Bytes to look for, and how many bytes beside them belong to what was found. */
export interface Pattern {
  readonly bytes: Uint8Array;
  readonly before: number;
  readonly after: number;
}

/** Called with the end of what was found, how far it reaches back from there, and how far past it. */
export type Found = (end: number, back: number, ahead: number) => void;

/**
 * Looks for many patterns at once in bytes that come in pieces (Aho-Corasick). A state is a number: what of the
 * patterns the last bytes may be the beginning of.
 */
export class ByteMatcher {
  /** The state in which nothing has been read. */
  static readonly START = 0;

  /** Where each byte leads from the start: most bytes of most messages lead nowhere. */
  readonly #first = new Int32Array(256);
  readonly #child: Int32Array;
  readonly #sibling: Int32Array;
  readonly #byte: Uint8Array;
  readonly #fallback: Int32Array;
  readonly #depth: Int32Array;
  readonly #back: Int32Array;
  readonly #ahead: Int32Array;

  constructor(patterns: readonly Pattern[]) {
    const size = 1 + patterns.reduce((sum, { bytes }) => sum + bytes.length, 0);
    this.#child = new Int32Array(size);
    this.#sibling = new Int32Array(size);
    this.#byte = new Uint8Array(size);
    this.#fallback = new Int32Array(size);
    this.#depth = new Int32Array(size);
    this.#back = new Int32Array(size);
    this.#ahead = new Int32Array(size);
    let nodes = 1;
    for (const { bytes, before, after } of patterns) {
      let node: number = ByteMatcher.START;
      for (const byte of bytes) {
        let next = this.#next(node, byte);
        if (next === 0) {
          next = nodes++;
          this.#add(node, byte, next);
        }
        node = next;
      }
      this.#back[node] = Math.max(at(this.#back, node), bytes.length + before);
      this.#ahead[node] = Math.max(at(this.#ahead, node), after);
    }
    this.#link();
  }

  /** How many of the last bytes may be the beginning of something that is looked for. */
  depth(state: number): number {
    return at(this.#depth, state);
  }

  /** Reads `bytes[from, to)` and gives the state after them. */
  scan(bytes: Uint8Array, from: number, to: number, state: number, found: Found): number {
    let now = state;
    for (let index = from; index < to; index++) {
      const byte = bytes[index] ?? 0;
      now = now === 0 ? at(this.#first, byte) : this.#step(now, byte);
      if (now !== 0 && at(this.#back, now) > 0) {
        found(index + 1, at(this.#back, now), at(this.#ahead, now));
      }
    }
    return now;
  }

  #step(state: number, byte: number): number {
    for (let node = state; node !== 0; node = at(this.#fallback, node)) {
      const next = this.#next(node, byte);
      if (next !== 0) {
        return next;
      }
    }
    return at(this.#first, byte);
  }

  #next(node: number, byte: number): number {
    if (node === 0) {
      return at(this.#first, byte);
    }
    let next = at(this.#child, node);
    while (next !== 0 && this.#byte[next] !== byte) {
      next = at(this.#sibling, next);
    }
    return next;
  }

  #add(parent: number, byte: number, node: number): void {
    this.#byte[node] = byte;
    this.#depth[node] = at(this.#depth, parent) + 1;
    if (parent === 0) {
      this.#first[byte] = node;
    } else {
      this.#sibling[node] = at(this.#child, parent);
      this.#child[parent] = node;
    }
  }

  /** Gives each node the longest other one that ends in the same bytes; shorter nodes come first. */
  #link(): void {
    const queue = [...this.#first].filter((node) => node !== 0);
    for (let done = 0; done < queue.length; done++) {
      const parent = queue[done] as number;
      let node = at(this.#child, parent);
      for (; node !== 0; node = at(this.#sibling, node)) {
        const fallback = this.#step(at(this.#fallback, parent), this.#byte[node] ?? 0);
        this.#fallback[node] = fallback;
        this.#back[node] = Math.max(at(this.#back, node), at(this.#back, fallback));
        this.#ahead[node] = Math.max(at(this.#ahead, node), at(this.#ahead, fallback));
        queue.push(node);
      }
    }
  }
}

function at(list: Int32Array, index: number): number {
  return list[index] as number;
}
