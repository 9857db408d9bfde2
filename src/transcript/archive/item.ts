import { ArchiveError } from './blocks';

/**
 * What stands in an archive: the head, then what was appended to the transcript, in order. Messages that DATA
 * frames carry are left out: reading the frames finds them again.
 *
 * Each is: the length of its numbers in bytes, its kind, its numbers as varints, and as many bytes as the last
 * number says.
 */
export const Kind = { Head: 0, Frame: 1, Message: 2, Fields: 3, Record: 4, Status: 5 } as const;

/** What stands in front of the bytes of an item, but for its own length. */
export function numbersOf(kind: number, numbers: readonly number[]): Uint8Array {
  const bytes = [kind];
  for (const number of numbers) {
    let left = number;
    for (; left >= 0x80; left = Math.floor(left / 128)) {
      bytes.push((left % 128) | 0x80);
    }
    bytes.push(left);
  }
  return Uint8Array.from(bytes);
}

/** The numbers of an item, read one after the other. */
export class Numbers {
  readonly kind: number;
  readonly #bytes: Uint8Array;
  #at = 1;

  constructor(bytes: Uint8Array) {
    this.kind = bytes[0] ?? -1;
    this.#bytes = bytes;
  }

  /** The next number, which must not be above `limit`. */
  next(limit = Number.MAX_SAFE_INTEGER): number {
    let value = 0;
    let scale = 1;
    for (;;) {
      const byte = this.#bytes[this.#at++];
      if (byte === undefined) {
        throw ArchiveError.corrupt('a number is missing');
      }
      value += (byte & 0x7f) * scale;
      // Not a number is what comes of a scale without end.
      if (!(value <= limit)) {
        throw ArchiveError.corrupt('a number is out of its range');
      }
      if (byte < 0x80) {
        return value;
      }
      scale *= 128;
    }
  }
}
