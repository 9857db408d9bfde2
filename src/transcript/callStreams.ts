import { MessageReader } from '../wire/messageReader';
import type { ByteLog, ByteStore } from './byteStore';

/** One HTTP/2 stream of a call. There is more than one when the call was retried. */
export interface CallStream {
  readonly streamId: number;
  /** The DATA bytes of each direction, padding left out: frames and messages are ranges of them. */
  readonly data: { readonly sent: ByteLog; readonly received: ByteLog };
  readonly readers: { readonly sent: MessageReader; readonly received: MessageReader };
  /** `grpc-encoding` of each direction. */
  readonly encoding: { sent: string; received: string };
  sawResponseHeaders: boolean;
}

/** The streams of one call, by connection and stream id, in order of their first frame. */
export class CallStreams {
  readonly #store: ByteStore;

  readonly #streams: CallStream[] = [];
  readonly #byKey = new Map<string, number>();
  /** Frames come in runs of one stream: this saves the look-up on the hot path. */
  #last = { connection: -1, streamId: -1, index: -1 };

  constructor(store: ByteStore) {
    this.#store = store;
  }

  at(index: number): CallStream {
    return this.#streams[index] as CallStream;
  }

  /** The stream that began last. */
  get latest(): CallStream | undefined {
    return this.#streams.at(-1);
  }

  indexOf(connection: number, streamId: number): number {
    const last = this.#last;
    if (last.connection === connection && last.streamId === streamId) {
      return last.index;
    }
    const key = `${connection}/${streamId}`;
    const index = this.#byKey.get(key) ?? this.#add(key, streamId);
    this.#last = { connection, streamId, index };
    return index;
  }

  #add(key: string, streamId: number): number {
    const index = this.#streams.push({
      streamId,
      data: { sent: this.#store.createLog(), received: this.#store.createLog() },
      readers: { sent: new MessageReader(), received: new MessageReader() },
      encoding: { sent: 'identity', received: 'identity' },
      sawResponseHeaders: false,
    });
    this.#byKey.set(key, index - 1);
    return index - 1;
  }
}
