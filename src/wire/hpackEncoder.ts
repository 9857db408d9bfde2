import type { HeaderField } from './frame';
import { encodeHuffman, huffmanLength } from './hpackHuffman';
import { DynamicTable, defaultTableSize, staticTable } from './hpackTables';

export interface HpackEncoderOptions {
  /** Writes a string in Huffman code where that is not longer. Default true. */
  readonly huffman?: boolean;
  /** Size of the dynamic table in bytes; 0: every field a literal without indexing. Default 4096. */
  readonly tableSize?: number;
  /** Names of fields that no table on the way may keep (RFC 7541 section 7.1.3). */
  readonly neverIndexed?: readonly string[];
}

/** Encodes the header blocks of one direction of one connection, RFC 7541. */
export class HpackEncoder {
  readonly #huffman: boolean;
  readonly #neverIndexed: ReadonlySet<string>;
  readonly #table: DynamicTable;
  /** Sizes to announce in front of the next block: the smallest since the last one, then the present. */
  #updates: number[] = [];

  constructor(options: HpackEncoderOptions = {}) {
    this.#huffman = options.huffman ?? true;
    this.#neverIndexed = new Set(options.neverIndexed);
    this.#table = new DynamicTable(defaultTableSize);
    if (options.tableSize !== undefined) this.setTableSize(options.tableSize);
  }

  /** Size of the dynamic table in bytes, RFC 7541 section 4.1. */
  get tableSize(): number {
    return this.#table.size;
  }

  /** Changes the table's size; the next block begins with the update (RFC 7541 section 4.2). */
  setTableSize(size: number): void {
    if (size === this.#table.maxSize) return;
    const [smallest] = this.#updates;
    this.#updates = smallest !== undefined && smallest < size ? [smallest, size] : [size];
    this.#table.resize(size);
  }

  /** One whole header block. Throws `RangeError` for text that is not latin-1. */
  encode(fields: readonly HeaderField[]): Uint8Array {
    const output: number[] = [];
    for (const size of this.#updates) writeInteger(output, 0x20, 5, size);
    this.#updates = [];
    for (const field of fields) this.#writeField(output, field);
    return Uint8Array.from(output);
  }

  #writeField(output: number[], field: HeaderField): void {
    const [name] = field;
    if (this.#neverIndexed.has(name)) {
      this.#writeLiteral(output, 0x10, 4, field);
      return;
    }
    const index = this.#find((entry) => entry[0] === name && entry[1] === field[1]);
    if (index > 0) {
      writeInteger(output, 0x80, 7, index);
    } else if (this.#table.maxSize === 0) {
      this.#writeLiteral(output, 0x00, 4, field);
    } else {
      this.#writeLiteral(output, 0x40, 6, field);
      this.#table.add(field);
    }
  }

  #writeLiteral(output: number[], pattern: number, prefixBits: number, field: HeaderField): void {
    const [name, value] = field;
    const nameIndex = this.#find((entry) => entry[0] === name);
    writeInteger(output, pattern, prefixBits, nameIndex);
    if (nameIndex === 0) this.#writeString(output, name);
    this.#writeString(output, value);
  }

  /** Index over both tables, RFC 7541 section 2.3.3; 0 when no entry matches. */
  #find(matches: (entry: HeaderField) => boolean): number {
    const inStatic = staticTable.findIndex(matches);
    if (inStatic >= 0) return inStatic + 1;
    for (let position = 0; position < this.#table.length; position++) {
      const entry = this.#table.at(position);
      if (entry !== undefined && matches(entry)) return staticTable.length + 1 + position;
    }
    return 0;
  }

  #writeString(output: number[], text: string): void {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: every latin-1 character may stand in a field.
    if (!/^[\u0000-\u00ff]*$/.test(text)) throw new RangeError('a header field is latin-1 text');
    const huffman = this.#huffman && text !== '' && huffmanLength(text) <= text.length;
    const bytes = huffman ? encodeHuffman(text) : Buffer.from(text, 'latin1');
    writeInteger(output, huffman ? 0x80 : 0x00, 7, bytes.length);
    for (const byte of bytes) output.push(byte);
  }
}

/** RFC 7541 section 5.1; `pattern` is what stands in front of the prefix. */
function writeInteger(output: number[], pattern: number, prefixBits: number, value: number): void {
  const mask = (1 << prefixBits) - 1;
  if (value < mask) {
    output.push(pattern | value);
    return;
  }
  output.push(pattern | mask);
  let rest = value - mask;
  while (rest >= 0x80) {
    output.push((rest & 0x7f) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  output.push(rest);
}
