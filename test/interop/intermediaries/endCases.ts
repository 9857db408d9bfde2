import type { Intermediary } from '../../../scripts/interop/intermediaries.mjs';
import type { CallStatus } from '../../../src/transcript/entry';

/** One call through a port of the configuration, and how it has to end. */
export interface Attempt {
  readonly port: string;
  /** Chooses the route in Envoy's configuration. */
  readonly authority?: string;
  readonly method: string;
  readonly body?: object;
  /** Bytes of a header that is sent along. */
  readonly header?: number;
  /** The request stream stays open. */
  readonly open?: boolean;
  /** Another call is answered on the same connection before. */
  readonly after?: 'EchoBook';
  readonly ends: Pick<CallStatus, 'name' | 'cause' | 'origin' | 'certainty'>;
  /** What the evidence has to say. */
  readonly seen: readonly string[];
}

export interface EndCase {
  readonly title: string;
  readonly attempts: Partial<Readonly<Record<Intermediary, Attempt>>>;
}

type Ends = Attempt['ends'];

function http(status: number, name: string, certainty: Ends['certainty'] = 'observed'): Ends {
  return { name, cause: `http-${status}`, origin: 'intermediary', certainty };
}

function guessed(name: string, cause: string): Ends {
  return { name, cause, origin: 'intermediary', certainty: 'inferred' };
}

function unnamed(name: string, cause: string): Ends {
  return { name, cause, origin: 'transport', certainty: 'observed' };
}

const nginx = 'server: nginx/';
const envoy = 'server: envoy';
const streaming = { method: 'ListBooks', body: { count: 1, stay: true } };
/** No default limit of a hop allows so much; the tests' own ones are smaller. */
const largeHeader = 20_000;

export const endCases: readonly EndCase[] = [
  {
    title: 'the server behind is down',
    attempts: {
      haproxy: {
        port: 'BACKEND_DOWN',
        method: 'EchoBook',
        ends: http(503, 'UNAVAILABLE', 'inferred'),
        seen: ['HTTP status 503', 'content-type: text/html'],
      },
      nginx: {
        port: 'BACKEND_DOWN',
        method: 'EchoBook',
        ends: http(502, 'UNAVAILABLE'),
        seen: ['HTTP status 502', nginx],
      },
      envoy: {
        port: 'ROUTES',
        authority: 'down.test',
        method: 'EchoBook',
        ends: guessed('UNAVAILABLE', 'proxy-status'),
        seen: ['a trailers-only response', envoy],
      },
    },
  },
  {
    title: 'no server is known to it',
    attempts: {
      envoy: {
        port: 'ROUTES',
        authority: 'empty.test',
        method: 'EchoBook',
        ends: guessed('UNAVAILABLE', 'proxy-status'),
        seen: ['a trailers-only response', envoy],
      },
    },
  },
  {
    title: 'the server behind hangs up at once',
    attempts: {
      haproxy: {
        port: 'BACKEND_HANGS_UP',
        method: 'EchoBook',
        ends: unnamed('UNAVAILABLE', 'rst-refused-stream'),
        seen: ['RST_STREAM received: REFUSED_STREAM'],
      },
      nginx: {
        port: 'BACKEND_HANGS_UP',
        method: 'EchoBook',
        ends: http(502, 'UNAVAILABLE'),
        seen: ['HTTP status 502', nginx],
      },
      envoy: {
        port: 'ROUTES',
        authority: 'hangs-up.test',
        method: 'EchoBook',
        ends: guessed('UNAVAILABLE', 'proxy-status'),
        seen: ['a trailers-only response', envoy],
      },
    },
  },
  {
    title: "the server behind is down, told in gRPC's words",
    attempts: {
      nginx: {
        port: 'GRPC_ERRORS',
        method: 'EchoBook',
        ends: guessed('UNAVAILABLE', 'proxy-status'),
        seen: ['grpc-status: 14', 'HTTP status 204', nginx],
      },
    },
  },
  {
    title: 'the server behind gives no answer in time',
    attempts: {
      haproxy: {
        port: 'SERVER_TIMEOUT',
        method: 'Wait',
        ends: http(504, 'UNAVAILABLE', 'inferred'),
        seen: ['HTTP status 504', 'content-type: text/html'],
      },
      nginx: {
        port: 'READ_TIMEOUT',
        method: 'Wait',
        ends: http(504, 'UNAVAILABLE'),
        seen: ['HTTP status 504', nginx],
      },
      envoy: {
        port: 'ROUTES',
        authority: 'route-timeout.test',
        method: 'Wait',
        ends: guessed('UNAVAILABLE', 'proxy-status'),
        seen: ['a trailers-only response', envoy],
      },
    },
  },
  {
    title: 'the server behind is silent in the middle of its answer',
    attempts: {
      haproxy: {
        port: 'SERVER_TIMEOUT',
        ...streaming,
        ends: guessed('INTERNAL', 'missing-grpc-status'),
        seen: ['HTTP status 200, no grpc-status'],
      },
      nginx: {
        port: 'READ_TIMEOUT',
        ...streaming,
        ends: guessed('INTERNAL', 'rst-internal-error'),
        seen: ['RST_STREAM received: INTERNAL_ERROR', nginx],
      },
      envoy: {
        port: 'ROUTES',
        authority: 'stream-idle.test',
        ...streaming,
        ends: guessed('INTERNAL', 'rst-internal-error'),
        seen: ['RST_STREAM received: INTERNAL_ERROR', envoy],
      },
    },
  },
  {
    title: 'the longest time of a stream is over, before an answer',
    attempts: {
      envoy: {
        port: 'ROUTES',
        authority: 'stream-duration.test',
        method: 'Wait',
        ends: guessed('DEADLINE_EXCEEDED', 'proxy-status'),
        seen: ['grpc-status: 4', envoy],
      },
    },
  },
  {
    title: 'the longest time of a stream is over, in the middle of an answer',
    attempts: {
      envoy: {
        port: 'ROUTES',
        authority: 'stream-duration.test',
        ...streaming,
        ends: guessed('INTERNAL', 'rst-internal-error'),
        seen: ['RST_STREAM received: INTERNAL_ERROR', envoy],
      },
    },
  },
  {
    title: 'client and server are silent, and the request stream is open',
    attempts: {
      haproxy: {
        port: 'HTTP_IDLE',
        method: 'Discuss',
        body: {},
        open: true,
        ends: unnamed('CANCELLED', 'rst-cancel'),
        seen: ['RST_STREAM received: CANCEL'],
      },
      nginx: {
        port: 'BODY_TIMEOUT',
        method: 'Discuss',
        body: {},
        open: true,
        ends: guessed('INTERNAL', 'rst-protocol-error'),
        seen: ['RST_STREAM received: PROTOCOL_ERROR', nginx],
      },
      envoy: {
        port: 'HTTP_IDLE',
        method: 'Discuss',
        body: {},
        open: true,
        ends: guessed('INTERNAL', 'rst-internal-error'),
        seen: ['RST_STREAM received: INTERNAL_ERROR', envoy],
      },
    },
  },
  {
    title: 'the client sends no message, on a new connection',
    attempts: {
      nginx: {
        port: 'BODY_TIMEOUT',
        method: 'AddBooks',
        open: true,
        ends: unnamed('INTERNAL', 'rst-protocol-error'),
        seen: ['no response headers were received'],
      },
    },
  },
  {
    title: 'the client sends no message, on a connection with answers before',
    attempts: {
      nginx: {
        port: 'BODY_TIMEOUT',
        method: 'AddBooks',
        open: true,
        after: 'EchoBook',
        ends: guessed('INTERNAL', 'rst-protocol-error'),
        seen: [nginx, '(in an earlier response on this connection)'],
      },
    },
  },
  {
    title: 'headers of the request over its limit, on a connection with answers before',
    attempts: {
      haproxy: {
        port: 'ROUTES',
        method: 'EchoBook',
        header: largeHeader,
        after: 'EchoBook',
        ends: unnamed('INTERNAL', 'goaway-compression-error'),
        seen: ['GOAWAY received: COMPRESSION_ERROR', 'KiB as HTTP/2 counts them'],
      },
      nginx: {
        port: 'SMALL_HEADERS',
        method: 'EchoBook',
        header: largeHeader,
        after: 'EchoBook',
        ends: guessed('RESOURCE_EXHAUSTED', 'goaway-enhance-your-calm'),
        seen: ['GOAWAY received: ENHANCE_YOUR_CALM', 'KiB as HTTP/2 counts them', nginx],
      },
      envoy: {
        port: 'SMALL_HEADERS',
        method: 'EchoBook',
        header: largeHeader,
        after: 'EchoBook',
        ends: guessed('INTERNAL', 'rst-internal-error'),
        seen: ['RST_STREAM received: INTERNAL_ERROR', 'KiB as HTTP/2 counts them', envoy],
      },
    },
  },
  {
    title: 'headers of the response over its limit',
    attempts: {
      haproxy: {
        port: 'ROUTES',
        method: 'Inspect',
        body: { headerSize: largeHeader },
        ends: unnamed('UNAVAILABLE', 'rst-refused-stream'),
        seen: ['RST_STREAM received: REFUSED_STREAM'],
      },
      nginx: {
        port: 'SMALL_HEADERS',
        method: 'Inspect',
        body: { headerSize: largeHeader },
        ends: http(502, 'UNAVAILABLE'),
        seen: ['HTTP status 502', nginx],
      },
      envoy: {
        port: 'ROUTES',
        authority: 'library.test',
        method: 'Inspect',
        body: { headerSize: 70_000 },
        ends: guessed('UNAVAILABLE', 'proxy-status'),
        seen: ['a trailers-only response', envoy],
      },
    },
  },
  {
    title: 'a request over its limit',
    attempts: {
      nginx: {
        port: 'ROUTES',
        method: 'EchoBook',
        body: { cover: 'AAAA'.repeat(1_000) },
        ends: http(413, 'UNKNOWN'),
        seen: ['HTTP status 413', nginx],
      },
    },
  },
  {
    title: 'no route',
    attempts: {
      haproxy: {
        port: 'ROUTES',
        method: '/other.v1.Other/Call',
        ends: http(404, 'UNIMPLEMENTED', 'inferred'),
        seen: ['HTTP status 404'],
      },
      nginx: {
        port: 'ROUTES',
        method: '/other.v1.Other/Call',
        ends: http(404, 'UNIMPLEMENTED'),
        seen: ['HTTP status 404', nginx],
      },
      envoy: {
        port: 'ROUTES',
        authority: 'library.test',
        method: '/other.v1.Other/Call',
        ends: guessed('UNIMPLEMENTED', 'proxy-status'),
        seen: ['grpc-status: 12', envoy],
      },
    },
  },
  {
    title: 'a rate limit',
    attempts: {
      haproxy: {
        port: 'ROUTES',
        method: 'Burn',
        ends: http(429, 'UNAVAILABLE', 'inferred'),
        seen: ['HTTP status 429'],
      },
      nginx: {
        port: 'ROUTES',
        method: 'Burn',
        ends: http(429, 'UNAVAILABLE'),
        seen: ['HTTP status 429', nginx],
      },
    },
  },
  {
    title: 'layer 4, and the server behind is down',
    attempts: Object.fromEntries(
      (['haproxy', 'nginx', 'envoy'] as const).map((kind) => [
        kind,
        {
          port: 'TCP_BACKEND_DOWN',
          method: 'EchoBook',
          ends: {
            name: 'UNAVAILABLE',
            cause: 'plaintext-to-tls-port',
            origin: 'transport',
            certainty: 'inferred',
          },
          seen: ['Connected, but no SETTINGS frame was received'],
        },
      ]),
    ),
  },
];
