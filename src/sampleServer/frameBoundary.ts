import { FrameFlag, FrameType, frameHeaderLength } from '../wire/frame';

/** Follows a stream of frames just far enough to know where another frame may stand between them. */
export class FrameBoundary {
  readonly #header = new Uint8Array(frameHeaderLength);
  #headerBytes = 0;
  #payloadLeft = 0;
  /** Between HEADERS and the CONTINUATION that ends it no other frame may stand (RFC 9113 section 4.3). */
  #inHeaderBlock = false;

  /** True when the bytes so far end where another frame may begin. */
  get between(): boolean {
    return this.#headerBytes === 0 && this.#payloadLeft === 0 && !this.#inHeaderBlock;
  }

  scan(chunk: Uint8Array): void {
    this.#advance(chunk, false);
  }

  /** Reads up to the first place for another frame; its offset, or undefined when the chunk has none. */
  scanToFirst(chunk: Uint8Array): number | undefined {
    const end = this.#advance(chunk, true);
    return this.between ? end : undefined;
  }

  #advance(chunk: Uint8Array, stopBetween: boolean): number {
    let offset = 0;
    while (offset < chunk.length) {
      if (this.#payloadLeft > 0) {
        const taken = Math.min(this.#payloadLeft, chunk.length - offset);
        this.#payloadLeft -= taken;
        offset += taken;
      } else {
        this.#header[this.#headerBytes++] = chunk[offset++] ?? 0;
        if (this.#headerBytes === frameHeaderLength) {
          this.#beginFrame();
        }
      }
      if (stopBetween && this.between) {
        return offset;
      }
    }
    return offset;
  }

  #beginFrame() {
    const [high = 0, middle = 0, low = 0, type = 0, flags = 0] = this.#header;
    this.#headerBytes = 0;
    this.#payloadLeft = (high << 16) | (middle << 8) | low;
    if (type === FrameType.Headers || type === FrameType.Continuation) {
      this.#inHeaderBlock = (flags & FrameFlag.EndHeaders) === 0;
    }
  }
}
