import {
  Metadata,
  type ServerUnaryCall,
  type ServerWritableStream,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import { ErrorCode } from '../wire/frame';
import { goAwayFrame } from '../wire/frameEncoder';
import { encode } from './descriptors';
import { failure } from './failure';
import {
  closeMidMessage,
  framing,
  goAway,
  gracefulGoAway,
  gzipAnswer,
  hostileAnswer,
  hostileTexts,
  httpAnswer,
  malformed,
  okAnswer,
  type RstWhen,
  responseHeaders,
  rstStream,
} from './faultScripts';
import { type DurationMessage, milliseconds, pause, send, serverStream, unary } from './handlers';
import { type Interposer, streamHeader } from './interposer';
import { defaultPingPolicy, PingEnforcement } from './pingEnforcement';
import { play, type Script } from './script';

const rstWhen: readonly RstWhen[] = ['beforeHeaders', 'afterHeaders', 'midMessage', 'afterMessage'];

/** `faults.v1.MalformedRequest.Kind` by number. */
const malformedKinds = [
  malformed.badStatusDetails,
  malformed.badStatusDetailsBase64,
  malformed.badGrpcStatus,
  malformed.missingTrailers,
  malformed.missingGrpcStatus,
  malformed.compressedWithoutEncoding,
  malformed.unknownEncoding,
  malformed.corruptGzip,
  malformed.oversizedPrefix,
  malformed.truncatedMessage,
  malformed.badProtobuf,
  malformed.gzipBomb,
] as const;

/** `faults.v1.FramingRequest.Kind` by number. */
const framingKinds = [
  framing.oneByteFrames,
  framing.joinedMessages,
  framing.paddedData,
  framing.continuation,
  framing.emptyDataFrames,
] as const;

/** `faults.v1.HostileTextRequest.Kind` by number; the one after them is LONG_HEADER. */
const hostileKinds = [
  hostileTexts.html,
  hostileTexts.terminalEscapes,
  hostileTexts.controlCharacters,
  hostileTexts.bidirectionalOverrides,
] as const;

const longHeaderLength = 40_000;

/** Milliseconds. */
const lastReportTime = 20;

const sampleMessage = encode('faults.v1.WirePayload', { text: 'a message on its way' });

/**
 * faults.v1.Wire: answers that this server writes itself, past grpc-js, into the caller's connection.
 *
 * @param connections The interposers of the open connections by number.
 */
export function wireFaults(
  connections: ReadonlyMap<number, Interposer>,
): UntypedServiceImplementation {
  const stream = <Q>(script: (request: Q) => Script) =>
    serverStream<Q, object>((call, gone) => perform(connections, call, gone, script(call.request)));

  const single = <Q>(script: (request: Q) => Script) =>
    unary<Q, object>((call, gone) => perform(connections, call, gone, script(call.request)));

  return {
    RstStream: stream<{ code?: number; when?: number }>(({ code = 0, when = 0 }) =>
      rstStream(code, rstWhen[when] ?? 'beforeHeaders', sampleMessage),
    ),

    GoAway: stream<{ code?: number; debugData?: string; graceful?: boolean }>(
      ({ code = 0, debugData = '', graceful = false }) =>
        graceful ? gracefulGoAway(debugData, sampleMessage) : goAway(code, debugData),
    ),

    HttpStatus: single<{ status?: number; server?: string; contentType?: string; body?: string }>(
      ({ status: httpStatus = 0, contentType, ...more }) =>
        httpAnswer({
          ...more,
          status: httpStatus >= 200 && httpStatus <= 999 ? httpStatus : 503,
          ...(contentType ? { contentType } : {}),
        }),
    ),

    Malformed: stream<{ kind?: number }>(({ kind = 0 }) =>
      (malformedKinds[kind] ?? malformed.badStatusDetails)(sampleMessage),
    ),

    Framing: stream<{ kind?: number }>(({ kind = 0 }) =>
      (framingKinds[kind] ?? framing.oneByteFrames)(sampleMessage),
    ),

    CompressedEcho: single<object>((request) =>
      gzipAnswer(encode('faults.v1.WirePayload', request)),
    ),

    CloseSocket: stream<object>(() => closeMidMessage(sampleMessage)),

    HostileText: stream<{ kind?: number }>(({ kind = 0 }) => {
      const text = hostileKinds[kind];
      if (text === undefined) {
        const [, ...rest] = okAnswer(sampleMessage);
        return [responseHeaders(['x-long', 'A'.repeat(longHeaderLength)]), ...rest];
      }
      return hostileAnswer(text, encode('faults.v1.WirePayload', { text }));
    }),

    EnforcePings: serverStream<{ minInterval?: DurationMessage; maxStrikes?: number }, object>(
      async (call, gone) => {
        const { connection } = ownStream(connections, call.metadata);
        const { minInterval, maxStrikes = defaultPingPolicy.maxStrikes } = call.request;
        const enforcement = new PingEnforcement({
          // Zero, as a filled-in template has it, would never count a strike.
          minInterval: milliseconds(minInterval) || defaultPingPolicy.minInterval,
          maxStrikes,
        });
        call.sendMetadata(new Metadata());
        await new Promise<void>((resolve, reject) => {
          const stop = connection.onPing(() => {
            const { pings, strikes, sinceLast, tooMany } = enforcement.ping(performance.now());
            const since = sinceLast === undefined ? {} : { sinceLast: duration(sinceLast) };
            const reported = send(call, { pings, strikes, ...since }, gone);
            if (!tooMany) {
              reported.catch(reject);
              return;
            }
            stop();
            reported
              // So that the last report is seen too.
              .then(() => pause(lastReportTime, gone))
              .then(() => {
                const debugData = Buffer.from('too_many_pings');
                connection.inject(goAwayFrame(0x7fffffff, ErrorCode.EnhanceYourCalm, debugData));
                connection.closeSocket();
              })
              .catch(reject);
          });
          gone.addEventListener('abort', () => {
            stop();
            resolve();
          });
        });
      },
    ),
  };
}

/** Plays the script on the caller's stream, then waits until grpc-js has forgotten the call. */
async function perform(
  connections: ReadonlyMap<number, Interposer>,
  call: ServerUnaryCall<unknown, unknown> | ServerWritableStream<unknown, unknown>,
  gone: AbortSignal,
  script: Script,
): Promise<never> {
  const { connection, streamId } = ownStream(connections, call.metadata);
  await play(script, {
    streamId,
    gone,
    // grpc-js calls the handlers of Wire when the whole request is there.
    requestEnded: Promise.resolve(),
    write: (bytes) => connection.inject(bytes),
    close: () => connection.closeSocket(),
    reset: () => connection.resetSocket(),
  });
  if (!gone.aborted) {
    const forgotten = new Promise((resolve) => gone.addEventListener('abort', resolve));
    connection.forget(streamId);
    await forgotten;
  }
  throw failure(status.CANCELLED, 'answered on the wire');
}

function ownStream(connections: ReadonlyMap<number, Interposer>, metadata: Metadata) {
  // Values of one name arrive joined; the interposer's comes after any that a client made up.
  const name = String(metadata.get(streamHeader).at(-1)).split(', ').at(-1) ?? '';
  const [number, streamId] = name.split('.').map(Number);
  const connection = number === undefined ? undefined : connections.get(number);
  if (!connection || streamId === undefined) {
    throw failure(status.INTERNAL, 'the stream of this call is unknown');
  }
  return { connection, streamId };
}

function duration(ms: number) {
  const seconds = Math.floor(ms / 1000);
  return { seconds, nanos: Math.round((ms - seconds * 1000) * 1e6) };
}
