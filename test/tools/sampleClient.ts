import * as grpc from '@grpc/grpc-js';
import { serviceDefinition } from '../../src/sampleServer/serviceDefinition';

/** A grpc-js client of one service of the sample server, with promises. Messages are plain objects. */
export interface SampleClient {
  unary(method: string, request: object): Promise<UnaryResult>;
  /** Reads the whole response; the status ends up in the result, it does not throw. */
  serverStream(method: string, request: object): Promise<StreamResult>;
  clientStream(method: string, requests: readonly object[]): Promise<UnaryResult>;
  bidirectional(method: string): grpc.ClientDuplexStream<object, object>;
  raw: grpc.Client;
  close(): void;
}

export interface UnaryResult {
  readonly response: Record<string, unknown>;
  readonly headers: grpc.Metadata;
  readonly trailers: grpc.Metadata;
}

export interface StreamResult {
  readonly messages: readonly Record<string, unknown>[];
  readonly status: grpc.StatusObject;
}

export function sampleClient(
  address: string,
  service: string,
  credentials = grpc.credentials.createInsecure(),
  options: grpc.ClientOptions = {},
): SampleClient {
  const Client = grpc.makeGenericClientConstructor(serviceDefinition(service), service);
  const client = new Client(address, credentials, {
    'grpc.use_local_subchannel_pool': 1,
    'grpc.max_receive_message_length': -1,
    ...options,
  });
  const callOptions = () => ({ deadline: Date.now() + 20_000 });
  const finish = (start: (callback: grpc.requestCallback<object>) => grpc.Call) =>
    new Promise<UnaryResult>((resolve, reject) => {
      let headers = new grpc.Metadata();
      let response: object = {};
      const call = start((error, value) => {
        if (error) {
          reject(error);
        }
        response = value ?? {};
      });
      call.on('metadata', (metadata: grpc.Metadata) => {
        headers = metadata;
      });
      call.on('status', ({ metadata }: grpc.StatusObject) => {
        resolve({ response: response as Record<string, unknown>, headers, trailers: metadata });
      });
    });
  const method = <F>(name: string): F => {
    const found: unknown = client[name];
    if (typeof found !== 'function') throw new Error(`${service} has no method ${name}`);
    return found.bind(client) as F;
  };
  return {
    raw: client,
    unary: (name, request) =>
      finish((callback) => method<Unary>(name)(request, callOptions(), callback)),
    clientStream: (name, requests) =>
      finish((callback) => {
        const call = method<ClientStream>(name)(callOptions(), callback);
        for (const request of requests) call.write(request);
        call.end();
        return call;
      }),
    serverStream: (name, request) =>
      new Promise((resolve) => {
        const messages: Record<string, unknown>[] = [];
        const call = method<ServerStream>(name)(request, callOptions());
        call.on('data', (message: Record<string, unknown>) => messages.push(message));
        call.on('error', () => {});
        call.on('status', (status) => resolve({ messages, status }));
      }),
    bidirectional: (name) => method<Bidirectional>(name)(callOptions()),
    close: () => client.close(),
  };
}

type Unary = (
  request: object,
  options: grpc.CallOptions,
  callback: grpc.requestCallback<object>,
) => grpc.ClientUnaryCall;
type ClientStream = (
  options: grpc.CallOptions,
  callback: grpc.requestCallback<object>,
) => grpc.ClientWritableStream<object>;
type ServerStream = (
  request: object,
  options: grpc.CallOptions,
) => grpc.ClientReadableStream<object>;
type Bidirectional = (options: grpc.CallOptions) => grpc.ClientDuplexStream<object, object>;
