import type { Direction, FrameHeader, HeaderField } from '../wire/frame';
import { FrameFlag, FrameType, fieldValue } from '../wire/frame';
import { MessageReader, type UnfinishedMessage } from '../wire/messageReader';
import { type ByteLog, ByteStore } from './byteStore';
import { type CallStream, CallStreams } from './callStreams';
import { lastNotAbove, Uint32List } from './columns';
import type { CallStatus, Entry, RecordBody } from './entry';
import { EntryColumns } from './entryColumns';
import type { HiddenMessage } from './masking/dataMask';
import { SecretMask } from './masking/secretMask';
import { MessageIndex } from './messageIndex';
import { OpenPings } from './openPings';
import { type CallTiming, type MutableTiming, noteTiming } from './timing';
import { isMessagesRow, type TimelineView } from './view';

/** `extra` holds a linked entry + 1 or a stream + 1, so that 0 means "none". */
const NONE = 0;

export interface TranscriptOptions {
  /** Bytes of memory, 16 MB when absent; what is more goes to the spill file. */
  readonly memoryBudget?: number;
  /** What must never stand in the transcript, in memory or on disk: it is masked before it is written. */
  readonly secrets?: readonly string[];
  /** Of a call that is read from an archive. Times are then handed in as they stood in its transcript: from 0. */
  readonly saved?: { readonly startedAt: Date; readonly timing: CallTiming };
}

/**
 * The record of one call: append-only, any entry readable by number. An entry costs 32 bytes of memory;
 * its bytes stand in a `ByteStore`, which spills to disk over its budget.
 *
 * Times handed in are microseconds on the process's monotonic clock (`now()`).
 */
export class Transcript {
  /** Wall-clock time of the call's start, for people and exports. */
  readonly startedAt: Date;
  readonly #origin: number;
  readonly #savedTiming: CallTiming | undefined;
  readonly #store: ByteStore;
  readonly #records: ByteLog;
  readonly #streams: CallStreams;
  /**
   * Frames keep their linked entry + 1 in `extra`, DATA its padding bytes, messages their index, header blocks
   * their stream + 1.
   */
  readonly #columns = new EntryColumns();

  readonly #messageRows = new Uint32List();
  readonly #messages = new MessageIndex(this.#columns);
  readonly #bytes = { sent: 0, received: 0 };
  readonly #openPings = new OpenPings();
  readonly #timing: MutableTiming = {};
  #status: CallStatus | undefined;
  readonly #listeners = new Set<() => void>();

  /** Masks the call's secrets; absent when it has none. */
  readonly mask: SecretMask | undefined;
  #toldOfHidden = false;

  constructor({ memoryBudget, secrets, saved }: TranscriptOptions = {}) {
    this.startedAt = saved?.startedAt ?? new Date();
    this.#origin = saved ? 0 : now();
    this.#savedTiming = saved?.timing;
    this.mask = SecretMask.of(secrets);
    this.#store = new ByteStore(memoryBudget);
    this.#records = this.#store.createLog();
    this.#streams = new CallStreams(this.#store, this.mask);
    if (this.mask?.warning !== undefined) {
      const { warning } = this.mask;
      this.appendRecord({ kind: 'note', severity: 'warning', text: warning }, this.#origin);
    }
  }

  get length(): number {
    return this.#columns.length;
  }

  get timing(): CallTiming {
    return this.#savedTiming ?? this.#timing;
  }

  /** Present once the call has ended; the status entry is the last one. */
  get status(): CallStatus | undefined {
    return this.#status;
  }

  /** Bytes of the transcript in memory and in the spill file, the entries' columns not counted. */
  get usage(): { readonly memory: number; readonly disk: number } {
    return this.#store.usage;
  }

  /** Why no more should be recorded: neither disk nor memory has room for it. */
  get problem(): string | undefined {
    return this.#store.problem;
  }

  messageCount(direction: Direction): number {
    return this.#messages.count(direction);
  }

  /** Bytes of gRPC messages, prefixes included. */
  messageBytes(direction: Direction): number {
    return this.#bytes[direction];
  }

  rowCount(view: TimelineView): number {
    return view === 'frames' ? this.length : this.#messageRows.length;
  }

  /** The entry that stands in row `row` of `view`. */
  entryNumber(view: TimelineView, row: number): number {
    return view === 'frames' ? row : this.#messageRows.get(row);
  }

  /** The row of `view` that shows `entry`, or the nearest one before it; -1 when there is none. */
  rowOf(view: TimelineView, entry: number): number {
    return view === 'frames' ? entry : lastNotAbove(this.#messageRows, entry);
  }

  /** The entry of the nth message of a direction. */
  messageEntry(direction: Direction, index: number): number | undefined {
    return this.#messages.entry(direction, index);
  }

  /** Calls back after each batch of appended entries; returns the way to stop. */
  onAppend(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Throws a `RangeError` for a number that doesn't exist. */
  entry(number: number): Entry {
    if (!Number.isInteger(number) || number < 0 || number >= this.length) {
      throw new RangeError(`The transcript has entries 0 to ${this.length - 1}, not ${number}.`);
    }
    const columns = this.#columns;
    const time = columns.time(number);
    switch (columns.slot(number)) {
      case 'frame':
        return this.#frameEntry(number, time);
      case 'message':
        return {
          kind: 'message',
          number,
          time,
          direction: columns.direction(number),
          streamId: this.#stream(number).streamId,
          index: columns.extra(number),
          compressed: columns.compressed(number),
          length: columns.byteLength(number),
        };
      case 'record': {
        const bytes = this.#records.read(columns.offset(number), columns.byteLength(number));
        const body = JSON.parse(Buffer.from(bytes).toString('utf8')) as RecordBody;
        return { ...body, number, time };
      }
    }
  }

  /**
   * Bytes of an entry, `[from, from + count)` of them. A message: the 5-byte prefix and the message as on the
   * wire. A frame: its payload, without padding for DATA. Anything else: none.
   */
  payload(number: number, from = 0, count = Number.MAX_SAFE_INTEGER): Uint8Array {
    const columns = this.#columns;
    const slot = columns.slot(number);
    if (slot === 'record' || number >= this.length) {
      return new Uint8Array(0);
    }
    const inStream = slot === 'message' || columns.frameType(number) === FrameType.Data;
    const log = inStream ? this.#stream(number).data[columns.direction(number)] : this.#records;
    const left = Math.max(0, this.payloadLength(number) - from);
    return log.read(columns.offset(number) + from, Math.min(count, left));
  }

  /** Size of what `payload` returns, in bytes. */
  payloadLength(number: number): number {
    const slot = this.#columns.slot(number);
    if (slot === 'record') {
      return 0;
    }
    const prefix = slot === 'message' ? MessageReader.PREFIX_LENGTH : 0;
    return this.#columns.byteLength(number) + prefix;
  }

  /**
   * Which stream of the call a frame, a message or a header block belongs to, in order of their beginning: it tells
   * streams of different connections apart. Absent for what belongs to none.
   */
  streamIndex(number: number): number | undefined {
    if (this.#columns.slot(number) !== 'record') {
      return this.#columns.stream(number);
    }
    const extra = this.#columns.extra(number);
    return extra === NONE ? undefined : extra - 1;
  }

  /** The `grpc-encoding` that the message's side announced on its stream; `identity` when none. */
  messageEncoding(number: number): string {
    return this.#stream(number).encoding[this.#columns.direction(number)];
  }

  /** What is known of a message that was masked whole because it is compressed; of the last one in each stream. */
  hiddenMessage(number: number): HiddenMessage | undefined {
    const hidden = this.#stream(number)?.masks?.[this.#columns.direction(number)].hidden;
    return hidden?.start === this.#columns.offset(number) ? hidden : undefined;
  }

  /** A connection-level or stream frame. `connection` tells stream ids of different connections apart. */
  appendFrame(
    connection: number,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void {
    if (direction === 'received' && this.#timing.firstByte === undefined && header.streamId > 0) {
      this.#timing.firstByte = this.#relative(time);
    }
    if (header.type === FrameType.Data) {
      this.#appendData(connection, direction, header, payload, time);
      return;
    }
    const shown = this.mask?.framePayload(header, payload) ?? payload;
    const ping =
      header.type === FrameType.Ping
        ? this.#openPings.match(connection, direction, header, shown, this.length)
        : undefined;
    const number = this.#columns.pushFrame(direction, header, {
      time: this.#relative(time),
      stream: this.#streams.indexOf(connection, header.streamId),
      offset: this.#records.append(shown),
      length: payload.length,
      extra: ping === undefined ? NONE : ping + 1,
    });
    if (direction === 'sent' && header.type === FrameType.Headers) {
      this.#timing.headersSent ??= this.#columns.time(number);
    }
  }

  /** The fields of a completed header block; stands right after the frame that completed it. */
  appendFields(
    connection: number,
    direction: Direction,
    streamId: number,
    fields: readonly HeaderField[],
    endStream: boolean,
    time: number,
  ): void {
    const index = this.#streams.indexOf(connection, streamId);
    const stream = this.#streams.at(index);
    const shown = this.mask?.fields(fields) ?? fields;
    const isResponse = direction === 'received';
    const trailers = isResponse && endStream;
    const body: RecordBody = {
      kind: trailers ? 'trailers' : 'headers',
      direction,
      streamId,
      fields: shown,
      ...(trailers && !stream.sawResponseHeaders ? { trailersOnly: true } : {}),
    };
    stream.sawResponseHeaders ||= isResponse;
    const encoding = fieldValue(shown, 'grpc-encoding');
    if (encoding !== undefined) {
      stream.encoding[direction] = encoding;
    }
    const number = this.#record(body, time);
    this.#columns.setExtra(number, index + 1);
    if (number > 0 && this.#columns.slot(number - 1) === 'frame') {
      this.#columns.setExtra(number - 1, number + 1);
    }
  }

  /** A message seen without frames: used when the connection could not be tapped. */
  appendMessage(direction: Direction, message: Uint8Array, time: number): void {
    const index = this.#streams.indexOf(0, 0);
    const framed = Buffer.alloc(MessageReader.PREFIX_LENGTH + message.length);
    framed.writeUInt32BE(message.length, 1);
    framed.set(message, MessageReader.PREFIX_LENGTH);
    this.#readMessages(index, direction, framed, time);
  }

  appendRecord(body: RecordBody, time: number): number {
    return this.#record(this.mask?.record(body) ?? body, time);
  }

  /** The message that had begun when the last stream of the call ended. */
  unfinishedMessage(direction: Direction): UnfinishedMessage | undefined {
    return this.#streams.latest?.readers[direction].unfinished;
  }

  /** The last entry: how the call ended. */
  end(status: CallStatus, time: number): void {
    this.#status = this.mask?.status(status) ?? status;
    this.#timing.ended = this.#relative(time);
    // Frames that the status caused were written after it was given, and stand before it.
    const latest = this.#origin + this.#columns.time(this.length - 1);
    this.#record({ kind: 'status', status: this.#status }, Math.max(time, latest));
    this.flush();
  }

  /** Tells the listeners that a batch is complete. */
  flush(): void {
    for (const listener of this.#listeners) {
      listener();
    }
  }

  dispose(): void {
    this.#listeners.clear();
    this.#store.dispose();
  }

  /** `body` has no secrets any more. */
  #record(body: RecordBody, time: number): number {
    const text = Buffer.from(JSON.stringify(body), 'utf8');
    const number = this.#columns.pushRecord({
      time: this.#relative(time),
      stream: 0,
      offset: this.#records.append(text),
      length: text.length,
      extra: NONE,
    });
    if (isMessagesRow(body)) {
      this.#messageRows.push(number);
    }
    noteTiming(this.#timing, body, this.#columns.time(number));
    return number;
  }

  #appendData(
    connection: number,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void {
    const index = this.#streams.indexOf(connection, header.streamId);
    const padding = paddingOf(header, payload);
    const data = padding === 0 ? payload : payload.subarray(1, payload.length - padding + 1);
    this.#columns.pushFrame(direction, header, {
      time: this.#relative(time),
      stream: index,
      offset: this.#streams.at(index).data[direction].length,
      length: data.length,
      extra: padding,
    });
    this.#readMessages(index, direction, data, time);
  }

  #readMessages(index: number, direction: Direction, data: Uint8Array, time: number): void {
    const stream = this.#streams.at(index);
    const mask = stream.masks?.[direction];
    const hiddenBefore = mask?.hidden;
    const shown = mask?.mask(data) ?? data;
    stream.data[direction].append(shown);
    stream.readers[direction].push(shown, (message) => {
      const number = this.#columns.pushMessage(direction, message.compressed, {
        time: this.#relative(time),
        stream: index,
        offset: message.start,
        length: message.length,
        extra: this.#messages.count(direction),
      });
      this.#messages.push(direction, number);
      this.#messageRows.push(number);
      this.#bytes[direction] += message.length + MessageReader.PREFIX_LENGTH;
      if (direction === 'received') {
        this.#timing.lastMessage = this.#columns.time(number);
      }
    });
    if (mask && mask.hidden !== hiddenBefore && !this.#toldOfHidden) {
      this.#toldOfHidden = true;
      this.appendRecord({ kind: 'note', severity: 'info', text: hiddenText }, time);
    }
  }

  #frameEntry(number: number, time: number): Entry {
    const columns = this.#columns;
    const type = columns.frameType(number);
    const direction = columns.direction(number);
    const extra = columns.extra(number);
    const padding = type === FrameType.Data ? extra : 0;
    const base = {
      kind: 'frame',
      number,
      time,
      direction,
      header: {
        length: columns.byteLength(number) + padding,
        type,
        flags: columns.frameFlags(number),
        streamId: this.#stream(number).streamId,
      },
    } as const;
    if (type === FrameType.Data) {
      return { ...base, messages: this.#messages.carriedBy(number) };
    }
    if (extra === NONE) {
      return base;
    }
    const linked = extra - 1;
    // What this side takes to answer a PING is no round trip.
    return type === FrameType.Ping && direction === 'received'
      ? { ...base, linked, roundTrip: time - columns.time(linked) }
      : { ...base, linked };
  }

  #stream(number: number): CallStream {
    return this.#streams.at(this.#columns.stream(number));
  }

  #relative(time: number): number {
    return Math.max(0, Math.round(time - this.#origin));
  }
}

const hiddenText =
  'Compressed messages in which a secret stands, or may stand, are hidden as a whole: their bytes are shown as *.';

/** Microseconds on the process's monotonic clock. */
export function now(): number {
  return performance.now() * 1000;
}

/** Bytes of a DATA frame that are not data: the length byte and the padding, RFC 9113 section 6.1. */
function paddingOf(header: FrameHeader, payload: Uint8Array): number {
  if ((header.flags & FrameFlag.Padded) === 0) {
    return 0;
  }
  return Math.min((payload[0] ?? 0) + 1, payload.length);
}
