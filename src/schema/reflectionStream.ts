/** One reflection call: requests out without waiting, answers in the same order. */
import type { Client, ClientDuplexStream, Metadata, StatusObject } from '@grpc/grpc-js';
import { isSecretName } from '../grpc/secretName';
import { SecretMask } from '../transcript/masking/secretMask';
import type { ReflectionVersion } from './reflectionError';
import {
  decodeResponse,
  encodeRequest,
  type ReflectionRequest,
  type ReflectionResponse,
} from './reflectionMessages';

/** The values that are secrets by their keys, with the name of their scheme and without it. */
function credentialsOf(metadata: Metadata): string[] {
  return Object.entries(metadata.getMap()).flatMap(([key, value]) => {
    const text = String(value);
    return isSecretName(key) ? [text, text.replace(/^\S+\s+/, '')] : [];
  });
}

export interface StreamEvents {
  /** `undefined` when the answer is no reflection response. */
  answer(response: ReflectionResponse | undefined): void;
  /** The call ended, by whoever; called once, and nothing after it. */
  ended(status: { readonly code: number; readonly details: string }): void;
}

/** How long a server may keep the call open after we are done with it; milliseconds. */
const CLOSE_TIME = 1000;

export class ReflectionStream {
  readonly #call: ClientDuplexStream<Buffer, Buffer>;
  #over = false;

  /** Throws what grpc-js throws when the client is closed. */
  constructor(
    client: Client,
    version: ReflectionVersion,
    metadata: Metadata,
    deadline: number,
    events: StreamEvents,
  ) {
    const same = (bytes: Buffer): Buffer => bytes;
    this.#call = client.makeBidiStreamRequest<Buffer, Buffer>(
      `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
      same,
      same,
      metadata.clone(),
      { deadline },
    );
    this.#call.on('data', (bytes: Buffer) => {
      if (!this.#over) {
        events.answer(read(bytes));
      }
    });
    // Every failure also comes as a status; without a listener an 'error' would end the process.
    this.#call.on('error', () => {});
    this.#call.on('status', (status: StatusObject) => {
      if (!this.#over) {
        this.#over = true;
        // A server that refuses a credential may say which: it would stand in messages and logs.
        const details = SecretMask.of(credentialsOf(metadata))?.text(status.details);
        events.ended({ code: status.code, details: details ?? status.details });
      }
    });
  }

  send(request: ReflectionRequest): void {
    if (!this.#over) {
      this.#call.write(encodeRequest(request));
    }
  }

  /** Half-closes; `ended` is not called any more. A server that doesn't end the call is cut off. */
  close(): void {
    if (this.#over) {
      return;
    }
    this.#over = true;
    const timer = setTimeout(() => this.#call.cancel(), CLOSE_TIME);
    timer.unref();
    this.#call.on('status', () => clearTimeout(timer));
    this.#call.end();
  }

  /** Ends the call at once; `ended` is not called any more. */
  cancel(): void {
    this.#over = true;
    this.#call.cancel();
  }
}

function read(bytes: Buffer): ReflectionResponse | undefined {
  try {
    return decodeResponse(bytes);
  } catch {
    return undefined;
  }
}
