/**
 * Cuts the bytes of one direction of a connection into frames, with nothing of `src/wire`: what Frameline shows is held
 * against it.
 */

/** A frame as it passed the relay. */
export interface PassedFrame {
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  /** Of the payload, padding included. */
  readonly length: number;
  /** `checksum` of the payload, of DATA without its padding. */
  readonly sum: number;
  /** Bytes of the direction up to its end. */
  readonly end: number;
  /** Whole gRPC messages of its stream in this direction, up to its end. */
  readonly messages: number;
  /** Of RST_STREAM. */
  readonly errorCode?: number;
}

export type Protocol = 'http2' | 'tls';

const clientPreface = 24;
const data = 0;
const rstStream = 3;
const paddedFlag = 8;

export class FrameLog {
  readonly frames: PassedFrame[] = [];
  /** Bytes that have passed. */
  position = 0;
  readonly #headerLength: number;
  readonly #counters = new Map<number, MessageCounter>();
  #skip: number;
  #parts: Buffer[] = [];
  #collected = 0;
  /** Known with the frame's header. */
  #frameLength: number | undefined;

  constructor(
    /** What follows is cut by TLS records when it is sealed: they have no stream and no messages. */
    readonly protocol: Protocol,
    fromClient: boolean,
  ) {
    this.#headerLength = protocol === 'http2' ? 9 : 5;
    this.#skip = protocol === 'http2' && fromClient ? clientPreface : 0;
  }

  /** Bytes of the frame that is not whole yet. */
  get begun(): number {
    return this.#collected;
  }

  /** Bytes to the next border: the end of the preface, of a frame's header or of a frame. */
  get untilBorder(): number {
    if (this.#skip > 0) {
      return this.#skip;
    }
    return (this.#frameLength ?? this.#headerLength) - this.#collected;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const count = Math.min(this.untilBorder, bytes.length - at);
      const part = Buffer.from(bytes.subarray(at, at + count));
      at += count;
      this.position += count;
      if (this.#skip > 0) {
        this.#skip -= count;
        continue;
      }
      this.#parts.push(part);
      this.#collected += count;
      if (this.#collected === this.#headerLength) {
        this.#frameLength = this.#headerLength + this.#readLength(Buffer.concat(this.#parts));
      }
      if (this.#collected === this.#frameLength) {
        this.#complete(Buffer.concat(this.#parts));
        this.#parts = [];
        this.#collected = 0;
        this.#frameLength = undefined;
      }
    }
  }

  #readLength(header: Buffer): number {
    return this.protocol === 'http2' ? header.readUIntBE(0, 3) : header.readUInt16BE(3);
  }

  #complete(frame: Buffer): void {
    const payload = frame.subarray(this.#headerLength);
    const isHttp2 = this.protocol === 'http2';
    const type = isHttp2 ? frame.readUInt8(3) : frame.readUInt8(0);
    const flags = isHttp2 ? frame.readUInt8(4) : 0;
    const streamId = isHttp2 ? frame.readUInt32BE(5) & 0x7fff_ffff : 0;
    const isData = isHttp2 && type === data;
    const content = isData && (flags & paddedFlag) !== 0 ? withoutPadding(payload) : payload;
    this.frames.push({
      type,
      flags,
      streamId,
      length: payload.length,
      sum: checksum(content),
      end: this.position,
      messages: isData ? this.#counter(streamId).push(content) : 0,
      ...(isHttp2 && type === rstStream && { errorCode: payload.readUInt32BE(0) }),
    });
  }

  #counter(streamId: number): MessageCounter {
    const known = this.#counters.get(streamId) ?? new MessageCounter();
    this.#counters.set(streamId, known);
    return known;
  }
}

/** Counts gRPC messages by their prefixes: a byte and a length of four. */
class MessageCounter {
  #count = 0;
  #prefix: number[] = [];
  #left = 0;

  push(bytes: Uint8Array): number {
    let at = 0;
    while (at < bytes.length) {
      if (this.#prefix.length < 5) {
        this.#prefix.push(bytes[at++] as number);
        if (this.#prefix.length < 5) {
          continue;
        }
        this.#left = Buffer.from(this.#prefix).readUInt32BE(1);
      }
      const taken = Math.min(this.#left, bytes.length - at);
      at += taken;
      this.#left -= taken;
      if (this.#left === 0) {
        this.#count++;
        this.#prefix = [];
      }
    }
    return this.#count;
  }
}

function withoutPadding(payload: Buffer): Buffer {
  return payload.subarray(1, payload.length - payload.readUInt8(0));
}

/** FNV-1a: enough to notice that bytes differ. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0x811c9dc5;
  for (const byte of bytes) {
    sum = Math.imul(sum ^ byte, 0x01000193);
  }
  return sum >>> 0;
}
