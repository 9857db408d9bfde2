import { ByteCollector, byteAt, latin1Text, readUint24, readUint31 } from './bytes';
import { connectionPreface, type FrameHeader, FrameType, frameHeaderLength } from './frame';

/** Why the bytes of one direction are not HTTP/2. */
export interface WireProblem {
  /**
   * `http1`: an HTTP/1 answer. `tls-record`: a TLS alert, so the port speaks TLS. `preface`: the client's
   * preface or the server's first SETTINGS frame is something else. `oversized`: a frame is longer than
   * this decoder was told to take.
   */
  readonly code: 'http1' | 'tls-record' | 'preface' | 'oversized';
  readonly message: string;
  /** `http1`: the beginning of the answer, 1024 bytes at most, as latin-1 text. Untrusted. */
  readonly text?: string;
}

export interface FrameSink {
  /** The whole client preface was read. */
  preface?(): void;
  /**
   * A whole frame. `header` may be kept. `payload` is a view into the chunk or into a buffer that is used
   * again: it is good during this call only, so copy what is kept.
   */
  frame(header: FrameHeader, payload: Uint8Array): void;
  /** Called at most once; no frame follows. */
  malformed(problem: WireProblem): void;
}

export interface FrameDecoderOptions {
  /** True for the direction from client to server, which begins with 24 fixed bytes (RFC 9113 section 3.4). */
  readonly expectPreface: boolean;
  /**
   * Longest payload in bytes that is taken, and so the bound of what is buffered. Default: 2^24 - 1, all
   * that a header can say.
   */
  readonly maxFrameSize?: number;
}

const rejectedLimit = 1024;
const http1Start = 'HTTP/1.';

/** Cuts the bytes of one direction of one connection into frames, whatever chunks they come in. */
export class FrameDecoder {
  readonly #sink: FrameSink;
  readonly #maxFrameSize: number;
  readonly #partial = new ByteCollector();
  readonly #rejected = new ByteCollector();
  #prefaceLeft: number;
  /** The server's first frame proves that it speaks HTTP/2; the client proves it by its preface. */
  #proven: boolean;
  #problem: WireProblem | undefined;

  constructor(options: FrameDecoderOptions, sink: FrameSink) {
    this.#sink = sink;
    this.#maxFrameSize = options.maxFrameSize ?? 0xffffff;
    this.#prefaceLeft = options.expectPreface ? connectionPreface.length : 0;
    this.#proven = options.expectPreface;
  }

  get problem(): WireProblem | undefined {
    return this.#problem;
  }

  /**
   * What came in place of HTTP/2, as evidence: at most the first 1024 bytes, and it grows after `malformed`
   * while more arrives. Empty when nothing is wrong.
   */
  get rejected(): Uint8Array {
    return this.#rejected.view();
  }

  /** Bytes of a frame that is not whole yet; more than 0 at the end of a connection: it was cut off. */
  get pendingBytes(): number {
    return this.#partial.length;
  }

  push(chunk: Uint8Array): void {
    if (this.#problem !== undefined) {
      this.#keepRejected(chunk, 0);
      return;
    }
    let offset = this.#prefaceLeft > 0 ? this.#readPreface(chunk) : 0;
    if (this.#partial.length > 0) offset = this.#finishPartial(chunk, offset);

    const end = chunk.length;
    while (this.#problem === undefined && end - offset >= frameHeaderLength) {
      const header = this.#readHeader(chunk, offset);
      if (header === undefined) return;
      const next = offset + frameHeaderLength + header.length;
      if (next > end) break;
      const payload = chunk.subarray(offset + frameHeaderLength, next);
      offset = next;
      this.#sink.frame(header, payload);
    }
    if (this.#problem === undefined && offset < end) {
      this.#partial.append(chunk, offset, end);
      this.#recognise();
    }
  }

  /** Adds to the frame that earlier chunks began and gives it out when whole; returns how far it read. */
  #finishPartial(chunk: Uint8Array, offset: number): number {
    let at = offset;
    if (this.#partial.length < frameHeaderLength) {
      at = this.#take(chunk, at, frameHeaderLength);
      if (this.#recognise() || this.#partial.length < frameHeaderLength) return chunk.length;
    }
    const header = this.#readHeader(this.#partial.view(), 0);
    if (header === undefined) return chunk.length;
    const whole = frameHeaderLength + header.length;
    at = this.#take(chunk, at, whole);
    if (this.#partial.length < whole) return at;
    const payload = this.#partial.view().subarray(frameHeaderLength);
    // Cleared first: the sink may throw, and the next push must not see this frame again.
    this.#partial.clear();
    this.#sink.frame(header, payload);
    return at;
  }

  #take(chunk: Uint8Array, offset: number, upTo: number): number {
    const end = Math.min(chunk.length, offset + upTo - this.#partial.length);
    this.#partial.append(chunk, offset, end);
    return end;
  }

  #readPreface(chunk: Uint8Array): number {
    let at = 0;
    while (at < chunk.length && this.#prefaceLeft > 0) {
      const position = connectionPreface.length - this.#prefaceLeft;
      if (byteAt(chunk, at) !== connectionPreface.charCodeAt(position)) {
        const message = `the client preface differs from byte ${position} on`;
        this.#reject({ code: 'preface', message }, chunk, at);
        return chunk.length;
      }
      at++;
      this.#prefaceLeft--;
    }
    if (this.#prefaceLeft === 0) this.#sink.preface?.();
    return at;
  }

  /** The frame header at `offset`, or undefined after telling the sink what is wrong with it. */
  #readHeader(bytes: Uint8Array, offset: number): FrameHeader | undefined {
    const header = {
      length: readUint24(bytes, offset),
      type: byteAt(bytes, offset + 3),
      flags: byteAt(bytes, offset + 4),
      streamId: readUint31(bytes, offset + 5),
    };
    if (!this.#proven) {
      const problem = foreignProtocol(bytes, offset) ?? wrongFirstFrame(header);
      if (problem !== undefined) {
        this.#reject(problem, bytes, offset);
        return undefined;
      }
      this.#proven = true;
    }
    if (header.length > this.#maxFrameSize) {
      const message = `a frame of ${header.length} bytes is longer than ${this.#maxFrameSize}`;
      this.#reject({ code: 'oversized', message }, bytes, offset);
      return undefined;
    }
    return header;
  }

  /** A TLS alert is shorter than a frame header and nothing follows it: judge what there is. */
  #recognise(): boolean {
    if (this.#proven) return false;
    const bytes = this.#partial.view();
    const problem = foreignProtocol(bytes, 0);
    if (problem !== undefined) this.#reject(problem, bytes, 0);
    return problem !== undefined;
  }

  #reject(problem: WireProblem, bytes: Uint8Array, offset: number): void {
    this.#problem = problem;
    this.#keepRejected(bytes, offset);
    this.#partial.clear();
    this.#sink.malformed(problem);
  }

  #keepRejected(bytes: Uint8Array, offset: number): void {
    const room = rejectedLimit - this.#rejected.length;
    if (room > 0) this.#rejected.append(bytes, offset, Math.min(bytes.length, offset + room));
  }
}

function foreignProtocol(bytes: Uint8Array, offset: number): WireProblem | undefined {
  const length = bytes.length - offset;
  // Alert (21) of TLS 1.x: RFC 8446 section 5.1. As a frame it would be a SETTINGS frame of 1.3 MB.
  if (length >= 2 && byteAt(bytes, offset) === 0x15 && byteAt(bytes, offset + 1) === 0x03) {
    return { code: 'tls-record', message: 'the server answered with a TLS alert' };
  }
  if (length >= http1Start.length) {
    const text = latin1Text(bytes, offset, Math.min(bytes.length, offset + rejectedLimit));
    if (text.startsWith(http1Start)) {
      return { code: 'http1', message: 'the server answered with HTTP/1', text };
    }
  }
  return undefined;
}

/** RFC 9113 section 3.4 asks for SETTINGS; a GOAWAY in its place still is HTTP/2 and worth showing. */
function wrongFirstFrame(header: FrameHeader): WireProblem | undefined {
  const { type, streamId } = header;
  if (streamId === 0 && (type === FrameType.Settings || type === FrameType.GoAway)) {
    return undefined;
  }
  const message = 'the first bytes from the server are not an HTTP/2 SETTINGS frame';
  return { code: 'preface', message };
}
