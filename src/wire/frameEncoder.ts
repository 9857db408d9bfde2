import { writeUint32 } from './bytes';
import { FrameFlag, FrameType, frameHeaderLength } from './frame';

const noBytes = new Uint8Array(0);
const largestPayload = 0xffffff;

/**
 * One whole frame: the 9 bytes of RFC 9113 section 4.1 and `payload`. Nothing is checked against the
 * type, so that a peer in a test can also say what it must not. Throws `RangeError` over 2^24 - 1 bytes.
 */
export function encodeFrame(
  type: number,
  flags: number,
  streamId: number,
  payload: Uint8Array = noBytes,
): Uint8Array {
  if (payload.length > largestPayload) {
    throw new RangeError(`a frame holds ${largestPayload} bytes at most, not ${payload.length}`);
  }
  const frame = new Uint8Array(frameHeaderLength + payload.length);
  frame[0] = payload.length >>> 16;
  frame[1] = payload.length >>> 8;
  frame[2] = payload.length;
  frame[3] = type;
  frame[4] = flags;
  writeUint32(frame, 5, streamId);
  frame.set(payload, frameHeaderLength);
  return frame;
}

export interface DataOptions {
  readonly endStream?: boolean;
  /** Bytes of padding, 0 to 255. Present, even 0, it sets PADDED. */
  readonly padding?: number;
}

/** DATA, RFC 9113 section 6.1. */
export function dataFrame(
  streamId: number,
  data: Uint8Array,
  options: DataOptions = {},
): Uint8Array {
  const flags = flag(options.endStream, FrameFlag.EndStream) | paddedFlag(options.padding);
  return encodeFrame(FrameType.Data, flags, streamId, padded(data, options.padding));
}

export interface HeadersOptions extends DataOptions {
  /** False when CONTINUATION frames follow. Default true. */
  readonly endHeaders?: boolean;
  readonly priority?: {
    readonly dependsOn: number;
    readonly exclusive: boolean;
    /** 1 to 256. */
    readonly weight: number;
  };
}

/** HEADERS with an HPACK `block` or the first part of one, RFC 9113 section 6.2. */
export function headersFrame(
  streamId: number,
  block: Uint8Array,
  options: HeadersOptions = {},
): Uint8Array {
  const { priority } = options;
  const content = priority === undefined ? block : joined(priorityFields(priority), block);
  const flags =
    flag(options.endStream, FrameFlag.EndStream) |
    flag(options.endHeaders ?? true, FrameFlag.EndHeaders) |
    flag(priority !== undefined, FrameFlag.Priority) |
    paddedFlag(options.padding);
  return encodeFrame(FrameType.Headers, flags, streamId, padded(content, options.padding));
}

/** CONTINUATION, RFC 9113 section 6.10. */
export function continuationFrame(
  streamId: number,
  block: Uint8Array,
  options: { readonly endHeaders?: boolean } = {},
): Uint8Array {
  const flags = flag(options.endHeaders ?? true, FrameFlag.EndHeaders);
  return encodeFrame(FrameType.Continuation, flags, streamId, block);
}

/** PRIORITY, RFC 9113 section 6.3. */
export function priorityFrame(
  streamId: number,
  priority: NonNullable<HeadersOptions['priority']>,
): Uint8Array {
  return encodeFrame(FrameType.Priority, 0, streamId, priorityFields(priority));
}

/** RST_STREAM, RFC 9113 section 6.4. */
export function rstStreamFrame(streamId: number, errorCode: number): Uint8Array {
  return encodeFrame(FrameType.RstStream, 0, streamId, uint32(errorCode));
}

/** SETTINGS, RFC 9113 section 6.5. */
export function settingsFrame(
  settings: readonly { readonly id: number; readonly value: number }[] = [],
): Uint8Array {
  const payload = new Uint8Array(settings.length * 6);
  settings.forEach(({ id, value }, index) => {
    payload[index * 6] = id >>> 8;
    payload[index * 6 + 1] = id;
    writeUint32(payload, index * 6 + 2, value);
  });
  return encodeFrame(FrameType.Settings, 0, 0, payload);
}

/** The acknowledgement of a SETTINGS frame. */
export function settingsAckFrame(): Uint8Array {
  return encodeFrame(FrameType.Settings, FrameFlag.Ack, 0);
}

/** PUSH_PROMISE, RFC 9113 section 6.6. */
export function pushPromiseFrame(
  streamId: number,
  promisedStreamId: number,
  block: Uint8Array,
  options: { readonly endHeaders?: boolean; readonly padding?: number } = {},
): Uint8Array {
  const flags =
    flag(options.endHeaders ?? true, FrameFlag.EndHeaders) | paddedFlag(options.padding);
  const content = joined(uint32(promisedStreamId), block);
  return encodeFrame(FrameType.PushPromise, flags, streamId, padded(content, options.padding));
}

/** PING with 8 opaque bytes, RFC 9113 section 6.7. */
export function pingFrame(
  opaque: Uint8Array = new Uint8Array(8),
  options: { readonly ack?: boolean } = {},
): Uint8Array {
  return encodeFrame(FrameType.Ping, flag(options.ack, FrameFlag.Ack), 0, opaque);
}

/** GOAWAY, RFC 9113 section 6.8. */
export function goAwayFrame(
  lastStreamId: number,
  errorCode: number,
  debugData: Uint8Array = noBytes,
): Uint8Array {
  const payload = joined(joined(uint32(lastStreamId), uint32(errorCode)), debugData);
  return encodeFrame(FrameType.GoAway, 0, 0, payload);
}

/** WINDOW_UPDATE, RFC 9113 section 6.9; stream 0 is the connection. */
export function windowUpdateFrame(streamId: number, increment: number): Uint8Array {
  return encodeFrame(FrameType.WindowUpdate, 0, streamId, uint32(increment));
}

function flag(on: boolean | undefined, bit: number): number {
  return on === true ? bit : 0;
}

function paddedFlag(padding: number | undefined): number {
  return flag(padding !== undefined, FrameFlag.Padded);
}

function padded(content: Uint8Array, padding: number | undefined): Uint8Array {
  if (padding === undefined) return content;
  const payload = new Uint8Array(1 + content.length + padding);
  payload[0] = padding;
  payload.set(content, 1);
  return payload;
}

function priorityFields(priority: NonNullable<HeadersOptions['priority']>): Uint8Array {
  const fields = new Uint8Array(5);
  writeUint32(fields, 0, priority.dependsOn | (priority.exclusive ? 0x80000000 : 0));
  fields[4] = priority.weight - 1;
  return fields;
}

function uint32(value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  writeUint32(bytes, 0, value);
  return bytes;
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(first.length + second.length);
  bytes.set(first);
  bytes.set(second, first.length);
  return bytes;
}
