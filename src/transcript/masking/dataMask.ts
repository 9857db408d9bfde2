import { ByteCollector, byteAt, readUint32 } from '../../wire/bytes';
import { DecompressError, decompressWithin } from '../../wire/decompress';
import { MessageReader } from '../../wire/messageReader';
import type { ByteLog } from '../byteStore';
import { ByteMatcher } from './byteMatcher';
import { maskByte, type SecretMask } from './secretMask';

/** Longest message, compressed and decompressed, that is looked into; longer ones are masked whole. */
const checkLimit = 2 * 1024 * 1024;
/** Bytes that each byte of a message may become while it is looked into: many small bombs must cost little too. */
const highestRatio = 100;
const smallestLimit = 4 * 1024;

/** A compressed message that is masked whole. */
export interface HiddenMessage {
  /** Offset of its prefix in the DATA bytes. */
  readonly start: number;
  /** Why it could not be decompressed; absent when it could, or when it was too long for a try. */
  readonly problem?: string;
}

/**
 * Masks the DATA bytes of one direction of one stream on their way into the log. What may be the beginning of a
 * secret is written masked; it is written over once the next bytes say that it isn't. So neither the log nor its
 * spill file ever holds a part of a secret that goes over the border of a frame. The 5-byte prefixes stay as they
 * are.
 */
export class DataMask {
  readonly #mask: SecretMask;
  readonly #log: ByteLog;
  readonly #encoding: () => string;

  readonly #prefix = new ByteCollector();
  #mode: 'prefix' | 'open' | 'compressed' | 'unframed' = 'prefix';
  #bodyStart = 0;
  #bodyLeft = 0;
  #state = ByteMatcher.START;
  /** The last bytes in the log, masked there, as they came; and which of them stay masked. */
  #tail = new Uint8Array(0);
  #tailMasked = new Uint8Array(0);
  /** Bytes to come that belong to what was found. */
  #ahead = 0;
  #isTooLong = false;
  /** A compressed message so far; nothing of one that is too long. */
  readonly #compressed = new ByteCollector();
  #hidden: HiddenMessage | undefined;

  /** `encoding` gives the `grpc-encoding` of the direction. */
  constructor(mask: SecretMask, log: ByteLog, encoding: () => string) {
    this.#mask = mask;
    this.#log = log;
    this.#encoding = encoding;
  }

  /** The last compressed message that was masked whole. */
  get hidden(): HiddenMessage | undefined {
    return this.#hidden;
  }

  /** The next DATA bytes as they may be appended to the log, which has to be done before the next call. */
  mask(data: Uint8Array): Uint8Array {
    let shown = data;
    const show = (at: number, bytes: Uint8Array): void => {
      shown = shown === data ? Buffer.from(data) : shown;
      shown.set(bytes, at);
    };
    for (let at = 0; at < data.length; ) {
      if (this.#mode === 'prefix') {
        at = this.#readPrefix(data, at);
        continue;
      }
      const end = Math.min(data.length, at + this.#bodyLeft);
      this.#bodyLeft -= end - at;
      const part = data.subarray(at, end);
      const offset = this.#log.length + at;
      const masked =
        this.#mode === 'compressed' ? this.#maskCompressed(part) : this.#maskOpen(part, offset);
      if (masked !== part) {
        show(at, masked);
      }
      if (this.#bodyLeft === 0) {
        this.#mode = 'prefix';
      }
      at = end;
    }
    return shown;
  }

  /** Reads as much of a prefix as there is; gives the place behind it. */
  #readPrefix(data: Uint8Array, at: number): number {
    if (this.#prefix.length === 0 && byteAt(data, at) > 1) {
      // No gRPC message but, say, the page of a proxy: text from here on, and what looks like lengths is none.
      this.#mode = 'unframed';
      this.#state = ByteMatcher.START;
      this.#bodyStart = this.#log.length + at;
      this.#bodyLeft = Number.POSITIVE_INFINITY;
      return at;
    }
    const end = Math.min(data.length, at + MessageReader.PREFIX_LENGTH - this.#prefix.length);
    this.#prefix.append(data, at, end);
    if (this.#prefix.length === MessageReader.PREFIX_LENGTH) {
      const prefix = this.#prefix.view();
      this.#bodyLeft = readUint32(prefix, 1);
      this.#isTooLong = this.#bodyLeft > checkLimit;
      this.#bodyStart = this.#log.length + end;
      this.#mode = byteAt(prefix, 0) === 1 ? 'compressed' : 'open';
      // What only looks like a prefix may be the beginning of a secret.
      const { matcher } = this.#mask;
      this.#state = matcher.scan(prefix, 0, prefix.length, ByteMatcher.START, () => {});
      this.#prefix.clear();
      if (this.#bodyLeft === 0) {
        this.#mode = 'prefix';
      }
    }
    return end;
  }

  /** A part of a message that isn't compressed, or of what is none. `offset` is where it will stand in the log. */
  #maskOpen(part: Uint8Array, offset: number): Uint8Array {
    const tail = this.#tail;
    const isLast = this.#bodyLeft === 0;
    const ranges: number[] = [];
    if (this.#ahead > 0) {
      ranges.push(tail.length, tail.length + this.#ahead);
    }
    this.#ahead = 0;
    const { matcher } = this.#mask;
    this.#state = matcher.scan(part, 0, part.length, this.#state, (end, back, ahead) => {
      ranges.push(tail.length + end - back, tail.length + end + ahead);
      this.#ahead = Math.max(0, end + ahead - part.length);
    });
    const depth = isLast ? 0 : matcher.depth(this.#state);
    if (isLast) {
      this.#ahead = 0;
    }
    if (ranges.length === 0 && tail.length === 0 && depth === 0) {
      return part;
    }
    const known = Buffer.concat([tail, part]);
    const masked = new Uint8Array(known.length);
    masked.set(this.#tailMasked);
    for (let index = 0; index < ranges.length; index += 2) {
      masked.fill(1, Math.max(0, ranges[index] ?? 0), ranges[index + 1]);
    }
    const kept = Math.max(0, known.length - depth);
    this.#tail = Uint8Array.from(known.subarray(kept));
    this.#tailMasked = masked.slice(kept);
    if (this.#mode === 'unframed') {
      // Who reads lengths in these bytes must not find others later.
      this.#tailMasked.fill(1);
    }
    masked.fill(1, kept);
    const before = offset - tail.length - 1;
    if (this.#mode === 'open' && before >= this.#bodyStart && ranges.some((edge) => edge < 0)) {
      // The character before a base64 form holds a few bits of it.
      this.#log.overwrite(before, Uint8Array.of(maskByte));
    }
    const shown = known.map((byte, index) => (masked[index] === 1 ? maskByte : byte));
    this.#log.overwrite(offset - tail.length, shown.subarray(0, tail.length));
    return shown.subarray(tail.length);
  }

  #maskCompressed(part: Uint8Array): Uint8Array {
    if (!this.#isTooLong) {
      this.#compressed.append(part);
    }
    if (this.#bodyLeft > 0) {
      return Buffer.alloc(part.length, maskByte);
    }
    const whole = this.#compressed.view();
    const start = this.#bodyStart - MessageReader.PREFIX_LENGTH;
    const hidden = this.#isTooLong ? { start } : this.#verdict(whole, start);
    if (!hidden) {
      this.#log.overwrite(this.#bodyStart, whole.subarray(0, whole.length - part.length));
    }
    this.#compressed.clear();
    this.#hidden = hidden ?? this.#hidden;
    return hidden ? Buffer.alloc(part.length, maskByte) : part;
  }

  /** Nothing when the message may be shown. */
  #verdict(message: Uint8Array, start: number): HiddenMessage | undefined {
    const limit = Math.min(checkLimit, Math.max(smallestLimit, message.length * highestRatio));
    try {
      const bytes = decompressWithin(this.#encoding(), message, limit);
      return !bytes || this.#mask.isIn(bytes) || this.#mask.isIn(message) ? { start } : undefined;
    } catch (error) {
      if (!(error instanceof DecompressError)) {
        throw error;
      }
      return { start, problem: error.message };
    }
  }
}
