import { createServer, type Server, type Socket } from 'node:net';

/** A listener on a loopback address that owns its sockets, and what else it is told to own. */
export class LoopbackListener {
  readonly #onClient: (client: Socket) => void;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;
  #closed = false;

  constructor(
    readonly host: string,
    onClient: (client: Socket) => void,
  ) {
    this.#onClient = onClient;
  }

  /** `host:port`; the port is 0 while it doesn't listen. */
  get address(): string {
    const address = this.#server?.address();
    return `${this.host}:${typeof address === 'object' && address ? address.port : 0}`;
  }

  /** Rejects when somebody else has the port. */
  listen(port: number): Promise<void> {
    const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
      this.own(client);
      if (!this.#closed) {
        this.#onClient(client);
      }
    });
    this.#server = server;
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, this.host, () => resolve());
    });
  }

  /** Takes no more connections; those that stand stay. */
  stopListening(): void {
    this.#server?.close();
    this.#server = undefined;
  }

  /** Destroys `socket` at the end. Its errors are told by its `close` event alone. */
  own(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on('error', () => {});
    socket.once('close', () => this.#sockets.delete(socket));
    // One that was accepted in the turn in which everything was closed.
    if (this.#closed) {
      socket.destroy();
    }
  }

  close(): void {
    this.#closed = true;
    this.stopListening();
    for (const socket of this.#sockets) {
      socket.destroy();
    }
  }
}
