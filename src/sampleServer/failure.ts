import { Metadata, type ServerErrorResponse, status } from '@grpc/grpc-js';
import { encode } from './descriptors';

/** One detail of a google.rpc.Status: a message type and its value. */
export interface Detail {
  readonly type: string;
  readonly value: object;
}

/** How a handler ends a call with a status: details travel as grpc-status-details-bin. */
export function failure(
  code: number,
  message: string,
  details: readonly Detail[] = [],
  trailers = new Metadata(),
): ServerErrorResponse {
  if (details.length > 0) {
    const any = details.map(({ type, value }) => anyOf(type, encode(type, value)));
    trailers.set(
      'grpc-status-details-bin',
      encode('google.rpc.Status', { code, message, details: any }),
    );
  }
  return Object.assign(new Error(message), { code, details: message, metadata: trailers });
}

/** INVALID_ARGUMENT that names the field. */
export function invalidField(field: string, description: string, reason: string) {
  return failure(status.INVALID_ARGUMENT, `${field}: ${description}`, [
    {
      type: 'google.rpc.BadRequest',
      value: { fieldViolations: [{ field, description, reason }] },
    },
  ]);
}

/** A google.protobuf.Any of an encoded message. */
export function anyOf(type: string, value: Uint8Array) {
  return { typeUrl: `type.googleapis.com/${type}`, value };
}
