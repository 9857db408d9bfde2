import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const channelName = 'net.client.socket';

/** How many bytes each connection of this process has handed on, by its local port. */
export class ClientReads {
  readonly #sockets = new Map<number, Socket>();
  readonly #open = new Set<Socket>();
  readonly #onSocket = (message: unknown): void => {
    const { socket } = message as { socket: Socket };
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    socket.once('connect', () => {
      if (socket.localPort !== undefined) {
        this.#sockets.set(socket.localPort, socket);
      }
    });
  };

  constructor() {
    subscribe(channelName, this.#onSocket);
  }

  /** Without what was read and waits in the socket, or was dropped there. */
  from(port: number): number | undefined {
    const socket = this.#sockets.get(port);
    return socket && socket.bytesRead - socket.readableLength;
  }

  forget(ports: Iterable<number>): void {
    for (const port of ports) {
      this.#sockets.delete(port);
    }
  }

  /** Connections that are still open, for people. */
  open(): string[] {
    return [...this.#open].map((socket) => {
      const ends = `${socket.localPort} to ${socket.remoteAddress}:${socket.remotePort}`;
      const waits = socket.isPaused() ? `, paused with ${socket.readableLength} bytes` : '';
      return `from port ${ends}, ${socket.readyState}, ${socket.bytesRead} bytes read${waits}`;
    });
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
