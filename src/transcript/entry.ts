import type { Direction, FrameHeader, HeaderField } from '../wire/frame';

/** What every entry has. */
export interface EntryBase {
  /** Position in the transcript, from 0; never changes. */
  readonly number: number;
  /** Microseconds since the call began, on a monotonic clock. */
  readonly time: number;
}

export interface ResolutionEntry extends EntryBase {
  readonly kind: 'resolution';
  /** What was resolved, e.g. `dns:market.example:443`. */
  readonly target: string;
  readonly addresses: readonly string[];
  /** Duration in microseconds. */
  readonly duration: number;
  readonly error?: EntryError;
}

export interface ConnectEntry extends EntryBase {
  readonly kind: 'connect';
  /** `address:port` of the peer, or the path of a Unix socket. */
  readonly address: string;
  readonly localAddress?: string;
  /** The connection was open before this call; the age in microseconds. */
  readonly reused?: { readonly age: number };
  /** Duration in microseconds; 0 when reused. */
  readonly duration: number;
  readonly error?: EntryError;
}

export interface TlsEntry extends EntryBase {
  readonly kind: 'tls';
  readonly protocol?: string;
  readonly cipher?: string;
  readonly alpn?: string;
  readonly serverName?: string;
  /** False when the user turned verification off for this target. */
  readonly verified: boolean;
  readonly certificate?: {
    readonly subject: string;
    readonly issuer: string;
    readonly subjectAltName?: string;
    readonly validFrom: string;
    readonly validTo: string;
    readonly fingerprint256: string;
  };
  readonly duration: number;
  readonly error?: EntryError;
}

export interface FrameEntry extends EntryBase {
  readonly kind: 'frame';
  readonly direction: Direction;
  readonly header: FrameHeader;
  /**
   * HEADERS or CONTINUATION that ends a block: the number of the entry with the decoded fields.
   * A PING's ACK: the number of the entry of its PING.
   */
  readonly linked?: number;
  /** PING ACK: microseconds since its PING; when the ACK was sent here, what this side took to answer. */
  readonly roundTrip?: number;
  /** DATA: the half-open range of gRPC messages of this direction that the frame carries a part of. */
  readonly messages?: { readonly first: number; readonly end: number };
}

export interface HeadersEntry extends EntryBase {
  readonly kind: 'headers' | 'trailers';
  readonly direction: Direction;
  readonly streamId: number;
  readonly fields: readonly HeaderField[];
  /** Trailers that came without headers before them ("trailers-only", gRPC over HTTP2, Responses). */
  readonly trailersOnly?: boolean;
}

export interface MessageEntry extends EntryBase {
  readonly kind: 'message';
  readonly direction: Direction;
  readonly streamId: number;
  /** Which message of this direction it is, from 0. */
  readonly index: number;
  readonly compressed: boolean;
  /** Bytes on the wire without the 5-byte prefix; still compressed when `compressed`. */
  readonly length: number;
}

export interface StatusEntry extends EntryBase {
  readonly kind: 'status';
  readonly status: CallStatus;
}

export interface NoteEntry extends EntryBase {
  readonly kind: 'note';
  readonly severity: 'info' | 'warning';
  readonly text: string;
}

export type Entry =
  | ResolutionEntry
  | ConnectEntry
  | TlsEntry
  | FrameEntry
  | HeadersEntry
  | MessageEntry
  | StatusEntry
  | NoteEntry;

type WithoutBase<E> = E extends EntryBase ? Omit<E, keyof EntryBase> : never;

/** What is neither a frame nor a message, before it has a number and a time. */
export type RecordBody = WithoutBase<Exclude<Entry, FrameEntry | MessageEntry>>;

/** A failure below gRPC with the code that Node or OpenSSL gave it; text is for people only. */
export interface EntryError {
  readonly code: string;
  readonly message: string;
}

/** Who produced the status: the handler, something on the way, the connection, or the client here. */
export type StatusOrigin = 'application' | 'intermediary' | 'transport' | 'client';

/** How a call ended, and what the transcript says about why. */
export interface CallStatus {
  readonly code: number;
  /** `DEADLINE_EXCEEDED` and so on. */
  readonly name: string;
  /** `grpc-message`, percent-decoded, or what the client library said. Untrusted text. */
  readonly message: string;
  readonly origin: StatusOrigin;
  /** `observed`: the bytes say so. `inferred`: the likeliest reading of the evidence. */
  readonly certainty: 'observed' | 'inferred';
  /** Stable id of the cause, e.g. `tls-expired`. */
  readonly cause: string;
  /** One plain sentence: what happened and where it came from. */
  readonly explanation: string;
  readonly evidence: readonly string[];
  readonly nextActions: readonly string[];
  /** `grpc-status-details-bin` as it stood in the trailers (base64). */
  readonly detailsBin?: string;
}
