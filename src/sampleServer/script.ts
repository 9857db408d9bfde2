import { setTimeout as sleep } from 'node:timers/promises';
import type { HeaderField } from '../wire/frame';
import {
  continuationFrame,
  dataFrame,
  goAwayFrame,
  headersFrame,
  rstStreamFrame,
} from '../wire/frameEncoder';
import { HpackEncoder } from '../wire/hpackEncoder';

/** What a scripted answer does on one stream, in order. */
export type Step =
  | {
      readonly do: 'headers';
      readonly fields: readonly HeaderField[];
      readonly endStream?: boolean;
      /** Bytes of the header block in each frame: the rest goes into CONTINUATION. Default 16,384. */
      readonly split?: number;
    }
  | {
      readonly do: 'data';
      readonly bytes: Uint8Array;
      readonly endStream?: boolean;
      /** Bytes of padding, 0 to 255; present, even 0, it sets PADDED. */
      readonly padding?: number;
      /** Bytes in each DATA frame. Default 16,384. */
      readonly split?: number;
    }
  | { readonly do: 'rstStream'; readonly code: number }
  | {
      readonly do: 'goAway';
      readonly code: number;
      readonly debugData?: string;
      /** Default: this stream. */
      readonly lastStreamId?: number;
    }
  /** Bytes as they are, frame or not. */
  | { readonly do: 'bytes'; readonly bytes: Uint8Array }
  | { readonly do: 'wait'; readonly milliseconds: number }
  /** Waits until the client has ended its side of the stream. */
  | { readonly do: 'awaitEnd' }
  /** Ends the TCP connection in order. */
  | { readonly do: 'close' }
  /** Ends the TCP connection with RST. */
  | { readonly do: 'reset' };

export type Script = readonly Step[];

/** Where a script is played. */
export interface Stage {
  readonly streamId: number;
  /** Fires when the stream or its connection is gone: the script ends. */
  readonly gone: AbortSignal;
  /** Resolves when the client has ended its side. */
  readonly requestEnded: Promise<void>;
  write(bytes: Uint8Array): void;
  close(): void;
  reset(): void;
}

const largestPayload = 16_384;

/** Plays a script; returns when it is at its end or the stream is gone. */
export async function play(script: Script, stage: Stage): Promise<void> {
  for (const step of script) {
    if (stage.gone.aborted) {
      return;
    }
    if (step.do === 'wait') {
      await sleep(step.milliseconds, undefined, { signal: stage.gone }).catch(() => {});
    } else if (step.do === 'awaitEnd') {
      await orGone(stage.requestEnded, stage.gone);
    } else if (step.do === 'close') {
      stage.close();
    } else if (step.do === 'reset') {
      stage.reset();
    } else {
      stage.write(Buffer.concat(frames(step, stage.streamId)));
    }
  }
}

async function orGone(done: Promise<unknown>, gone: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const finish = () => {
      gone.removeEventListener('abort', finish);
      resolve();
    };
    gone.addEventListener('abort', finish);
    done.then(finish);
  });
}

type FrameStep = Exclude<Step, { readonly do: 'wait' | 'awaitEnd' | 'close' | 'reset' }>;

function frames(step: FrameStep, streamId: number): Uint8Array[] {
  switch (step.do) {
    case 'headers': {
      const parts = cut(literalBlock(step.fields), step.split);
      const last = parts.length - 1;
      return parts.map((part, index) =>
        index === 0
          ? headersFrame(streamId, part, {
              endStream: step.endStream ?? false,
              endHeaders: last === 0,
            })
          : continuationFrame(streamId, part, { endHeaders: index === last }),
      );
    }
    case 'data': {
      const parts = cut(step.bytes, step.split);
      return parts.map((part, index) =>
        dataFrame(streamId, part, {
          endStream: step.endStream === true && index === parts.length - 1,
          ...(step.padding === undefined ? {} : { padding: step.padding }),
        }),
      );
    }
    case 'rstStream':
      return [rstStreamFrame(streamId, step.code)];
    case 'goAway':
      return [
        goAwayFrame(step.lastStreamId ?? streamId, step.code, Buffer.from(step.debugData ?? '')),
      ];
    case 'bytes':
      return [step.bytes];
  }
}

function cut(bytes: Uint8Array, size = largestPayload): Uint8Array[] {
  const parts: Uint8Array[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    parts.push(bytes.subarray(start, start + size));
  }
  return parts.length > 0 ? parts : [bytes];
}

/**
 * A header block that neither uses nor changes the connection's HPACK table, so that it fits between the
 * blocks of another encoder.
 */
export function literalBlock(fields: readonly HeaderField[]): Uint8Array {
  const encoder = new HpackEncoder({ tableSize: 0, huffman: false });
  // The first block of an encoder without a table announces that, which would empty the peer's table.
  encoder.encode([]);
  return encoder.encode(fields);
}

/** The 5 bytes before each message, gRPC over HTTP2 "Length-Prefixed-Message". */
export function messagePrefix(length: number, compressed: boolean): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = compressed ? 1 : 0;
  prefix.writeUInt32BE(length, 1);
  return prefix;
}

/** A whole gRPC message as it stands in DATA frames. */
export function grpcMessage(bytes: Uint8Array, compressed = false): Buffer {
  return Buffer.concat([messagePrefix(bytes.length, compressed), bytes]);
}
