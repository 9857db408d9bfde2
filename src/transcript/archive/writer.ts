import { type Direction, FrameType } from '../../wire/frame';
import { MessageReader } from '../../wire/messageReader';
import type { Entry, FrameEntry, MessageEntry, RecordBody } from '../entry';
import type { Transcript } from '../transcript';
import { archiveSize } from './blocks';
import { Kind, numbersOf } from './item';

/** Bytes that are copied at a time. */
const pieceSize = 16 * 1024;

/** One piece of an archive: what says how long it is, and where its bytes come from. */
interface Item {
  readonly numbers: Uint8Array;
  readonly length: number;
  read(from: number, count: number): Uint8Array;
}

/** The content of an archive, to be put into blocks. Without a limit `limit` is infinite. */
export function* archiveContent(transcript: Transcript, limit: number): Generator<Uint8Array> {
  const writer = new ItemWriter(transcript);
  const { length } = transcript;
  const last = writer.ending();
  let written = 0;
  const reserved = longestNote + (last ? sizeOf(last) : 0);
  function* put(item: Item): Generator<Uint8Array> {
    written += sizeOf(item);
    yield Uint8Array.of(item.numbers.length);
    yield item.numbers;
    for (let at = 0; at < item.length; at += pieceSize) {
      yield item.read(at, Math.min(pieceSize, item.length - at));
    }
  }
  yield* put(writer.head());
  const end = last ? length - 1 : length;
  for (let number = 0; number < end; number++) {
    const item = writer.item(number);
    if (item && archiveSize(written + sizeOf(item) + reserved) > limit) {
      yield* put(writer.note(end - number));
      break;
    }
    if (item) {
      yield* put(item);
    }
  }
  if (last) {
    yield* put(last);
  }
}

function sizeOf(item: Item): number {
  return 1 + item.numbers.length + item.length;
}

function missingNote(missing: number): RecordBody {
  const what = missing === 1 ? '1 entry is' : `${missing} entries are`;
  const text = `${what} missing here: this transcript was saved with a limit to its size.`;
  return { kind: 'note', severity: 'warning', text };
}

/** Turns entries into items; knows which streams and which DATA bytes have been written. */
class ItemWriter {
  readonly #transcript: Transcript;
  readonly #streams = new Map<number, number>();
  /** Streams and directions with DATA frames, which carry all of their messages. */
  readonly #framed = new Set<string>();
  #time = 0;

  constructor(transcript: Transcript) {
    this.#transcript = transcript;
  }

  head(): Item {
    const { startedAt, timing } = this.#transcript;
    return jsonItem(Kind.Head, [], { startedAt: startedAt.getTime(), timing });
  }

  note(missing: number): Item {
    const time = this.#transcript.entry(this.#transcript.length - 1).time;
    return jsonItem(Kind.Record, [this.#delta(time)], missingNote(missing));
  }

  /** The status, when the call has ended; when that was stands in the head. */
  ending(): Item | undefined {
    const { status } = this.#transcript;
    return status && jsonItem(Kind.Status, [], { kind: 'status', status });
  }

  /** Nothing for a message that DATA frames carry. */
  item(number: number): Item | undefined {
    const entry = this.#transcript.entry(number);
    switch (entry.kind) {
      case 'frame':
        return this.#frame(entry);
      case 'message':
        return this.#message(entry);
      default:
        return this.#record(entry);
    }
  }

  #frame(entry: FrameEntry): Item {
    const { number, direction, header, time } = entry;
    const stream = this.#transcript.streamIndex(number) ?? 0;
    const length = this.#transcript.payloadLength(number);
    if (header.type === FrameType.Data) {
      this.#framed.add(`${direction} ${stream}`);
    }
    return {
      numbers: numbersOf(Kind.Frame, [
        this.#delta(time),
        directionNumber(direction),
        ...this.#stream(stream, header.streamId),
        header.type,
        header.flags,
        header.length - length,
        length,
      ]),
      length,
      read: (from, count) => this.#transcript.payload(number, from, count),
    };
  }

  #message(entry: MessageEntry): Item | undefined {
    const { number, direction, time, length } = entry;
    if (this.#framed.has(`${direction} ${this.#transcript.streamIndex(number) ?? 0}`)) {
      return undefined;
    }
    const numbers = [this.#delta(time), directionNumber(direction), length];
    return {
      numbers: numbersOf(Kind.Message, numbers),
      length,
      read: (from, count) =>
        this.#transcript.payload(number, from + MessageReader.PREFIX_LENGTH, count),
    };
  }

  #record(entry: Exclude<Entry, FrameEntry | MessageEntry>): Item {
    const { number, time, ...body } = entry;
    const stream = this.#transcript.streamIndex(number);
    if (stream === undefined || (entry.kind !== 'headers' && entry.kind !== 'trailers')) {
      return jsonItem(Kind.Record, [this.#delta(time)], body);
    }
    const numbers = [this.#delta(time), ...this.#stream(stream, entry.streamId)];
    return jsonItem(Kind.Fields, numbers, body);
  }

  /** The number of the stream, and its id where it stands for the first time. */
  #stream(index: number, streamId: number): number[] {
    const known = this.#streams.get(index);
    if (known !== undefined) {
      return [known];
    }
    const added = this.#streams.size;
    this.#streams.set(index, added);
    return [added, streamId];
  }

  /** Microseconds since the entry before, which may be later than this one. */
  #delta(time: number): number {
    const delta = time - this.#time;
    this.#time = time;
    return delta < 0 ? -2 * delta - 1 : 2 * delta;
  }
}

/** Bytes of the longest note about missing entries. */
const longestNote = sizeOf(
  jsonItem(Kind.Record, [Number.MAX_SAFE_INTEGER], missingNote(Number.MAX_SAFE_INTEGER)),
);

function jsonItem(kind: number, numbers: readonly number[], body: object): Item {
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  return {
    numbers: numbersOf(kind, [...numbers, bytes.length]),
    length: bytes.length,
    read: (from, count) => bytes.subarray(from, from + count),
  };
}

function directionNumber(direction: Direction): number {
  return direction === 'sent' ? 0 : 1;
}
