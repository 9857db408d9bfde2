import type { HeaderField } from './frame';

/** RFC 7541 Appendix A; index 1 is the first. */
export const staticTable: readonly HeaderField[] = [
  [':authority', ''],
  [':method', 'GET'],
  [':method', 'POST'],
  [':path', '/'],
  [':path', '/index.html'],
  [':scheme', 'http'],
  [':scheme', 'https'],
  [':status', '200'],
  [':status', '204'],
  [':status', '206'],
  [':status', '304'],
  [':status', '400'],
  [':status', '404'],
  [':status', '500'],
  ['accept-charset', ''],
  ['accept-encoding', 'gzip, deflate'],
  ['accept-language', ''],
  ['accept-ranges', ''],
  ['accept', ''],
  ['access-control-allow-origin', ''],
  ['age', ''],
  ['allow', ''],
  ['authorization', ''],
  ['cache-control', ''],
  ['content-disposition', ''],
  ['content-encoding', ''],
  ['content-language', ''],
  ['content-length', ''],
  ['content-location', ''],
  ['content-range', ''],
  ['content-type', ''],
  ['cookie', ''],
  ['date', ''],
  ['etag', ''],
  ['expect', ''],
  ['expires', ''],
  ['from', ''],
  ['host', ''],
  ['if-match', ''],
  ['if-modified-since', ''],
  ['if-none-match', ''],
  ['if-range', ''],
  ['if-unmodified-since', ''],
  ['last-modified', ''],
  ['link', ''],
  ['location', ''],
  ['max-forwards', ''],
  ['proxy-authenticate', ''],
  ['proxy-authorization', ''],
  ['range', ''],
  ['referer', ''],
  ['refresh', ''],
  ['retry-after', ''],
  ['server', ''],
  ['set-cookie', ''],
  ['strict-transport-security', ''],
  ['transfer-encoding', ''],
  ['user-agent', ''],
  ['vary', ''],
  ['via', ''],
  ['www-authenticate', ''],
];

/** Size of the table before any SETTINGS_HEADER_TABLE_SIZE, RFC 9113 section 6.5.2. */
export const defaultTableSize = 4096;

/** What a field counts in a table or a header list, RFC 7541 section 4.1. */
export function fieldSize(field: HeaderField): number {
  return field[0].length + field[1].length + 32;
}

/** The dynamic table of RFC 7541 section 2.3.2: newest first, oldest evicted. */
export class DynamicTable {
  /** Oldest first, so that adding is `push`; what lies before `#head` has been evicted. */
  #entries: HeaderField[] = [];
  #head = 0;
  #size = 0;
  #maxSize: number;

  constructor(maxSize = defaultTableSize) {
    this.#maxSize = maxSize;
  }

  /** Sum of `fieldSize` of the entries. */
  get size(): number {
    return this.#size;
  }

  get maxSize(): number {
    return this.#maxSize;
  }

  get length(): number {
    return this.#entries.length - this.#head;
  }

  /** Entry `position`, 0 the newest. */
  at(position: number): HeaderField | undefined {
    return position < this.length ? this.#entries[this.#entries.length - 1 - position] : undefined;
  }

  /** Adds in front; a field larger than the table empties it and is not kept (section 4.4). */
  add(field: HeaderField): void {
    const size = fieldSize(field);
    this.#evictTo(this.#maxSize - size);
    if (size > this.#maxSize) return;
    this.#entries.push(field);
    this.#size += size;
  }

  resize(maxSize: number): void {
    this.#maxSize = maxSize;
    this.#evictTo(maxSize);
  }

  #evictTo(size: number): void {
    while (this.#size > size) {
      const oldest = this.#entries[this.#head];
      if (oldest === undefined) break;
      this.#size -= fieldSize(oldest);
      this.#head++;
    }
    // Evicted entries go when they are half of the array: each entry is moved once on average.
    if (this.#head * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#head);
      this.#head = 0;
    }
  }
}
