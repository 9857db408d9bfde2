import { connect, type Socket } from 'node:net';
import { ConnectionDecoder } from '../../../src/wire/connectionDecoder';
import {
  type Direction,
  FrameFlag,
  type FrameHeader,
  FrameType,
  fieldValue,
} from '../../../src/wire/frame';
import { decodeFrameBody } from '../../../src/wire/frameBody';
import { errorCodeName } from '../../../src/wire/frameNames';
import { LoopbackListener } from '../../tools/loopbackListener';

/** One connection that went through a relay. */
export interface RelayedConnection {
  /** Paths of the requests, in order. */
  readonly requests: readonly string[];
  /** PINGs from client to server, acknowledgements not counted. */
  readonly pings: number;
  /** Acknowledgements that came back for them. */
  readonly acks: number;
  /** What the server said in its first GOAWAY: `NO_ERROR`, `ENHANCE_YOUR_CALM too_many_pings`. */
  readonly goAway: string | undefined;
  /** Who ended it; undefined while it is open. */
  readonly endedBy: 'client' | 'server' | undefined;
}

/** Passes bytes on as they come and reads along: what really goes over one hop, seen from outside of it. */
export class FrameRelay {
  readonly #connections: WatchedConnection[] = [];
  readonly #listener: LoopbackListener;

  private constructor(port: number) {
    this.#listener = new LoopbackListener('127.0.0.1', (client) => this.#pass(client, port));
  }

  /** @param port on the loopback interface, where the connections lead to */
  static async start(port: number): Promise<FrameRelay> {
    const relay = new FrameRelay(port);
    await relay.#listener.listen(0);
    return relay;
  }

  /** `127.0.0.1:PORT` */
  get address(): string {
    return this.#listener.address;
  }

  /** Those that carried a request, in the order in which they were opened. */
  get connections(): readonly RelayedConnection[] {
    return this.#connections.filter(({ requests }) => requests.length > 0);
  }

  close(): void {
    this.#listener.close();
  }

  #pass(client: Socket, port: number): void {
    const server = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    this.#listener.own(server);
    const connection = new WatchedConnection();
    this.#connections.push(connection);
    for (const [from, to, side] of [
      [client, server, 'client'],
      [server, client, 'server'],
    ] as const) {
      from.on('data', (chunk: Buffer) => {
        connection.push(side === 'client' ? 'sent' : 'received', chunk);
        to.write(chunk);
      });
      from.on('end', () => {
        connection.end(side);
        to.end();
      });
      from.on('error', () => {
        connection.end(side);
        to.resetAndDestroy();
      });
    }
  }
}

class WatchedConnection implements RelayedConnection {
  readonly requests: string[] = [];
  pings = 0;
  acks = 0;
  goAway: string | undefined;
  endedBy: RelayedConnection['endedBy'];
  readonly #decoder = new ConnectionDecoder({
    frame: (direction, header, payload) => this.#frame(direction, header, payload),
    fields: (direction, _streamId, fields) => {
      if (direction === 'sent') {
        this.requests.push(fieldValue(fields, ':path') ?? '');
      }
    },
    undecodableFields: (_direction, _streamId, reason) => this.#fail(reason),
    malformed: (_direction, problem) => this.#fail(problem.message),
  });

  push(direction: Direction, chunk: Buffer): void {
    this.#decoder.push(direction, chunk);
  }

  end(side: 'client' | 'server'): void {
    this.endedBy ??= side;
  }

  #frame(direction: Direction, header: FrameHeader, payload: Uint8Array): void {
    const { type, flags } = header;
    const isAck = (flags & FrameFlag.Ack) !== 0;
    if (type === FrameType.Ping && direction === 'sent' && !isAck) {
      this.pings++;
    } else if (type === FrameType.Ping && direction === 'received' && isAck) {
      this.acks++;
    } else if (type === FrameType.GoAway && direction === 'received') {
      const body = decodeFrameBody(header, payload);
      if (body.kind === 'goAway') {
        const debug = Buffer.from(body.debugData).toString();
        this.goAway ??= `${errorCodeName(body.errorCode)} ${debug}`.trim();
      }
    }
  }

  #fail(reason: string): never {
    throw new Error(`The relay can't read what passes: ${reason}`);
  }
}
