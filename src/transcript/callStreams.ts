import { MessageReader } from '../wire/messageReader';
import type { ByteLog, ByteStore } from './byteStore';
import { DataMask } from './masking/dataMask';
import type { SecretMask } from './masking/secretMask';

/** One HTTP/2 stream of a call. There is more than one when the call was retried. */
export interface CallStream {
  readonly streamId: number;
  /** The DATA bytes of each direction, padding left out: frames and messages are ranges of them. */
  readonly data: { readonly sent: ByteLog; readonly received: ByteLog };
  readonly readers: { readonly sent: MessageReader; readonly received: MessageReader };
  /** Absent in a call without secrets. */
  readonly masks?: { readonly sent: DataMask; readonly received: DataMask };
  /** `grpc-encoding` of each direction. */
  readonly encoding: { sent: string; received: string };
  sawResponseHeaders: boolean;
}

/** The streams of one call, by connection and stream id, in order of their first frame. */
export class CallStreams {
  readonly #store: ByteStore;
  readonly #mask: SecretMask | undefined;

  readonly #streams: CallStream[] = [];
  readonly #byKey = new Map<string, number>();
  /** Frames come in runs of one stream: this saves the look-up on the hot path. */
  #last = { connection: -1, streamId: -1, index: -1 };

  constructor(store: ByteStore, mask: SecretMask | undefined) {
    this.#store = store;
    this.#mask = mask;
  }

  at(index: number): CallStream {
    return this.#streams[index] as CallStream;
  }

  /** The stream that began last; stream 0, which the frames of the connection itself have, is none of the call's. */
  get latest(): CallStream | undefined {
    return this.#streams.findLast(({ streamId }) => streamId !== 0);
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
    const encoding = { sent: 'identity', received: 'identity' };
    const data = { sent: this.#store.createLog(), received: this.#store.createLog() };
    const mask = this.#mask;
    const index = this.#streams.push({
      streamId,
      data,
      readers: { sent: new MessageReader(), received: new MessageReader() },
      encoding,
      ...(mask && {
        masks: {
          sent: new DataMask(mask, data.sent, () => encoding.sent),
          received: new DataMask(mask, data.received, () => encoding.received),
        },
      }),
      sawResponseHeaders: false,
    });
    this.#byKey.set(key, index - 1);
    return index - 1;
  }
}
