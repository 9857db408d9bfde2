import { byteAt, readUint32 } from './bytes';

/** One gRPC message in the DATA bytes of one direction of one stream. */
export interface FramedMessage {
  /** Offset of the 5-byte prefix in the stream of DATA bytes; the message begins 5 bytes later. */
  readonly start: number;
  /** Bytes of the message without its prefix; still compressed when `compressed`. */
  readonly length: number;
  readonly compressed: boolean;
}

/** What has arrived of a message that is not whole yet. */
export interface UnfinishedMessage {
  readonly start: number;
  /** Bytes so far, prefix included. At least 1. */
  readonly received: number;
  /** Absent while the prefix itself is not whole. */
  readonly length?: number;
  readonly compressed?: boolean;
}

/**
 * Finds the messages in the DATA bytes of one direction of one stream ("Length-Prefixed-Message" of gRPC
 * over HTTP/2). It counts and copies nothing but a split prefix, so a length that a peer only claims costs
 * no memory.
 *
 * A DATA frame carries a part of the messages from `completed` before its `push` up to, not including,
 * `completed + (pending > 0 ? 1 : 0)` after it.
 */
export class MessageReader {
  /** Bytes in front of each message: a flag and a big-endian length. */
  static readonly PREFIX_LENGTH = 5;

  readonly #prefix = new Uint8Array(MessageReader.PREFIX_LENGTH);
  #prefixRead = 0;
  #start = 0;
  #length = 0;
  #compressed = false;
  #bodyLeft = 0;
  #offset = 0;
  #completed = 0;
  #invalidFlag: { readonly start: number; readonly flag: number } | undefined;

  /** Messages that are whole. */
  get completed(): number {
    return this.#completed;
  }

  /** DATA bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** Bytes so far, prefix included, of the message that is not whole yet; 0 between messages. */
  get pending(): number {
    return this.#prefixRead === 0 ? 0 : this.#offset - this.#start;
  }

  /** The message that is not whole yet: what stays here when a stream is cut off. */
  get unfinished(): UnfinishedMessage | undefined {
    if (this.#prefixRead === 0) return undefined;
    const { pending } = this;
    if (this.#prefixRead < MessageReader.PREFIX_LENGTH) {
      return { start: this.#start, received: pending };
    }
    return {
      start: this.#start,
      received: pending,
      length: this.#length,
      compressed: this.#compressed,
    };
  }

  /**
   * The first prefix whose flag is neither 0 nor 1: the bytes are then likely no gRPC messages at all (an HTML
   * page, say). Reading goes on, as gRPC libraries do, with the lowest bit as the flag.
   */
  get invalidFlag(): { readonly start: number; readonly flag: number } | undefined {
    return this.#invalidFlag;
  }

  /** Reads the next DATA bytes and calls `sink` for each message that they complete. */
  push(data: Uint8Array, sink: (message: FramedMessage) => void): void {
    const end = data.length;
    let at = 0;
    while (at < end) {
      if (this.#prefixRead < MessageReader.PREFIX_LENGTH) {
        if (this.#prefixRead === 0) this.#start = this.#offset;
        if (this.#prefixRead === 0 && end - at >= MessageReader.PREFIX_LENGTH) {
          this.#begin(data, at);
          at += MessageReader.PREFIX_LENGTH;
          this.#offset += MessageReader.PREFIX_LENGTH;
        } else {
          this.#prefix[this.#prefixRead] = byteAt(data, at);
          this.#prefixRead++;
          at++;
          this.#offset++;
          if (this.#prefixRead < MessageReader.PREFIX_LENGTH) continue;
          this.#begin(this.#prefix, 0);
        }
      }
      const taken = Math.min(this.#bodyLeft, end - at);
      at += taken;
      this.#offset += taken;
      this.#bodyLeft -= taken;
      if (this.#bodyLeft > 0) continue;
      this.#prefixRead = 0;
      this.#completed++;
      sink({ start: this.#start, length: this.#length, compressed: this.#compressed });
    }
  }

  #begin(bytes: Uint8Array, at: number): void {
    const flag = byteAt(bytes, at);
    if (flag > 1) this.#invalidFlag ??= { start: this.#start, flag };
    this.#prefixRead = MessageReader.PREFIX_LENGTH;
    this.#compressed = (flag & 1) === 1;
    this.#length = readUint32(bytes, at + 1);
    this.#bodyLeft = this.#length;
  }
}
