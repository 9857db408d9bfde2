import * as grpc from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { FileSet } from '../tools/reflectionFiles';
import { bind } from '../tools/reflectionPeer';

export interface Served {
  readonly address: string;
  close(): void;
}

/** The service that grpc-node servers have: it sends imports along with every answer. */
export async function reflectionPackage({ files }: FileSet): Promise<Served> {
  const descriptors = [...files.values()].map((bytes) => Buffer.from(bytes));
  const server = new grpc.Server();
  new ReflectionService({
    all: {
      format: 'Protocol Buffer 3 DescriptorProto',
      type: {},
      fileDescriptorProtos: descriptors,
    },
  }).addToServer(server);
  return { address: `127.0.0.1:${await bind(server)}`, close: () => server.forceShutdown() };
}
