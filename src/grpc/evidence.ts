import type { EntryError } from '../transcript/entry';
import type { Direction, HeaderField } from '../wire/frame';
import type { Target } from './target';

/**
 * What the transcript of one ended call knows about its end, as plain data. `call.ts` collects it,
 * `explainStatus` reads it. A member that is absent or false means "not seen", never "did not happen":
 * without the tap (`framesAvailable` false) nothing below HEADERS can be seen.
 */
export interface Evidence {
  /** The status that grpc-js reported. */
  readonly code: number;
  /** The text that grpc-js reported with it: `grpc-message`, or the library's own words. Untrusted. */
  readonly details: string;
  readonly target: Pick<Target, 'address' | 'authority' | 'security'>;
  /** False when the connection was not tapped. */
  readonly framesAvailable: boolean;

  /** The deadline counted from the start of the call, in milliseconds; absent when there was none. */
  readonly deadlineMs?: number;
  /**
   * The deadline that `grpc-timeout` told the server, in milliseconds from the start of the call: that of the
   * call or, when smaller, the service config's.
   */
  readonly sentDeadlineMs?: number;
  /** From the start of the call to its status, in milliseconds. */
  readonly elapsedMs: number;
  /** Frameline's user (or its owner) cancelled the call. */
  readonly cancelledHere: boolean;
  /** The deadline had passed on this machine's clock when the status came. */
  readonly deadlinePassedHere: boolean;

  /** Name resolution, when one ran for this call. */
  readonly resolution?: { readonly error?: EntryError };
  /** Every attempt to open a connection in the time of this call, in order. */
  readonly connectAttempts: readonly ConnectAttempt[];
  /** The last TLS handshake in the time of this call (or of the connection that it used). */
  readonly tls?: TlsEvidence;
  /** A transport (TCP or Unix socket, and TLS where wanted) stood at some time during this call. */
  readonly connected: boolean;
  /** The peer's SETTINGS frame was seen: it speaks HTTP/2. */
  readonly settingsReceived: boolean;

  /** The request's HEADERS went out. */
  readonly headersSent: boolean;
  readonly streamId?: number;
  /** Bytes of the request's header list, as HTTP/2 counts them (RFC 9113 section 6.5.2). */
  readonly requestHeadersSize?: number;
  /** `grpc-encoding` of the request. */
  readonly requestEncoding?: string;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly responseHeaders?: readonly HeaderField[];
  readonly trailers?: readonly HeaderField[];
  /** `trailers` came as the only header block. */
  readonly trailersOnly: boolean;
  /** `:status` of the response. */
  readonly httpStatus?: number;
  /** The first RST_STREAM of the call's stream. */
  readonly rstStream?: { readonly direction: Direction; readonly errorCode: number };
  /** The first GOAWAY with an error that the peer sent on the call's connection, else the last; debug data as text. Untrusted. */
  readonly goAway?: {
    readonly errorCode: number;
    readonly debugData: string;
    readonly lastStreamId: number;
  };
  /** The connection ended while the call's stream was open. */
  readonly connectionClosedMidStream: boolean;
  /** The HTTP/2 library here gave the connection up, and said so or just ended it. */
  readonly connectionClosedHere?: boolean;
  /** This side closed the connection because a keepalive PING was not answered in time. */
  readonly keepaliveTimedOut?: boolean;
  /** The error that the connection ended with, when it ended with one. */
  readonly connectionError?: EntryError;
  /** The peer closed the connection, without a GOAWAY, after nothing was sent or received for this time. */
  readonly silence?: {
    readonly milliseconds: number;
    /** Another connection of the same channel was closed after the same silence. */
    readonly repeated: boolean;
  };
  /** `server` of the first response on the call's connection that had it, whichever call's it was. Untrusted. */
  readonly connectionServer?: string;

  /** The first bytes from the peer, as text, when they are HTTP/1.x (`HTTP/1.1 400 Bad Request…`). */
  readonly peerTalkedHttp1?: string;
  /** The first bytes from the peer on a plaintext connection are a TLS record (usually an alert). */
  readonly peerTalkedTls?: boolean;
  /** What the peer sent breaks HTTP/2 or gRPC framing: where and why. */
  readonly malformed?: string;
  /** A message was refused on this side for its size; bytes. */
  readonly messageTooLarge?: {
    readonly direction: Direction;
    readonly size: number;
    readonly limit: number;
  };
  /** A received message could not be decompressed here: why. */
  readonly badCompression?: string;
}

export interface ConnectAttempt {
  /** `address:port` or the path of a Unix socket. */
  readonly address: string;
  /** Set when TCP (or the Unix socket) could not be connected. */
  readonly error?: EntryError;
}

export interface TlsEvidence {
  readonly protocol?: string;
  /** The protocol that ALPN chose; '' or absent when the server chose none. */
  readonly alpn?: string;
  readonly error?: EntryError;
}
