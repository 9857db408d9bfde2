import { type Direction, FrameFlag, FrameType } from '../wire/frame';
import { MessageReader } from '../wire/messageReader';
import { ArchiveError, archiveSize, ByteInput, readBlocks, writeBlocks } from './archiveBlocks';
import type { Entry, FrameEntry, MessageEntry, RecordBody } from './entry';
import { isArchiveHead, isRecordBody } from './recordCheck';
import { Transcript } from './transcript';

/**
 * What stands in an archive: the head, then what was appended to the transcript, in order. Messages that DATA
 * frames carry are left out: reading the frames finds them again.
 *
 * Each is: the length of its numbers in bytes, its kind, its numbers as varints, and as many bytes as the last
 * number says.
 */
const Kind = { Head: 0, Frame: 1, Message: 2, Fields: 3, Record: 4, Status: 5 } as const;

/** Bytes that are copied at a time. */
const pieceSize = 64 * 1024;
/** Longest text of a record. Header blocks are the longest, and far shorter. */
const recordLimit = 16 * 1024 * 1024;
const frameLimit = 2 ** 24 - 1;
/** A byte says how many padding bytes follow it. */
const paddingLimit = 256;

/** One piece of an archive: what says how long it is, and where its bytes come from. */
interface Item {
  readonly numbers: Uint8Array;
  readonly length: number;
  read(from: number, count: number): Uint8Array;
}

/**
 * A transcript as bytes that `readArchive` opens again, in pieces of at most 64 KB. With a `limit` in bytes the
 * entries that fit are kept from the first on, then a note that says how many are missing, and the status; these
 * two are written however small the limit is. Of a call that still runs it holds what there was at the first piece.
 */
export function writeArchive(transcript: Transcript, limit?: number): Generator<Uint8Array> {
  return writeBlocks(items(transcript, limit ?? Number.POSITIVE_INFINITY));
}

/**
 * Opens what `writeArchive` wrote: the bytes of a file, or the pieces in which they come. Others have their turn
 * while it reads. Throws `ArchiveError`; what `pieces` throws passes through.
 */
export async function readArchive(
  pieces: Uint8Array | Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): Promise<Transcript> {
  const blocks = readBlocks(pieces instanceof Uint8Array ? [pieces] : pieces);
  const input = new ByteInput(blocks);
  const head = (await input.fill(1)) ? await readNumbers(input) : undefined;
  if (head?.kind !== Kind.Head) {
    throw ArchiveError.corrupt('it does not begin with when the call was made');
  }
  const saved = await readJson(input, head.next(recordLimit), isArchiveHead);
  const { timing } = saved;
  const transcript = new Transcript({ saved: { startedAt: new Date(saved.startedAt), timing } });
  try {
    await new ArchiveReader(input, transcript).read();
  } catch (error) {
    transcript.dispose();
    throw error;
  }
  return transcript;
}

function* items(transcript: Transcript, limit: number): Generator<Uint8Array> {
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

/** Appends what stands in an archive to a transcript. */
class ArchiveReader {
  readonly #input: ByteInput;
  readonly #transcript: Transcript;
  readonly #streamIds: number[] = [];
  #time = 0;

  constructor(input: ByteInput, transcript: Transcript) {
    this.#input = input;
    this.#transcript = transcript;
  }

  async read(): Promise<void> {
    const input = this.#input;
    while (input.has(1) || (await input.fill(1))) {
      if (this.#transcript.status) {
        throw ArchiveError.corrupt('something follows the status');
      }
      const numbers = await readNumbers(input);
      switch (numbers.kind) {
        case Kind.Frame:
          await this.#frame(numbers);
          break;
        case Kind.Message:
          await this.#message(numbers);
          break;
        case Kind.Fields:
          await this.#fields(numbers);
          break;
        case Kind.Record:
          await this.#record(numbers);
          break;
        case Kind.Status:
          await this.#status(numbers);
          break;
        default:
          throw ArchiveError.corrupt('it has an entry of an unknown kind');
      }
    }
  }

  async #frame(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const direction = directionOf(numbers);
    const stream = this.#stream(numbers);
    const type = numbers.next(255);
    const flags = numbers.next(255);
    const padding = numbers.next(paddingLimit);
    const bytes = await takeBytes(this.#input, numbers.next(frameLimit - padding));
    const isPadded = type === FrameType.Data && (flags & FrameFlag.Padded) !== 0;
    if (padding > 0 && !isPadded) {
      throw ArchiveError.corrupt('a frame without padding has some');
    }
    const payload = padding === 0 ? bytes : padded(bytes, padding);
    const streamId = this.#streamIds[stream] ?? 0;
    const header = { length: payload.length, type, flags, streamId };
    this.#transcript.appendFrame(stream + 1, direction, header, payload, this.#time);
  }

  async #message(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const direction = directionOf(numbers);
    const bytes = await takeBytes(this.#input, numbers.next(2 ** 32 - 1));
    this.#transcript.appendMessage(direction, bytes, this.#time);
  }

  async #fields(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const stream = this.#stream(numbers);
    const body = await readJson(this.#input, numbers.next(recordLimit), isRecordBody);
    if (body.kind !== 'headers' && body.kind !== 'trailers') {
      throw ArchiveError.corrupt('header fields are missing');
    }
    const { direction, streamId, fields, kind } = body;
    const isEnd = kind === 'trailers';
    this.#transcript.appendFields(stream + 1, direction, streamId, fields, isEnd, this.#time);
  }

  async #record(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const body = await readJson(this.#input, numbers.next(recordLimit), isRecordBody);
    if (body.kind === 'status') {
      throw ArchiveError.corrupt('it has a status that does not end it');
    }
    this.#transcript.appendRecord(body, this.#time);
  }

  async #status(numbers: Numbers): Promise<void> {
    const body = await readJson(this.#input, numbers.next(recordLimit), isRecordBody);
    if (body.kind !== 'status') {
      throw ArchiveError.corrupt('the status is missing');
    }
    this.#transcript.end(body.status, this.#transcript.timing.ended ?? 0);
  }

  #pass(numbers: Numbers): void {
    const delta = numbers.next();
    this.#time += delta % 2 === 0 ? delta / 2 : -(delta + 1) / 2;
    if (this.#time < 0 || !Number.isSafeInteger(this.#time)) {
      throw ArchiveError.corrupt('an entry has an impossible time');
    }
  }

  #stream(numbers: Numbers): number {
    const stream = numbers.next(this.#streamIds.length);
    if (stream === this.#streamIds.length) {
      this.#streamIds.push(numbers.next(2 ** 31 - 1));
    }
    return stream;
  }
}

/** The numbers of an item, read one after the other. */
class Numbers {
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
      if (value > limit) {
        throw ArchiveError.corrupt('a number is out of its range');
      }
      if (byte < 0x80) {
        return value;
      }
      scale *= 128;
    }
  }
}

async function readNumbers(input: ByteInput): Promise<Numbers> {
  const length = (await takeBytes(input, 1))[0] ?? 0;
  return new Numbers(await takeBytes(input, length));
}

async function readJson<T>(
  input: ByteInput,
  length: number,
  check: (value: unknown) => value is T,
): Promise<T> {
  const text = Buffer.from(await takeBytes(input, length)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw ArchiveError.corrupt('an entry is not JSON');
  }
  if (!check(value)) {
    throw ArchiveError.corrupt('an entry is not one that a transcript has');
  }
  return value;
}

async function takeBytes(input: ByteInput, count: number): Promise<Uint8Array> {
  if (!input.has(count) && !(await input.fill(count))) {
    throw ArchiveError.corrupt('an entry is not whole');
  }
  return input.take(count);
}

function jsonItem(kind: number, numbers: readonly number[], body: object): Item {
  const bytes = Buffer.from(JSON.stringify(body), 'utf8');
  return {
    numbers: numbersOf(kind, [...numbers, bytes.length]),
    length: bytes.length,
    read: (from, count) => bytes.subarray(from, from + count),
  };
}

function numbersOf(kind: number, numbers: readonly number[]): Uint8Array {
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

function directionNumber(direction: Direction): number {
  return direction === 'sent' ? 0 : 1;
}

function directionOf(numbers: Numbers): Direction {
  return numbers.next(1) === 0 ? 'sent' : 'received';
}

/** The payload of a DATA frame as it stood on the wire but for the padding's own bytes, which nobody keeps. */
function padded(data: Uint8Array, padding: number): Uint8Array {
  const payload = new Uint8Array(data.length + padding);
  payload[0] = padding - 1;
  payload.set(data, 1);
  return payload;
}
