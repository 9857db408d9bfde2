import { readFileSync } from 'node:fs';
import protobuf from 'protobufjs';
// Adds Root.fromDescriptor.
import 'protobufjs/ext/descriptor.js';

/** The compiled .proto files: beside this file in the sources, beside the program when bundled. */
const descriptorSet = readFileSync(new URL('./proto/sample.binpb', import.meta.url));

/** Every message type that the sample server knows. */
export const root = protobuf.Root.fromDescriptor(descriptorSet).resolveAll();

/** Each file as it was compiled, comments included: `repeated FileDescriptorProto file = 1`. */
export function fileDescriptors(): Buffer[] {
  const files: Buffer[] = [];
  const reader = protobuf.Reader.create(descriptorSet);
  while (reader.pos < reader.len) {
    reader.uint32();
    files.push(Buffer.from(reader.bytes()));
  }
  return files;
}

/** What a message is to the handlers: camelCase fields, 64-bit integers as bigint, enums as numbers. */
export function decode(type: protobuf.Type, bytes: Uint8Array): object {
  return type.toObject(type.decode(bytes), {
    longs: BigInt,
    arrays: true,
    objects: true,
    oneofs: true,
  });
}

/** The bytes of a message given as a plain object. */
export function encode(type: protobuf.Type | string, value: object): Buffer {
  const messageType = typeof type === 'string' ? root.lookupType(type) : type;
  return Buffer.from(messageType.encode(messageType.fromObject(value)).finish());
}
