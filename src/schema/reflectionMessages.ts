/** The messages of grpc.reflection.v1; v1alpha has the same under another name. */
import protobuf from 'protobufjs/minimal.js';

export type ReflectionRequest =
  | { readonly listServices: string }
  | { readonly fileContainingSymbol: string }
  | { readonly fileByFilename: string };

export interface ReflectionResponse {
  readonly files?: readonly Uint8Array[];
  readonly services?: readonly string[];
  readonly error?: { readonly code: number; readonly message: string };
}

/**
 * Written and read by hand: protobufjs makes code for each message type when it is first used, which takes longer than
 * the round trip. Numbers are those of reflection.proto.
 */
export function encodeRequest(request: ReflectionRequest): Buffer {
  const writer = protobuf.Writer.create();
  if ('fileByFilename' in request) {
    writer.uint32(tag(3)).string(request.fileByFilename);
  } else if ('fileContainingSymbol' in request) {
    writer.uint32(tag(4)).string(request.fileContainingSymbol);
  } else {
    writer.uint32(tag(7)).string(request.listServices);
  }
  return Buffer.from(writer.finish());
}

/** Throws protobufjs' error when the bytes are no response. */
export function decodeResponse(bytes: Uint8Array): ReflectionResponse {
  let files: Uint8Array[] | undefined;
  let services: string[] | undefined;
  let error: { code: number; message: string } | undefined;
  readFields(protobuf.Reader.create(bytes), {
    [tag(4)]: (response) => {
      const list: Uint8Array[] = files ?? [];
      files = list;
      readFields(inner(response), { [tag(1)]: (it) => list.push(it.bytes()) });
    },
    [tag(6)]: (response) => {
      const list: string[] = services ?? [];
      services = list;
      readFields(inner(response), {
        [tag(1)]: (service) => list.push(serviceName(inner(service))),
      });
    },
    [tag(7)]: (response) => {
      const failure = error ?? { code: 0, message: '' };
      error = failure;
      readFields(inner(response), {
        [tag(1, 0)]: (it) => {
          failure.code = it.int32();
        },
        [tag(2)]: (it) => {
          failure.message = it.string();
        },
      });
    },
  });
  return {
    ...(files ? { files } : {}),
    ...(services ? { services } : {}),
    ...(error ? { error } : {}),
  };
}

function serviceName(reader: protobuf.Reader): string {
  let name = '';
  readFields(reader, {
    [tag(1)]: (it) => {
      name = it.string();
    },
  });
  return name;
}

function tag(number: number, wireType = 2): number {
  return (number << 3) | wireType;
}

/** Of the message that stands next. */
function inner(reader: protobuf.Reader): protobuf.Reader {
  return protobuf.Reader.create(reader.bytes());
}

/** Hands each field to its reader by its tag, and skips the others. */
function readFields(
  reader: protobuf.Reader,
  readers: Readonly<Record<number, (reader: protobuf.Reader) => unknown>>,
): void {
  while (reader.pos < reader.len) {
    const next = reader.uint32();
    const read = readers[next];
    if (read) {
      read(reader);
    } else {
      reader.skipType(next & 7, 0, next >>> 3);
    }
  }
}

/**
 * Name and imports of a FileDescriptorProto, without decoding the rest of it. Throws when the bytes are no
 * protobuf message.
 */
export function readFileHeader(bytes: Uint8Array): { name: string; imports: string[] } {
  let name = '';
  const imports: string[] = [];
  // FileDescriptorProto: name = 1, dependency = 3, both strings.
  readFields(protobuf.Reader.create(bytes), {
    [tag(1)]: (it) => {
      name = it.string();
    },
    [tag(3)]: (it) => imports.push(it.string()),
  });
  return { name, imports };
}
