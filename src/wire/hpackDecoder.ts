import { byteAt, latin1Text } from './bytes';
import type { HeaderField } from './frame';
import { HpackError } from './hpackError';
import { decodeHuffman, longestHuffmanOutput } from './hpackHuffman';
import { DynamicTable, defaultTableSize, fieldSize, staticTable } from './hpackTables';

export interface HpackLimits {
  /**
   * Largest dynamic table in bytes (RFC 7541 section 4.1) that is ever kept, whatever `setMaxTableSize`
   * allows. Default 1 MiB.
   */
  readonly tableSize?: number;
  /** Largest header list in bytes, counted as in RFC 7541 section 4.1. Default 1 MiB. */
  readonly listSize?: number;
}

export interface DecodedFields {
  readonly fields: HeaderField[];
  /** The list is over the limit: fields that came later are left out. The table is right all the same. */
  readonly truncated: boolean;
}

const defaultLimit = 1024 * 1024;
const largestInteger = 0xfffffff;
const noBytes = new Uint8Array(0);

/**
 * Decodes the header blocks of one direction of one connection, RFC 7541. The blocks must come in the order
 * of the wire and whole. After an `HpackError` the table may differ from the peer's: what later blocks
 * decode to is not to be trusted.
 */
export class HpackDecoder {
  readonly #table = new DynamicTable();
  readonly #tableLimit: number;
  readonly #listLimit: number;
  #allowedTableSize: number;
  #scratch = new Uint8Array(0);
  #block: Uint8Array = noBytes;
  #at = 0;

  constructor(limits: HpackLimits = {}) {
    this.#tableLimit = limits.tableSize ?? defaultLimit;
    this.#listLimit = limits.listSize ?? defaultLimit;
    this.#allowedTableSize = Math.min(defaultTableSize, this.#tableLimit);
  }

  /** The entries of the dynamic table, newest first. */
  get dynamicTable(): HeaderField[] {
    const fields: HeaderField[] = [];
    for (let position = 0; position < this.#table.length; position++) {
      const field = this.#table.at(position);
      if (field !== undefined) fields.push(field);
    }
    return fields;
  }

  /** Size of the dynamic table in bytes, RFC 7541 section 4.1. */
  get tableSize(): number {
    return this.#table.size;
  }

  /**
   * The SETTINGS_HEADER_TABLE_SIZE that the reader of these blocks announced: the most that a size update
   * in a block may ask for. The table itself changes only by such an update (RFC 7541 section 4.2).
   */
  setMaxTableSize(size: number): void {
    this.#allowedTableSize = Math.min(size, this.#tableLimit);
  }

  /** Decodes one whole header block. Throws `HpackError`, and nothing else, when it is malformed. */
  decode(block: Uint8Array): DecodedFields {
    this.#block = block;
    this.#at = 0;
    try {
      return this.#decodeBlock();
    } finally {
      this.#block = noBytes;
    }
  }

  #decodeBlock(): DecodedFields {
    const fields: HeaderField[] = [];
    let size = 0;
    let truncated = false;
    while (this.#at < this.#block.length) {
      const field = this.#readField();
      if (field === undefined) continue;
      size += fieldSize(field);
      // Once over the limit nothing more is listed: a list with holes in it would mislead.
      truncated ||= size > this.#listLimit;
      if (!truncated) fields.push(field);
    }
    return { fields, truncated };
  }

  /** One field, or undefined for a table size update (RFC 7541 section 6). */
  #readField(): HeaderField | undefined {
    const first = byteAt(this.#block, this.#at);
    if ((first & 0x80) !== 0) return this.#entry(this.#readInteger(7));
    if ((first & 0x40) !== 0) {
      const field = this.#readLiteral(6);
      this.#table.add(field);
      return field;
    }
    if ((first & 0x20) !== 0) {
      const size = this.#readInteger(5);
      if (size > this.#allowedTableSize) {
        throw new HpackError(
          'table-size',
          `a table size of ${size} is over the ${this.#allowedTableSize} that was allowed`,
        );
      }
      this.#table.resize(size);
      return undefined;
    }
    return this.#readLiteral(4);
  }

  #readLiteral(prefixBits: number): HeaderField {
    const index = this.#readInteger(prefixBits);
    const name = index === 0 ? this.#readString() : this.#entry(index)[0];
    return [name, this.#readString()];
  }

  #entry(index: number): HeaderField {
    const field =
      index <= staticTable.length
        ? staticTable[index - 1]
        : this.#table.at(index - staticTable.length - 1);
    if (field === undefined) {
      throw new HpackError('index', `the tables have no entry ${index}`);
    }
    return field;
  }

  /** RFC 7541 section 5.1, up to 28 bits. */
  #readInteger(prefixBits: number): number {
    const mask = (1 << prefixBits) - 1;
    let value = this.#readByte() & mask;
    if (value < mask) return value;
    for (let shift = 0; shift <= 28; shift += 7) {
      const byte = this.#readByte();
      value += (byte & 0x7f) * 2 ** shift;
      if (value > largestInteger) break;
      if ((byte & 0x80) === 0) return value;
    }
    throw new HpackError('integer', 'a number is longer than 28 bits');
  }

  #readByte(): number {
    if (this.#at >= this.#block.length) throw endsInside('a number');
    return byteAt(this.#block, this.#at++);
  }

  /** RFC 7541 section 5.2. The text is latin-1: one character a byte. */
  #readString(): string {
    const huffman = this.#at < this.#block.length && (byteAt(this.#block, this.#at) & 0x80) !== 0;
    const length = this.#readInteger(7);
    const start = this.#at;
    const end = start + length;
    if (end > this.#block.length) throw endsInside('a string');
    this.#at = end;
    if (!huffman) return latin1Text(this.#block, start, end);
    const longest = longestHuffmanOutput(length);
    if (longest > this.#scratch.length) this.#scratch = new Uint8Array(longest);
    return latin1Text(this.#scratch, 0, decodeHuffman(this.#block, start, end, this.#scratch));
  }
}

function endsInside(what: string): HpackError {
  return new HpackError('incomplete', `the header block ends inside ${what}`);
}
