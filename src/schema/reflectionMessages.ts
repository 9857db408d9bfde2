/** The messages of grpc.reflection.v1; v1alpha has the same under another name. */
import protobuf from 'protobufjs';

export type ReflectionRequest =
  | { readonly listServices: string }
  | { readonly fileContainingSymbol: string }
  | { readonly fileByFilename: string };

export interface ReflectionResponse {
  readonly files?: readonly Uint8Array[];
  readonly services?: readonly string[];
  readonly error?: { readonly code: number; readonly message: string };
}

const root = protobuf.Root.fromJSON({
  nested: {
    Request: {
      fields: {
        fileByFilename: { type: 'string', id: 3 },
        fileContainingSymbol: { type: 'string', id: 4 },
        listServices: { type: 'string', id: 7 },
      },
      // A proto3 oneof member is written even when it is empty; `listServices` may be.
      oneofs: {
        messageRequest: { oneof: ['fileByFilename', 'fileContainingSymbol', 'listServices'] },
      },
    },
    Response: {
      fields: {
        fileDescriptorResponse: { type: 'Files', id: 4 },
        listServicesResponse: { type: 'Services', id: 6 },
        errorResponse: { type: 'Failure', id: 7 },
      },
    },
    Files: { fields: { fileDescriptorProto: { rule: 'repeated', type: 'bytes', id: 1 } } },
    Services: { fields: { service: { rule: 'repeated', type: 'Service', id: 1 } } },
    Service: { fields: { name: { type: 'string', id: 1 } } },
    Failure: {
      fields: {
        errorCode: { type: 'int32', id: 1 },
        errorMessage: { type: 'string', id: 2 },
      },
    },
  },
});
const requestType = root.lookupType('Request');
const responseType = root.lookupType('Response');

export function encodeRequest(request: ReflectionRequest): Buffer {
  return Buffer.from(requestType.encode(request).finish());
}

interface Decoded {
  readonly fileDescriptorResponse?: { readonly fileDescriptorProto: readonly Uint8Array[] } | null;
  readonly listServicesResponse?: { readonly service: readonly { readonly name: string }[] } | null;
  readonly errorResponse?: { readonly errorCode: number; readonly errorMessage: string } | null;
}

/** Throws protobufjs' error when the bytes are no response. */
export function decodeResponse(bytes: Uint8Array): ReflectionResponse {
  const response = responseType.decode(bytes) as unknown as Decoded;
  const { fileDescriptorResponse: files, listServicesResponse: list } = response;
  const failure = response.errorResponse;
  return {
    ...(files ? { files: files.fileDescriptorProto } : {}),
    ...(list ? { services: list.service.map((it) => it.name) } : {}),
    ...(failure ? { error: { code: failure.errorCode, message: failure.errorMessage } } : {}),
  };
}

/**
 * Name and imports of a FileDescriptorProto, without decoding the rest of it. Throws when the bytes are no
 * protobuf message.
 */
export function readFileHeader(bytes: Uint8Array): { name: string; imports: string[] } {
  const reader = protobuf.Reader.create(bytes);
  let name = '';
  const imports: string[] = [];
  while (reader.pos < reader.len) {
    const tag = reader.uint32();
    // FileDescriptorProto: name = 1, dependency = 3, both strings.
    if (tag === 10) {
      name = reader.string();
    } else if (tag === 26) {
      imports.push(reader.string());
    } else {
      reader.skipType(tag & 7, 0, tag >>> 3);
    }
  }
  return { name, imports };
}
