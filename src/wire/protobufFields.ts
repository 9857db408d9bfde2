import { byteAt } from './bytes';

interface FieldPlace {
  /** Field number, 1 to 2^29 - 1. */
  readonly number: number;
  /** Offset of the tag. */
  readonly start: number;
  /** Offset of the value, past tag and length. */
  readonly valueStart: number;
  /** Offset past the field; for a group past its end tag. */
  readonly end: number;
}

/**
 * One field as it stands on the wire; what it means (sign, float, text, message) only a schema can say.
 * Integers are the unsigned bit pattern.
 */
export type RawField = FieldPlace &
  (
    | { readonly wireType: 'varint' | 'fixed64'; readonly value: bigint }
    | { readonly wireType: 'fixed32'; readonly value: number }
    /** A view into the bytes that were read. */
    | { readonly wireType: 'bytes'; readonly value: Uint8Array }
    | { readonly wireType: 'group'; readonly children: readonly RawField[] }
  );

export interface FieldLimits {
  /** Most fields that are read, those in groups counted. Default 10,000. */
  readonly fields?: number;
  /** Deepest nesting of groups. Default 100, as in protobuf's own libraries. */
  readonly depth?: number;
}

export interface RawFields {
  readonly fields: readonly RawField[];
  /** Why reading stopped before the end, and where; `fields` holds what came before. */
  readonly problem?: { readonly offset: number; readonly reason: string };
}

/** Where and why reading stops; stays inside this file. */
class FieldProblem extends Error {
  constructor(
    readonly offset: number,
    reason: string,
  ) {
    super(reason);
  }
}

/**
 * Reads the protobuf fields in `bytes` from `start` to `end` without a schema (protobuf encoding,
 * protobuf.dev/programming-guides/encoding). All offsets count from the beginning of `bytes`. Never throws:
 * bytes that are no protobuf are told in `problem`.
 */
export function readFields(
  bytes: Uint8Array,
  start = 0,
  end = bytes.length,
  limits: FieldLimits = {},
): RawFields {
  const reader = new FieldReader(bytes, start, Math.min(end, bytes.length), limits);
  const fields: RawField[] = [];
  try {
    reader.readInto(fields, undefined, 0);
    return { fields };
  } catch (error) {
    if (!(error instanceof FieldProblem)) throw error;
    return { fields, problem: { offset: error.offset, reason: error.message } };
  }
}

class FieldReader {
  readonly #bytes: Uint8Array;
  readonly #end: number;
  readonly #mostFields: number;
  readonly #deepest: number;
  #at: number;
  #count = 0;

  constructor(bytes: Uint8Array, start: number, end: number, limits: FieldLimits) {
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#mostFields = limits.fields ?? 10_000;
    this.#deepest = limits.depth ?? 100;
  }

  /** Reads up to the end, or up to and past the end tag of `group`. */
  readInto(fields: RawField[], group: number | undefined, depth: number): void {
    while (this.#at < this.#end) {
      const start = this.#at;
      const tag = this.#readTag();
      const number = tag >>> 3;
      const wireType = tag & 7;
      if (wireType === 4) {
        if (number === group) return;
        throw new FieldProblem(start, `end of group ${number} without its beginning`);
      }
      if (++this.#count > this.#mostFields) {
        throw new FieldProblem(start, `more than ${this.#mostFields} fields`);
      }
      if (wireType === 3) {
        this.#readGroup(fields, number, start, depth);
      } else {
        fields.push(this.#readValue(number, wireType, start));
      }
    }
    if (group !== undefined) {
      throw new FieldProblem(this.#end, `group ${group} has no end`);
    }
  }

  #readGroup(fields: RawField[], number: number, start: number, depth: number): void {
    if (depth >= this.#deepest) {
      throw new FieldProblem(start, `groups are nested deeper than ${this.#deepest}`);
    }
    const valueStart = this.#at;
    const children: RawField[] = [];
    try {
      this.readInto(children, number, depth + 1);
    } finally {
      // What was read of a broken group stays visible.
      const end = this.#at;
      fields.push({ number, wireType: 'group', start, valueStart, end, children });
    }
  }

  #readValue(number: number, wireType: number, start: number): RawField {
    switch (wireType) {
      case 0: {
        const valueStart = this.#at;
        const value = this.#readVarint('the value', start);
        return { number, wireType: 'varint', start, valueStart, end: this.#at, value };
      }
      case 1: {
        const valueStart = this.#skip(8, start);
        const low = this.#fixed32(valueStart);
        const value = (BigInt(this.#fixed32(valueStart + 4)) << 32n) | BigInt(low);
        return { number, wireType: 'fixed64', start, valueStart, end: this.#at, value };
      }
      case 2: {
        const length = this.#readVarint('the length', start);
        if (length > BigInt(this.#end - this.#at)) {
          throw new FieldProblem(
            start,
            `field ${number} claims ${length} bytes, ${this.#end - this.#at} are left`,
          );
        }
        const valueStart = this.#skip(Number(length), start);
        const value = this.#bytes.subarray(valueStart, this.#at);
        return { number, wireType: 'bytes', start, valueStart, end: this.#at, value };
      }
      case 5: {
        const valueStart = this.#skip(4, start);
        const value = this.#fixed32(valueStart);
        return { number, wireType: 'fixed32', start, valueStart, end: this.#at, value };
      }
      default:
        throw new FieldProblem(start, `wire type ${wireType} does not exist`);
    }
  }

  #readTag(): number {
    const start = this.#at;
    const tag = this.#readVarint('a tag', start);
    if (tag > 0xffffffffn) throw new FieldProblem(start, 'a tag is longer than 32 bits');
    const value = Number(tag);
    if (value >>> 3 === 0) throw new FieldProblem(start, 'field number 0 does not exist');
    return value;
  }

  /** 64 bits; what the tenth byte holds above them is dropped, as protobuf libraries do. */
  #readVarint(what: string, start: number): bigint {
    // Two halves below 2^35 each keep the common case out of BigInt arithmetic.
    let low = 0;
    let high = 0;
    for (let index = 0; index < 10; index++) {
      if (this.#at >= this.#end) throw new FieldProblem(start, `the bytes end inside ${what}`);
      const byte = byteAt(this.#bytes, this.#at++);
      if (index < 5) low += (byte & 0x7f) * 2 ** (7 * index);
      else high += (byte & 0x7f) * 2 ** (7 * (index - 5));
      if (byte < 0x80) {
        const value = high === 0 ? BigInt(low) : (BigInt(high) << 35n) + BigInt(low);
        return BigInt.asUintN(64, value);
      }
    }
    throw new FieldProblem(start, `${what} is a number of more than 10 bytes`);
  }

  /** Moves over `length` bytes; returns where they begin. */
  #skip(length: number, start: number): number {
    const at = this.#at;
    if (length > this.#end - at) {
      throw new FieldProblem(start, `the value needs ${length} bytes, ${this.#end - at} are left`);
    }
    this.#at = at + length;
    return at;
  }

  /** Little-endian unsigned 32 bits. */
  #fixed32(offset: number): number {
    return (
      (byteAt(this.#bytes, offset) |
        (byteAt(this.#bytes, offset + 1) << 8) |
        (byteAt(this.#bytes, offset + 2) << 16) |
        (byteAt(this.#bytes, offset + 3) << 24)) >>>
      0
    );
  }
}
