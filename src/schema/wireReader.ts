import { WireType } from './wire';

/**
 * Reads the bytes of one message ("Encoding"). Throws an `Error` where they end too early or are no protobuf; the
 * numbers of fields are its caller's business.
 */
export class WireReader {
  readonly #bytes: Buffer;
  position = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.isBuffer(bytes)
      ? bytes
      : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** The low 32 bits of a varint. */
  uint32(): number {
    const first = this.#bytes[this.position];
    if (first !== undefined && first < 0x80) {
      this.position++;
      return first;
    }
    return this.#halves().low;
  }

  int32(): number {
    return this.uint32() | 0;
  }

  sint32(): number {
    const value = this.uint32();
    return (value >>> 1) ^ -(value & 1);
  }

  uint64(): bigint {
    const { low, high } = this.#halves();
    return high === 0 ? BigInt(low) : (BigInt(high) << 32n) | BigInt(low);
  }

  int64(): bigint {
    return BigInt.asIntN(64, this.uint64());
  }

  sint64(): bigint {
    const value = this.uint64();
    return (value >> 1n) ^ -(value & 1n);
  }

  bool(): boolean {
    const { low, high } = this.#halves();
    return low !== 0 || high !== 0;
  }

  fixed32(): number {
    return this.#bytes.readUInt32LE(this.#pass(4));
  }

  sfixed32(): number {
    return this.#bytes.readInt32LE(this.#pass(4));
  }

  fixed64(): bigint {
    return this.#bytes.readBigUInt64LE(this.#pass(8));
  }

  sfixed64(): bigint {
    return this.#bytes.readBigInt64LE(this.#pass(8));
  }

  float(): number {
    return this.#bytes.readFloatLE(this.#pass(4));
  }

  double(): number {
    return this.#bytes.readDoubleLE(this.#pass(8));
  }

  /** A view, after its length. */
  bytes(): Uint8Array {
    const start = this.#pass(this.uint32());
    return this.#bytes.subarray(start, this.position);
  }

  /** The base64 of bytes, without a view of them. */
  base64(): string {
    const start = this.#pass(this.uint32());
    return this.#bytes.toString('base64', start, this.position);
  }

  /** After its length. What is no UTF-8 becomes U+FFFD. */
  string(): string {
    const start = this.#pass(this.uint32());
    return this.#bytes.toString('utf8', start, this.position);
  }

  /** Passes over a value. Groups may be nested `depth` deep. */
  skip(wireType: number, number: number, depth: number): void {
    switch (wireType) {
      case WireType.Varint:
        this.#halves();
        return;
      case WireType.Fixed64:
        this.#pass(8);
        return;
      case WireType.Bytes:
        this.#pass(this.uint32());
        return;
      case WireType.Start:
        this.#skipGroup(number, depth);
        return;
      case WireType.Fixed32:
        this.#pass(4);
        return;
      default:
        throw new Error(`wire type ${wireType} does not exist`);
    }
  }

  #skipGroup(group: number, depth: number): void {
    if (depth <= 0) {
      throw new Error('groups are nested too deep');
    }
    for (;;) {
      const tag = this.uint32();
      const number = tag >>> 3;
      if ((tag & 7) === WireType.End) {
        if (number !== group) {
          throw new Error(`end of a group (${number}) that did not start`);
        }
        return;
      }
      if (number === 0) {
        throw new Error('field number 0');
      }
      this.skip(tag & 7, number, depth - 1);
    }
  }

  /** Passes over so many bytes; returns where they begin. */
  #pass(length: number): number {
    const start = this.position;
    if (length > this.#bytes.length - start) {
      throw new Error(`${length} bytes are announced, ${this.#bytes.length - start} are left`);
    }
    this.position = start + length;
    return start;
  }

  /** A varint: 64 bits as two unsigned halves. */
  #halves(): { readonly low: number; readonly high: number } {
    const bytes = this.#bytes;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      const byte = bytes[this.position];
      if (byte === undefined) {
        throw new Error('the bytes end inside a number');
      }
      this.position++;
      const bits = byte & 0x7f;
      if (shift < 28) {
        low |= bits << shift;
      } else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        return { low: low >>> 0, high: high >>> 0 };
      }
    }
    throw new Error('a number of more than 10 bytes');
  }
}
