import type { Direction, FrameHeader } from '../wire/frame';
import { SafeIntegerList, Uint32List } from './columns';

/** What an entry is: an HTTP/2 frame, a gRPC message, or a record (everything else, kept as JSON). */
export type Slot = 'frame' | 'message' | 'record';

const SLOTS: readonly Slot[] = ['frame', 'message', 'record'];
const SLOT_MASK = 3;
const RECEIVED = 1 << 2;
const COMPRESSED = 1 << 3;
const FRAME_TYPE_SHIFT = 8;
const FLAGS_SHIFT = 16;

/** Where the bytes of an entry stand, and what its kind needs besides. */
export interface StoredEntry {
  /** Microseconds since the call began. */
  readonly time: number;
  /** Index in the transcript's streams. */
  readonly stream: number;
  /** Offset in the log that holds the entry's bytes. */
  readonly offset: number;
  readonly length: number;
  /** A number that only the entry's kind can read; below 2^32. */
  readonly extra: number;
}

/** The entries of a transcript as columns of numbers: 32 bytes each. */
export class EntryColumns {
  readonly #tags = new Uint32List();
  readonly #times = new SafeIntegerList();
  readonly #streams = new Uint32List();
  readonly #offsets = new SafeIntegerList();
  readonly #lengths = new Uint32List();
  readonly #extras = new Uint32List();

  get length(): number {
    return this.#tags.length;
  }

  pushRecord(entry: StoredEntry): number {
    return this.#push(SLOTS.indexOf('record'), entry);
  }

  pushFrame(direction: Direction, header: FrameHeader, entry: StoredEntry): number {
    const tag = (header.type << FRAME_TYPE_SHIFT) | (header.flags << FLAGS_SHIFT);
    return this.#push(tag | directionBit(direction), entry);
  }

  pushMessage(direction: Direction, compressed: boolean, entry: StoredEntry): number {
    const tag = SLOTS.indexOf('message') | (compressed ? COMPRESSED : 0);
    return this.#push(tag | directionBit(direction), entry);
  }

  slot(number: number): Slot {
    return SLOTS[this.#tags.get(number) & SLOT_MASK] ?? 'record';
  }

  direction(number: number): Direction {
    return (this.#tags.get(number) & RECEIVED) !== 0 ? 'received' : 'sent';
  }

  compressed(number: number): boolean {
    return (this.#tags.get(number) & COMPRESSED) !== 0;
  }

  frameType(number: number): number {
    return (this.#tags.get(number) >>> FRAME_TYPE_SHIFT) & 0xff;
  }

  frameFlags(number: number): number {
    return (this.#tags.get(number) >>> FLAGS_SHIFT) & 0xff;
  }

  time(number: number): number {
    return this.#times.get(number);
  }

  stream(number: number): number {
    return this.#streams.get(number);
  }

  offset(number: number): number {
    return this.#offsets.get(number);
  }

  byteLength(number: number): number {
    return this.#lengths.get(number);
  }

  extra(number: number): number {
    return this.#extras.get(number);
  }

  setExtra(number: number, extra: number): void {
    this.#extras.set(number, extra);
  }

  #push(tag: number, entry: StoredEntry): number {
    const number = this.#tags.length;
    this.#tags.push(tag);
    this.#times.push(entry.time);
    this.#streams.push(entry.stream);
    this.#offsets.push(entry.offset);
    this.#lengths.push(entry.length);
    this.#extras.push(entry.extra);
    return number;
  }
}

function directionBit(direction: Direction): number {
  return direction === 'received' ? RECEIVED : 0;
}
