import type { CallCredentials, Client, Metadata, StatusObject } from '@grpc/grpc-js';
import { StatusCode } from './statusCodes';

/** Messages that may wait to be sent before the sender is asked to wait; as many as a Node object stream takes. */
const HIGH_WATER_MARK = 16;

type RawCall = ReturnType<ReturnType<Client['getChannel']>['createCall']>;

export interface CallStreamListener {
  metadata(metadata: Metadata): void;
  message(bytes: Uint8Array): void;
  /** Once, and the last that is heard. */
  status(status: StatusObject): void;
}

/**
 * The stream of one call as grpc-js's own client makes it, without the Node stream and the interceptors around it,
 * which would cost as much as the call itself. Messages go out one after the other, as grpc-js wants it.
 */
export class CallStream {
  readonly #call: RawCall;
  readonly #listener: CallStreamListener;
  readonly #waiting: Buffer[] = [];
  #sending = false;
  #endAsked = false;
  #paused = false;
  #readAsked = false;
  #hasEnded = false;
  #drained: (() => void)[] = [];

  constructor(
    client: Client,
    request: {
      readonly path: string;
      /** Milliseconds since 1970; Infinity for none. */
      readonly deadline: number;
      readonly metadata: Metadata;
      readonly credentials: CallCredentials;
    },
    listener: CallStreamListener,
  ) {
    this.#listener = listener;
    const { path, deadline, metadata, credentials } = request;
    this.#call = client.getChannel().createCall(path, deadline, undefined, null, undefined);
    this.#call.setCredentials(credentials);
    this.#call.start(metadata, {
      onReceiveMetadata: (received) => listener.metadata(received),
      onReceiveMessage: (message: Buffer) => this.#receive(message),
      onReceiveStatus: (status) => this.#end(status),
    });
    this.#read();
  }

  /** False when more waits than the connection takes now. */
  write(message: Uint8Array): boolean {
    this.#waiting.push(toBuffer(message));
    this.#sendNext();
    return this.#waiting.length < HIGH_WATER_MARK;
  }

  /** Settles when all messages have been taken, or the call has ended. */
  drained(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#hasEnded || this.#waiting.length === 0) {
        resolve();
      } else {
        this.#drained.push(resolve);
      }
    });
  }

  /** Half-closes after the messages that wait. */
  end(): void {
    this.#endAsked = true;
    this.#sendNext();
  }

  cancel(): void {
    this.#call.cancelWithStatus(StatusCode.Cancelled, 'Cancelled on client');
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#read();
  }

  #sendNext(): void {
    if (this.#hasEnded) {
      return;
    }
    const message = this.#sending ? undefined : this.#waiting.shift();
    if (message !== undefined) {
      this.#sending = true;
      this.#call.sendMessageWithContext({ callback: () => this.#sent() }, message);
    }
    // grpc-js sends it after the message that it still has, in the same write if it can.
    if (this.#endAsked && this.#waiting.length === 0) {
      this.#endAsked = false;
      this.#call.halfClose();
    }
  }

  #sent(): void {
    this.#sending = false;
    this.#sendNext();
    if (this.#waiting.length === 0) {
      this.#releaseSenders();
    }
  }

  #receive(message: Buffer): void {
    this.#readAsked = false;
    this.#listener.message(message);
    this.#read();
  }

  #read(): void {
    if (!this.#paused && !this.#readAsked && !this.#hasEnded) {
      this.#readAsked = true;
      this.#call.startRead();
    }
  }

  #end(status: StatusObject): void {
    if (this.#hasEnded) {
      return;
    }
    this.#hasEnded = true;
    this.#waiting.length = 0;
    this.#releaseSenders();
    this.#listener.status(status);
  }

  #releaseSenders(): void {
    for (const resolve of this.#drained.splice(0)) {
      resolve();
    }
  }
}

function toBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
}
