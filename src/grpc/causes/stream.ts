import { ErrorCode } from '../../wire/frame';
import { errorCodeName } from '../../wire/frameNames';
import { describeDuration } from '../duration';
import type { Evidence } from '../evidence';
import { describeSize } from '../size';
import { StatusCode } from '../statusCodes';
import { type Cause, kebab, largeHeaders, largerHeadersAdvice, peerStatus } from './cause';
import { proxyInWords } from './proxy';

/** What the server says in GOAWAY when keepalive PINGs come too often (gRFC A8). */
const tooManyPings = 'too_many_pings';

/** What gRPC's Go, Java and C++ servers say in GOAWAY when a connection has reached the age that they allow. */
const maxAge = 'max_age';

/** What gRPC's C core says in GOAWAY when a server stops without waiting for its calls. */
const cancellingAllCalls = 'Cancelling all calls';

/**
 * A server on gRPC's C core that closes a connection in an orderly way ends the calls that still run on it with
 * UNAVAILABLE in trailers: the word of its library, not of a handler. Undefined when nothing hints at that.
 */
export function shutdownCause(evidence: Evidence): Cause | undefined {
  return evidence.code === StatusCode.Unavailable &&
    peerStatus(evidence) === StatusCode.Unavailable &&
    evidence.goAway?.errorCode === ErrorCode.NoError
    ? { ...gracefulCause(evidence.goAway.debugData), certainty: 'inferred' }
    : undefined;
}

/** The connection stood, and it or the stream was cut off below gRPC. Undefined when nothing shows that. */
export function streamCause(evidence: Evidence): Cause | undefined {
  return (
    goAwayCause(evidence, true) ??
    receivedReset(evidence) ??
    malformedCause(evidence) ??
    goAwayCause(evidence, false) ??
    keepaliveCause(evidence) ??
    closedCause(evidence)
  );
}

/** With `onlyErrors` a graceful GOAWAY (NO_ERROR) does not count: it does not end streams that run. */
function goAwayCause(evidence: Evidence, onlyErrors: boolean): Cause | undefined {
  const { goAway, streamId } = evidence;
  if (goAway === undefined || (onlyErrors && goAway.errorCode === ErrorCode.NoError)) {
    return undefined;
  }
  const base = { origin: 'transport', certainty: 'observed' } as const;
  const unprocessed = streamId !== undefined && streamId > goAway.lastStreamId;
  const safe = unprocessed
    ? ['The server has not begun with this call: sending it again is safe.']
    : [];
  if (goAway.errorCode === ErrorCode.EnhanceYourCalm && goAway.debugData === tooManyPings) {
    return {
      ...base,
      cause: 'too-many-pings',
      explanation:
        'The server closed the connection because keepalive PINGs came more often than it allows (GOAWAY too_many_pings).',
      nextActions: [
        'Set keepalive-time to 5m or more: a default Go, Java or C++ server allows a PING every 5 minutes.',
        'Turn keepalive-permit-without-calls off: without calls such a server allows one PING in 2 hours.',
        "Or lower the server's minimum (Go: EnforcementPolicy.MinTime, Java: permitKeepAliveTime, C++: grpc.http2.min_ping_interval_without_data_ms).",
        ...safe,
      ],
    };
  }
  if (goAway.errorCode === ErrorCode.NoError) {
    // grpc-js may say that the connection is gone before its socket does.
    const dropped = evidence.code === StatusCode.Unavailable && evidence.trailers === undefined;
    return unprocessed || evidence.connectionClosedMidStream || dropped
      ? gracefulCause(goAway.debugData, safe)
      : undefined;
  }
  if (goAway.debugData === cancellingAllCalls) {
    return {
      ...base,
      cause: 'server-stopped',
      explanation:
        'The server was stopped and did not wait for the calls that still ran (GOAWAY "Cancelling all calls", which gRPC in Python, Ruby and C++ sends).',
      nextActions: [
        'Send again when the server is up.',
        'Give the server time to finish its calls when it stops (Python: server.stop(grace), C++: Shutdown(deadline)).',
        ...safe,
      ],
    };
  }
  const name = errorCodeName(goAway.errorCode);
  return {
    ...brokenOff(
      evidence,
      `closed the whole connection with GOAWAY ${name} (${goAway.errorCode}): ${codeMeaning(goAway.errorCode)}`,
    ),
    cause: `goaway-${idOf(goAway.errorCode)}`,
    nextActions: [
      ...safe,
      ...headersAdvice(evidence),
      "See the frames before it, and look at the server's log, and at that of a proxy on the way.",
    ],
  };
}

/** Who ended a stream or a connection by an error code, as far as the response tells. */
function brokenOff(
  evidence: Evidence,
  what: string,
): Pick<Cause, 'origin' | 'certainty' | 'explanation'> {
  const proxy = proxyInWords(evidence);
  const size = largeHeaders(evidence);
  const headers =
    size === undefined
      ? ''
      : ` The headers of the request have ${describeSize(size)}, which may be more than it takes.`;
  return proxy === undefined
    ? {
        origin: 'transport',
        certainty: 'observed',
        explanation: `The server, or a proxy on the way, ${what}${headers}`,
      }
    : {
        origin: 'intermediary',
        certainty: 'inferred',
        explanation: `A proxy ${what} ${proxy}, so a proxy speaks HTTP/2 on this connection: it did so by a limit of its own, or because it lost the server behind it.${headers}`,
      };
}

function headersAdvice(evidence: Evidence): readonly string[] {
  return largeHeaders(evidence) === undefined ? [] : [largerHeadersAdvice];
}

function gracefulCause(debugData: string, safe: readonly string[] = []): Cause {
  const base = { cause: 'goaway-graceful', origin: 'transport', certainty: 'observed' } as const;
  return debugData === maxAge
    ? {
        ...base,
        explanation:
          'The connection reached the age that the server allows, and the time that calls get after it was over before this one was (GOAWAY max_age).',
        nextActions: [
          ...safe,
          'Open a long stream anew when this happens: the server means it to come, so that load spreads.',
          "Or raise the server's limits (Go: MaxConnectionAge and MaxConnectionAgeGrace, Java: maxConnectionAge, C++ and Python: grpc.max_connection_age_ms and grpc.max_connection_age_grace_ms).",
        ],
      }
    : {
        ...base,
        explanation:
          'The server (or a proxy) is closing its connections in an orderly way, for a restart or because the connection is old, and did not complete this call.',
        nextActions: [
          ...safe,
          'If this happens often, give the server more time to finish calls when it stops (Go: GracefulStop, Java and Go: MAX_CONNECTION_AGE_GRACE).',
        ],
      };
}

function receivedReset(evidence: Evidence): Cause | undefined {
  if (evidence.rstStream?.direction !== 'received') {
    return undefined;
  }
  const { errorCode } = evidence.rstStream;
  const name = errorCodeName(errorCode);
  const closing =
    errorCode === ErrorCode.Cancel && evidence.goAway?.errorCode === ErrorCode.NoError
      ? [
          'It had said GOAWAY: if it was being stopped, give it time to finish its calls (Java: awaitTermination() between shutdown() and shutdownNow()).',
        ]
      : [];
  return {
    ...brokenOff(
      evidence,
      `broke off this stream with RST_STREAM ${name} (${errorCode}): ${codeMeaning(errorCode)}`,
    ),
    cause: `rst-${idOf(errorCode)}`,
    nextActions: [
      ...closing,
      ...headersAdvice(evidence),
      ...resetActions(errorCode, proxyInWords(evidence) !== undefined),
    ],
  };
}

function resetActions(code: number, byProxy: boolean): readonly string[] {
  const log = "Look at the server's log, and at that of a proxy on the way.";
  const timeout =
    'If it comes after the same time again and again, look for a timeout on the way (Envoy: route or stream idle timeout, nginx: grpc_read_timeout or client_body_timeout, HAProxy: timeout server).';
  switch (code) {
    case ErrorCode.NoError:
      return ['The server ended the stream without a status: look at its log.'];
    case ErrorCode.RefusedStream:
      return [
        'The server has not begun with this call: sending it again is safe.',
        'If it happens often, see MAX_CONCURRENT_STREAMS in the SETTINGS of the server.',
        'If a proxy stands between, check that it reaches the server behind it.',
      ];
    case ErrorCode.Cancel:
      return [log, timeout];
    case ErrorCode.EnhanceYourCalm:
      return ['Send less or slower: metadata, streams and PINGs count.', log];
    case ErrorCode.InadequateSecurity:
      return ['Use TLS 1.2 or later with the ciphers that HTTP/2 allows (RFC 9113 section 9.2).'];
    case ErrorCode.Http11Required:
      return ['The server serves this path over HTTP/1.1 only: check the address and the route.'];
    default:
      return byProxy ? [timeout, log] : [log];
  }
}

/** What the sender of an error code means (RFC 9113 section 7; gRPC over HTTP2, Errors). */
function codeMeaning(code: number): string {
  switch (code) {
    case ErrorCode.NoError:
      return 'no error, but also no status.';
    case ErrorCode.ProtocolError:
      return 'something that was sent breaks HTTP/2, in its view.';
    case ErrorCode.InternalError:
      return 'something failed inside it.';
    case ErrorCode.FlowControlError:
      return 'more was sent than flow control allowed, in its view.';
    case ErrorCode.SettingsTimeout:
      return 'SETTINGS were not acknowledged in time.';
    case ErrorCode.StreamClosed:
      return 'a frame came on a stream that was closed already.';
    case ErrorCode.FrameSizeError:
      return 'a frame had a size that is not allowed.';
    case ErrorCode.RefusedStream:
      return 'it did not take the call up, e.g. because too many run, or because a proxy reached no server for it.';
    case ErrorCode.Cancel:
      return 'it is not interested in the call any more: a timeout, a cancellation or a lost upstream.';
    case ErrorCode.CompressionError:
      return 'it could not decode the compressed headers.';
    case ErrorCode.ConnectError:
      return 'a connection that it made for this call was lost.';
    case ErrorCode.EnhanceYourCalm:
      return 'it sees too much load from this client.';
    case ErrorCode.InadequateSecurity:
      return 'the security of the connection is below what it demands.';
    case ErrorCode.Http11Required:
      return 'it demands HTTP/1.1 for this.';
    default:
      return 'the code is not defined.';
  }
}

/**
 * What this side says in RST_STREAM to a peer that breaks HTTP/2 (RFC 9113 section 7); Node says INTERNAL_ERROR when it
 * gives the whole connection up for that.
 */
const framingErrors: readonly number[] = [
  ErrorCode.ProtocolError,
  ErrorCode.FlowControlError,
  ErrorCode.StreamClosed,
  ErrorCode.FrameSizeError,
  ErrorCode.CompressionError,
  ErrorCode.InternalError,
];

function malformedCause(evidence: Evidence): Cause | undefined {
  const sentReset =
    evidence.rstStream?.direction === 'sent' &&
    framingErrors.includes(evidence.rstStream.errorCode);
  // The answer came, and the library took it no more: it had given the connection up.
  const answerLost =
    evidence.code === StatusCode.Internal &&
    (peerStatus(evidence) ?? StatusCode.Internal) !== StatusCode.Internal;
  return evidence.malformed === undefined && !sentReset && !answerLost
    ? undefined
    : brokenHttp2(evidence.malformed === undefined ? 'inferred' : 'observed');
}

function brokenHttp2(certainty: Cause['certainty']): Cause {
  return {
    cause: 'malformed-http2',
    origin: 'transport',
    certainty,
    explanation:
      'What the server, or a proxy on the way, sent breaks HTTP/2 or the framing of gRPC messages, so the call was ended here.',
    nextActions: [
      'See the last frames that were received: the frames view shows the bytes.',
      'Call the server without the proxy, to see which of them it is.',
    ],
  };
}

function keepaliveCause(evidence: Evidence): Cause | undefined {
  return evidence.keepaliveTimedOut
    ? {
        cause: 'keepalive-timeout',
        origin: 'transport',
        certainty: 'observed',
        explanation: `A keepalive PING to ${evidence.target.address} was not answered within keepalive-timeout, so the connection was closed here: the server hangs, or something on the way dropped the connection without a word.`,
        nextActions: [
          'Check whether the server, or a proxy on the way, is overloaded or stopped.',
          'If it comes after idle times, a hop forgets idle connections: set keepalive-time below its idle timeout.',
          'If the network is slow, raise keepalive-timeout (the default is 20s).',
        ],
      }
    : undefined;
}

function closedCause(evidence: Evidence): Cause | undefined {
  if (evidence.connectionClosedHere) {
    return brokenHttp2('inferred');
  }
  if (!evidence.connectionClosedMidStream && evidence.connectionError === undefined) {
    return undefined;
  }
  const { connectionError, silence } = evidence;
  if (silence?.repeated) {
    return idleCut(silence.milliseconds);
  }
  const how =
    connectionError === undefined
      ? 'was closed'
      : connectionError.code === 'ETIMEDOUT'
        ? 'timed out'
        : 'broke';
  const when =
    evidence.messagesReceived > 0
      ? 'in the middle of the response'
      : evidence.responseHeaders !== undefined
        ? 'after the response headers'
        : 'before any answer to this call';
  return {
    cause: 'connection-lost',
    origin: 'transport',
    certainty: 'observed',
    explanation: `The connection to ${evidence.target.address} ${how} ${when}${silentTime(evidence)}: the server stopped or crashed, or something on the way cut it.`,
    nextActions: [
      'Check whether the server restarted or crashed: its log or its exit code says so.',
      'If it comes after the same idle time again and again, look for an idle timeout on the way, and set keepalive-time below it (5m or more with a default server).',
      'The server may have carried out the call: send again only if that does no harm.',
    ],
  };
}

function silentTime({ silence }: Evidence): string {
  return silence === undefined || silence.milliseconds < worthTelling
    ? ''
    : `, after ${describeDuration(silence.milliseconds)} without a frame`;
}

/** Milliseconds of silence that are no pause between two messages. */
const worthTelling = 1_000;

function idleCut(milliseconds: number): Cause {
  const time = describeDuration(milliseconds);
  return {
    cause: 'idle-timeout',
    origin: 'intermediary',
    certainty: 'inferred',
    explanation: `The connection was closed after ${time} without a frame, and so was one before it: most likely something on the way, such as a layer-4 load balancer, cuts connections that are silent for so long. A gRPC server says GOAWAY first.`,
    nextActions: [
      `Raise the idle timeout on the way (HAProxy: timeout client and timeout server, nginx: proxy_timeout, Envoy: idle_timeout of the TCP proxy, AWS NLB: 350 s).`,
      `Or set keepalive-time below ${time}: behind a layer-4 hop PINGs keep the connection. A default server allows one every 5m.`,
      'If the times agree by chance, the server stopped or crashed twice: its log says so.',
    ],
  };
}

/** The code's name as it stands in the id of a cause. */
function idOf(errorCode: number): string {
  const name = errorCodeName(errorCode);
  return /^[A-Z0-9_]+$/.test(name) ? kebab(name) : 'unknown-code';
}
