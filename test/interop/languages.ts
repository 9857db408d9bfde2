import type { Language } from '../../scripts/interop/servers.mjs';

/** What an implementation doesn't have, with the reason in a few words. */
export interface Lack {
  readonly lacks: string;
}

const lacks = (reason: string): Lack => ({ lacks: reason });

export function isLack(trait: unknown): trait is Lack {
  return typeof trait === 'object' && trait !== null && 'lacks' in trait;
}

/**
 * What the implementations really lack or do differently. A trait chooses what a test expects; it never hides a
 * mistake of ours.
 */
export interface Traits {
  readonly title: string;
  /** What follows a number of milliseconds in a flag. */
  readonly milliseconds: '' | 'ms';
  /** The versions that its reflection package offers. */
  readonly reflection: readonly ('v1' | 'v1alpha')[] | Lack;
  /** Its descriptors carry the comments of the .proto files. */
  readonly comments: boolean;
  /** Its descriptors have the health service that it offers. */
  readonly describesHealth: true | Lack;
  /** Sends gzip when the handler asks for it; else always, in streams to a client that reads it. */
  readonly gzipAnswers: true | Lack;
  /** Reads deflate; else it ends with UNIMPLEMENTED. */
  readonly deflate: true | Lack;
  /** Reads and writes -0 in a field without presence, where only +0 is the default. */
  readonly negativeZero: true | Lack;
  /** Writes a negative duration without a fraction as JSON; else that ends with INVALID_ARGUMENT. */
  readonly negativeDurations: true | Lack;
  /** What it says of a request over its limit. */
  readonly tooLarge: 'RESOURCE_EXHAUSTED' | 'OUT_OF_RANGE';
  /** How calls end whose request has a header of so many bytes. */
  readonly headers: readonly (readonly [bytes: number, cause: string])[];
  /** What it says when the deadline that `grpc-timeout` tells it has passed. */
  readonly deadlinePassed: 'DEADLINE_EXCEEDED' | 'CANCELLED';
  /** Ends a call that it has not answered with one HEADERS frame. */
  readonly trailersOnly: true | Lack;
  /** Ends connections with more PINGs than one in five minutes, with `too_many_pings`. */
  readonly pingLimit: true | Lack;
  /** `--max-connection-age`: GOAWAY, then the grace period, then the end. */
  readonly connectionAge: true | Lack;
  /** Says `max_age` with that GOAWAY. */
  readonly namesAge: true | Lack;
  /** Sends a TLS alert that says what is wrong with the client's certificate; it may be lost to a reset. */
  readonly certificateAlert: boolean;
  /** What a call that is running is told when the server stops. */
  readonly stopped: readonly string[];
}

const usual = {
  milliseconds: '',
  reflection: ['v1', 'v1alpha'],
  comments: false,
  describesHealth: true,
  negativeZero: true,
  negativeDurations: true,
  gzipAnswers: true,
  tooLarge: 'RESOURCE_EXHAUSTED',
  deadlinePassed: 'DEADLINE_EXCEEDED',
  trailersOnly: true,
  pingLimit: true,
  connectionAge: true,
  namesAge: true,
  certificateAlert: true,
} as const;

/** What all on C core have in common. */
const core = {
  ...usual,
  headers: [[20_000, 'application-resource-exhausted']],
  reflection: ['v1alpha'],
  deflate: true,
  certificateAlert: false,
  // GOAWAY NO_ERROR, then INTERNAL_ERROR; the trailers may come between the two.
  stopped: ['server-stopped', 'goaway-graceful'],
} as const;

/** What Debian 12 has. */
const core151 = {
  ...core,
  namesAge: lacks('C core 1.51 closes old and idle connections alike'),
} as const;

export const languages: Readonly<Record<Language, Traits>> = {
  go: {
    ...usual,
    title: 'Go',
    milliseconds: 'ms',
    deflate: lacks('grpc-go brings gzip only'),
    headers: [[100_000, 'ok']],
    stopped: ['connection-lost'],
  },
  java: {
    ...usual,
    title: 'Java',
    deflate: lacks('grpc-java brings gzip only'),
    // Netty's limit is 8 KiB, and a quarter more before it gives up the connection.
    headers: [
      [9_000, 'http-431'],
      [20_000, 'goaway-protocol-error'],
    ],
    // shutdownNow() says GOAWAY NO_ERROR, then RST_STREAM CANCEL of every stream.
    stopped: ['rst-cancel'],
  },
  python: { ...core, title: 'Python' },
  'python-asyncio': { ...core, title: 'Python (asyncio)' },
  rust: {
    ...usual,
    title: 'Rust',
    // prost has protoc keep them.
    comments: true,
    negativeZero: lacks('prost takes -0 for the default and leaves it out'),
    gzipAnswers: lacks('tonic compresses all streams of a service or none'),
    deflate: lacks('a feature of tonic that is off by default'),
    tooLarge: 'OUT_OF_RANGE',
    headers: [[20_000, 'http-431']],
    deadlinePassed: 'CANCELLED',
    pingLimit: lacks('neither tonic nor h2 counts PINGs'),
    connectionAge: lacks('tonic with a grace period closes without GOAWAY, without one never'),
    stopped: ['connection-lost'],
  },
  ruby: {
    ...core151,
    title: 'Ruby',
    reflection: lacks('the gem has no reflection package'),
    trailersOnly: lacks('the gem sends headers before every status'),
    negativeDurations: lacks('upb of protobuf 3.21 takes -1s for a second with the wrong sign'),
  },
  cpp: {
    ...core151,
    title: 'C++',
    describesHealth: lacks('its health service does without protobuf'),
  },
};
