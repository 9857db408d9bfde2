import { connect, type Socket } from 'node:net';
import { LoopbackListener } from '../../tools/loopbackListener';

/** A relay on which every byte takes a while, in both directions, as on a line of that length. */
export class DelayRelay {
  readonly #listener: LoopbackListener;

  private constructor(port: number, oneWay: number) {
    this.#listener = new LoopbackListener('127.0.0.1', (client) => {
      const server = connect({ host: '127.0.0.1', port, allowHalfOpen: true, noDelay: true });
      this.#listener.own(server);
      pass(client, server, oneWay);
      pass(server, client, oneWay);
    });
  }

  /** @param oneWay milliseconds */
  static async start(target: string, oneWay: number): Promise<DelayRelay> {
    const relay = new DelayRelay(Number(target.slice(target.lastIndexOf(':') + 1)), oneWay);
    await relay.#listener.listen(0);
    return relay;
  }

  get address(): string {
    return this.#listener.address;
  }

  close(): void {
    this.#listener.close();
  }
}

/** Timers of the same length fire in the order in which they were set. */
function pass(from: Socket, to: Socket, delay: number): void {
  from.on('data', (bytes: Buffer) => setTimeout(() => to.write(bytes), delay));
  from.once('end', () => setTimeout(() => to.end(), delay));
  from.once('close', () => setTimeout(() => to.destroy(), delay));
}
