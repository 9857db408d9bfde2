import type { ServiceDefinition } from '@grpc/grpc-js';
import { decode, encode, root } from './descriptors';

/**
 * What grpc-js needs to serve a service of the descriptor set. A response given as a Buffer is sent as
 * it stands.
 *
 * @param raw Methods whose requests reach the handler as bytes, undecoded.
 */
export function serviceDefinition(name: string, raw: readonly string[] = []): ServiceDefinition {
  const definition: Record<string, ServiceDefinition[string]> = {};
  for (const method of root.lookupService(name).methodsArray) {
    const requestType = root.lookupType(method.requestType);
    const responseType = root.lookupType(method.responseType);
    const serialize = (type: typeof requestType) => (value: unknown) =>
      Buffer.isBuffer(value) ? value : encode(type, value as object);
    const deserialize = (type: typeof requestType) => (bytes: Buffer) => decode(type, bytes);
    definition[method.name] = {
      path: `/${name}/${method.name}`,
      requestStream: method.requestStream ?? false,
      responseStream: method.responseStream ?? false,
      requestSerialize: serialize(requestType),
      requestDeserialize: raw.includes(method.name)
        ? (bytes: Buffer) => bytes
        : deserialize(requestType),
      responseSerialize: serialize(responseType),
      responseDeserialize: deserialize(responseType),
    };
  }
  return definition;
}
