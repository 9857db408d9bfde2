import {
  connect,
  createServer as createNetServer,
  type Server as Listener,
  type Socket,
} from 'node:net';
import { createServer as createTlsServer, type TlsOptions } from 'node:tls';
import {
  getChannelzHandlers,
  getChannelzServiceDefinition,
  Server,
  ServerCredentials,
} from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import {
  type CertificateFiles,
  createCertificateAuthority,
  loopbackHosts,
  writeCertificateFiles,
} from './certificates';
import { fileDescriptors } from './descriptors';
import { faults } from './faults';
import { health } from './health';
import { listenInside } from './innerListener';
import { Interposer } from './interposer';
import { kitchenSink, rawMethods } from './kitchenSink';
import { market } from './market';
import { serviceDefinition } from './serviceDefinition';
import { wireFaults } from './wireFaults';

export interface SampleServerOptions {
  /** Default: 127.0.0.1. */
  readonly host?: string;
  /** Port of the plaintext address; the default 0 takes a free one. TLS addresses always do. */
  readonly port?: number;
  /** Port of the plaintext address as long as nobody else has it; a free one otherwise. Holds instead of `port`. */
  readonly preferredPort?: number;
  /** Also listen with TLS. */
  readonly tls?: boolean;
  /** Also listen with TLS that requires a client certificate. */
  readonly mtls?: boolean;
}

export interface SampleServer {
  /** `host:port`, plaintext. */
  readonly address: string;
  readonly tlsAddress?: string;
  readonly mtlsAddress?: string;
  /** What a client of the TLS addresses needs; removed by `close`. */
  readonly certificates?: CertificateFiles;
  /** Ends every connection and listener at once. */
  close(): Promise<void>;
}

/** Starts the sample server. Throws when the address can't be listened on. */
export async function startSampleServer(options: SampleServerOptions = {}): Promise<SampleServer> {
  const { host = '127.0.0.1', port = 0, preferredPort, tls = false, mtls = false } = options;
  const connections = new Map<number, Interposer>();
  const grpcServer = createGrpcServer(connections);
  // Plaintext for grpc-js in every case: TLS ends at the listener.
  const injector = grpcServer.createConnectionInjector(ServerCredentials.createInsecure());
  const inner = await listenInside((socket) => injector.injectConnection(socket));
  const sockets = new Set<Socket>();
  const listeners: Listener[] = [inner.listener];
  let accepted = 0;
  const accept = (socket: Socket) => {
    const number = ++accepted;
    connections.set(number, new Interposer(socket, connect(inner.path), number));
    socket.on('close', () => connections.delete(number));
  };
  let removeCertificates = () => {};

  async function close(): Promise<void> {
    const closed = listeners.map((listener) => new Promise((done) => listener.close(done)));
    injector.destroy();
    grpcServer.forceShutdown();
    for (const socket of sockets) {
      socket.destroy();
    }
    removeCertificates();
    inner.remove();
    await Promise.all(closed);
  }

  async function listen(listener: Listener, onPort: number): Promise<string> {
    listeners.push(listener);
    // Also those that fail or never begin their TLS handshake.
    listener.on('connection', (socket: Socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      socket.on('error', () => socket.destroy());
    });
    await new Promise<void>((resolve, reject) => {
      listener.once('error', reject);
      listener.listen(onPort, host, resolve);
    });
    return addressOf(listener, host);
  }

  try {
    const listenPlain = (onPort: number) =>
      listen(createNetServer({ noDelay: true }, accept), onPort);
    const address =
      preferredPort === undefined
        ? await listenPlain(port)
        : await listenPlain(preferredPort).catch(() => listenPlain(0));
    if (!tls && !mtls) {
      return { address, close };
    }
    const made = makeCertificates();
    removeCertificates = made.remove;
    const listenTls = (more: TlsOptions) =>
      listen(createTlsServer({ ...made.server, ...more }, accept), 0);
    return {
      address,
      ...(tls ? { tlsAddress: await listenTls({}) } : {}),
      ...(mtls ? { mtlsAddress: await listenTls({ ca: made.ca, requestCert: true }) } : {}),
      certificates: made.files,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function createGrpcServer(connections: ReadonlyMap<number, Interposer>): Server {
  const server = new Server({ 'grpc.max_receive_message_length': 64 * 1024 * 1024 + 1024 });
  server.addService(serviceDefinition('market.v1.ListingService'), market);
  server.addService(serviceDefinition('kitchen.v1.KitchenSink', rawMethods), kitchenSink);
  server.addService(serviceDefinition('faults.v1.Faults'), faults);
  server.addService(serviceDefinition('faults.v1.Wire'), wireFaults(connections));
  server.addService(
    serviceDefinition('grpc.health.v1.Health'),
    health([
      'market.v1.ListingService',
      'kitchen.v1.KitchenSink',
      'faults.v1.Faults',
      'faults.v1.Wire',
    ]),
  );
  server.addService(getChannelzServiceDefinition(), { ...getChannelzHandlers() });
  new ReflectionService({
    sample: {
      format: 'Protocol Buffer 3 DescriptorProto',
      type: {},
      fileDescriptorProtos: fileDescriptors(),
    },
  }).addToServer(server);
  return server;
}

function makeCertificates() {
  const authority = createCertificateAuthority();
  const server = authority.issue({ commonName: 'localhost', hosts: loopbackHosts });
  const client = authority.issue({ commonName: 'Frameline sample client' });
  return {
    ...writeCertificateFiles(authority, client),
    ca: authority.certificate,
    server: { cert: server.certificate, key: server.key, ALPNProtocols: ['h2'] },
  };
}

function addressOf(listener: Listener, host: string): string {
  const bound = listener.address();
  if (bound === null || typeof bound === 'string') {
    throw new Error('the listener has no port');
  }
  return host.includes(':') ? `[${host}]:${bound.port}` : `${host}:${bound.port}`;
}
