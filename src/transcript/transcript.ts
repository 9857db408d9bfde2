import {
  type Direction,
  FrameFlag,
  type FrameHeader,
  FrameType,
  type HeaderField,
} from '../wire/frame';
import { MessageReader, type UnfinishedMessage } from '../wire/messageReader';
import { type ByteLog, ByteStore } from './byteStore';
import { SafeIntegerList, Uint32List } from './columns';
import type {
  CallStatus,
  ConnectEntry,
  Entry,
  EntryBase,
  HeadersEntry,
  NoteEntry,
  ResolutionEntry,
  TlsEntry,
} from './entry';
import type { CallTiming, MutableTiming } from './timing';
import type { TimelineView } from './view';

type Body<E extends EntryBase> = Omit<E, keyof EntryBase>;

/** What stands in the records log as JSON: everything that is neither a frame nor a message. */
type RecordBody =
  | Body<ResolutionEntry>
  | Body<ConnectEntry>
  | Body<TlsEntry>
  | Body<HeadersEntry>
  | { readonly kind: 'status'; readonly status: CallStatus }
  | Body<NoteEntry>;

const Slot = { Frame: 0, Message: 1, Record: 2 } as const;
const RECEIVED = 1 << 2;
const COMPRESSED = 1 << 3;
const FRAME_TYPE_SHIFT = 8;
const FLAGS_SHIFT = 16;
/** `linked` and friends are stored plus one, so that 0 means "none". */
const NONE = 0;

/** One HTTP/2 stream of the call. There is more than one when the call was retried. */
interface StreamState {
  readonly streamId: number;
  readonly data: { readonly sent: ByteLog; readonly received: ByteLog };
  readonly readers: { readonly sent: MessageReader; readonly received: MessageReader };
  readonly encoding: { sent: string; received: string };
  sawResponseHeaders: boolean;
}

/** An entry that is stored in columns, before it is read back. */
interface Appended {
  readonly slot: number;
  readonly time: number;
  readonly stream: number;
  readonly offset: number;
  readonly length: number;
  readonly extra: number;
}

/**
 * The record of one call: append-only, any entry readable by number. An entry costs 32 bytes of memory;
 * its bytes stand in a `ByteStore`, which spills to disk over its budget.
 *
 * Times handed in are microseconds on the process's monotonic clock (`now()`).
 */
export class Transcript {
  /** Wall-clock time of the call's start, for people and exports. */
  readonly startedAt = new Date();
  private readonly origin = now();
  private readonly store: ByteStore;
  private readonly records: ByteLog;
  private readonly streams: StreamState[] = [];
  private readonly streamKeys = new Map<string, number>();
  /** Frames come in runs of one stream: this saves the look-up on the hot path. */
  private lastStream = { connection: -1, streamId: -1, index: -1 };

  private readonly slots = new Uint32List();
  private readonly times = new SafeIntegerList();
  private readonly streamOf = new Uint32List();
  private readonly offsets = new SafeIntegerList();
  private readonly lengths = new Uint32List();
  /** Frames: linked entry + 1, or DATA's padding bytes. Messages: index in their direction. */
  private readonly extras = new Uint32List();

  private readonly messageRows = new Uint32List();
  private readonly messages = { sent: new Uint32List(), received: new Uint32List() };
  private readonly bytes = { sent: 0, received: 0 };
  private readonly openPings = new Map<string, number>();
  private readonly timings: MutableTiming = {};
  private finalStatus: CallStatus | undefined;
  private readonly listeners = new Set<() => void>();

  constructor(memoryBudget?: number) {
    this.store = new ByteStore(memoryBudget);
    this.records = this.store.createLog();
  }

  get length(): number {
    return this.slots.length;
  }

  get timing(): CallTiming {
    return this.timings;
  }

  /** Present once the call has ended; the status entry is the last one. */
  get status(): CallStatus | undefined {
    return this.finalStatus;
  }

  /** Bytes of the transcript in memory and in the spill file, the entries' columns not counted. */
  get usage(): { readonly memory: number; readonly disk: number } {
    return this.store.usage;
  }

  messageCount(direction: Direction): number {
    return this.messages[direction].length;
  }

  /** Bytes of gRPC messages, prefixes included. */
  messageBytes(direction: Direction): number {
    return this.bytes[direction];
  }

  rowCount(view: TimelineView): number {
    return view === 'frames' ? this.length : this.messageRows.length;
  }

  /** The entry that stands in row `row` of `view`. */
  entryNumber(view: TimelineView, row: number): number {
    return view === 'frames' ? row : this.messageRows.get(row);
  }

  /** The row of `view` that shows `entry`, or the nearest one before it; -1 when there is none. */
  rowOf(view: TimelineView, entry: number): number {
    return view === 'frames' ? entry : lastNotAbove(this.messageRows, entry);
  }

  /** The entry of the nth message of a direction. */
  messageEntry(direction: Direction, index: number): number | undefined {
    const list = this.messages[direction];
    return index >= 0 && index < list.length ? list.get(index) : undefined;
  }

  /** Calls back after each batch of appended entries; returns the way to stop. */
  onAppend(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  /** Throws a `RangeError` for a number that doesn't exist. */
  entry(number: number): Entry {
    if (!Number.isInteger(number) || number < 0 || number >= this.length) {
      throw new RangeError(`The transcript has entries 0 to ${this.length - 1}, not ${number}.`);
    }
    const slot = this.slots.get(number);
    const time = this.times.get(number);
    switch (slot & 3) {
      case Slot.Frame:
        return this.frameEntry(number, slot, time);
      case Slot.Message: {
        return {
          kind: 'message',
          number,
          time,
          direction: directionOf(slot),
          streamId: this.stream(number).streamId,
          index: this.extras.get(number),
          compressed: (slot & COMPRESSED) !== 0,
          length: this.lengths.get(number),
        };
      }
      default: {
        const text = Buffer.from(
          this.records.read(this.offsets.get(number), this.lengths.get(number)),
        );
        const body = JSON.parse(text.toString('utf8')) as RecordBody;
        return { ...body, number, time };
      }
    }
  }

  /**
   * Bytes of an entry, `[from, from + count)` of them. A message: the 5-byte prefix and the message as on the
   * wire. A frame: its payload, without padding for DATA. Anything else: none.
   */
  payload(number: number, from = 0, count = Number.MAX_SAFE_INTEGER): Uint8Array {
    const slot = this.slots.get(number);
    const kind = slot & 3;
    if (kind === Slot.Record || number >= this.length) {
      return new Uint8Array(0);
    }
    const isMessage = kind === Slot.Message;
    const inStream = isMessage || frameType(slot) === FrameType.Data;
    const log = inStream ? this.stream(number).data[directionOf(slot)] : this.records;
    const length = this.lengths.get(number) + (isMessage ? MessageReader.PREFIX_LENGTH : 0);
    return log.read(this.offsets.get(number) + from, Math.max(0, Math.min(count, length - from)));
  }

  /** Size of what `payload` returns, in bytes. */
  payloadLength(number: number): number {
    const kind = this.slots.get(number) & 3;
    if (kind === Slot.Record) {
      return 0;
    }
    return this.lengths.get(number) + (kind === Slot.Message ? MessageReader.PREFIX_LENGTH : 0);
  }

  /** The `grpc-encoding` that the message's side announced on its stream; `identity` when none. */
  messageEncoding(number: number): string {
    return this.stream(number).encoding[directionOf(this.slots.get(number))];
  }

  /** A connection-level or stream frame. `connection` tells stream ids of different connections apart. */
  appendFrame(
    connection: number,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void {
    if (direction === 'received' && this.timings.firstByte === undefined && header.streamId > 0) {
      this.timings.firstByte = this.relative(time);
    }
    if (header.type === FrameType.Data) {
      this.appendData(connection, direction, header, payload, time);
      return;
    }
    const number = this.append({
      slot: frameSlot(direction, header),
      time,
      stream: this.streamIndex(connection, header.streamId),
      offset: this.records.append(payload),
      length: payload.length,
      extra:
        header.type === FrameType.Ping
          ? this.matchPing(connection, direction, header, payload)
          : NONE,
    });
    if (direction === 'sent' && header.type === FrameType.Headers) {
      this.timings.headersSent ??= this.times.get(number);
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
    const stream = this.streams[this.streamIndex(connection, streamId)] as StreamState;
    const isResponse = direction === 'received';
    const trailers = isResponse && endStream;
    const body: Body<HeadersEntry> = {
      kind: trailers ? 'trailers' : 'headers',
      direction,
      streamId,
      fields,
      ...(trailers && !stream.sawResponseHeaders ? { trailersOnly: true } : {}),
    };
    stream.sawResponseHeaders ||= isResponse;
    const encoding = fields.find(([name]) => name === 'grpc-encoding')?.[1];
    if (encoding !== undefined) {
      stream.encoding[direction] = encoding;
    }
    const number = this.appendRecord(body, time);
    if (number > 0 && (this.slots.get(number - 1) & 3) === Slot.Frame) {
      this.extras.set(number - 1, number + 1);
    }
  }

  /** A message seen without frames: used when the connection could not be tapped. */
  appendMessage(direction: Direction, message: Uint8Array, time: number): void {
    const index = this.streamIndex(0, 0);
    const stream = this.streams[index] as StreamState;
    const framed = Buffer.alloc(MessageReader.PREFIX_LENGTH + message.length);
    framed.writeUInt32BE(message.length, 1);
    framed.set(message, MessageReader.PREFIX_LENGTH);
    this.readMessages(stream, index, direction, framed, time);
  }

  appendRecord(body: RecordBody, time: number): number {
    const text = Buffer.from(JSON.stringify(body), 'utf8');
    const number = this.append({
      slot: Slot.Record,
      time,
      stream: 0,
      offset: this.records.append(text),
      length: text.length,
      extra: NONE,
    });
    if (isMessagesRow(body)) {
      this.messageRows.push(number);
    }
    this.noteTiming(body, this.times.get(number));
    return number;
  }

  /** The message that had begun when the last stream of the call ended. */
  unfinishedMessage(direction: Direction): UnfinishedMessage | undefined {
    return this.streams.at(-1)?.readers[direction].unfinished;
  }

  /** The last entry: how the call ended. */
  end(status: CallStatus, time: number): void {
    this.finalStatus = status;
    this.timings.ended = this.relative(time);
    this.appendRecord({ kind: 'status', status }, time);
    this.flush();
  }

  /** Tells the listeners that a batch is complete. */
  flush(): void {
    for (const listener of this.listeners) {
      listener();
    }
  }

  dispose(): void {
    this.listeners.clear();
    this.store.dispose();
  }

  private appendData(
    connection: number,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void {
    const index = this.streamIndex(connection, header.streamId);
    const stream = this.streams[index] as StreamState;
    const padding = paddingOf(header, payload);
    const data = padding === 0 ? payload : payload.subarray(1, payload.length - padding + 1);
    this.append({
      slot: frameSlot(direction, header),
      time,
      stream: index,
      offset: stream.data[direction].length,
      length: data.length,
      extra: padding,
    });
    this.readMessages(stream, index, direction, data, time);
  }

  private readMessages(
    stream: StreamState,
    index: number,
    direction: Direction,
    data: Uint8Array,
    time: number,
  ): void {
    stream.data[direction].append(data);
    stream.readers[direction].push(data, (message) => {
      const list = this.messages[direction];
      const number = this.append({
        slot:
          Slot.Message |
          (direction === 'received' ? RECEIVED : 0) |
          (message.compressed ? COMPRESSED : 0),
        time,
        stream: index,
        offset: message.start,
        length: message.length,
        extra: list.length,
      });
      list.push(number);
      this.messageRows.push(number);
      this.bytes[direction] += message.length + MessageReader.PREFIX_LENGTH;
      if (direction === 'received') {
        this.timings.lastMessage = this.times.get(number);
      }
    });
  }

  private append(entry: Appended): number {
    const number = this.slots.length;
    this.slots.push(entry.slot);
    this.times.push(this.relative(entry.time));
    this.streamOf.push(entry.stream);
    this.offsets.push(entry.offset);
    this.lengths.push(entry.length);
    this.extras.push(entry.extra);
    return number;
  }

  private frameEntry(number: number, slot: number, time: number): Entry {
    const type = frameType(slot);
    const flags = (slot >>> FLAGS_SHIFT) & 0xff;
    const direction = directionOf(slot);
    const extra = this.extras.get(number);
    const padding = type === FrameType.Data ? extra : 0;
    const length = this.lengths.get(number) + padding;
    const base = {
      kind: 'frame',
      number,
      time,
      direction,
      header: { length, type, flags, streamId: this.stream(number).streamId },
    } as const;
    if (type === FrameType.Data) {
      return { ...base, messages: this.messagesIn(number, direction) };
    }
    if (extra === NONE) {
      return base;
    }
    const linked = extra - 1;
    return type === FrameType.Ping
      ? { ...base, linked, roundTrip: time - this.times.get(linked) }
      : { ...base, linked };
  }

  /** Which messages have a part in the DATA frame: messages stand in order of their stream's offsets. */
  private messagesIn(number: number, direction: Direction): { first: number; end: number } {
    const list = this.messages[direction];
    const stream = this.streamOf.get(number);
    const start = this.offsets.get(number);
    const end = start + this.lengths.get(number);
    const first = firstIndex(list.length, (index) => {
      const message = list.get(index);
      const messageStream = this.streamOf.get(message);
      return (
        messageStream > stream ||
        (messageStream === stream &&
          this.offsets.get(message) + this.payloadLength(message) > start)
      );
    });
    const afterLast = firstIndex(list.length, (index) => {
      const message = list.get(index);
      const messageStream = this.streamOf.get(message);
      return (
        messageStream > stream || (messageStream === stream && this.offsets.get(message) >= end)
      );
    });
    return { first, end: Math.max(first, afterLast) };
  }

  private stream(number: number): StreamState {
    return this.streams[this.streamOf.get(number)] as StreamState;
  }

  private streamIndex(connection: number, streamId: number): number {
    const last = this.lastStream;
    if (last.connection === connection && last.streamId === streamId) {
      return last.index;
    }
    const index = this.findStream(connection, streamId);
    this.lastStream = { connection, streamId, index };
    return index;
  }

  private findStream(connection: number, streamId: number): number {
    const key = `${connection}/${streamId}`;
    const known = this.streamKeys.get(key);
    if (known !== undefined) {
      return known;
    }
    this.streams.push({
      streamId,
      data: { sent: this.store.createLog(), received: this.store.createLog() },
      readers: { sent: new MessageReader(), received: new MessageReader() },
      encoding: { sent: 'identity', received: 'identity' },
      sawResponseHeaders: false,
    });
    this.streamKeys.set(key, this.streams.length - 1);
    return this.streams.length - 1;
  }

  /** Remembers a PING; for an ACK returns the PING's entry number + 1. */
  private matchPing(
    connection: number,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
  ): number {
    const isAck = (header.flags & FrameFlag.Ack) !== 0;
    const sender = (direction === 'sent') === isAck ? 'peer' : 'us';
    const key = `${connection}/${sender}/${Buffer.from(payload).toString('hex', 0, 8)}`;
    if (!isAck) {
      // Two PINGs with the same opaque data: the ACK answers the newer one. Bounded against a flood.
      if (this.openPings.size < 1024 || this.openPings.has(key)) {
        this.openPings.set(key, this.length);
      }
      return NONE;
    }
    const ping = this.openPings.get(key);
    this.openPings.delete(key);
    return ping === undefined ? NONE : ping + 1;
  }

  /** On a connection that was open before, connecting and TLS took none of this call's time. */
  private noteTiming(body: RecordBody, time: number): void {
    switch (body.kind) {
      case 'resolution':
        if (!body.error) this.timings.resolved ??= time;
        return;
      case 'connect':
        if (body.reused) {
          this.timings.reusedConnection = true;
        } else if (!body.error) {
          this.timings.connected ??= time;
        }
        return;
      case 'tls':
        if (!body.error && !this.timings.reusedConnection) this.timings.tlsDone ??= time;
        return;
      default:
    }
  }

  private relative(time: number): number {
    return Math.max(0, Math.round(time - this.origin));
  }
}

/** Microseconds on the process's monotonic clock. */
export function now(): number {
  return performance.now() * 1000;
}

function frameSlot(direction: Direction, header: FrameHeader): number {
  return (
    Slot.Frame |
    (direction === 'received' ? RECEIVED : 0) |
    (header.type << FRAME_TYPE_SHIFT) |
    (header.flags << FLAGS_SHIFT)
  );
}

function frameType(slot: number): number {
  return (slot >>> FRAME_TYPE_SHIFT) & 0xff;
}

function directionOf(slot: number): Direction {
  return (slot & RECEIVED) !== 0 ? 'received' : 'sent';
}

/** Bytes of a DATA frame that are not data: the length byte and the padding, RFC 9113 section 6.1. */
function paddingOf(header: FrameHeader, payload: Uint8Array): number {
  if ((header.flags & FrameFlag.Padded) === 0) {
    return 0;
  }
  return Math.min((payload[0] ?? 0) + 1, payload.length);
}

function isMessagesRow(body: RecordBody): boolean {
  switch (body.kind) {
    case 'resolution':
    case 'connect':
    case 'tls':
      return body.error !== undefined;
    default:
      return true;
  }
}

/** The first index in `[0, length)` for which `test` holds, `length` when there is none; `test` is monotonic. */
function firstIndex(length: number, test: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

function lastNotAbove(list: Uint32List, value: number): number {
  return firstIndex(list.length, (index) => list.get(index) > value) - 1;
}
