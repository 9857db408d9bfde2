const CHUNK_BITS = 14;
const CHUNK = 1 << CHUNK_BITS;
const MASK = CHUNK - 1;
/** 64 bytes: V8 keeps so small an array with its other objects, which costs a tenth of one outside its heap. */
const FIRST = 16;

/** A growing list of 32-bit numbers, in chunks: no copying when it grows, 4 bytes each. */
export class Uint32List {
  readonly #chunks: Uint32Array[] = [];
  #count = 0;

  get length(): number {
    return this.#count;
  }

  push(value: number): void {
    if ((this.#count & MASK) === 0) {
      this.#chunks.push(new Uint32Array(this.#count === 0 ? FIRST : CHUNK));
    }
    this.#chunk(this.#count)[this.#count & MASK] = value;
    this.#count++;
  }

  get(index: number): number {
    return this.#chunks[index >>> CHUNK_BITS]?.[index & MASK] ?? 0;
  }

  set(index: number, value: number): void {
    const chunk = this.#chunks[index >>> CHUNK_BITS];
    if (chunk) {
      chunk[index & MASK] = value;
    }
  }

  /** The first chunk starts small, because most transcripts are. */
  #chunk(index: number): Uint32Array {
    const position = index >>> CHUNK_BITS;
    let chunk = this.#chunks[position] as Uint32Array;
    if ((index & MASK) >= chunk.length) {
      const larger = new Uint32Array(Math.min(CHUNK, chunk.length * 4));
      larger.set(chunk);
      this.#chunks[position] = larger;
      chunk = larger;
    }
    return chunk;
  }
}

/** A growing list of whole numbers up to 2^53: two 32-bit columns. */
export class SafeIntegerList {
  readonly #low = new Uint32List();
  readonly #high = new Uint32List();

  push(value: number): void {
    this.#low.push(value >>> 0);
    this.#high.push(Math.floor(value / 0x1_0000_0000));
  }

  get(index: number): number {
    return this.#high.get(index) * 0x1_0000_0000 + this.#low.get(index);
  }
}

/** The first index in `[0, length)` for which `test` holds, `length` when there is none; `test` is monotonic. */
export function firstIndex(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

/** The last index of a growing list whose value is not above `value`; -1 when there is none. */
export function lastNotAbove(list: Uint32List, value: number): number {
  return firstIndex(list.length, (index) => list.get(index) > value) - 1;
}
