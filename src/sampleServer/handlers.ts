import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type {
  handleBidiStreamingCall,
  handleClientStreamingCall,
  handleServerStreamingCall,
  handleUnaryCall,
  ServerDuplexStream,
  ServerErrorResponse,
  ServerReadableStream,
  ServerUnaryCall,
  ServerWritableStream,
} from '@grpc/grpc-js';

/** Calls as a handler sees them; the signal fires when the client cancelled or went away. */
type Unary<Q, S> = (
  call: ServerUnaryCall<Q, S>,
  gone: AbortSignal,
) => S | Buffer | Promise<S | Buffer>;
type ClientStream<Q, S> = (call: ServerReadableStream<Q, S>, gone: AbortSignal) => Promise<S>;
type ServerStream<Q, S> = (
  call: ServerWritableStream<Q, S | Buffer>,
  gone: AbortSignal,
) => Promise<void>;
type Bidirectional<Q, S> = (
  call: ServerDuplexStream<Q, S | Buffer>,
  gone: AbortSignal,
) => Promise<void>;

/** Handlers as async functions: a failure that they throw becomes the status of the call. */
export function unary<Q, S>(handle: Unary<Q, S>): handleUnaryCall<Q, S | Buffer> {
  return (call, callback) => {
    const gone = goneSignal(call);
    Promise.resolve()
      .then(() => handle(call, gone))
      .then(
        (response) => callback(null, response),
        (error) => callback(error as ServerErrorResponse),
      );
  };
}

export function clientStream<Q, S>(handle: ClientStream<Q, S>): handleClientStreamingCall<Q, S> {
  return (call, callback) => {
    handle(call, goneSignal(call)).then(
      (response) => callback(null, response),
      (error) => callback(error as ServerErrorResponse),
    );
  };
}

export function serverStream<Q, S>(
  handle: ServerStream<Q, S>,
): handleServerStreamingCall<Q, S | Buffer> {
  return (call) => finish(call, handle(call, goneSignal(call)));
}

export function bidirectional<Q, S>(
  handle: Bidirectional<Q, S>,
): handleBidiStreamingCall<Q, S | Buffer> {
  return (call) => finish(call, handle(call, goneSignal(call)));
}

function finish(
  call: { end(): void; emit(event: 'error', error: unknown): boolean },
  done: Promise<void>,
) {
  done.then(
    () => call.end(),
    (error) => call.emit('error', error),
  );
}

function goneSignal(call: { on(event: 'cancelled', listener: () => void): unknown }): AbortSignal {
  const controller = new AbortController();
  call.on('cancelled', () => controller.abort());
  return controller.signal;
}

/** The requests of a stream. Leaving the loop early keeps the call usable: it can still answer. */
export function requests<Q>(
  call: ServerReadableStream<Q, never> | ServerDuplexStream<Q, never>,
): AsyncIterable<Q> {
  return call.iterator({ destroyOnReturn: false });
}

/** Writes one message and waits while the client can't take more. Throws when the client is gone. */
export async function send<S>(
  call: ServerWritableStream<unknown, S> | ServerDuplexStream<unknown, S>,
  message: S,
  gone: AbortSignal,
): Promise<void> {
  gone.throwIfAborted();
  if (!call.write(message)) {
    await once(call, 'drain', { signal: gone });
  }
}

/** Waits; throws when the client is gone. */
export async function pause(milliseconds: number, gone: AbortSignal): Promise<void> {
  gone.throwIfAborted();
  if (milliseconds > 0) {
    await sleep(milliseconds, undefined, { signal: gone });
  }
}

/** A google.protobuf.Duration as a handler gets it. */
export interface DurationMessage {
  readonly seconds?: bigint;
  readonly nanos?: number;
}

/** In milliseconds, between 0 and `most`. */
export function milliseconds(duration: DurationMessage | undefined, most = 600_000): number {
  const value = Number(duration?.seconds ?? 0n) * 1000 + (duration?.nanos ?? 0) / 1e6;
  return Math.min(Math.max(value, 0), most);
}

/** A google.protobuf.Timestamp. */
export function timestamp(date: Date) {
  const time = date.getTime();
  const seconds = Math.floor(time / 1000);
  return { seconds: BigInt(seconds), nanos: (time - seconds * 1000) * 1_000_000 };
}
