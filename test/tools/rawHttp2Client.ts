import { connect, type Socket } from 'node:net';
import { ConnectionDecoder } from '../../src/wire/connectionDecoder';
import { connectionPreface, FrameFlag, FrameType, type HeaderField } from '../../src/wire/frame';
import {
  dataFrame,
  headersFrame,
  pingFrame,
  settingsAckFrame,
  settingsFrame,
} from '../../src/wire/frameEncoder';
import { frameTypeName } from '../../src/wire/frameNames';
import { HpackEncoder } from '../../src/wire/hpackEncoder';

export interface SeenFrame {
  readonly name: string;
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly payload: Buffer;
}

/** A client that writes what it is told and keeps all that comes back. */
export class RawHttp2Client {
  readonly frames: SeenFrame[] = [];
  /** The fields of each header block, with its stream. */
  readonly blocks: { readonly streamId: number; readonly fields: readonly HeaderField[] }[] = [];
  /** Everything, also what is no HTTP/2. */
  readonly bytes: Buffer[] = [];
  malformed: string | undefined;
  closed = false;
  readonly #socket: Socket;
  readonly #hpack = new HpackEncoder();
  readonly #waiting = new Set<() => void>();

  constructor(socket: Socket) {
    this.#socket = socket;
    const decoder = new ConnectionDecoder({
      frame: (_direction, { type, flags, streamId }, payload) => {
        const name = frameTypeName(type);
        this.frames.push({ name, type, flags, streamId, payload: Buffer.from(payload) });
        if (type === FrameType.Settings && (flags & FrameFlag.Ack) === 0) {
          this.write(settingsAckFrame());
        }
      },
      fields: (_direction, streamId, fields) => this.blocks.push({ streamId, fields }),
      undecodableFields: (_direction, _streamId, reason) => {
        this.malformed = reason;
      },
      malformed: (_direction, problem) => {
        this.malformed = problem.code;
      },
    });
    socket.on('data', (chunk) => {
      this.bytes.push(chunk);
      decoder.push('received', chunk);
      this.#look();
    });
    socket.on('error', () => {});
    socket.on('close', () => {
      this.closed = true;
      this.#look();
    });
    this.write(Buffer.from(connectionPreface));
    this.write(settingsFrame());
  }

  static async open(port: number): Promise<RawHttp2Client> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawHttp2Client(socket);
  }

  write(bytes: Uint8Array): void {
    if (this.#socket.writable) this.#socket.write(bytes);
  }

  ping(): void {
    this.write(pingFrame());
  }

  /** A gRPC request with one message and END_STREAM. */
  request(streamId: number, path: string, message: Uint8Array = Buffer.alloc(0)): void {
    const fields: HeaderField[] = [
      [':method', 'POST'],
      [':scheme', 'http'],
      [':path', path],
      [':authority', 'test'],
      ['te', 'trailers'],
      ['content-type', 'application/grpc'],
    ];
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    this.write(headersFrame(streamId, this.#hpack.encode(fields)));
    this.write(dataFrame(streamId, Buffer.concat([prefix, message]), { endStream: true }));
  }

  /** Resolves when `seen` is true; rejects when the connection ends before. */
  until(seen: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const look = () => {
        if (seen()) resolve();
        else if (this.closed) reject(new Error(`closed after ${this.names().join(' ')}`));
        else return;
        this.#waiting.delete(look);
      };
      this.#waiting.add(look);
      look();
    });
  }

  untilClosed(): Promise<void> {
    return this.until(() => this.closed);
  }

  /** Until the stream is over: END_STREAM or RST_STREAM. */
  untilEnd(streamId: number): Promise<void> {
    return this.until(() =>
      this.of(streamId).some(
        ({ type, flags }) =>
          type === FrameType.RstStream ||
          ((type === FrameType.Data || type === FrameType.Headers) &&
            (flags & FrameFlag.EndStream) !== 0),
      ),
    );
  }

  of(streamId: number): SeenFrame[] {
    return this.frames.filter((frame) => frame.streamId === streamId);
  }

  names(streamId?: number): string[] {
    return (streamId === undefined ? this.frames : this.of(streamId)).map(({ name }) => name);
  }

  /** The header blocks of a stream as objects; of fields with one name the last stays. */
  headers(streamId: number): Record<string, string>[] {
    return this.blocks
      .filter((block) => block.streamId === streamId)
      .map(({ fields }) => Object.fromEntries(fields));
  }

  /** All DATA of a stream, without padding. */
  data(streamId: number): Buffer {
    const parts = this.of(streamId)
      .filter(({ type }) => type === FrameType.Data)
      .map(({ flags, payload }) => {
        const padding = flags & FrameFlag.Padded ? (payload[0] ?? 0) : undefined;
        return padding === undefined ? payload : payload.subarray(1, payload.length - padding);
      });
    return Buffer.concat(parts);
  }

  #look() {
    for (const look of [...this.#waiting]) look();
  }

  close(): void {
    this.#socket.destroy();
  }
}
