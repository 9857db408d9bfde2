import { ByteCollector, readUint16, readUint32 } from './bytes';
import {
  type Direction,
  FrameFlag,
  type FrameHeader,
  FrameType,
  type HeaderField,
  SettingId,
} from './frame';
import { decodeFrameBody } from './frameBody';
import { FrameDecoder, type WireProblem } from './frameDecoder';
import { type DecodedFields, HpackDecoder } from './hpackDecoder';
import { HpackError } from './hpackError';
import { defaultTableSize } from './hpackTables';

export interface ConnectionSink {
  /** A whole frame. `payload` is good during this call only: copy what is kept. `header` may be kept. */
  frame(direction: Direction, header: FrameHeader, payload: Uint8Array): void;
  /**
   * The fields of a header block, right after the frame that completes it. `streamId` is the promised stream
   * for a PUSH_PROMISE. `truncated`: the list was over the limit and later fields are left out.
   */
  fields(
    direction: Direction,
    streamId: number,
    fields: HeaderField[],
    endStream: boolean,
    truncated: boolean,
  ): void;
  /** A header block that can't be read, right after its last frame. Frames go on. */
  undecodableFields(direction: Direction, streamId: number, reason: string): void;
  /** This direction is not HTTP/2; called at most once for each, and no frame of it follows. */
  malformed(direction: Direction, problem: WireProblem): void;
}

export interface ConnectionLimits {
  /** Longest frame payload in bytes. Default: 2^24 - 1. */
  readonly frameSize?: number;
  /** Longest header block in bytes, over HEADERS and CONTINUATION. Default 1 MiB. */
  readonly headerBlockSize?: number;
  /** Largest decoded header list and largest HPACK table in bytes. Default 1 MiB. */
  readonly headerListSize?: number;
}

const defaultBlockSize = 1024 * 1024;

/** Reads both directions of one HTTP/2 connection, seen from the client, from its first byte on. */
export class ConnectionDecoder {
  readonly #sent: DirectionDecoder;
  readonly #received: DirectionDecoder;

  constructor(sink: ConnectionSink, limits: ConnectionLimits = {}) {
    this.#sent = new DirectionDecoder('sent', sink, limits, (size) =>
      this.#received.allowTableSize(size),
    );
    this.#received = new DirectionDecoder('received', sink, limits, (size) =>
      this.#sent.allowTableSize(size),
    );
  }

  push(direction: Direction, chunk: Uint8Array): void {
    this.#of(direction).frames.push(chunk);
  }

  /** What came in place of HTTP/2, at most its first 1024 bytes; empty when nothing is wrong. */
  rejected(direction: Direction): Uint8Array {
    return this.#of(direction).frames.rejected;
  }

  /** Bytes of a frame that is not whole yet; more than 0 at the end of a connection: it was cut off. */
  pendingBytes(direction: Direction): number {
    return this.#of(direction).frames.pendingBytes;
  }

  #of(direction: Direction): DirectionDecoder {
    return direction === 'sent' ? this.#sent : this.#received;
  }
}

/** A header block that has begun: HEADERS or PUSH_PROMISE, until END_HEADERS. */
interface OpenBlock {
  /** The stream that CONTINUATION frames must name. */
  readonly carrier: number;
  /** The stream that the fields belong to. */
  readonly streamId: number;
  readonly endStream: boolean;
}

class DirectionDecoder {
  readonly frames: FrameDecoder;
  readonly #hpack: HpackDecoder;
  readonly #blockLimit: number;
  readonly #collected = new ByteCollector();
  #open: OpenBlock | undefined;
  #allowedTableSize = defaultTableSize;
  /** Set for good when a block was lost: the table is unknown from there on, and guesses would mislead. */
  #lost: string | undefined;

  constructor(
    readonly direction: Direction,
    readonly sink: ConnectionSink,
    limits: ConnectionLimits,
    readonly announceTableSize: (size: number) => void,
  ) {
    this.#blockLimit = limits.headerBlockSize ?? defaultBlockSize;
    const listSize = limits.headerListSize ?? defaultBlockSize;
    this.#hpack = new HpackDecoder({ tableSize: listSize, listSize });
    this.frames = new FrameDecoder(
      {
        expectPreface: direction === 'sent',
        ...(limits.frameSize !== undefined && { maxFrameSize: limits.frameSize }),
      },
      {
        frame: (header, payload) => this.#frame(header, payload),
        malformed: (problem) => sink.malformed(direction, problem),
      },
    );
  }

  /**
   * The other side said how large a table it keeps for this direction. A larger one counts at once, because
   * the ACK that makes it valid may be on its way in front of the first block that uses it. A smaller one
   * needs nothing: the encoder must say so itself at the start of its next block (RFC 7541 section 4.2).
   */
  allowTableSize(size: number): void {
    if (size <= this.#allowedTableSize) return;
    this.#allowedTableSize = size;
    this.#hpack.setMaxTableSize(size);
  }

  #frame(header: FrameHeader, payload: Uint8Array): void {
    this.sink.frame(this.direction, header, payload);
    if (this.#open !== undefined) {
      if (header.type === FrameType.Continuation && header.streamId === this.#open.carrier) {
        this.#continueBlock(this.#open, header, payload);
        return;
      }
      const { streamId } = this.#open;
      this.#open = undefined;
      this.#collected.clear();
      this.#lose(streamId, 'another frame came between the parts of the header block');
    }
    switch (header.type) {
      case FrameType.Headers:
      case FrameType.PushPromise:
        this.#beginBlock(header, payload);
        break;
      case FrameType.Continuation:
        this.#lose(header.streamId, 'a CONTINUATION frame without a HEADERS frame before it');
        break;
      case FrameType.Settings:
        this.#readTableSize(header, payload);
        break;
    }
  }

  #beginBlock(header: FrameHeader, payload: Uint8Array): void {
    const body = decodeFrameBody(header, payload);
    if (body.kind !== 'headers' && body.kind !== 'pushPromise') {
      this.#lose(header.streamId, body.kind === 'undecodable' ? body.reason : body.kind);
      return;
    }
    const isPromise = body.kind === 'pushPromise';
    const block: OpenBlock = {
      carrier: header.streamId,
      streamId: isPromise ? body.promisedStreamId : header.streamId,
      endStream: !isPromise && (header.flags & FrameFlag.EndStream) !== 0,
    };
    if ((header.flags & FrameFlag.EndHeaders) !== 0) {
      this.#complete(block, body.block);
      return;
    }
    this.#open = block;
    this.#collect(block, body.block);
  }

  #continueBlock(block: OpenBlock, header: FrameHeader, payload: Uint8Array): void {
    this.#collect(block, payload);
    if ((header.flags & FrameFlag.EndHeaders) === 0) return;
    this.#open = undefined;
    this.#complete(block, this.#collected.view());
    this.#collected.clear();
  }

  /** Past the limit nothing more is kept, however many CONTINUATION frames follow. */
  #collect(block: OpenBlock, part: Uint8Array): void {
    if (this.#lost !== undefined) return;
    if (this.#collected.length + part.length > this.#blockLimit) {
      this.#lost = `the header block of stream ${block.streamId} is over ${this.#blockLimit} bytes`;
      this.#collected.clear();
      return;
    }
    this.#collected.append(part);
  }

  #complete(block: OpenBlock, bytes: Uint8Array): void {
    if (this.#lost !== undefined) {
      this.sink.undecodableFields(this.direction, block.streamId, this.#lost);
      return;
    }
    let decoded: DecodedFields;
    try {
      decoded = this.#hpack.decode(bytes);
    } catch (error) {
      if (!(error instanceof HpackError)) throw error;
      this.#lose(block.streamId, error.message);
      return;
    }
    const { fields, truncated } = decoded;
    this.sink.fields(this.direction, block.streamId, fields, block.endStream, truncated);
  }

  #lose(streamId: number, reason: string): void {
    this.sink.undecodableFields(this.direction, streamId, this.#lost ?? reason);
    this.#lost ??= `header compression was lost on stream ${streamId}: ${reason}`;
  }

  #readTableSize(header: FrameHeader, payload: Uint8Array): void {
    if ((header.flags & FrameFlag.Ack) !== 0) return;
    for (let offset = 0; offset + 6 <= payload.length; offset += 6) {
      if (readUint16(payload, offset) === SettingId.HeaderTableSize) {
        this.announceTableSize(readUint32(payload, offset + 2));
      }
    }
  }
}
