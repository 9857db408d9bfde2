import { createServer, type Socket } from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import type { Script } from '../../src/sampleServer/script';
import { PeerConnection } from './peerConnection';
import type { PeerBehaviour, PeerRequest, PeerScript } from './peerScript';

export type { PeerBehaviour, PeerRequest, PeerScript };

export interface ScriptedPeerOptions {
  /** TLS with exactly these options: without `ALPNProtocols` the server takes part in no ALPN. */
  readonly tls?: TlsOptions;
  /** Default: a free one. */
  readonly port?: number;
}

export interface ScriptedPeer {
  readonly port: number;
  /** `127.0.0.1:port`. */
  readonly address: string;
  /** Connections taken so far. */
  readonly connections: number;
  /** PINGs received so far, acknowledgements not counted. */
  readonly pings: number;
  /** Requests seen so far. */
  readonly requests: readonly PeerRequest[];
  /** Ends every connection at once. */
  close(): Promise<void>;
}

/** Starts a small HTTP/2 server on the loopback interface that does what its script says, right or wrong. */
export async function startScriptedPeer(
  behaviour: PeerBehaviour,
  options: ScriptedPeerOptions = {},
): Promise<ScriptedPeer> {
  const script = peerScript(behaviour);
  const sockets = new Set<Socket>();
  const requests: PeerRequest[] = [];
  let connections = 0;
  let pings = 0;

  const accept = (socket: Socket) => {
    connections++;
    socket.setNoDelay(true);
    switch (script.kind) {
      case 'silent':
        socket.resume();
        return;
      case 'raw':
        socket.once('data', () => socket.end(script.bytes));
        return;
      case 'hangUp':
        hangUp(socket, script.reset === true);
        return;
      case 'http2':
        new PeerConnection(socket, script, {
          request: (request) => requests.push(request),
          ping: () => pings++,
        });
    }
  };
  const listener = options.tls ? createTlsServer(options.tls, accept) : createServer(accept);
  // TLS sockets that fail their handshake never reach `accept`, but have to be ended too.
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => socket.destroy());
  });
  if (options.tls) {
    listener.on('secureConnection', (socket: Socket) => socket.on('error', () => socket.destroy()));
  }
  await new Promise<void>((resolve, reject) => {
    listener.once('error', reject);
    listener.listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  const bound = listener.address();
  const port = bound !== null && typeof bound === 'object' ? bound.port : 0;
  return {
    port,
    address: `127.0.0.1:${port}`,
    get connections() {
      return connections;
    },
    get pings() {
      return pings;
    },
    requests,
    close: () =>
      new Promise((resolve) => {
        listener.close(() => resolve());
        for (const socket of sockets) {
          socket.destroy();
        }
      }),
  };
}

function peerScript(behaviour: PeerBehaviour): PeerScript {
  if (typeof behaviour === 'function' || Array.isArray(behaviour)) {
    return { kind: 'http2', answer: behaviour as Script | ((request: PeerRequest) => Script) };
  }
  return behaviour as PeerScript;
}

function hangUp(socket: Socket, reset: boolean) {
  if (reset) {
    socket.resetAndDestroy();
  } else {
    socket.end();
  }
}
