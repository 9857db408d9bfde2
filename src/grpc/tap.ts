import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { type CallCredentials, ChannelCredentials, type ChannelOptions } from '@grpc/grpc-js';
import { attemptPacing } from './attemptPacing';

/**
 * The only file that knows how Frameline gets between grpc-js and its socket.
 *
 * grpc-js makes every connection through `ChannelCredentials._createSecureConnector`, a member that it marks
 * internal: the connector is handed a connected socket and returns the one that HTTP/2 runs on, after TLS.
 * `TapCredentials` wraps another credentials object and puts a `TapStream` around that socket. A contract test
 * fails when grpc-js changes this member, and the grpc-js version is pinned exactly.
 */
type SecureConnector = ReturnType<ChannelCredentials['_createSecureConnector']>;
type ChannelTarget = Parameters<ChannelCredentials['_createSecureConnector']>[0];

/** Watches one connection from before TCP to its end. */
export interface ConnectionWatcher {
  /** TCP (or the Unix socket) is connected; TLS, where wanted, starts now. */
  connected(socket: Socket): void;
  /** The socket that HTTP/2 runs on: a `TLSSocket` under TLS. */
  secured(socket: Socket): void;
  secureFailed(error: unknown): void;
  sent(chunk: Uint8Array): void;
  received(chunk: Uint8Array): void;
  /** The connection is over: with an error, by the peer, or (neither) closed on this side. */
  closed(error: Error | undefined, byPeer: boolean): void;
}

/** Told when grpc-js is about to open a connection; returns who watches it. */
export type BeginConnection = () => ConnectionWatcher;

/**
 * Milliseconds that HTTP/2 has to close a connection in order. A server that refuses a large message before it is
 * whole leaves a stream that Node never ends, and a session waits for its streams.
 */
const CLOSE_GRACE = 250;

export class TapCredentials extends ChannelCredentials {
  readonly #open = new Set<TapStream>();
  readonly #pacing = attemptPacing();
  readonly #inner: ChannelCredentials;
  readonly #begin: BeginConnection;
  #ended = false;

  constructor(inner: ChannelCredentials, begin: BeginConnection) {
    super();
    this.#inner = inner;
    this.#begin = begin;
  }

  /** False when this grpc-js has no such member: calls work, frames are not seen. */
  static isSupported(credentials: ChannelCredentials): boolean {
    return typeof credentials._createSecureConnector === 'function';
  }

  /**
   * To be called when grpc-js was told to close: ends the connections that are still open after a moment, and lets no
   * other one come. grpc-js 1.14 connects once more when a channel is closed while it waits after a failed attempt.
   */
  endConnections(): void {
    this.#ended = true;
    setTimeout(() => {
      for (const stream of this.#open) {
        stream.destroy();
      }
    }, CLOSE_GRACE).unref();
  }

  override _isSecure(): boolean {
    return this.#inner._isSecure();
  }

  /** Identity: a tapped connection must never be shared with another channel. */
  override _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  override _createSecureConnector(
    target: ChannelTarget,
    options: ChannelOptions,
    callCredentials?: CallCredentials,
  ): SecureConnector {
    const inner = this.#inner._createSecureConnector(target, options, callCredentials);
    let next: ConnectionWatcher | undefined;
    return {
      waitForReady: async () => {
        await inner.waitForReady();
        if (this.#ended) {
          throw channelClosed();
        }
        next = this.#begin();
      },
      connect: async (socket) => {
        const watcher = next ?? this.#begin();
        next = undefined;
        watcher.connected(socket);
        try {
          const result = await inner.connect(socket);
          if (this.#ended) {
            result.socket.destroy();
            throw channelClosed();
          }
          watcher.secured(result.socket);
          const stream = new TapStream(result.socket, watcher);
          this.#open.add(stream);
          stream.once('close', () => this.#open.delete(stream));
          // http2 needs a stream, not a net.Socket, once it is handed a connection; the type says Socket
          // because grpc-js never uses more than the stream.
          return { ...result, socket: stream as unknown as Socket };
        } catch (error) {
          watcher.secureFailed(error);
          throw error;
        }
      },
      getCallCredentials: () => inner.getCallCredentials().compose(this.#pacing),
      destroy: () => inner.destroy(),
    };
  }
}

function channelClosed(): Error {
  return new Error('The channel is closed.');
}

/** Passes bytes through unchanged in both directions and shows them to the watcher. */
class TapStream extends Duplex {
  readonly #socket: Socket;
  readonly #watcher: ConnectionWatcher;

  #endedByPeer = false;

  constructor(socket: Socket, watcher: ConnectionWatcher) {
    super({ allowHalfOpen: true });
    this.#socket = socket;
    this.#watcher = watcher;
    socket.on('data', (chunk: Buffer) => {
      watcher.received(chunk);
      if (!this.push(chunk)) {
        socket.pause();
      }
    });
    socket.once('end', () => {
      this.#endedByPeer = true;
      this.push(null);
    });
    socket.once('error', (error) => this.destroy(error));
    socket.once('close', () => {
      // What the peer sent last (a GOAWAY, trailers) may still wait to be read.
      if (this.readableLength === 0) {
        this.destroy();
      } else {
        this.once('end', () => this.destroy());
      }
    });
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(
    chunk: Buffer,
    _encoding: BufferEncoding,
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.write(chunk, done);
    this.#watcher.sent(chunk);
  }

  override _writev(
    chunks: { chunk: Buffer; encoding: BufferEncoding }[],
    done: (error?: Error | null) => void,
  ): void {
    this.#socket.cork();
    const last = chunks.length - 1;
    chunks.forEach(({ chunk }, index) => {
      this.#socket.write(chunk, index === last ? done : undefined);
    });
    this.#socket.uncork();
    // The server works already while its request is being decoded here.
    for (const { chunk } of chunks) {
      this.#watcher.sent(chunk);
    }
  }

  override _final(done: (error?: Error | null) => void): void {
    // A net.Socket ends itself when the peer has ended; to end it again would be an error.
    if (this.#socket.writableEnded || this.#socket.destroyed) {
      done();
    } else {
      this.#socket.end(done);
    }
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    this.#watcher.closed(error ?? undefined, this.#endedByPeer);
    done(error);
  }
}
