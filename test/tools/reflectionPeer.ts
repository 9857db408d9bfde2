/** A reflection service that does what a test says, and a relay that counts round trips. */
import { connect, type Socket } from 'node:net';
import * as grpc from '@grpc/grpc-js';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { LoopbackListener } from './loopbackListener';

const messages = protobuf.parse(
  `syntax = "proto3";
  message Request {
    oneof message_request { string file_by_filename = 3; string file_containing_symbol = 4; string list_services = 7; }
  }
  message Response { Files files = 4; Services services = 6; Failure error = 7; }
  message Files { repeated bytes file = 1; }
  message Services { repeated Service service = 1; }
  message Service { string name = 1; }
  message Failure { int32 code = 1; string message = 2; }`,
  { keepCase: false },
).root;

export interface PeerRequest {
  readonly kind: 'list' | 'symbol' | 'file';
  readonly name: string;
}

/** What the peer answers: the response, raw bytes, the end of the call, or nothing at all. */
export type PeerAnswer =
  | { readonly services: readonly string[] }
  | { readonly files: readonly Uint8Array[] }
  | { readonly error: { readonly code: number; readonly message: string } }
  | { readonly raw: Uint8Array }
  | { readonly fail: { readonly code: number; readonly details: string } }
  | { readonly end: true }
  | undefined;

export interface Peer {
  readonly address: string;
  /** Every request in the order of arrival, over all calls. */
  readonly requests: PeerRequest[];
  readonly calls: { readonly version: string; readonly metadata: grpc.Metadata }[];
  readonly open: Set<unknown>;
  close(): void;
}

export async function startPeer(
  versions: readonly ('v1' | 'v1alpha')[],
  answer: (
    request: PeerRequest,
    call: number,
    metadata: grpc.Metadata,
  ) => PeerAnswer[] | PeerAnswer,
): Promise<Peer> {
  const server = new grpc.Server({ 'grpc.max_send_message_length': -1 });
  const requests: PeerRequest[] = [];
  const calls: Peer['calls'] = [];
  const open = new Set<unknown>();
  for (const version of versions) {
    const path = `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`;
    const same = (bytes: Buffer): Buffer => bytes;
    server.addService(
      {
        ServerReflectionInfo: {
          path,
          requestStream: true,
          responseStream: true,
          requestSerialize: same,
          requestDeserialize: same,
          responseSerialize: same,
          responseDeserialize: same,
        },
      },
      {
        ServerReflectionInfo: (call: grpc.ServerDuplexStream<Buffer, Buffer>) => {
          calls.push({ version, metadata: call.metadata });
          const number = calls.length;
          open.add(call);
          call.on('cancelled', () => open.delete(call));
          call.on('end', () => {
            open.delete(call);
            call.end();
          });
          call.on('data', (bytes: Buffer) => {
            const request = readRequest(bytes);
            requests.push(request);
            const answers = answer(request, number, call.metadata);
            for (const it of Array.isArray(answers) ? answers : [answers]) {
              write(call, it);
            }
          });
        },
      },
    );
  }
  const port = await bind(server);
  return {
    address: `127.0.0.1:${port}`,
    requests,
    calls,
    open,
    close: () => server.forceShutdown(),
  };
}

export function bind(server: grpc.Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (error, port) => {
      if (error) {
        reject(error);
      } else {
        resolve(port);
      }
    });
  });
}

function readRequest(bytes: Buffer): PeerRequest {
  const request = messages.lookupType('Request').decode(bytes);
  const json: Record<string, string> = request.toJSON();
  if (json.fileByFilename !== undefined) {
    return { kind: 'file', name: json.fileByFilename };
  }
  return json.fileContainingSymbol === undefined
    ? { kind: 'list', name: json.listServices ?? '' }
    : { kind: 'symbol', name: json.fileContainingSymbol };
}

function write(call: grpc.ServerDuplexStream<Buffer, Buffer>, answer: PeerAnswer): void {
  if (!answer) {
    return;
  }
  if ('end' in answer) {
    call.end();
  } else if ('fail' in answer) {
    call.emit('error', answer.fail);
  } else if ('raw' in answer) {
    call.write(Buffer.from(answer.raw));
  } else {
    const object =
      'services' in answer
        ? { services: { service: answer.services.map((name) => ({ name })) } }
        : 'files' in answer
          ? { files: { file: answer.files } }
          : { error: answer.error };
    const type = messages.lookupType('Response');
    call.write(Buffer.from(type.encode(type.create(object)).finish()));
  }
}

export interface FileParts {
  readonly name: string;
  readonly package?: string;
  readonly dependency?: readonly string[];
  readonly messages?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Service name to method name to [request, response]. */
  readonly services?: Readonly<Record<string, Readonly<Record<string, readonly [string, string]>>>>;
}

/** A FileDescriptorProto; field types are `string` or the full name of a message with a leading dot. */
export function makeFile(parts: FileParts): Uint8Array {
  const type = (descriptor as unknown as Record<string, protobuf.Type>).FileDescriptorProto;
  if (!type) {
    throw new Error('no FileDescriptorProto');
  }
  const object = {
    name: parts.name,
    package: parts.package ?? '',
    syntax: 'proto3',
    dependency: parts.dependency ?? [],
    messageType: Object.entries(parts.messages ?? {}).map(([name, fields]) => ({
      name,
      field: Object.entries(fields).map(([field, typeName], i) => ({
        name: field,
        number: i + 1,
        label: 1,
        ...(typeName === 'string' ? { type: 9 } : { type: 11, typeName }),
      })),
    })),
    service: Object.entries(parts.services ?? {}).map(([name, methods]) => ({
      name,
      method: Object.entries(methods).map(([method, [inputType, outputType]]) => ({
        name: method,
        inputType,
        outputType,
      })),
    })),
  };
  return type.encode(type.fromObject(object)).finish();
}

/**
 * A relay that holds what each side says until both have been silent for a while, then passes it on: one
 * turn from the client is one round trip, however fast the machine is.
 */
export class RoundTripRelay {
  roundTrips = 0;
  readonly #listener: LoopbackListener;

  private constructor(port: number, silence: number) {
    this.#listener = new LoopbackListener('127.0.0.1', (client) =>
      this.#join(client, connect(port, '127.0.0.1'), silence),
    );
  }

  static async start(target: string, silence = 60): Promise<RoundTripRelay> {
    const relay = new RoundTripRelay(Number(target.slice(target.lastIndexOf(':') + 1)), silence);
    await relay.#listener.listen(0);
    return relay;
  }

  get address(): string {
    return this.#listener.address;
  }

  #join(client: Socket, server: Socket, silence: number): void {
    this.#listener.own(server);
    let sent: Buffer[] = [];
    let received: Buffer[] = [];
    let timer: NodeJS.Timeout | undefined;
    const flush = (): void => {
      const [up, down] = [sent, received];
      sent = [];
      received = [];
      if (up.length > 0) {
        this.roundTrips++;
        server.write(Buffer.concat(up));
      }
      if (down.length > 0) {
        client.write(Buffer.concat(down));
      }
    };
    const later = (): void => {
      clearTimeout(timer);
      timer = setTimeout(flush, silence);
    };
    client.on('data', (bytes) => {
      sent.push(bytes);
      later();
    });
    server.on('data', (bytes) => {
      received.push(bytes);
      later();
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.once('end', () => one.end());
      one.once('close', () => {
        clearTimeout(timer);
        other.destroy();
      });
    }
  }

  close(): void {
    this.#listener.close();
  }
}
