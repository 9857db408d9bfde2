import { fieldValue } from '../../wire/frame';
import type { Evidence } from '../evidence';
import { describeSize } from '../size';
import { type Cause, largerHeadersAdvice, responseField } from './cause';
import { findProxy } from './proxy';

/** The answer is that of a proxy or a web server: what its body holds are no gRPC messages. */
export function isOtherHttp(evidence: Evidence): boolean {
  const { httpStatus } = evidence;
  const hasStatus = fieldValue(evidence.trailers, 'grpc-status') !== undefined;
  return (
    httpStatus !== undefined && !hasStatus && (httpStatus !== 200 || hasOtherContentType(evidence))
  );
}

function hasOtherContentType(evidence: Evidence): boolean {
  const contentType = responseField(evidence, 'content-type');
  return contentType !== undefined && !/^application\/grpc\b/i.test(contentType);
}

/** The response is HTTP, but not gRPC: no `grpc-status` where one had to be. Undefined when that is not so. */
export function httpCause(evidence: Evidence): Cause | undefined {
  const { httpStatus } = evidence;
  if (httpStatus === undefined || fieldValue(evidence.trailers, 'grpc-status') !== undefined) {
    return undefined;
  }
  if (httpStatus !== 200) {
    return httpStatusCause(evidence, httpStatus);
  }
  if (hasOtherContentType(evidence)) {
    return {
      cause: 'not-grpc',
      origin: 'intermediary',
      certainty: 'observed',
      explanation: `The answer is HTTP 200 but not gRPC (its content-type is another): a web server or a gateway answered${proxyInWords(evidence)}.`,
      nextActions: [
        'Check the port and the path prefix: gRPC may be on another one, and gRPC-Web is another protocol.',
        'If a gateway stands in front, let it pass gRPC through to the server.',
      ],
    };
  }
  // Headers alone, with the stream cut off, are another cause.
  return evidence.trailers === undefined
    ? undefined
    : {
        cause: 'missing-grpc-status',
        origin: 'intermediary',
        certainty: 'inferred',
        explanation: `The response ended without grpc-status, which every gRPC server sends: most likely something on the way dropped the trailers${proxyInWords(evidence)}.`,
        nextActions: [
          'Check that every proxy on the way passes HTTP/2 trailers to its upstream and back (HTTP/1.1 between them loses them).',
          'Call the server directly, to see whether it sends grpc-status itself.',
        ],
      };
}

function httpStatusCause(evidence: Evidence, httpStatus: number): Cause {
  const proxy = findProxy(evidence);
  const base = { cause: `http-${httpStatus}` };
  if (httpStatus === 431 && proxy === undefined) {
    const size = evidence.requestHeadersSize;
    return {
      ...base,
      origin: 'transport',
      certainty: 'inferred',
      explanation: `The metadata${size === undefined ? '' : ` (${describeSize(size)} of headers)`} is larger than the server, or a proxy on the way, takes: it answered with HTTP 431 before any handler saw the call, as gRPC in Java and Rust does itself.`,
      nextActions: [largerHeadersAdvice],
    };
  }
  return {
    ...base,
    origin: 'intermediary',
    certainty: proxy === undefined ? 'inferred' : 'observed',
    explanation: `${proxy === undefined ? 'Something on the way' : capital(proxy.name)} answered with HTTP ${httpStatus} and no grpc-status, so this is not the answer of a gRPC server${
      proxy === undefined ? ': a proxy, a gateway or a web server' : ''
    }. ${meaning(httpStatus)}`,
    nextActions: actions(httpStatus),
  };
}

function meaning(httpStatus: number): string {
  switch (httpStatus) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return 'It redirects elsewhere, which gRPC does not follow.';
    case 400:
      return 'It did not understand the request.';
    case 401:
      return 'It wants credentials.';
    case 403:
      return 'It does not allow the request.';
    case 404:
      return 'It has no route for the path of this method.';
    case 405:
      return 'It does not allow POST on this path.';
    case 408:
    case 504:
      return 'The server behind it did not answer in the time that it allows.';
    case 413:
      return 'The request is larger than it allows.';
    case 415:
      return 'It does not take the content-type application/grpc.';
    case 426:
    case 464:
    case 505:
      return 'It does not take this version of HTTP on this route.';
    case 429:
      return 'Its rate limit is reached.';
    case 431:
      return 'The metadata is larger than it allows.';
    case 502:
      return 'It could not talk to the server behind it.';
    case 503:
      return 'It has no server behind it that is healthy.';
    default:
      return httpStatus >= 500 ? 'It failed itself.' : 'It refused the request.';
  }
}

function actions(httpStatus: number): readonly string[] {
  switch (httpStatus) {
    case 301:
    case 302:
    case 303:
    case 307:
    case 308:
      return [
        'See the location header: often it leads from plaintext to TLS. Set the target to the address that it names.',
      ];
    case 401:
    case 403:
      return [
        'Check the metadata that the proxy wants: authorization, an API key, a cookie of a login page.',
        'Check that the proxy allows this path: /package.Service/Method.',
      ];
    case 404:
    case 405:
      return [
        'Check the route: the path of a gRPC method is /package.Service/Method, and a prefix is not possible.',
        'Check the authority of the target: many proxies choose the route by it.',
      ];
    case 408:
    case 504:
      return [
        "Raise the proxy's timeout for this route (Envoy: route timeout, nginx: grpc_read_timeout, HAProxy: timeout server).",
        'Check that the server behind it answers.',
      ];
    case 413:
      return ["Raise the proxy's limit, or send less."];
    case 431:
      return [largerHeadersAdvice];
    case 415:
    case 426:
    case 464:
    case 505:
      return [
        'Set this route to gRPC (AWS: target group with protocol version gRPC; nginx: grpc_pass; Envoy: http2_protocol_options).',
      ];
    case 429:
      return ['Wait before the next try, or have the limit raised.'];
    case 502:
    case 503:
      return [
        'Check that the server behind the proxy runs and passes its health check.',
        'Check that the proxy talks HTTP/2 to it, with TLS as the server expects it.',
      ];
    default:
      return ["Look at the proxy's log for this request."];
  }
}

function proxyInWords(evidence: Evidence): string {
  const proxy = findProxy(evidence);
  return proxy === undefined ? '' : ` (${proxy.name} was involved)`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
