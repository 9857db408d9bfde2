import * as grpc from '@grpc/grpc-js';

const identity = (bytes: Buffer) => bytes;

type RawHandler = grpc.handleBidiStreamingCall<Buffer, Buffer>;

/** A grpc-js server whose methods speak raw bytes: what the engine's contract tests need. */
export async function startRawServer(
  handlers: Record<string, RawHandler>,
  credentials = grpc.ServerCredentials.createInsecure(),
  options: grpc.ServerOptions = {},
): Promise<{ port: number; close(): void }> {
  const server = new grpc.Server(options);
  const definition: grpc.ServiceDefinition = Object.fromEntries(
    Object.keys(handlers).map((name) => [
      name,
      {
        path: `/raw.Raw/${name}`,
        requestStream: true,
        responseStream: true,
        requestSerialize: identity,
        requestDeserialize: identity,
        responseSerialize: identity,
        responseDeserialize: identity,
      },
    ]),
  );
  server.addService(definition, handlers);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', credentials, (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, close: () => server.forceShutdown() };
}

/** Answers each message with itself and ends when the client ends. */
export const echo: RawHandler = (call) => {
  call.on('data', (message: Buffer) => call.write(message));
  call.on('end', () => call.end());
};
