/** `grpc-status-details-bin`: a google.rpc.Status in base64 ("The gRPC error model"). */

import { DecodeError } from './bodyError';
import { createSchema } from './createSchema';
import { type DynamicMessage, decodeMessage, isMessage, type Value } from './dynamicMessage';
import { readBase64 } from './jsonScalars';
import type { Schema } from './schema';
import { TypePool } from './typePool';

export interface StatusDetail {
  /** Full name of the type; '' when the message has none. Untrusted text. */
  readonly type: string;
  /** ProtoJSON, when the type is known and the bytes fit it. */
  readonly json?: string;
  /** The bytes otherwise. */
  readonly base64?: string;
  readonly problem?: string;
}

export interface StatusDetails {
  /** Absent when the value could not be decoded. */
  readonly code?: number;
  readonly message?: string;
  readonly details: readonly StatusDetail[];
  /** Why the value as a whole could not be decoded; `details` then holds its bytes. */
  readonly problem?: string;
}

let shared: { pool: TypePool; schema: Schema } | undefined;

function builtins(): { pool: TypePool; schema: Schema } {
  if (!shared) {
    const pool = new TypePool([]);
    shared = { pool, schema: createSchema(pool, []) };
  }
  return shared;
}

/** Never throws. `value` is the trailer as it came, padded or not; `schema` knows the details' own types. */
export function decodeStatusDetails(value: string, schema?: Schema): StatusDetails {
  const read = readBase64(value.trim());
  if (!read.ok) {
    const base64 = Buffer.from(value, 'latin1').toString('base64');
    return failure(
      base64,
      `grpc-status-details-bin is no base64; its text is shown as bytes. ${read.reason}`,
    );
  }
  const { pool } = builtins();
  const type = pool.message('google.rpc.Status');
  if (!type) {
    return failure(value, 'google.rpc.Status is not known.');
  }
  let status: DynamicMessage;
  try {
    status = decodeMessage(type, read.value);
  } catch (error) {
    if (error instanceof DecodeError) {
      return failure(value, `grpc-status-details-bin is no google.rpc.Status. ${error.message}`);
    }
    throw error;
  }
  const details = member(status, 3);
  return {
    code: Number(member(status, 1) ?? 0),
    message: String(member(status, 2) ?? ''),
    details: (Array.isArray(details) ? details : []).flatMap((it) =>
      isMessage(it) ? [detail(it, schema)] : [],
    ),
  };
}

function failure(base64: string, problem: string): StatusDetails {
  return { details: [{ type: 'google.rpc.Status', base64, problem }], problem };
}

function member(message: DynamicMessage, number: number): Value | undefined {
  const field = message.type.byNumber.get(number);
  return field && message.values.get(field);
}

function detail(any: DynamicMessage, schema: Schema | undefined): StatusDetail {
  const url = String(member(any, 1) ?? '');
  const type = url.slice(url.lastIndexOf('/') + 1);
  const value = member(any, 2);
  const bytes = value instanceof Uint8Array ? value : new Uint8Array();
  const known = [schema, builtins().schema].find((it) => it?.hasType(type));
  let problem = type === '' ? 'The detail has no type.' : `The type ${type} is not in the schema.`;
  if (known) {
    try {
      return { type, json: known.decode(type, bytes) };
    } catch (error) {
      if (!(error instanceof DecodeError)) {
        throw error;
      }
      problem = error.message;
    }
  }
  return { type, base64: Buffer.from(bytes).toString('base64'), problem };
}
