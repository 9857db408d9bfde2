/** Lays out JSON text, and hands it on in pieces, so that a long text need not be in memory as a whole. */
import type { Single } from './dynamicMessage';

/** Characters that are handed on at once. */
const PIECE = 64 * 1024;

/** Bytes whose base64 is handed on at once; without padding, as three bytes make four characters. */
const BASE64_PIECE = (PIECE / 4) * 3;

/** Line ends with the indentation of each depth, as far as there has been one. */
const lineEnds: string[] = [];

export class JsonWriter {
  readonly #take: (piece: string) => void;
  readonly #oneLine: boolean;
  readonly #piece: number;
  #text = '';
  #depth = 0;
  #isFirst = true;

  /**
   * @param take gets pieces of which none ends inside a character
   * @param oneLine blanks in place of line ends and indentation
   * @param piece characters that are handed on at once, before `flush`
   */
  constructor(take: (piece: string) => void, oneLine: boolean, piece = PIECE) {
    this.#take = take;
    this.#oneLine = oneLine;
    this.#piece = piece;
  }

  /** Hands on what is left. */
  flush(): void {
    if (this.#text !== '') {
      this.#take(this.#text);
      this.#text = '';
    }
  }

  put(text: string): void {
    this.#text += text;
    if (this.#text.length >= this.#piece) {
      this.flush();
    }
  }

  open(bracket: '{' | '['): void {
    this.put(bracket);
    this.#depth++;
    this.#isFirst = true;
  }

  /** Begins an item of what is open. */
  item(): void {
    if (!this.#isFirst) {
      this.put(',');
    }
    this.put(this.#lineEnd());
    this.#isFirst = false;
  }

  /** What has no item stays on its line. */
  close(bracket: '}' | ']'): void {
    this.#depth--;
    if (!this.#isFirst) {
      this.put(this.#lineEnd());
    }
    this.put(bracket);
    this.#isFirst = false;
  }

  /** @param float the value is a float32 */
  scalar(value: Single, float: boolean): void {
    if (typeof value === 'string' && value.length > PIECE) {
      this.#longString(value);
    } else if (value instanceof Uint8Array && value.length > PIECE) {
      this.#longBytes(value);
    } else {
      this.put(scalarText(value, float));
    }
  }

  #longString(value: string): void {
    this.put('"');
    for (let from = 0; from < value.length; ) {
      const end = from + PIECE;
      const to = isHighSurrogate(value.charCodeAt(end - 1)) ? end + 1 : end;
      this.put(JSON.stringify(value.slice(from, to)).slice(1, -1));
      from = to;
    }
    this.put('"');
  }

  #longBytes(value: Uint8Array): void {
    this.put('"');
    for (let from = 0; from < value.length; from += BASE64_PIECE) {
      this.put(base64(value.subarray(from, from + BASE64_PIECE)));
    }
    this.put('"');
  }

  #lineEnd(): string {
    if (this.#oneLine) {
      return ' ';
    }
    lineEnds[this.#depth] ??= `\n${'  '.repeat(this.#depth)}`;
    return lineEnds[this.#depth] ?? '\n';
  }
}

/** JSON of a scalar: 64-bit integers and non-finite numbers as strings, bytes as base64. */
export function scalarText(value: Single, float: boolean): string {
  switch (typeof value) {
    case 'bigint':
      return `"${value}"`;
    case 'number':
      if (!Number.isFinite(value)) {
        return `"${value}"`;
      }
      return Object.is(value, -0) ? '-0' : String(float ? shortestFloat(value) : value);
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    default:
      return value instanceof Uint8Array ? `"${base64(value)}"` : 'null';
  }
}

function base64(bytes: Uint8Array): string {
  const buffer = Buffer.isBuffer(bytes)
    ? bytes
    : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return buffer.toString('base64');
}

function isHighSurrogate(code: number): boolean {
  return code >= 0xd800 && code <= 0xdbff;
}

/** The shortest decimal that reads back as the same float32: 0.1, not 0.10000000149011612. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) {
      return short;
    }
  }
  return Number(value.toPrecision(9));
}
