/** The byte at `offset`; 0 past the end, which callers rule out by checking the length first. */
export function byteAt(bytes: Uint8Array, offset: number): number {
  return bytes[offset] ?? 0;
}

/** Big-endian unsigned 16 bits at `offset`. */
export function readUint16(bytes: Uint8Array, offset: number): number {
  return (byteAt(bytes, offset) << 8) | byteAt(bytes, offset + 1);
}

/** Big-endian unsigned 24 bits at `offset`. */
export function readUint24(bytes: Uint8Array, offset: number): number {
  return (
    (byteAt(bytes, offset) << 16) | (byteAt(bytes, offset + 1) << 8) | byteAt(bytes, offset + 2)
  );
}

/** Big-endian unsigned 32 bits at `offset`. */
export function readUint32(bytes: Uint8Array, offset: number): number {
  return ((byteAt(bytes, offset) << 24) | readUint24(bytes, offset + 1)) >>> 0;
}

/** Big-endian 31 bits at `offset`, the reserved top bit ignored (stream ids, RFC 9113 section 4.1). */
export function readUint31(bytes: Uint8Array, offset: number): number {
  return readUint32(bytes, offset) & 0x7fffffff;
}

/** Writes `value` as big-endian unsigned 32 bits at `offset`. */
export function writeUint32(bytes: Uint8Array, offset: number, value: number): void {
  bytes[offset] = value >>> 24;
  bytes[offset + 1] = value >>> 16;
  bytes[offset + 2] = value >>> 8;
  bytes[offset + 3] = value;
}

/** The bytes from `start` to `end` as latin-1 text: one character a byte, nothing lost. */
export function latin1Text(bytes: Uint8Array, start = 0, end = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
}

/**
 * Collects bytes that arrive in parts into one stretch. The buffer doubles as bytes really arrive, so
 * a length that a peer only announces costs nothing; it is kept for the next use while it is small.
 */
export class ByteCollector {
  #buffer = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  append(bytes: Uint8Array, start = 0, end = bytes.length): void {
    const length = this.#length + (end - start);
    if (length > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(length, this.#buffer.length * 2, smallBuffer));
      grown.set(this.#buffer.subarray(0, this.#length));
      this.#buffer = grown;
    }
    this.#buffer.set(bytes.subarray(start, end), this.#length);
    this.#length = length;
  }

  /** A view of what was collected, good until the next `append`. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  clear(): void {
    this.#length = 0;
    if (this.#buffer.length > keptBuffer) this.#buffer = new Uint8Array(0);
  }
}

const smallBuffer = 1024;
const keptBuffer = 64 * 1024;
