import { connect, type Socket } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';
import { LoopbackListener } from '../tools/loopbackListener';
import type { Random } from '../tools/random';
import { type ConnectionPlan, pieceLength, plainPlan, type Stop } from './connectionPlan';
import { FrameLog, type Protocol } from './frameLog';

/** What happened to a connection that a call may feel. */
export type Trouble =
  /** Nothing listened. */
  | 'refused'
  /** A name had no address. */
  | 'no-name'
  /** It ended before the server's first frame had passed. */
  | 'closed-early'
  /** It ended towards the client. */
  | 'cut'
  /** It was accepted, and nothing came. */
  | 'silent'
  /** Something stood still for good. */
  | 'stalled';

/** What passed on one connection, and what was done to it. */
export class RelayedConnection {
  readonly down: FrameLog;
  readonly up: FrameLog;
  readonly troubles = new Set<Trouble>();
  /** The client has said that it sends no more, or is gone. */
  clientGone = false;

  constructor(
    /** The client's. */
    readonly port: number,
    readonly plan: ConnectionPlan,
    readonly protocol: Protocol,
  ) {
    this.down = new FrameLog(protocol, false);
    this.up = new FrameLog(protocol, true);
  }

  ended(): void {
    // Under TLS the client learns it from an alert, and may close first.
    if (!this.clientGone || this.protocol === 'tls') {
      this.troubles.add(this.down.frames.length === 0 ? 'closed-early' : 'cut');
    }
  }
}

export interface RelayOptions {
  readonly host: string;
  readonly port: number;
  readonly protocol: Protocol;
  /** `host:port` at the time of a connection. */
  readonly upstream: () => string;
  readonly random: Random;
  /** Called for each fault at the moment it is done. */
  readonly onFault: (name: string) => void;
}

/**
 * A relay that does to each connection what its plan says. It changes no byte and no order, and remembers every frame
 * that it passed on.
 */
export class FaultRelay {
  readonly connections: RelayedConnection[] = [];
  /** Of the whole relay. */
  readonly troubles = new Set<Trouble>();
  /** Draws the plan of the next connection. */
  plan: () => ConnectionPlan = () => plainPlan;
  readonly #options: RelayOptions;
  readonly #listener: LoopbackListener;
  readonly #clients = new Map<Socket, RelayedConnection>();

  private constructor(options: RelayOptions) {
    this.#options = options;
    this.#listener = new LoopbackListener(options.host, (client) => this.#accept(client));
  }

  static async start(options: RelayOptions): Promise<FaultRelay> {
    const relay = new FaultRelay(options);
    await relay.listen();
    return relay;
  }

  get address(): string {
    return `${this.#options.host}:${this.#options.port}`;
  }

  listen(): Promise<void> {
    return this.#listener.listen(this.#options.port);
  }

  /** New connections are refused by the system, until `listen`. */
  refuse(): void {
    this.#fault('refuse');
    this.troubles.add('refused');
    this.#listener.stopListening();
  }

  /** Breaks what stands. */
  resetAll(): void {
    for (const [client, connection] of this.#clients) {
      connection.ended();
      reset(client);
    }
  }

  close(): void {
    this.#listener.close();
  }

  #fault(name: string): void {
    this.#options.onFault(name);
  }

  #accept(client: Socket): void {
    const { protocol, upstream } = this.#options;
    const plan = this.plan();
    const connection = new RelayedConnection(client.remotePort ?? 0, plan, protocol);
    this.connections.push(connection);
    this.#clients.set(client, connection);
    client.once('close', () => this.#clients.delete(client));
    client.once('end', () => {
      connection.clientGone = true;
    });
    if (plan.greeting !== 'pass') {
      this.#refuseToTalk(client, connection, plan.greeting);
      return;
    }
    const { host, port } = splitAddress(upstream());
    const server = connect({ host, port, allowHalfOpen: true, noDelay: true });
    this.#listener.own(server);
    this.#pass(server, client, connection, 'down');
    this.#pass(client, server, connection, 'up');
    server.once('close', (hadError) => {
      connection.ended();
      this.#end(client, hadError);
    });
    client.once('close', (hadError) => {
      connection.clientGone = true;
      this.#end(server, hadError);
    });
  }

  #refuseToTalk(
    client: Socket,
    connection: RelayedConnection,
    greeting: 'silent' | 'fin' | 'rst',
  ): void {
    this.#fault(`accept and ${greeting === 'silent' ? 'stay silent' : greeting}`);
    if (greeting === 'silent') {
      connection.troubles.add('silent');
      client.resume();
      client.once('end', () => client.end());
      return;
    }
    connection.troubles.add('closed-early');
    this.#end(client, greeting === 'rst');
  }

  /** A reset is passed on as one, a close as one. */
  #end(socket: Socket, byReset: boolean): void {
    if (socket.destroyed) {
      return;
    }
    if (byReset) {
      reset(socket);
    } else {
      // What still comes is read: to close over unread bytes would reset the connection.
      socket.removeAllListeners('data');
      socket.resume();
      socket.end();
      socket.once('end', () => socket.destroy());
    }
  }

  #pass(from: Socket, to: Socket, connection: RelayedConnection, direction: 'down' | 'up'): void {
    const pump = new Pump(to, connection, direction, this.#options.random, (kind) =>
      this.#stop(kind, from, to, connection, direction),
    );
    from.on('data', (chunk) => {
      from.pause();
      void pump.pass(chunk).then(() => {
        if (!pump.halted) {
          from.resume();
        }
      });
    });
    from.once('end', () => {
      if (direction === 'down') {
        connection.ended();
      }
      to.end();
    });
  }

  #stop(
    kind: Stop,
    from: Socket,
    to: Socket,
    connection: RelayedConnection,
    direction: 'down' | 'up',
  ): void {
    this.#fault(`${kind} ${direction}`);
    const [client, server] = direction === 'down' ? [to, from] : [from, to];
    switch (kind) {
      case 'pause':
        return;
      case 'stall':
        connection.troubles.add('stalled');
        return;
      case 'half-close':
        if (direction === 'down') {
          connection.ended();
        } else {
          connection.troubles.add('stalled');
        }
        to.end();
        return;
      default:
        connection.ended();
        this.#end(client, kind === 'rst');
        server.destroy();
    }
  }
}

/** One direction of a connection. */
class Pump {
  /** Nothing passes any more. */
  halted = false;
  #stopped = false;

  constructor(
    readonly to: Socket,
    readonly connection: RelayedConnection,
    readonly direction: 'down' | 'up',
    readonly random: Random,
    readonly onStop: (kind: Stop) => void,
  ) {}

  get #log(): FrameLog {
    return this.connection[this.direction];
  }

  /** Settles when `chunk` has been passed on, or never will be. */
  async pass(chunk: Uint8Array): Promise<void> {
    const { plan } = this.connection;
    for (let at = 0; at < chunk.length && !this.halted; ) {
      await this.#stopHere();
      if (this.halted || this.to.destroyed || this.to.writableEnded) {
        return;
      }
      const length = Math.min(pieceLength(plan, this.#log, this.random), this.#untilStop());
      const piece = chunk.subarray(at, at + length);
      at += piece.length;
      this.#log.push(piece);
      if (!this.to.write(piece)) {
        await drained(this.to);
      }
      if (at < chunk.length || plan.delay > 0) {
        await this.#wait();
      }
    }
    await this.#stopHere();
  }

  /** The event loop's turn lets the client read each piece alone. */
  async #wait(): Promise<void> {
    const { delay, throttle } = this.connection.plan;
    const slow = delay > 0 && this.random.chance(0.1);
    await (throttle > 0 || slow ? setTimeout(this.random.integer(1, delay + 1)) : setImmediate());
  }

  /** Up to the place of the stop; border by border, as the stop counts frames. */
  #untilStop(): number {
    const stop = this.#stopAhead();
    if (!stop) {
      return Number.POSITIVE_INFINITY;
    }
    const inFrame = stop.bytes - this.#log.begun;
    return this.#log.frames.length === stop.frames && inFrame > 0
      ? Math.min(inFrame, this.#log.untilBorder)
      : this.#log.untilBorder;
  }

  #stopAhead(): ConnectionPlan['stop'] {
    const { stop } = this.connection.plan;
    return stop?.direction === this.direction && !this.#stopped ? stop : undefined;
  }

  async #stopHere(): Promise<void> {
    const stop = this.#stopAhead();
    const log = this.#log;
    if (!stop || log.frames.length < stop.frames) {
      return;
    }
    if (log.frames.length === stop.frames && log.begun < stop.bytes) {
      return;
    }
    this.#stopped = true;
    this.halted = stop.kind !== 'pause';
    this.onStop(stop.kind);
    if (stop.kind === 'pause') {
      await setTimeout(this.random.integer(20, 200));
    }
  }
}

/** Node 20 keeps a socket open for good, without a word, that is reset while it ends. */
function reset(socket: Socket): void {
  if (socket.writableEnded) {
    socket.destroy();
  } else {
    socket.resetAndDestroy();
  }
}

function drained(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      socket.off('drain', done);
      socket.off('close', done);
      resolve();
    };
    socket.once('drain', done);
    socket.once('close', done);
  });
}

export function splitAddress(address: string): { readonly host: string; readonly port: number } {
  const colon = address.lastIndexOf(':');
  return { host: address.slice(0, colon), port: Number(address.slice(colon + 1)) };
}
