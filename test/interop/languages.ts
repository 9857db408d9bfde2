import type { Language } from '../../scripts/interop/servers.mjs';

/** What an implementation doesn't have, with the reason in a few words. */
export interface Lack {
  readonly lacks: string;
}

const lacks = (reason: string): Lack => ({ lacks: reason });

/**
 * What the implementations really lack or do differently. A trait chooses what a test expects; it never hides a
 * mistake of ours.
 */
export interface Traits {
  readonly title: string;
  /** What follows a number of milliseconds in a flag. */
  readonly milliseconds: '' | 'ms';
  /** The versions that its reflection package offers. */
  readonly reflection: readonly ('v1' | 'v1alpha')[];
  /** PrintBook and ReadBook by a ProtoJSON of its own; UNIMPLEMENTED where it has none. */
  readonly protoJson: true | Lack;
  /** Sends gzip when the handler asks for it. */
  readonly gzipAnswers: true | Lack;
  /** Reads deflate; else it ends with UNIMPLEMENTED. */
  readonly deflate: true | Lack;
  /** Ends connections with more PINGs than one in five minutes, with `too_many_pings`. */
  readonly pingLimit: true | Lack;
  /** `--max-connection-age`. */
  readonly connectionAge: true | Lack;
  /** Sends a TLS alert that says what is wrong with the client's certificate; it may be lost to a reset. */
  readonly certificateAlert: boolean;
  /** What a call that is running is told when the server stops. */
  readonly stopped: readonly string[];
}

/** What all on C core have in common. */
const core = {
  milliseconds: '',
  reflection: ['v1alpha'],
  protoJson: true,
  gzipAnswers: true,
  deflate: true,
  pingLimit: true,
  connectionAge: true,
  certificateAlert: false,
  // GOAWAY NO_ERROR, then INTERNAL_ERROR; the trailers may come between the two.
  stopped: ['server-stopped', 'goaway-graceful'],
} as const;

export const languages: Readonly<Record<Language, Traits>> = {
  go: {
    title: 'Go',
    milliseconds: 'ms',
    reflection: ['v1', 'v1alpha'],
    protoJson: true,
    gzipAnswers: true,
    deflate: lacks('grpc-go brings gzip only'),
    pingLimit: true,
    connectionAge: true,
    certificateAlert: true,
    stopped: ['connection-lost'],
  },
  java: {
    title: 'Java',
    milliseconds: '',
    reflection: ['v1', 'v1alpha'],
    protoJson: true,
    gzipAnswers: true,
    deflate: lacks('grpc-java brings gzip only'),
    pingLimit: true,
    connectionAge: true,
    certificateAlert: true,
    // shutdownNow() says GOAWAY NO_ERROR, then RST_STREAM CANCEL of every stream.
    stopped: ['rst-cancel'],
  },
  python: { ...core, title: 'Python' },
  'python-asyncio': { ...core, title: 'Python (asyncio)' },
};
