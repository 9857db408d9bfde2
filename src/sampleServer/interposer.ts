import type { Socket } from 'node:net';
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
 * Stands between the client's socket and the socket of grpc-js, which has no way to send a chosen frame: lets
 * everything through as it is, and writes frames of its own between those of grpc-js. Each request gets one
 * header more, which names its stream to the handler.
 */
export class Interposer {
  readonly #client: Socket;
  readonly #server: Socket;
  readonly #number: number;
  readonly #boundary = new FrameBoundary();
  readonly #decoder: FrameDecoder;
  readonly #pingListeners = new Set<() => void>();
  /** Frames that wait for grpc-js to be between two of its own. */
  #waiting: Uint8Array[] = [];
  #lastStreamId = 0;

  /** @param number Tells this connection from the others of the process. */
  constructor(client: Socket, server: Socket, number: number) {
    this.#client = client;
    this.#server = server;
    this.#number = number;
    this.#decoder = new FrameDecoder(
      { expectPreface: true },
      {
        preface: () => server.write(connectionPreface),
        frame: (header, payload) => this.#fromClient(header, payload),
        malformed: () => {},
      },
    );
    client.on('data', (chunk) => this.#read(chunk));
    server.on('data', (chunk) => this.#fromServer(chunk));
    join(client, server);
    join(server, client);
  }

  /** Calls `listener` for each PING of the client; returns how to stop that. */
  onPing(listener: () => void): () => void {
    this.#pingListeners.add(listener);
    return () => this.#pingListeners.delete(listener);
  }

  /** Sends whole frames to the client as soon as grpc-js is between two of its own. */
  inject(frames: Uint8Array): void {
    if (!this.#client.writable) {
      return;
    }
    if (this.#boundary.between) {
      this.#client.write(frames);
    } else {
      this.#waiting.push(frames);
    }
  }

  /** Tells grpc-js that the client gave the stream up, so that it forgets it without a word. */
  forget(streamId: number): void {
    this.#server.write(rstStreamFrame(streamId, ErrorCode.Cancel));
  }

  /** Ends the connection in order. */
  closeSocket(): void {
    this.#client.destroySoon();
  }

  /** Ends the connection with a TCP RST. */
  resetSocket(): void {
    this.#client.resetAndDestroy();
  }

  #read(chunk: Buffer) {
    this.#decoder.push(chunk);
    if (this.#decoder.problem) {
      // Not HTTP/2: what to say to it is the server's business.
      this.#server.write(chunk);
    }
    if (this.#server.writableNeedDrain) {
      this.#client.pause();
    }
  }

  #fromClient(header: FrameHeader, payload: Uint8Array) {
    const { type, flags, streamId } = header;
    const isBlock = type === FrameType.Headers || type === FrameType.Continuation;
    if (isBlock && flags & FrameFlag.EndHeaders && streamId > this.#lastStreamId) {
      this.#lastStreamId = streamId;
      const name = `${this.#number}.${streamId}`;
      this.#server.write(encodeFrame(type, flags & ~FrameFlag.EndHeaders, streamId, payload));
      this.#server.write(continuationFrame(streamId, literalBlock([[streamHeader, name]])));
      return;
    }
    this.#server.write(encodeFrame(type, flags, streamId, payload));
    if (type === FrameType.Ping && !(flags & FrameFlag.Ack)) {
      for (const listener of this.#pingListeners) {
        listener();
      }
    }
  }

  #fromServer(chunk: Buffer) {
    if (!this.#client.writable) {
      return;
    }
    this.#write(chunk);
    if (this.#client.writableNeedDrain) {
      this.#server.pause();
    }
  }

  #write(chunk: Buffer) {
    if (this.#waiting.length === 0) {
      this.#boundary.scan(chunk);
      this.#client.write(chunk);
      return;
    }
    const end = this.#boundary.scanToFirst(chunk);
    if (end === undefined) {
      this.#client.write(chunk);
      return;
    }
    const rest = chunk.subarray(end);
    this.#boundary.scan(rest);
    this.#client.write(Buffer.concat([chunk.subarray(0, end), ...this.#waiting, rest]));
    this.#waiting = [];
  }
}

/** What ends or stops one socket ends or stops the other. */
function join(from: Socket, to: Socket) {
  from.on('end', () => to.end());
  from.on('drain', () => to.resume());
  // Without a listener Node would end the process; `close` follows.
  from.on('error', () => {});
  from.on('close', () => to.destroySoon());
}
