import { type Client, Metadata } from '@grpc/grpc-js';
import { readFields } from '../wire/protobufFields';

/** `grpc.health.v1.HealthCheckResponse.ServingStatus`, in the numbers of the protocol. */
const servingStatus: Readonly<Record<number, Health>> = {
  1: 'serving',
  2: 'not-serving',
};

/** What a server says of itself or of one service (gRPC Health Checking Protocol). */
export type Health = 'serving' | 'not-serving' | 'unknown';

export interface HealthCheckOptions {
  /** Milliseconds. */
  readonly timeout: number;
  readonly metadata?: Metadata;
}

/** The method that `checkHealth` calls. */
export const healthPath = '/grpc.health.v1.Health/Check';

/**
 * Asks for the health of `service`, a full name; '' is the server as a whole. `undefined` when the server
 * doesn't offer health checks, doesn't know the service, or gives no answer in time. Never rejects.
 */
export function checkHealth(
  client: Client,
  service: string,
  options: HealthCheckOptions,
): Promise<Health | undefined> {
  return new Promise((resolve) => {
    client.makeUnaryRequest<string, Health>(
      healthPath,
      encodeRequest,
      decodeResponse,
      service,
      options.metadata ?? new Metadata(),
      { deadline: Date.now() + options.timeout },
      (error, health) => resolve(error ? undefined : health),
    );
  });
}

/** HealthCheckRequest: `string service = 1`. */
function encodeRequest(service: string): Buffer {
  const name = Buffer.from(service, 'utf8');
  const length: number[] = [];
  let rest = name.length;
  for (; rest > 0x7f; rest >>>= 7) {
    length.push((rest & 0x7f) | 0x80);
  }
  return name.length === 0
    ? Buffer.alloc(0)
    : Buffer.concat([Buffer.from([0x0a, ...length, rest]), name]);
}

/** HealthCheckResponse: `ServingStatus status = 1`. The last one counts, as in any protobuf message. */
function decodeResponse(bytes: Buffer): Health {
  const field = readFields(bytes).fields.findLast((candidate) => candidate.number === 1);
  return (field?.wireType === 'varint' && servingStatus[Number(field.value)]) || 'unknown';
}
