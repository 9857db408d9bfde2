import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const channelName = 'net.client.socket';

/** How many bytes each connection of this process has handed on, by the ports of its ends: systems use local ones twice. */
export class ClientReads {
  readonly #sockets = new Map<string, Socket>();
  readonly #onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    socket.once('connect', () => {
      this.#sockets.set(keyOf(socket.localPort, socket.remotePort), socket);
    });
  };

  constructor() {
    subscribe(channelName, this.#onSocket);
  }

  /** Without what was read and waits in the socket, or was dropped there. */
  from(localPort: number, remotePort: number): number | undefined {
    const socket = this.#sockets.get(keyOf(localPort, remotePort));
    return socket && socket.bytesRead - socket.readableLength;
  }

  /** Forgets what is closed. */
  forgetClosed(): void {
    for (const [port, socket] of this.#sockets) {
      if (socket.destroyed) {
        this.#sockets.delete(port);
      }
    }
  }

  stop(): void {
    unsubscribe(channelName, this.#onSocket);
    this.#sockets.clear();
  }
}

function keyOf(localPort: number | undefined, remotePort: number | undefined): string {
  return `${localPort} ${remotePort}`;
}
