import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

const CHANNEL = 'net.client.socket';

type Expectation = (socket: Socket) => void;

const expectations: Expectation[] = [];

function onSocket(message: unknown): void {
  expectations.shift()?.((message as { socket: Socket }).socket);
}

/**
 * Hands over the next client socket that this process makes before it returns to the event loop.
 *
 * grpc-js connects in the microtasks after `SecureConnector.waitForReady` and keeps a failed socket's error to
 * itself, as text. Node publishes each client socket on the diagnostics channel `net.client.socket`
 * (Node.js documentation, "Diagnostics Channel"), which gives the error with its code.
 */
export function expectClientSocket(found: Expectation): void {
  if (expectations.length === 0) {
    subscribe(CHANNEL, onSocket);
  }
  expectations.push(found);
  setImmediate(() => {
    const index = expectations.indexOf(found);
    if (index >= 0) {
      expectations.splice(index, 1);
    }
    if (expectations.length === 0) {
      unsubscribe(CHANNEL, onSocket);
    }
  });
}
