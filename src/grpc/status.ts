import type { CallStatus } from '../transcript/entry';
import { ErrorCode, fieldValue } from '../wire/frame';
import { applicationCause, applicationOnlyCause, peerCause } from './causes/application';
import { type Cause, deadlineReached, peerStatus } from './causes/cause';
import { connectingCause } from './causes/connecting';
import { httpCause, isOtherHttp } from './causes/http';
import { localCause } from './causes/local';
import { shutdownCause, streamCause } from './causes/stream';
import type { Evidence } from './evidence';
import { evidenceText } from './evidenceText';
import { decodeGrpcMessage } from './grpcMessage';
import { StatusCode, statusName, statusOfHttp } from './statusCodes';

/**
 * Says how a call ended, where that came from and what to do next. Reads codes and bytes only, never the text
 * of an error, and marks what it concludes rather than sees as `inferred`.
 */
export function explainStatus(seen: Evidence): CallStatus {
  const evidence = withCode(withoutBody(seen));
  const { cause, origin, certainty, explanation, nextActions } = findCause(evidence);
  // What was decided here is not described by what the server said about an end of its own.
  const described = (peerStatus(evidence) ?? evidence.code) === evidence.code;
  const trailers = described ? evidence.trailers : undefined;
  const message = fieldValue(trailers, 'grpc-message');
  const detailsBin = fieldValue(trailers, 'grpc-status-details-bin');
  return {
    code: evidence.code,
    name: statusName(evidence.code),
    message: message === undefined ? evidence.details : decodeGrpcMessage(message),
    origin,
    certainty,
    cause,
    explanation,
    evidence: evidenceText(
      evidence.details === seen.details ? evidence : { ...evidence, details: seen.details ?? '' },
    ),
    nextActions,
    ...(detailsBin === undefined ? {} : { detailsBin }),
  };
}

/**
 * The page of a proxy is no message. grpc-js reads it as one, stumbles over its "length", and says
 * RESOURCE_EXHAUSTED or INTERNAL where gRPC has a code for each HTTP status.
 */
function withoutBody(evidence: Evidence): Evidence {
  const { code, httpStatus } = evidence;
  if (httpStatus === undefined || !isOtherHttp(evidence)) {
    return evidence;
  }
  const { messageTooLarge: _size, badCompression: _compression, ...rest } = evidence;
  return code === StatusCode.ResourceExhausted || code === StatusCode.Internal
    ? { ...rest, code: statusOfHttp(httpStatus), details: '' }
    : rest;
}

/** From what was decided here, over what the peer said, to what lies below gRPC. */
function findCause(evidence: Evidence): Cause {
  return (
    localCause(evidence) ??
    shutdownCause(evidence) ??
    peerCause(evidence) ??
    badGrpcStatus(evidence) ??
    httpCause(evidence) ??
    connectingCause(evidence) ??
    streamCause(evidence) ??
    unseenCause(evidence)
  );
}

/**
 * grpc-js reports no code at all when it can't decompress a message of an encoding that it doesn't know, and
 * NaN for a `grpc-status` that is no number.
 */
function withCode(evidence: Evidence): Evidence {
  if (isResetAtDeadline(evidence)) {
    return { ...evidence, code: StatusCode.DeadlineExceeded, details: '' };
  }
  if (Number.isInteger(evidence.code) && evidence.details !== undefined) {
    return evidence;
  }
  const missing = evidence.badCompression === undefined ? StatusCode.Unknown : StatusCode.Internal;
  const code = Number.isInteger(evidence.code) ? evidence.code : missing;
  return { ...evidence, code, details: evidence.details ?? '' };
}

/**
 * A server that enforces `grpc-timeout` may reset the stream before the timer here fires (grpc-go does, in the
 * middle of a response). grpc-js then says CANCELLED; as in grpc-go's client it counts as the deadline's doing.
 */
function isResetAtDeadline(evidence: Evidence): boolean {
  const { code, cancelledHere, rstStream } = evidence;
  return (
    code === StatusCode.Cancelled &&
    !cancelledHere &&
    rstStream?.direction === 'received' &&
    rstStream.errorCode === ErrorCode.Cancel &&
    deadlineReached(evidence)
  );
}

function badGrpcStatus(evidence: Evidence): Cause | undefined {
  const text = fieldValue(evidence.trailers, 'grpc-status');
  return text === undefined || /^\s*\d{1,10}\s*$/.test(text)
    ? undefined
    : {
        cause: 'bad-grpc-status',
        origin: 'application',
        certainty: 'observed',
        explanation:
          'The server sent a grpc-status that is not a number, so the outcome is not known.',
        nextActions: ['Mend the server, or the proxy that wrote the trailers.'],
      };
}

/** Nothing in the evidence says why: the code alone has to do. */
function unseenCause(evidence: Evidence): Cause {
  const { code } = evidence;
  if (code === StatusCode.Ok) {
    return applicationCause(code, 'inferred');
  }
  if (
    evidence.responseHeaders !== undefined &&
    evidence.trailers === undefined &&
    (code === StatusCode.Internal || code === StatusCode.Unknown)
  ) {
    return {
      cause: 'missing-grpc-status',
      origin: 'intermediary',
      certainty: 'inferred',
      explanation:
        'The response ended without trailers, and so without grpc-status, which every gRPC server sends: most likely something on the way dropped them, or ended the response itself when a time limit of its own passed.',
      nextActions: [
        'If it comes after the same time again and again, raise the time limit of the proxy (HAProxy: timeout server).',
        'Check that every proxy on the way passes HTTP/2 trailers (HTTP/1.1 between them loses them).',
        'Call the server directly, to see whether it sends grpc-status itself.',
      ],
    };
  }
  if (evidence.framesAvailable && !evidence.headersSent) {
    return evidence.connected
      ? {
          cause: 'not-sent',
          origin: 'client',
          certainty: 'inferred',
          explanation: 'The client library ended the call before it sent the request.',
          nextActions: ['Read the message: it is what the library says.'],
        }
      : {
          cause: 'not-connected',
          origin: 'transport',
          certainty: 'inferred',
          explanation: `No connection to ${evidence.target.address} stood when the call was made, because of an earlier failure.`,
          nextActions: ['Send again: the connection is then tried anew.'],
        };
  }
  const application = evidence.framesAvailable ? undefined : applicationOnlyCause(code);
  return (
    application ?? {
      cause: 'unexplained',
      origin: 'transport',
      certainty: 'inferred',
      explanation: evidence.framesAvailable
        ? `The call ended with ${statusName(code)}, and no frame says why.`
        : `The call ended with ${statusName(code)}. Where that came from can't be told, because frames are not available.`,
      nextActions: ['Read the message: it is what the server or the library says.'],
    }
  );
}
