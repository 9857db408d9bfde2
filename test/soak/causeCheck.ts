import type { CallStatus, StatusOrigin } from '../../src/transcript/entry';
import type { Trouble } from './faultRelay';
import type { PassedFrame } from './frameLog';

/** What is known of a call from elsewhere than from Frameline. */
export interface KnownOfCall {
  readonly deadlinePassed: boolean;
  readonly cancelled: boolean;
  readonly keepalive: boolean;
  /** A message is over a limit of this side. */
  readonly overLimit: boolean;
  /** The server's status came, and the library gave the call another one. */
  readonly answerLost: boolean;
  /** Of the server's frames, what passed of its stream and connection; absent when the relay can't know. */
  readonly wire?: WireSeen;
  /** All that was done to connections and names that the call may have felt. */
  readonly troubles: ReadonlySet<Trouble>;
}

export interface WireSeen {
  readonly headers: boolean;
  /** The server ended the stream in order. */
  readonly ended: boolean;
  readonly reset?: number;
  readonly goAways: number;
}

const frameType = { headers: 1, rstStream: 3, goAway: 7 } as const;
const endStreamFlag = 1;

/** RFC 9113 section 7, by number. */
const errorCodes = [
  'no-error',
  'protocol-error',
  'internal-error',
  'flow-control-error',
  'settings-timeout',
  'stream-closed',
  'frame-size-error',
  'refused-stream',
  'cancel',
  'compression-error',
  'connect-error',
  'enhance-your-calm',
  'inadequate-security',
  'http-1-1-required',
];

/** What the frames that passed say of a stream. */
export function seenOnWire(frames: readonly PassedFrame[], streamId: number): WireSeen {
  const own = frames.filter((frame) => frame.streamId === streamId);
  const reset = own.find(({ type }) => type === frameType.rstStream)?.errorCode;
  return {
    headers: own.some(({ type }) => type === frameType.headers),
    ended: own.some(({ type, flags }) => type <= 1 && (flags & endStreamFlag) !== 0),
    ...(reset === undefined ? {} : { reset }),
    goAways: frames.filter(({ type }) => type === frameType.goAway).length,
  };
}

/** Why a status does not fit what is known; undefined when it does. */
export function causeProblem(status: CallStatus, known: KnownOfCall): string | undefined {
  const { cause, origin, name, code } = status;
  const expected = originOf(cause);
  if (expected !== origin) {
    return `the origin of ${cause} is ${origin}, not ${expected ?? 'known'}`;
  }
  if ((code === 0) !== (cause === 'ok')) {
    return `${name} with the cause ${cause}`;
  }
  const wanted = neededFor(cause, known);
  return wanted === undefined ? undefined : `${name} ${cause}, but ${wanted}`;
}

function originOf(cause: string): StatusOrigin | undefined {
  if (/^(ok|application-.*|compression-not-supported|deadline-at-server)$/.test(cause)) {
    return 'application';
  }
  if (/^(cancelled-here|deadline-.*|message-too-large-.*|not-sent)$/.test(cause)) {
    return 'client';
  }
  // Cuts of a relay that come after the same silence by chance.
  if (cause === 'idle-timeout') {
    return 'intermediary';
  }
  return /^(rst|goaway|connection|name|tls|closed|plaintext|keepalive|not-connected|server-stopped|malformed)/.test(
    cause,
  )
    ? 'transport'
    : undefined;
}

/** What would have to be true and is not. */
function neededFor(cause: string, known: KnownOfCall): string | undefined {
  const { wire, troubles } = known;
  const some = (...names: Trouble[]) => names.some((name) => troubles.has(name));
  const unless = (holds: boolean, text: string) => (holds ? undefined : text);
  if (/^(ok|application-.*|compression-not-supported|deadline-at-server)$/.test(cause)) {
    return unless(wire?.ended ?? true, 'no end of the stream passed');
  }
  if (cause.startsWith('rst-')) {
    const code = wire && (wire.reset === undefined ? 'none' : errorCodes[wire.reset]);
    return unless(code === undefined || cause === `rst-${code}`, `RST_STREAM ${code} passed`);
  }
  if (cause.startsWith('goaway-') || cause === 'server-stopped') {
    return unless((wire?.goAways ?? 1) > 0, 'no GOAWAY passed');
  }
  if (cause.startsWith('message-too-large-')) {
    return unless(known.overLimit, 'no message is too large');
  }
  switch (cause) {
    case 'cancelled-here':
      return unless(known.cancelled, 'nobody cancelled it');
    case 'deadline-before-headers':
      return unless(known.deadlinePassed, 'its deadline had not passed');
    case 'deadline-mid-stream':
      return known.deadlinePassed
        ? unless(wire?.headers ?? true, 'no response headers passed')
        : 'its deadline had not passed';
    case 'deadline-before-connecting':
    case 'deadline-before-http2':
    case 'deadline-before-sending':
      return unless(known.deadlinePassed, 'its deadline had not passed');
    case 'connection-lost':
    case 'idle-timeout':
      return wire?.ended && !known.answerLost
        ? 'the end of the stream passed'
        : unless(some('cut', 'closed-early'), 'nothing closed the connection');
    case 'connection-refused':
      return unless(some('refused'), 'nothing was refused');
    case 'plaintext-to-tls-port':
    case 'tls-handshake-closed':
    case 'tls-failed':
    case 'closed-after-tls':
    case 'connection-reset':
      return unless(some('closed-early', 'cut'), 'nothing closed the connection');
    case 'keepalive-timeout':
      // A relay that is slow, or a machine that is, is all it takes.
      return unless(known.keepalive, 'no PING is sent');
    case 'malformed-http2':
      // Two calls that each make the server say GOAWAY may have it say so in an order that is not allowed.
      return unless((wire?.goAways ?? 2) > 1, 'all that passed is in order');
    case 'not-connected':
    case 'not-sent':
      return unless(troubles.size > 0, 'nothing was done to it');
    case 'name-not-found':
    case 'name-server-failed':
      return unless(some('no-name'), 'the name was known');
    default:
      return 'nothing brings that about here';
  }
}
