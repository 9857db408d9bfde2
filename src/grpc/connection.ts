import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { ConnectEntry, EntryBase, EntryError, TlsEntry } from '../transcript/entry';
import { now } from '../transcript/transcript';
import { ConnectionDecoder } from '../wire/connectionDecoder';
import type { Direction, FrameHeader, HeaderField } from '../wire/frame';
import { ErrorCode, FrameFlag, FrameType, fieldValue } from '../wire/frame';
import { decodeFrameBody } from '../wire/frameBody';
import { joinHostPort } from './address';
import { expectClientSocket } from './clientSockets';
import type { Evidence, TlsEvidence } from './evidence';
import type { ConnectionWatcher } from './tap';

type ConnectBody = Omit<ConnectEntry, keyof EntryBase>;
type TlsBody = Omit<TlsEntry, keyof EntryBase>;

/** Who hears what happens on a connection. Times are microseconds on the process's monotonic clock. */
export interface ConnectionListener {
  connected(connection: Connection, time: number): void;
  connectFailed(connection: Connection, time: number): void;
  tlsDone(connection: Connection, time: number): void;
  frame(
    connection: Connection,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void;
  fields(
    connection: Connection,
    direction: Direction,
    streamId: number,
    fields: readonly HeaderField[],
    endStream: boolean,
    time: number,
  ): void;
  /** Something on the connection could not be read; `text` says what. */
  unreadable(connection: Connection, text: string, time: number): void;
  /** A chunk of bytes has been taken in whole: a good moment to tell who watches. */
  chunkDone(connection: Connection): void;
  closed(connection: Connection, time: number): void;
}

let lastId = 0;

/** One connection, from the attempt to open it until it closes, decoded as it goes. */
export class Connection implements ConnectionWatcher {
  readonly #verify: boolean;
  readonly #listener: ConnectionListener;

  readonly id = ++lastId;
  /** `address:port` or a path, as soon as it is known. */
  address: string;
  connectBody: ConnectBody | undefined;
  tlsBody: TlsBody | undefined;
  openedAt: number | undefined;
  connectError: EntryError | undefined;
  tlsError: EntryError | undefined;
  error: EntryError | undefined;
  settingsReceived = false;
  http1Text: string | undefined;
  sawTlsRecord = false;
  malformed: string | undefined;
  closedByPeer = false;
  /** `server` of the first response that had it. */
  server: string | undefined;
  /** This side has said in GOAWAY that what came breaks HTTP/2. */
  refusedHere = false;
  /** Set when the peer closed the connection without a word. */
  silence: Evidence['silence'];

  readonly #began = now();
  #tcpConnectedAt = 0;
  #chunkTime = 0;
  #sentPing = false;
  #unansweredPings = 0;
  #gaveUp = false;
  #undecodable = false;
  #goAwayReceived = false;
  readonly #decoder: ConnectionDecoder;

  constructor(fallbackAddress: string, verify: boolean, listener: ConnectionListener) {
    this.#verify = verify;
    this.#listener = listener;
    this.address = fallbackAddress;
    this.#decoder = new ConnectionDecoder({
      frame: (direction, header, payload) => this.#onFrame(direction, header, payload),
      fields: (direction, streamId, fields, endStream, truncated) => {
        if (direction === 'received') {
          this.server ??= fieldValue(fields, 'server');
        }
        listener.fields(this, direction, streamId, fields, endStream, this.#chunkTime);
        if (truncated) {
          this.#unreadable(
            `Stream ${streamId}: the header list is over the limit; the rest is not shown.`,
          );
        }
      },
      undecodableFields: (_direction, streamId, reason) => {
        this.#unreadable(`Stream ${streamId}: the header block can't be decoded: ${reason}`);
      },
      malformed: (direction, problem) => {
        if (direction === 'received' && problem.code === 'http1') {
          this.http1Text = Buffer.from(this.#decoder.rejected('received')).toString('latin1');
        } else if (direction === 'received' && problem.code === 'tls-record') {
          this.sawTlsRecord = true;
        } else {
          this.malformed = problem.message;
        }
        this.#unreadable(problem.message);
      },
    });
    expectClientSocket((socket) => this.#watchTcp(socket));
  }

  /** A PING of this side has no answer, or had none in time, and nothing but this side has ended the connection. */
  get waitsForPing(): boolean {
    const waits = this.#unansweredPings > 0 && !this.closedByPeer && this.error === undefined;
    return waits || this.#gaveUp;
  }

  get tlsEvidence(): TlsEvidence | undefined {
    if (this.tlsError) {
      return { error: this.tlsError };
    }
    return (
      this.tlsBody && {
        ...(this.tlsBody.protocol !== undefined && { protocol: this.tlsBody.protocol }),
        ...(this.tlsBody.alpn !== undefined && { alpn: this.tlsBody.alpn }),
      }
    );
  }

  connected(socket: Socket): void {
    this.#tcpConnectedAt = now();
    this.address = endOf(socket.remoteAddress, socket.remotePort) ?? this.address;
    const localAddress = endOf(socket.localAddress, socket.localPort);
    this.connectBody = {
      kind: 'connect',
      address: this.address,
      duration: Math.round(this.#tcpConnectedAt - this.#began),
      ...(localAddress && { localAddress }),
    };
    this.#listener.connected(this, this.#tcpConnectedAt);
  }

  secured(socket: Socket): void {
    this.openedAt = now();
    if (socket instanceof TLSSocket) {
      this.tlsBody = describeTls(socket, this.#verify, this.openedAt - this.#tcpConnectedAt);
      this.#listener.tlsDone(this, this.openedAt);
    }
  }

  secureFailed(error: unknown): void {
    const time = now();
    this.tlsError = toEntryError(error);
    this.tlsBody = {
      kind: 'tls',
      verified: this.#verify,
      duration: Math.round(time - this.#tcpConnectedAt),
      error: this.tlsError,
    };
    this.#listener.tlsDone(this, time);
    this.#listener.closed(this, time);
  }

  sent(chunk: Uint8Array): void {
    this.#take('sent', chunk);
  }

  received(chunk: Uint8Array): void {
    this.#take('received', chunk);
  }

  closed(error: Error | undefined, byPeer: boolean): void {
    this.closedByPeer = byPeer;
    this.error = error && toEntryError(error);
    const time = now();
    if (byPeer && !error && this.settingsReceived && !this.#goAwayReceived) {
      this.silence = { milliseconds: (time - this.#chunkTime) / 1000, repeated: false };
    }
    this.#listener.closed(this, time);
  }

  #take(direction: Direction, chunk: Uint8Array): void {
    this.#chunkTime = now();
    this.#decode(direction, chunk);
    this.#listener.chunkDone(this);
  }

  /** A fault in reading what passes by must never end the call that it passes by for. */
  #decode(direction: Direction, chunk: Uint8Array): void {
    if (this.#undecodable) {
      return;
    }
    try {
      this.#decoder.push(direction, chunk);
    } catch (error) {
      this.#undecodable = true;
      const reason = error instanceof Error ? error.message : String(error);
      this.#unreadable(`Frames of this connection can't be shown any further: ${reason}`);
    }
  }

  #onFrame(direction: Direction, header: FrameHeader, payload: Uint8Array): void {
    if (
      header.type === FrameType.Settings &&
      direction === 'received' &&
      (header.flags & FrameFlag.Ack) === 0
    ) {
      this.settingsReceived = true;
    } else if (header.type === FrameType.Ping) {
      const isAck = (header.flags & FrameFlag.Ack) !== 0;
      if (direction === 'sent' && !isAck) {
        this.#sentPing = true;
        this.#unansweredPings++;
      } else if (direction === 'received' && isAck) {
        this.#unansweredPings--;
      }
    } else if (header.type === FrameType.GoAway && direction === 'received') {
      this.#goAwayReceived = true;
    } else if (header.type === FrameType.GoAway) {
      // The answer may come, and be shown, while grpc-js gives the connection up for want of it.
      const body = decodeFrameBody(header, payload);
      const inOrder = body.kind === 'goAway' && body.errorCode === ErrorCode.NoError;
      this.refusedHere ||= !inOrder;
      this.#gaveUp ||= this.#sentPing && !this.#goAwayReceived && inOrder;
    }
    this.#listener.frame(this, direction, header, payload, this.#chunkTime);
  }

  #unreadable(text: string): void {
    this.#listener.unreadable(this, text, this.#chunkTime);
  }

  #watchTcp(socket: Socket): void {
    socket.once('connectionAttempt', (ip: string, port: number) => {
      this.address = joinHostPort(ip, port);
    });
    const onError = (error: Error) => {
      if (this.connectBody) {
        return;
      }
      const { address, port } = error as Error & { address?: string; port?: number };
      if (address !== undefined) {
        this.address = port === undefined ? address : joinHostPort(address, port);
      }
      this.connectError = toEntryError(error);
      this.connectBody = {
        kind: 'connect',
        address: this.address,
        duration: Math.round(now() - this.#began),
        error: this.connectError,
      };
      this.#listener.connectFailed(this, now());
    };
    socket.once('error', onError);
    socket.once('connect', () => socket.removeListener('error', onError));
  }
}

/** The code that Node or OpenSSL gave an error, and its text. */
export function toEntryError(error: unknown): EntryError {
  if (error instanceof AggregateError && error.errors.length > 0) {
    return toEntryError(error.errors.at(-1));
  }
  if (error instanceof Error) {
    const code = (error as NodeJS.ErrnoException).code;
    return { code: typeof code === 'string' ? code : error.name, message: error.message };
  }
  // TLSSocket.authorizationError is a string code when it isn't an Error.
  return { code: String(error), message: String(error) };
}

/** One end of a TCP connection; undefined for a Unix socket, which has none. */
function endOf(address: string | undefined, port: number | undefined): string | undefined {
  return address === undefined || port === undefined ? undefined : joinHostPort(address, port);
}

function describeTls(socket: TLSSocket, verified: boolean, duration: number): TlsBody {
  const certificate = socket.getPeerCertificate();
  const serverName = (socket as TLSSocket & { servername?: string | false }).servername;
  return {
    kind: 'tls',
    verified,
    duration: Math.round(duration),
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: socket.getCipher().standardName ?? socket.getCipher().name,
    alpn: socket.alpnProtocol || '',
    ...(serverName && { serverName }),
    ...(certificate.subject && {
      certificate: {
        subject: distinguishedName(certificate.subject),
        issuer: distinguishedName(certificate.issuer),
        ...(certificate.subjectaltname !== undefined && {
          subjectAltName: certificate.subjectaltname,
        }),
        validFrom: certificate.valid_from,
        validTo: certificate.valid_to,
        fingerprint256: certificate.fingerprint256,
      },
    }),
  };
}

/** Node types the parts as strings, but a repeated part (`OU`) comes as a list. */
function distinguishedName(name: object): string {
  return Object.entries(name)
    .flatMap(([key, value]) => [value].flat().map((part) => `${key}=${String(part)}`))
    .join(', ');
}
