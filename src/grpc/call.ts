import {
  CallCredentials,
  type Client,
  Metadata,
  type MetadataValue,
  type StatusObject,
} from '@grpc/grpc-js';
import type { CallStatus, MessageEntry, ResolutionEntry } from '../transcript/entry';
import { now, Transcript } from '../transcript/transcript';
import { decompressMessage } from '../wire/decompress';
import type { Direction, FrameHeader, HeaderField } from '../wire/frame';
import { MessageReader } from '../wire/messageReader';
import { CallStream } from './callStream';
import type { Connection } from './connection';
import type { Evidence } from './evidence';
import { EvidenceCollector } from './evidenceCollector';
import { maskEvidence } from './maskEvidence';
import { explainStatus } from './status';
import { StatusCode } from './statusCodes';
import type { Target } from './target';

export interface CallRequest {
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  readonly metadata?: Metadata;
  /** Milliseconds from now; absent for none. */
  readonly deadline?: number;
  readonly waitForReady?: boolean;
  /** Bytes, as the channel enforces them; absent or -1 for none. For explaining a refusal. */
  readonly maxReceiveSize?: number;
  readonly maxSendSize?: number;
  /** Values that must not be seen in the transcript. */
  readonly secrets?: readonly string[];
}

/** What the channel wants to know of its calls. */
export interface CallObserver {
  /** grpc-js is about to send this call's HEADERS: at the start and at each retry. */
  attempt(call: Call): void;
  /** Waits for what belongs to the call and comes after its status: a RST_STREAM, a name resolution. */
  settle(call: Call, code: number): Promise<void>;
  ended(call: Call): void;
}

/** One running RPC of any kind. Messages are bytes: what they mean is the schema's business. */
export class Call {
  readonly #request: CallRequest;
  readonly #framesAvailable: boolean;
  readonly #observer: CallObserver;

  readonly transcript: Transcript;
  readonly path: string;
  /** The call's end, once the last frame of its stream has been written down. Never rejects. */
  readonly done: Promise<CallStatus>;

  readonly #stream: CallStream;
  readonly #evidence: EvidenceCollector;
  readonly #began = now();
  readonly #recorded = new Set<Connection>();
  #connection: Connection | undefined;
  #cancelled = false;
  #sendingEnded = false;
  #largestSent = 0;
  #finish: (status: CallStatus) => void = () => {};
  #hasEnded = false;
  #onFrame = (): void => {};

  constructor(
    client: Client,
    target: Target,
    request: CallRequest,
    framesAvailable: boolean,
    observer: CallObserver,
  ) {
    this.#request = request;
    this.#framesAvailable = framesAvailable;
    this.#observer = observer;
    this.path = request.path;
    this.transcript = new Transcript(request.secrets ? { secrets: request.secrets } : {});
    this.#evidence = new EvidenceCollector(target);
    this.done = new Promise((resolve) => {
      this.#finish = resolve;
    });
    const metadata = request.metadata?.clone() ?? new Metadata();
    if (request.waitForReady !== undefined) {
      metadata.setOptions({ ...metadata.getOptions(), waitForReady: request.waitForReady });
    }
    this.#stream = new CallStream(
      client,
      {
        path: request.path,
        deadline: request.deadline === undefined ? Infinity : Date.now() + request.deadline,
        metadata,
        credentials: CallCredentials.createFromMetadataGenerator((_options, done) => {
          if (this.#cancelled || this.#hasEnded) {
            // A call that ends while grpc-js prepares it is made all the same, and nobody would end it at the server.
            done(new Error('The call has ended.'));
            return;
          }
          observer.attempt(this);
          done(null, new Metadata());
        }),
      },
      {
        metadata: (received) => {
          if (!framesAvailable) {
            this.#recordUntapped('headers', received);
          }
        },
        message: (bytes) => this.#received(bytes),
        status: (status) => this.#statusCame(status),
      },
    );
  }

  /** The connection that carries the call's stream; absent until its HEADERS are sent. */
  get connection(): Connection | undefined {
    return this.#connection;
  }

  /** True while messages may be sent. */
  get canSend(): boolean {
    return !this.#sendingEnded && !this.#hasEnded;
  }

  /**
   * Sends one message. False means that more is buffered than the connection takes now: wait for `drained`
   * before sending a flood. Throws when the sending side is closed.
   */
  send(message: Uint8Array): boolean {
    if (!this.canSend) {
      throw new Error(
        this.#hasEnded
          ? 'The call has ended.'
          : 'The request stream is closed: no message can follow.',
      );
    }
    this.#largestSent = Math.max(this.#largestSent, message.length);
    if (!this.#framesAvailable) {
      this.transcript.appendMessage('sent', message, now());
    }
    return this.#stream.write(message);
  }

  /** Settles when the connection takes messages again, or the call has ended. */
  drained(): Promise<void> {
    return this.#stream.drained();
  }

  /** Takes no more messages until `resume`: the window of the stream fills, and the server has to wait. */
  pause(): void {
    this.#stream.pause();
  }

  resume(): void {
    this.#stream.resume();
  }

  /** Says that no more messages follow. */
  halfClose(): void {
    if (this.canSend) {
      this.#sendingEnded = true;
      this.#stream.end();
    }
  }

  cancel(): void {
    if (!this.#hasEnded) {
      this.#cancelled = true;
      this.#stream.cancel();
    }
  }

  /** Settles when no frame of the stream of a call that ended with `code` is to follow. */
  streamClosed(code: number): Promise<void> {
    return new Promise((resolve) => {
      this.#onFrame = () => {
        if (!this.#connection || this.#evidence.isClosed || this.#evidence.isLost(code)) {
          resolve();
        }
      };
      this.#onFrame();
    });
  }

  /** A connection is being opened in this call's time. */
  noteConnection(connection: Connection): void {
    if (!this.#connection) {
      this.#evidence.sawConnection(connection);
    }
  }

  /** grpc-js has put the call's stream on `connection`. */
  bind(connection: Connection, streamId: number, time: number): void {
    this.#connection = connection;
    this.#evidence.bound(connection, streamId);
    if (this.#recorded.has(connection)) {
      return;
    }
    this.#recorded.add(connection);
    const { connectBody, tlsBody, openedAt = time } = connection;
    if (connectBody) {
      const reused = { age: Math.round(time - openedAt) };
      this.transcript.appendRecord({ ...connectBody, duration: 0, reused }, time);
    }
    if (tlsBody) {
      this.transcript.appendRecord({ ...tlsBody, duration: 0 }, time);
    }
  }

  recordResolution(body: Omit<ResolutionEntry, 'number' | 'time'>, time: number): void {
    this.#evidence.resolved(body.error);
    this.transcript.appendRecord(body, time);
    this.transcript.flush();
  }

  recordConnect(connection: Connection, time: number): void {
    this.#recorded.add(connection);
    this.#evidence.sawConnection(connection);
    if (connection.connectBody) {
      this.transcript.appendRecord(connection.connectBody, time);
      this.transcript.flush();
    }
  }

  recordTls(connection: Connection, time: number): void {
    if (connection.tlsBody) {
      this.transcript.appendRecord(connection.tlsBody, time);
      this.transcript.flush();
    }
  }

  recordFrame(
    connection: Connection,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void {
    this.#evidence.frame(connection, direction, header, payload);
    this.transcript.appendFrame(connection.id, direction, header, payload, time);
    this.#onFrame();
  }

  recordFields(
    connection: Connection,
    direction: Direction,
    streamId: number,
    fields: readonly HeaderField[],
    endStream: boolean,
    time: number,
  ): void {
    if (direction === 'sent') {
      this.#evidence.sentHeaders(fields);
    }
    this.#evidence.fields(direction, this.transcript.mask?.fields(fields) ?? fields, endStream);
    this.transcript.appendFields(connection.id, direction, streamId, fields, endStream, time);
    this.#onFrame();
  }

  recordNote(severity: 'info' | 'warning', text: string, time: number): void {
    this.transcript.appendRecord({ kind: 'note', severity, text }, time);
  }

  recordClosed(connection: Connection, time: number): void {
    this.#evidence.closed(connection);
    const { connectError, tlsError, error } = connection;
    if (connection === this.#connection || (!connectError && !tlsError)) {
      const text = error
        ? `The connection to ${connection.address} ended: ${error.code}: ${error.message}`
        : `The connection to ${connection.address} was closed.`;
      this.recordNote('warning', text, time);
    }
    this.transcript.flush();
    this.#onFrame();
  }

  #received(message: Uint8Array): void {
    if (!this.#framesAvailable) {
      this.transcript.appendMessage('received', message, now());
    }
    this.#stopWhenFull();
  }

  #statusCame(status: StatusObject): void {
    if (!this.#framesAvailable) {
      this.#recordUntapped('trailers', status.metadata);
    }
    this.#hasEnded = true;
    const time = now();
    if (status.code === StatusCode.Ok && this.#evidence.isClosed) {
      this.#end(status, time);
    } else {
      void this.#observer.settle(this, status.code).then(() => this.#end(status, time));
    }
  }

  /** A server that streams on while the disk is full must not fill the memory as well. */
  #stopWhenFull(): void {
    const { problem } = this.transcript;
    if (problem !== undefined && !this.#cancelled) {
      const text = `Cancelled: there is no room for the messages that come (${problem}).`;
      this.recordNote('warning', text, now());
      this.cancel();
    }
  }

  #recordUntapped(kind: 'headers' | 'trailers', metadata: Metadata): void {
    const fields = Object.entries(metadata.toJSON()).flatMap(([name, values]) =>
      values.map((value): HeaderField => [name, fieldText(value)]),
    );
    this.#evidence.untappedFields(kind, this.transcript.mask?.fields(fields) ?? fields);
    const body = { kind, direction: 'received', streamId: 0, fields } as const;
    this.transcript.appendRecord(body, now());
  }

  #end(status: StatusObject, time: number): void {
    const { deadline } = this.#request;
    const { headersSent } = this.transcript.timing;
    const elapsedMs = (time - this.#began) / 1000;
    const tooLarge = this.#messageTooLarge(status);
    const badCompression = this.#badCompression(status);
    const evidence = this.#evidence.build({
      code: status.code,
      details: status.details,
      elapsedMs,
      cancelledHere: this.#cancelled,
      deadlinePassedHere: deadline !== undefined && elapsedMs >= deadline,
      messagesSent: this.transcript.messageCount('sent'),
      messagesReceived: this.transcript.messageCount('received'),
      framesAvailable: this.#framesAvailable,
      ...(headersSent !== undefined && { headersSentMs: headersSent / 1000 }),
      ...(deadline !== undefined && { deadlineMs: deadline }),
      ...(tooLarge && { messageTooLarge: tooLarge }),
      ...(badCompression !== undefined && { badCompression }),
    });
    const { mask } = this.transcript;
    const explained = explainStatus(mask ? maskEvidence(evidence, mask) : evidence);
    const cutOff = this.transcript.unfinishedMessage('received');
    if (cutOff) {
      const whole =
        cutOff.length === undefined ? '' : ` of ${cutOff.length + MessageReader.PREFIX_LENGTH}`;
      const text = `The stream ended inside a message: ${cutOff.received}${whole} bytes of it came.`;
      this.recordNote('warning', text, now());
    }
    this.transcript.end(explained, time);
    this.#observer.ended(this);
    this.#finish(this.transcript.status ?? explained);
  }

  /** grpc-js refuses a message over a limit itself; the sizes are on the wire. */
  #messageTooLarge(status: StatusObject): Evidence['messageTooLarge'] {
    if (status.code !== StatusCode.ResourceExhausted) {
      return undefined;
    }
    const { maxReceiveSize = -1, maxSendSize = -1 } = this.#request;
    if (maxSendSize >= 0 && this.#largestSent > maxSendSize) {
      return { direction: 'sent', size: this.#largestSent, limit: maxSendSize };
    }
    const size = this.#lastReceivedLength();
    if (maxReceiveSize >= 0 && size > maxReceiveSize) {
      return { direction: 'received', size, limit: maxReceiveSize };
    }
    return undefined;
  }

  /** The prefix tells the size before the message is whole. */
  #lastReceivedLength(): number {
    return (
      this.transcript.unfinishedMessage('received')?.length ?? this.#lastReceived()?.length ?? 0
    );
  }

  #lastReceived(): MessageEntry | undefined {
    const index = this.transcript.messageCount('received') - 1;
    const number = this.transcript.messageEntry('received', index);
    const entry = number === undefined ? undefined : this.transcript.entry(number);
    return entry?.kind === 'message' ? entry : undefined;
  }

  #badCompression(status: StatusObject): string | undefined {
    const entry = this.#lastReceived();
    if (status.code === StatusCode.Ok || !entry?.compressed) {
      return undefined;
    }
    const encoding = this.transcript.messageEncoding(entry.number);
    if (encoding === 'identity') {
      return 'A message is marked as compressed, but no grpc-encoding header says how.';
    }
    const hidden = this.transcript.hiddenMessage(entry.number);
    if (hidden) {
      return hidden.problem;
    }
    try {
      const bytes = this.transcript.payload(entry.number, MessageReader.PREFIX_LENGTH);
      decompressMessage(encoding, bytes, PROBE_LIMIT);
      return undefined;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

/** Enough to tell whether a message decompresses at all. */
const PROBE_LIMIT = 64 * 1024;

function fieldText(value: MetadataValue): string {
  return typeof value === 'string' ? value : value.toString('base64');
}
