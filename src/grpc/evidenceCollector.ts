import type { EntryError } from '../transcript/entry';
import {
  type Direction,
  ErrorCode,
  FrameFlag,
  type FrameHeader,
  FrameType,
  fieldValue,
  type HeaderField,
} from '../wire/frame';
import { decodeFrameBody } from '../wire/frameBody';
import { parseGrpcTimeout } from '../wire/headerText';
import { fieldSize } from '../wire/hpackTables';
import type { Connection } from './connection';
import type { ConnectAttempt, Evidence } from './evidence';
import { StatusCode } from './statusCodes';
import type { Target } from './target';

/** What only the call itself knows about its end. */
export interface CallEnd {
  readonly code: number;
  readonly details: string;
  readonly deadlineMs?: number;
  /** From the start of the call to its (last) HEADERS. */
  readonly headersSentMs?: number;
  readonly elapsedMs: number;
  readonly cancelledHere: boolean;
  readonly deadlinePassedHere: boolean;
  readonly messagesSent: number;
  readonly messagesReceived: number;
  readonly framesAvailable: boolean;
  readonly messageTooLarge?: NonNullable<Evidence['messageTooLarge']>;
  readonly badCompression?: string;
}

/** Gathers, while a call runs, what its status will be explained by. */
export class EvidenceCollector {
  readonly #target: Target;

  readonly #connections = new Set<Connection>();
  #resolution: { readonly error?: EntryError } | undefined;
  #connection: Connection | undefined;
  #streamId: number | undefined;
  #headersSent = false;
  #responseHeaders: readonly HeaderField[] | undefined;
  #trailers: readonly HeaderField[] | undefined;
  #rstStream: Evidence['rstStream'];
  /** Of each connection: a retry on another one has nothing to do with what ended the last one. */
  readonly #goAways = new Map<Connection, NonNullable<Evidence['goAway']>>();
  #sentTimeoutMs: number | undefined;
  #requestEncoding: string | undefined;
  #requestHeadersSize: number | undefined;
  #requestEnded = false;
  #streamEnded = false;
  /** By its trailers or a RST_STREAM of the peer's. */
  #endedByPeer = false;
  /** The connection of the stream is. */
  #closed = false;

  constructor(target: Target) {
    this.#target = target;
  }

  resolved(error: EntryError | undefined): void {
    this.#resolution = error ? { error } : {};
  }

  sawConnection(connection: Connection): void {
    this.#connections.add(connection);
  }

  /** The call's stream (or, after a retry, its latest one) stands on `connection`. */
  bound(connection: Connection, streamId: number): void {
    this.sawConnection(connection);
    this.#connection = connection;
    this.#streamId = streamId;
    this.#headersSent = true;
    this.#responseHeaders = undefined;
    this.#trailers = undefined;
    this.#rstStream = undefined;
    this.#requestEnded = false;
    this.#streamEnded = false;
    this.#endedByPeer = false;
    this.#closed = false;
  }

  /** Both sides have ended the stream or one has reset it, so that no frame of it can follow. */
  get isClosed(): boolean {
    return this.#requestEnded && this.#streamEnded;
  }

  /** A call that ended with `code` lost its connection: nothing more is written for it. */
  isLost(code: number): boolean {
    return this.#closed || (code === StatusCode.Unavailable && !this.#trailers);
  }

  frame(
    connection: Connection,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
  ): void {
    if (header.type === FrameType.RstStream) {
      const body = decodeFrameBody(header, payload);
      if (body.kind === 'rstStream') {
        this.#rstStream ??= { direction, errorCode: body.errorCode };
        this.#streamEnded = true;
        this.#requestEnded = true;
        this.#endedByPeer ||= direction === 'received';
      }
    } else if (header.type === FrameType.GoAway && direction === 'received') {
      const body = decodeFrameBody(header, payload);
      // A connection that ends in disorder may say NO_ERROR after the reason.
      const before = this.#goAways.get(connection)?.errorCode ?? ErrorCode.NoError;
      if (body.kind === 'goAway' && before === ErrorCode.NoError) {
        this.#goAways.set(connection, {
          errorCode: body.errorCode,
          lastStreamId: body.lastStreamId,
          debugData: Buffer.from(body.debugData).toString('utf8'),
        });
      }
    } else if (direction === 'sent' && endsStream(header)) {
      this.#requestEnded = true;
    }
  }

  fields(direction: Direction, fields: readonly HeaderField[], endStream: boolean): void {
    if (direction === 'sent') {
      // A timeout of the service config is known to nobody but grpc-js and the server.
      const timeout = fieldValue(fields, 'grpc-timeout');
      this.#sentTimeoutMs =
        timeout === undefined ? undefined : parseGrpcTimeout(timeout)?.milliseconds;
      this.#requestEncoding = fieldValue(fields, 'grpc-encoding');
      return;
    }
    if (endStream) {
      // C core says a second status on a stream that it has ended for the size of the metadata.
      this.#trailers ??= fields;
      this.#streamEnded = true;
      this.#endedByPeer = true;
    } else if (this.#responseHeaders === undefined) {
      this.#responseHeaders = fields;
    }
  }

  /** Keeps the size only, so the fields may hold secrets. */
  sentHeaders(fields: readonly HeaderField[]): void {
    this.#requestHeadersSize = fields.reduce((sum, field) => sum + fieldSize(field), 0);
  }

  /** For a connection that isn't tapped: grpc-js says what headers and trailers came. */
  untappedFields(kind: 'headers' | 'trailers', fields: readonly HeaderField[]): void {
    this.fields('received', fields, kind === 'trailers');
  }

  closed(connection: Connection): void {
    this.#closed ||= connection === this.#connection;
  }

  /** Also when the answer had come, but the library had not taken it and gave the call another status. */
  #closedMidStream({ code }: CallEnd): boolean {
    const said = fieldValue(this.#trailers, 'grpc-status');
    const answerLost = said !== undefined && said !== String(code);
    return this.#closed && (!this.#endedByPeer || answerLost);
  }

  /** grpc-js ends the calls first and closes the connection a few turns later. */
  #keepaliveTimedOut({ code }: CallEnd): boolean {
    const waits = this.#connection?.waitsForPing ?? false;
    const said = fieldValue(this.#trailers, 'grpc-status');
    return waits && code === StatusCode.Unavailable && said !== String(code);
  }

  build(end: CallEnd): Evidence {
    const seen = [...this.#connections];
    const last = this.#connection ?? seen.at(-1);
    const httpStatus = Number(
      fieldValue(this.#responseHeaders ?? this.#trailers, ':status') ?? Number.NaN,
    );
    const tls = last?.tlsEvidence;
    const closedMidStream = this.#closedMidStream(end);
    const goAway = last && this.#goAways.get(last);
    const { headersSentMs, ...known } = end;
    const sentTimeoutMs = headersSentMs === undefined ? undefined : this.#sentTimeoutMs;
    return {
      ...known,
      ...(this.#requestEncoding !== undefined && { requestEncoding: this.#requestEncoding }),
      ...(this.#requestHeadersSize !== undefined && {
        requestHeadersSize: this.#requestHeadersSize,
      }),
      ...(sentTimeoutMs !== undefined && {
        sentDeadlineMs: (headersSentMs ?? 0) + sentTimeoutMs,
      }),
      target: this.#target,
      connectAttempts: seen.map(toAttempt),
      connected: seen.some((connection) => connection.openedAt !== undefined),
      settingsReceived: seen.some((connection) => connection.settingsReceived),
      headersSent: this.#headersSent,
      trailersOnly: this.#trailers !== undefined && this.#responseHeaders === undefined,
      connectionClosedMidStream: closedMidStream,
      ...((last?.refusedHere || (closedMidStream && isClosedHere(last))) && {
        connectionClosedHere: true,
      }),
      ...(this.#resolution && { resolution: this.#resolution }),
      ...(tls && { tls }),
      ...(this.#streamId !== undefined && { streamId: this.#streamId }),
      ...(this.#responseHeaders && { responseHeaders: this.#responseHeaders }),
      ...(this.#trailers && { trailers: this.#trailers }),
      ...(Number.isNaN(httpStatus) ? {} : { httpStatus }),
      ...(this.#rstStream && { rstStream: this.#rstStream }),
      ...(goAway && { goAway }),
      ...(this.#keepaliveTimedOut(end) && { keepaliveTimedOut: true }),
      ...(last?.error && { connectionError: last.error }),
      ...(last?.silence && { silence: last.silence }),
      ...(last?.server !== undefined && { connectionServer: last.server }),
      ...(last?.http1Text !== undefined && { peerTalkedHttp1: last.http1Text }),
      ...(last?.sawTlsRecord && { peerTalkedTls: true }),
      ...(last?.malformed !== undefined && { malformed: last.malformed }),
    };
  }
}

/** The HTTP/2 library of this side ended it: neither the peer nor the network did. */
function isClosedHere(connection: Connection | undefined): boolean {
  return connection !== undefined && !connection.closedByPeer && connection.error === undefined;
}

function endsStream({ type, flags }: FrameHeader): boolean {
  return (
    (type === FrameType.Data || type === FrameType.Headers) && (flags & FrameFlag.EndStream) !== 0
  );
}

function toAttempt(connection: Connection): ConnectAttempt {
  return connection.connectError
    ? { address: connection.address, error: connection.connectError }
    : { address: connection.address };
}
