import { once } from 'node:events';
import {
  type handleUnaryCall,
  Metadata,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { encode } from './descriptors';
import { failure, invalidField } from './failure';
import {
  clientStream,
  type DurationMessage,
  milliseconds,
  pause,
  requests,
  send,
  serverStream,
  unary,
} from './handlers';
import { streamHeader } from './interposer';
import { payload } from './payload';

interface StatusRequest {
  readonly code?: number;
  readonly message?: string;
  readonly details?: readonly { readonly typeUrl?: string; readonly value?: Uint8Array }[];
  readonly trailers?: readonly { readonly name?: string; readonly value?: string }[];
}

const mostFailAfter = 100_000;
const mostFlood = 1_000_000;
const largestFloodMessage = 1024 * 1024;
const largestMessage = 64 * 1024 * 1024;

/** faults.v1.Faults: what grpc-js itself can be made to do. */
export const faults: UntypedServiceImplementation = {
  Status: unary<StatusRequest, object>((call) => {
    call.sendMetadata(new Metadata());
    throw requestedStatus(call.request);
  }),

  // grpc-js sends trailers only when a call ends before its headers were sent.
  TrailersOnly: unary<StatusRequest, object>((call) => {
    throw requestedStatus(call.request);
  }),

  Delay: unary<{ headers?: DurationMessage; message?: DurationMessage }, object>(
    async (call, gone) => {
      await pause(milliseconds(call.request.headers), gone);
      call.sendMetadata(new Metadata());
      await pause(milliseconds(call.request.message), gone);
      return { data: Buffer.from('at last') };
    },
  ),

  FailAfter: serverStream<{ count?: number; status?: StatusRequest }, object>(
    async (call, gone) => {
      const count = within('count', call.request.count, mostFailAfter);
      call.sendMetadata(new Metadata());
      for (let index = 0; index < count; index++) {
        await send(call, { data: Buffer.from(`message ${index}`) }, gone);
      }
      throw requestedStatus(call.request.status ?? {});
    },
  ),

  Hang: unary<object, object>((_call, gone) => untilGone(gone)),

  HangAfterHeaders: serverStream<object, object>(async (call, gone) => {
    call.sendMetadata(new Metadata());
    await untilGone(gone);
  }),

  Flood: serverStream<{ count?: number; size?: number; pause?: DurationMessage }, object>(
    async (call, gone) => {
      const count = within('count', call.request.count, mostFlood);
      const message = payload(within('size', call.request.size, largestFloodMessage));
      const between = milliseconds(call.request.pause);
      for (let index = 0; index < count; index++) {
        // No promise for a message that the stream takes at once: that is what keeps this fast.
        gone.throwIfAborted();
        if (!call.write(message)) {
          await once(call, 'drain', { signal: gone });
        }
        if (between > 0) {
          await pause(between, gone);
        }
      }
    },
  ),

  LargeMessage: unary<{ size?: number }, object>((call) =>
    payload(within('size', call.request.size, largestMessage)),
  ),

  SlowConsumer: clientStream<{ pause?: DurationMessage; data?: Uint8Array }, object>(
    async (call, gone) => {
      let messages = 0n;
      let bytes = 0n;
      for await (const request of requests(call)) {
        messages++;
        bytes += BigInt(request.data?.length ?? 0);
        await pause(milliseconds(request.pause, 10_000), gone);
      }
      return { messages, bytes };
    },
  ),

  Metadata: ((call, callback) => {
    call.sendMetadata(notableMetadata('header'));
    const names = Object.keys(call.metadata.getMap()).filter((name) => name !== streamHeader);
    const entries = names.map((name) => ({
      name,
      values: call.metadata
        .get(name)
        .map((value) => (typeof value === 'string' ? value : value.toString('base64'))),
    }));
    callback(null, { entries }, notableMetadata('trailer'));
  }) satisfies handleUnaryCall<object, object>,
};

function requestedStatus(request: StatusRequest) {
  const trailers = new Metadata();
  for (const { name = '', value = '' } of request.trailers ?? []) {
    try {
      trailers.add(name, name.endsWith('-bin') ? Buffer.from(value) : value);
    } catch (error) {
      throw invalidField('trailers', String(error), 'NOT_METADATA');
    }
  }
  const { code = 0, message = '', details = [] } = request;
  if (details.length > 0) {
    trailers.set(
      'grpc-status-details-bin',
      encode('google.rpc.Status', { code, message, details }),
    );
  }
  return failure(code, message, [], trailers);
}

/** Several values of one key, binary ones, and text that is no ASCII in spirit. */
function notableMetadata(kind: string): Metadata {
  const metadata = new Metadata();
  metadata.add(`sample-${kind}`, 'first value');
  metadata.add(`sample-${kind}`, 'second value');
  metadata.add(`sample-${kind}-bin`, Buffer.from([0x00, 0xff, 0x80]));
  metadata.add(`sample-${kind}-bin`, Buffer.from('frames'));
  metadata.add('sample-percent', '%7Bnot%20decoded%7D');
  return metadata;
}

function within(field: string, value = 0, most: number): number {
  if (value < 0 || value > most) {
    throw invalidField(field, `${value} is not between 0 and ${most}.`, 'OUT_OF_RANGE');
  }
  return value;
}

async function untilGone(gone: AbortSignal): Promise<never> {
  await new Promise((resolve) => gone.addEventListener('abort', resolve, { once: true }));
  throw failure(status.CANCELLED, 'the client went away');
}
