import type { Direction } from '../wire/frame';
import { MessageReader } from '../wire/messageReader';
import { firstIndex, Uint32List } from './columns';
import type { EntryColumns } from './entryColumns';

/** Which entries are messages, in order, for each direction. */
export class MessageIndex {
  readonly #columns: EntryColumns;
  readonly #entries = { sent: new Uint32List(), received: new Uint32List() };

  constructor(columns: EntryColumns) {
    this.#columns = columns;
  }

  count(direction: Direction): number {
    return this.#entries[direction].length;
  }

  push(direction: Direction, number: number): void {
    this.#entries[direction].push(number);
  }

  /** The entry of the nth message of a direction. */
  entry(direction: Direction, index: number): number | undefined {
    const list = this.#entries[direction];
    return index >= 0 && index < list.length ? list.get(index) : undefined;
  }

  /** Which messages have a part in a DATA frame: messages stand in order of their stream's offsets. */
  carriedBy(frame: number): { first: number; end: number } {
    const columns = this.#columns;
    const list = this.#entries[columns.direction(frame)];
    const stream = columns.stream(frame);
    const start = columns.offset(frame);
    const end = start + columns.byteLength(frame);
    /** Whether a message, or its end, stands at or past an offset of the frame's stream. */
    const past = (message: number, offset: number, at: number): boolean =>
      columns.stream(message) > stream || (columns.stream(message) === stream && offset >= at);
    const first = firstIndex(list.length, (index) => {
      const message = list.get(index);
      const length = columns.byteLength(message) + MessageReader.PREFIX_LENGTH;
      return past(message, columns.offset(message) + length, start + 1);
    });
    const afterLast = firstIndex(list.length, (index) => {
      const message = list.get(index);
      return past(message, columns.offset(message), end);
    });
    return { first, end: Math.max(first, afterLast) };
  }
}
