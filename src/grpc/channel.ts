import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  type ChannelCredentials,
  type ChannelOptions,
  Client,
  connectivityState,
} from '@grpc/grpc-js';
import { now } from '../transcript/transcript';
import type { Direction, FrameHeader, HeaderField } from '../wire/frame';
import { FrameFlag, FrameType, fieldValue } from '../wire/frame';
import { parseAddress } from './address';
import { authorityOptions } from './authority';
import { Call, type CallRequest } from './call';
import { Connection, type ConnectionListener, toEntryError } from './connection';
import { SilentEnds } from './silentEnds';
import { TapCredentials } from './tap';
import type { Target } from './target';

/** Frames of a stream that are kept until its HEADERS block is complete and names the call. */
interface UnboundStream {
  readonly frames: {
    readonly direction: Direction;
    readonly header: FrameHeader;
    readonly payload: Uint8Array;
    readonly time: number;
  }[];
}

/** A stream that is none of the calls', such as reflection over the same channel. */
const FOREIGN = Symbol('foreign stream');

/** Milliseconds that a call's end waits for what belongs to it and is on its way. */
const SETTLE_GRACE = 500;

/**
 * One gRPC channel to a target, tapped: it knows which frames belong to which of its calls. Calls share its
 * connections, as gRPC means it to be.
 */
export class Channel implements ConnectionListener {
  /** For calls that need no transcript, such as reflection and health. */
  readonly client: Client;
  /** False when frames can't be seen with this grpc-js. */
  readonly framesAvailable: boolean;

  readonly #tap: TapCredentials | undefined;
  readonly #calls = new Set<Call>();
  readonly #holds = new Set<symbol>();
  /** Attempts that grpc-js is about to put on a connection, oldest first. */
  readonly #attempts: Call[] = [];
  readonly #streams = new Map<string, Call | UnboundStream | typeof FOREIGN>();
  readonly #resolvable: string | undefined;
  #retired = false;
  #resolution: Promise<void> | undefined;
  /** Connections that are being opened. */
  readonly #opening = new Set<Connection>();
  readonly #hedges: boolean;
  readonly #silences = new SilentEnds();

  constructor(
    readonly target: Target,
    credentials: ChannelCredentials,
    options: ChannelOptions,
  ) {
    const address = parseAddress(target.address);
    if (!address.ok) {
      throw new TypeError(address.message);
    }
    this.#hedges = String(options['grpc.service_config']).includes('hedgingPolicy');
    this.framesAvailable = TapCredentials.isSupported(credentials);
    const verify = target.security.kind === 'tls' && target.security.verify;
    const begin = () => this.#begin(new Connection(target.address, verify, this));
    this.#tap = this.framesAvailable ? new TapCredentials(credentials, begin) : undefined;
    this.client = new Client(address.grpcTarget, this.#tap ?? credentials, {
      ...options,
      ...authorityOptions(target),
      'grpc.use_local_subchannel_pool': 1,
      // Statistics that nobody here asks grpc-js for.
      'grpc.enable_channelz': 0,
    });
    this.#resolvable = address.kind === 'dns' ? address.hosts[0]?.host : undefined;
  }

  /** Starts an RPC. It writes what happens into its transcript until `done` settles. */
  startCall(request: CallRequest): Call {
    const isConnected =
      this.client.getChannel().getConnectivityState(false) === connectivityState.READY;
    const call = new Call(this.client, this.target, request, this.framesAvailable, {
      attempt: (attempted) => this.#attempt(attempted),
      settle: (ending, code) => this.#settle(ending, code),
      ended: (ended) => this.#forget(ended),
    });
    this.#calls.add(call);
    for (const connection of this.#opening) {
      call.noteConnection(connection);
    }
    if (!isConnected) {
      this.#resolution ??= this.#resolve();
    }
    return call;
  }

  /** True while grpc-js waits before it tries to connect again: a new call would only hear the old error. */
  get isFailing(): boolean {
    return (
      this.client.getChannel().getConnectivityState(false) === connectivityState.TRANSIENT_FAILURE
    );
  }

  /** True while a call runs, or someone who uses `client` has it on hold. */
  get isBusy(): boolean {
    return this.#calls.size + this.#holds.size > 0;
  }

  /** Keeps the channel open for calls over `client`, of which it knows nothing; returns the way to let go. */
  hold(): () => void {
    const hold = Symbol('hold');
    this.#holds.add(hold);
    return () => {
      this.#holds.delete(hold);
      this.#closeWhenRetired();
    };
  }

  /** Closes as soon as the calls that still run have ended and nobody holds it. */
  retire(): void {
    this.#retired = true;
    this.#closeWhenRetired();
  }

  /** Cancels what still runs and closes every connection. */
  close(): void {
    for (const call of this.#calls) {
      call.cancel();
    }
    this.#shut();
  }

  connected(connection: Connection, time: number): void {
    this.#opening.delete(connection);
    for (const call of this.#waiting(connection)) {
      call.recordConnect(connection, time);
    }
  }

  connectFailed(connection: Connection, time: number): void {
    this.connected(connection, time);
  }

  tlsDone(connection: Connection, time: number): void {
    for (const call of this.#waiting(connection)) {
      call.recordTls(connection, time);
    }
  }

  frame(
    connection: Connection,
    direction: Direction,
    header: FrameHeader,
    payload: Uint8Array,
    time: number,
  ): void {
    if (header.streamId === 0) {
      for (const call of this.#waiting(connection)) {
        call.recordFrame(connection, direction, header, payload, time);
      }
      return;
    }
    const key = streamKey(connection, header.streamId);
    const owner = this.#streams.get(key);
    if (owner instanceof Call) {
      owner.recordFrame(connection, direction, header, payload, time);
    } else if (owner === FOREIGN) {
      this.#forgetForeign(key, direction, header);
    } else if (owner) {
      owner.frames.push({ direction, header: { ...header }, payload: payload.slice(), time });
    } else if (direction === 'sent' && header.type === FrameType.Headers) {
      this.#streams.set(key, {
        frames: [{ direction, header: { ...header }, payload: payload.slice(), time }],
      });
    }
  }

  fields(
    connection: Connection,
    direction: Direction,
    streamId: number,
    fields: readonly HeaderField[],
    endStream: boolean,
    time: number,
  ): void {
    const key = streamKey(connection, streamId);
    const owner = this.#streams.get(key);
    if (owner instanceof Call) {
      owner.recordFields(connection, direction, streamId, fields, endStream, time);
    } else if (owner !== undefined && owner !== FOREIGN) {
      this.#bind(connection, streamId, owner, fields, endStream, time);
    }
  }

  unreadable(connection: Connection, text: string, time: number): void {
    for (const call of this.#waiting(connection)) {
      call.recordNote('warning', text, time);
    }
  }

  chunkDone(connection: Connection): void {
    for (const call of this.#waiting(connection)) {
      call.transcript.flush();
    }
  }

  closed(connection: Connection, time: number): void {
    this.#opening.delete(connection);
    this.#silences.note(connection);
    for (const call of this.#waiting(connection)) {
      call.recordClosed(connection, time);
    }
    for (const key of this.#streams.keys()) {
      if (key.startsWith(`${connection.id}/`)) {
        this.#streams.delete(key);
      }
    }
  }

  #attempt(call: Call): void {
    // An attempt that another one follows has sent no HEADERS and will not: it must take no other call's. Only
    // hedging makes several at a time (gRFC A6).
    const earlier = this.#hedges ? -1 : this.#attempts.indexOf(call);
    if (earlier >= 0) {
      this.#attempts.splice(earlier, 1);
    }
    this.#attempts.push(call);
  }

  #closeWhenRetired(): void {
    if (this.#retired && !this.isBusy) {
      this.#shut();
    }
  }

  #shut(): void {
    this.client.close();
    this.#tap?.endConnections();
  }

  #begin(connection: Connection): Connection {
    this.#opening.add(connection);
    for (const call of this.#calls) {
      call.noteConnection(connection);
    }
    return connection;
  }

  /** Calls that a connection-level event concerns: those on the connection and those on none yet. */
  *#waiting(connection: Connection): Iterable<Call> {
    for (const call of this.#calls) {
      if (call.connection === undefined || call.connection === connection) {
        yield call;
      }
    }
  }

  /** The request's HEADERS are complete: the oldest attempt at this path is the one that sent them. */
  #bind(
    connection: Connection,
    streamId: number,
    unbound: UnboundStream,
    fields: readonly HeaderField[],
    endStream: boolean,
    time: number,
  ): void {
    const key = streamKey(connection, streamId);
    const path = fieldValue(fields, ':path');
    const index = this.#attempts.findIndex((call) => call.path === path);
    const call = this.#attempts[index];
    if (!call) {
      this.#streams.set(key, FOREIGN);
      return;
    }
    this.#attempts.splice(index, 1);
    this.#streams.set(key, call);
    call.bind(connection, streamId, time);
    for (const { direction, header, payload, time: at } of unbound.frames) {
      call.recordFrame(connection, direction, header, payload, at);
    }
    call.recordFields(connection, 'sent', streamId, fields, endStream, time);
  }

  #forgetForeign(key: string, direction: Direction, header: FrameHeader): void {
    const ended =
      header.type === FrameType.RstStream ||
      (direction === 'received' &&
        (header.type === FrameType.Headers || header.type === FrameType.Data) &&
        (header.flags & FrameFlag.EndStream) !== 0);
    if (ended) {
      this.#streams.delete(key);
    }
  }

  async #settle(call: Call, code: number): Promise<void> {
    // RST_STREAM and GOAWAY are written in the turns after grpc-js has given the status.
    await setImmediate();
    await setImmediate();
    // HTTP/2 writes no RST_STREAM before the bytes in front of it are written, which under TLS takes its time.
    await withinGrace(call.streamClosed(code));
    if (this.#resolution && call.connection === undefined) {
      await withinGrace(this.#resolution);
    }
  }

  #forget(call: Call): void {
    this.#calls.delete(call);
    this.#closeWhenRetired();
    for (let index = this.#attempts.length - 1; index >= 0; index--) {
      if (this.#attempts[index] === call) {
        this.#attempts.splice(index, 1);
      }
    }
    for (const [key, owner] of this.#streams) {
      if (owner === call) {
        this.#streams.delete(key);
      }
    }
  }

  /**
   * grpc-js resolves names without telling when, to what, or with which error. This asks the same resolver of
   * the operating system next to it, so that the transcript can say.
   */
  async #resolve(): Promise<void> {
    const host = this.#resolvable;
    if (host === undefined || isIP(host) !== 0) {
      return;
    }
    const began = now();
    const body = { kind: 'resolution', target: host } as const;
    try {
      const found = await lookup(host, { all: true });
      const addresses = found.map(({ address }) => address);
      this.#resolved({ ...body, addresses, duration: Math.round(now() - began) });
    } catch (error) {
      const duration = Math.round(now() - began);
      this.#resolved({ ...body, addresses: [], duration, error: toEntryError(error) });
    } finally {
      this.#resolution = undefined;
    }
  }

  #resolved(body: Parameters<Call['recordResolution']>[0]): void {
    for (const call of this.#calls) {
      if (call.connection === undefined) {
        call.recordResolution(body, now());
      }
    }
  }
}

async function withinGrace(event: Promise<void>): Promise<void> {
  const over = new AbortController();
  const grace = setTimeout(SETTLE_GRACE, undefined, { ref: false, signal: over.signal });
  await Promise.race([event, grace]);
  over.abort();
  await grace.catch(() => {});
}

function streamKey(connection: Connection, streamId: number): string {
  return `${connection.id}/${streamId}`;
}
