import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import {
  connectionPreface,
  ErrorCode,
  FrameFlag,
  type FrameHeader,
  FrameType,
} from '../wire/frame';
import { FrameDecoder } from '../wire/frameDecoder';
import { continuationFrame, encodeFrame, rstStreamFrame } from '../wire/frameEncoder';
import { FrameBoundary } from './frameBoundary';
import { literalBlock } from './script';

/** Request header in which a handler finds its own stream again; it never leaves this process. */
export const streamHeader = 'x-frameline-stream';

/**
 * Stands between a socket and grpc-js, which has no way to send a chosen frame: lets everything through as
 * it is, and writes frames of its own between those of grpc-js. Each request gets one header more, which
 * names its stream to the handler.
 */
export class Interposer extends Duplex {
  readonly #socket: Socket;
  readonly #number: number;
  readonly #boundary = new FrameBoundary();
  readonly #decoder: FrameDecoder;
  readonly #pingListeners = new Set<() => void>();
  /** Frames that wait for grpc-js to be between two of its own. */
  #waiting: Uint8Array[] = [];
  #lastStreamId = 0;

  /** @param number Tells this connection from the others of the process. */
  constructor(socket: Socket, number: number) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#number = number;
    this.#decoder = new FrameDecoder(
      { expectPreface: true },
      {
        preface: () => this.push(Buffer.from(connectionPreface, 'latin1')),
        frame: (header, payload) => this.#fromClient(header, payload),
        malformed: () => {},
      },
    );
    socket.on('data', (chunk) => this.#read(chunk));
    socket.on('end', () => this.push(null));
    socket.on('error', (error) => this.destroy(error));
    socket.on('close', () => this.destroy());
    // Without a listener Node would end the process; the connection is gone in any case.
    this.on('error', () => {});
  }

  get remoteAddress(): string | undefined {
    return this.#socket.remoteAddress;
  }

  get remotePort(): number | undefined {
    return this.#socket.remotePort;
  }

  /** Calls `listener` for each PING of the client; returns how to stop that. */
  onPing(listener: () => void): () => void {
    this.#pingListeners.add(listener);
    return () => this.#pingListeners.delete(listener);
  }

  /** Sends whole frames to the client as soon as grpc-js is between two of its own. */
  inject(frames: Uint8Array): void {
    if (this.#boundary.between) {
      this.#socket.write(frames);
    } else {
      this.#waiting.push(frames);
    }
  }

  /** Tells grpc-js that the client gave the stream up, so that it forgets it without a word. */
  forget(streamId: number): void {
    this.push(rstStreamFrame(streamId, ErrorCode.Cancel));
  }

  closeSocket(): void {
    this.#socket.end();
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#fromServer(chunk);
    this.#whenTaken(done);
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#fromServer(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    this.#whenTaken(done);
  }

  override _final(done: () => void): void {
    this.#socket.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }

  #read(chunk: Buffer) {
    this.#decoder.push(chunk);
    if (this.#decoder.problem) {
      // Not HTTP/2: what to say to it is the server's business.
      this.push(chunk);
    }
    if (this.readableLength >= this.readableHighWaterMark) {
      this.#socket.pause();
    }
  }

  #fromClient(header: FrameHeader, payload: Uint8Array) {
    const { type, flags, streamId } = header;
    const isBlock = type === FrameType.Headers || type === FrameType.Continuation;
    if (isBlock && flags & FrameFlag.EndHeaders && streamId > this.#lastStreamId) {
      this.#lastStreamId = streamId;
      const name = `${this.#number}.${streamId}`;
      this.push(encodeFrame(type, flags & ~FrameFlag.EndHeaders, streamId, payload));
      this.push(continuationFrame(streamId, literalBlock([[streamHeader, name]])));
      return;
    }
    this.push(encodeFrame(type, flags, streamId, payload));
    if (type === FrameType.Ping && !(flags & FrameFlag.Ack)) {
      for (const listener of this.#pingListeners) {
        listener();
      }
    }
  }

  #fromServer(chunk: Buffer) {
    if (this.#waiting.length === 0) {
      this.#boundary.scan(chunk);
      this.#socket.write(chunk);
      return;
    }
    const end = this.#boundary.scanToFirst(chunk);
    if (end === undefined) {
      this.#socket.write(chunk);
      return;
    }
    const rest = chunk.subarray(end);
    this.#boundary.scan(rest);
    this.#socket.write(Buffer.concat([chunk.subarray(0, end), ...this.#waiting, rest]));
    this.#waiting = [];
  }

  /** At once while the socket takes more: waiting for each write halves the rate of a flood. */
  #whenTaken(done: () => void) {
    if (this.#socket.writableNeedDrain) {
      this.#socket.once('drain', done);
    } else {
      done();
    }
  }
}
