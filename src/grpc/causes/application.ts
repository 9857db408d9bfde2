import type { Evidence } from '../evidence';
import { isApplicationOnly, StatusCode, statusName } from '../statusCodes';
import { type Cause, kebab, peerStatus, responseField } from './cause';
import { findProxy } from './proxy';

/** What the sender of a code means by it (doc/statuscodes.md), and what to do about it. */
interface Meaning {
  readonly explanation: string;
  readonly nextActions: readonly string[];
}

const readDetails = 'Read the message and the details: they usually name what is wrong.';
const sendLess = "If the request is large, send less or raise the server's receive limit.";
const readLog = "Look at the server's log for this call.";

const meanings: { readonly [code: number]: Meaning } = {
  [StatusCode.Cancelled]: {
    explanation:
      'The server reports that the work was cancelled on its side, for example because a call of its own was cancelled. Servers in Rust (tonic) also say so when their own time limit is over.',
    nextActions: [readLog],
  },
  [StatusCode.Unknown]: {
    explanation:
      'The server reports an error without a category: usually an exception in the handler that nothing caught.',
    nextActions: [readLog, 'In the server, turn the exception into a status that says more.'],
  },
  [StatusCode.InvalidArgument]: {
    explanation: 'The handler refused the request: an argument is not valid, whatever the state.',
    nextActions: [readDetails, 'Mend the request; sending it again unchanged gives the same.'],
  },
  [StatusCode.DeadlineExceeded]: {
    explanation:
      'The server itself says that time ran out: in its handler, or in a call that it made in turn.',
    nextActions: [
      'Raise the deadline, if the work may take longer.',
      'Find out which of its own calls the server waited for: its log or trace says so.',
    ],
  },
  [StatusCode.NotFound]: {
    explanation: 'The handler ran and did not find what the request asks for.',
    nextActions: ['Check the names and ids in the request.', readDetails],
  },
  [StatusCode.AlreadyExists]: {
    explanation: 'The handler refused to create what is there already.',
    nextActions: ['Choose another name or id, or change the one that exists.'],
  },
  [StatusCode.PermissionDenied]: {
    explanation: 'The server knows the caller and does not allow this call.',
    nextActions: ['Check the roles of the account whose token is in the metadata.', readDetails],
  },
  [StatusCode.ResourceExhausted]: {
    explanation:
      "The server reports that a limit is reached: a quota, a rate, or the size of the request against the server's own limit (often 4 MiB).",
    nextActions: [readDetails, sendLess, 'If it is a rate, wait before the next try.'],
  },
  [StatusCode.FailedPrecondition]: {
    explanation: 'The handler refused the request because of the state that the system is in.',
    nextActions: [readDetails, 'Bring about the state first; sending again does not help.'],
  },
  [StatusCode.Aborted]: {
    explanation:
      'The handler gave up because of a conflict with something else, e.g. a transaction.',
    nextActions: ['Read the current state again and repeat the whole sequence.'],
  },
  [StatusCode.OutOfRange]: {
    explanation:
      'The handler refused a value that is past the valid range, e.g. the end of a list. Servers in Rust (tonic) also say so of a request over their size limit (often 4 MiB).',
    nextActions: [readDetails, sendLess],
  },
  [StatusCode.Unimplemented]: {
    explanation:
      'The server has no such method: neither the service nor the method of this name is registered there, or its handler is only a stub.',
    nextActions: [
      'Refresh the services of this target: the server may be older or newer than the schema.',
      'Check the package in the full name of the service, and that this is the server that has it.',
    ],
  },
  [StatusCode.Internal]: {
    explanation: 'The server reports an error of its own: something there is broken.',
    nextActions: [readLog],
  },
  [StatusCode.Unavailable]: {
    explanation:
      'The server answered that it can not serve now: it starts, stops, is overloaded, or something that it needs is away.',
    nextActions: ['Send again after a moment, with growing pauses.', readLog],
  },
  [StatusCode.DataLoss]: {
    explanation: 'The handler reports data that is lost or damaged for good.',
    nextActions: [readLog],
  },
  [StatusCode.Unauthenticated]: {
    explanation: 'The server does not know who calls: the credentials are missing or not valid.',
    nextActions: [
      'Add the metadata that the server expects, usually authorization: Bearer and a token.',
      'If there is a token, check whether it has expired.',
    ],
  },
};

/** The peer said the status itself, in `grpc-status`. Undefined when it did not. */
export function peerCause(evidence: Evidence): Cause | undefined {
  const status = peerStatus(evidence);
  return status === undefined || status !== evidence.code
    ? undefined
    : (proxyReply(evidence) ??
        dressedError(evidence) ??
        compressionRefusal(evidence) ??
        applicationCause(status, 'observed'));
}

/** A server answers UNIMPLEMENTED to a compression that it does not know, and should name those that it knows. */
function compressionRefusal(evidence: Evidence): Cause | undefined {
  const { code, requestEncoding } = evidence;
  const readable = responseField(evidence, 'grpc-accept-encoding')?.split(/[\s,]+/);
  if (
    code !== StatusCode.Unimplemented ||
    requestEncoding === undefined ||
    requestEncoding === 'identity' ||
    readable?.includes(requestEncoding)
  ) {
    return undefined;
  }
  return {
    cause: 'compression-not-supported',
    origin: 'application',
    certainty: 'inferred',
    explanation: `The request was compressed with ${requestEncoding}, which the server may not be able to read; else it has no such method.`,
    nextActions: [
      'Send again without compression, or with another one.',
      'See grpc-accept-encoding in the answer: it names the compressions that the server can read.',
      'If that gives the same, check the name of the method and that this is the server that has it.',
    ],
  };
}

/** A code that no library produces itself: it comes from the application, seen or not. */
export function applicationOnlyCause(code: number): Cause | undefined {
  return isApplicationOnly(code) ? applicationCause(code, 'inferred') : undefined;
}

export function applicationCause(code: number, certainty: Cause['certainty']): Cause {
  if (code === StatusCode.Ok) {
    return {
      cause: 'ok',
      origin: 'application',
      certainty,
      explanation: 'The server completed the call.',
      nextActions: [],
    };
  }
  const meaning = meanings[code];
  return {
    cause:
      code === StatusCode.DeadlineExceeded
        ? 'deadline-at-server'
        : `application-${kebab(statusName(code))}`,
    origin: 'application',
    certainty,
    explanation:
      meaning?.explanation ??
      `The server sent the status code ${code}, which gRPC does not define.`,
    nextActions: meaning?.nextActions ?? [
      'Mend the server: other clients take this code for UNKNOWN.',
    ],
  };
}

/**
 * Envoy answers a gRPC call in trailers-only form itself when it has no upstream; what an upstream answered
 * carries x-envoy-upstream-service-time. Other proxies put their name on every answer and prove nothing.
 */
function proxyReply(evidence: Evidence): Cause | undefined {
  const proxy = findProxy(evidence);
  if (
    proxy === undefined ||
    !proxy.isEnvoy ||
    !evidence.trailersOnly ||
    evidence.code === StatusCode.Ok ||
    isApplicationOnly(evidence.code) ||
    responseField(evidence, 'x-envoy-upstream-service-time') !== undefined
  ) {
    return undefined;
  }
  return {
    cause: 'proxy-status',
    origin: 'intermediary',
    certainty: 'inferred',
    ...proxyWords(evidence.code, proxy.name),
  };
}

function proxyWords(code: number, name: string): Pick<Cause, 'explanation' | 'nextActions'> {
  const answered = `${name} answered itself, without headers of a server behind it`;
  switch (code) {
    case StatusCode.Unimplemented:
      return {
        explanation: `${answered}: most likely it has no route for this service, and the call never reached the application.`,
        nextActions: [`Check the routes of ${name}: none seems to match this service.`],
      };
    case StatusCode.DeadlineExceeded:
      return {
        explanation: `${answered}: most likely a time limit of its own passed while the application still worked.`,
        nextActions: [
          `Raise the time limit of ${name} for this route (max_stream_duration).`,
          'The server may have carried out the call: send again only if that does no harm.',
        ],
      };
    default:
      return {
        explanation: `${answered}: most likely it reached no server for this call, or a time limit of its own passed before one answered.`,
        nextActions: [
          'Read the message: it usually names the reason, such as "no healthy upstream" or "upstream request timeout".',
          `Check that ${name} has a healthy server behind the route for this service.`,
          `If it comes after the same time again and again, raise the time limits of ${name} (route timeout, stream_idle_timeout).`,
        ],
      };
  }
}

/**
 * Proxies can be told to give their own errors in gRPC's words. A gRPC server answers with HTTP status 200 whatever
 * the outcome is (gRPC over HTTP2, Responses): one that found the request itself wrong, with 400 and the like, may
 * stand behind a proxy without a name, but none says 204.
 */
function dressedError(evidence: Evidence): Cause | undefined {
  const { httpStatus, trailersOnly } = evidence;
  const proxy = findProxy(evidence);
  if (
    !trailersOnly ||
    httpStatus === undefined ||
    httpStatus === 200 ||
    (proxy === undefined && httpStatus >= 400)
  ) {
    return undefined;
  }
  return {
    cause: 'proxy-status',
    origin: 'intermediary',
    certainty: 'inferred',
    explanation: `The answer has a grpc-status and HTTP status ${httpStatus}, where a gRPC server says 200: most likely ${proxy?.name ?? 'something on the way'} gave an error of its own in gRPC's words.`,
    nextActions: [
      'Check that the server behind the proxy runs, and that the proxy has a route to it.',
      "Look at the proxy's log for this request.",
    ],
  };
}
