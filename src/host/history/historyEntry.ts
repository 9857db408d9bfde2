import { randomBytes } from 'node:crypto';
import type { MethodKind } from '../../grpc/methodKind';
import type { CallStatus } from '../../transcript/entry';
import { type Fields, fieldsOf } from '../fields';
import { parseSavedServers, type Server } from '../servers';

/** What a list of calls shows of one of them. Never holds a secret. */
export interface HistoryEntry {
  /** Names the call's file; a later call has a greater one. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  /** As it was then; it may be another one now, or gone. */
  readonly server: Server;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
  readonly kind: MethodKind;
  /** `message` is cut to a line. */
  readonly status: Pick<CallStatus, 'code' | 'name' | 'message' | 'origin'>;
  /** Microseconds. */
  readonly duration: number;
  readonly sentMessages: number;
  readonly receivedMessages: number;
  readonly receivedBytes: number;
  /** Milliseconds; absent for none. */
  readonly deadline?: number;
  readonly framesAvailable: boolean;
  /** Name of the environment that the request was resolved with. */
  readonly environment?: string;
  /** Digest of the schema that the call was made with; absent when it could not be kept. */
  readonly schema?: string;
  /** Keys of metadata whose values were secrets, and are not kept. */
  readonly hiddenMetadata: readonly string[];
  /** Messages of the request that are not kept with it, because there were too many; the transcript may have them. */
  readonly messagesLeftOut: number;
  /** Whether the caller said that no more messages follow, before the call ended. */
  readonly requestEnded: boolean;
}

/** The version of the files; one with another version is left alone. */
export const entryVersion = 1;

const idPattern = /^\d{15}-[0-9a-f]{8}$/;

/** A new id; no two windows make the same. */
export function newEntryId(startedAt: number): string {
  return `${String(startedAt).padStart(15, '0')}-${randomBytes(4).toString('hex')}`;
}

/** Whether a text is an id, and so safe as the name of a file. */
export function isEntryId(text: unknown): text is string {
  return typeof text === 'string' && idPattern.test(text);
}

export function isSchemaDigest(text: unknown): text is string {
  return typeof text === 'string' && /^[0-9a-f]{64}$/.test(text);
}

const methodKinds: readonly string[] = [
  'unary',
  'clientStreaming',
  'serverStreaming',
  'bidirectional',
] satisfies MethodKind[];

const origins: readonly string[] = [
  'application',
  'intermediary',
  'transport',
  'client',
] satisfies CallStatus['origin'][];

/** An entry as a file has it. Throws when it is none. */
export function parseEntry(id: string, value: unknown): HistoryEntry {
  const fields = fieldsOf(value);
  const status = fieldsOf(fields?.status);
  const [server] = parseSavedServers([fields?.server]);
  const { path, kind, environment, schema, hiddenMetadata } = fields ?? {};
  if (
    !fields ||
    !status ||
    !server ||
    typeof path !== 'string' ||
    !/^\/[^/]+\/[^/]+$/.test(path) ||
    !methodKinds.includes(kind as string) ||
    !origins.includes(status.origin as string)
  ) {
    throw new Error('It has no server, method or status.');
  }
  const deadline = fields.deadline === undefined ? undefined : numberOf(fields, 'deadline');
  return {
    id,
    startedAt: numberOf(fields, 'startedAt'),
    server,
    path,
    kind: kind as MethodKind,
    status: {
      code: numberOf(status, 'code'),
      name: textOf(status, 'name'),
      message: textOf(status, 'message'),
      origin: status.origin as CallStatus['origin'],
    },
    duration: numberOf(fields, 'duration'),
    sentMessages: numberOf(fields, 'sentMessages'),
    receivedMessages: numberOf(fields, 'receivedMessages'),
    receivedBytes: numberOf(fields, 'receivedBytes'),
    ...(deadline === undefined ? {} : { deadline }),
    framesAvailable: fields.framesAvailable !== false,
    ...(typeof environment === 'string' ? { environment } : {}),
    ...(isSchemaDigest(schema) ? { schema } : {}),
    hiddenMetadata: (Array.isArray(hiddenMetadata) ? hiddenMetadata : []).filter(
      (key) => typeof key === 'string',
    ),
    messagesLeftOut: numberOf(fields, 'messagesLeftOut'),
    requestEnded: fields.requestEnded !== false,
  };
}

function numberOf(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    throw new Error(`Its ${name} is no number.`);
  }
  return value;
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value !== 'string') {
    throw new Error(`Its ${name} is no text.`);
  }
  return value;
}

/** `GetListing`. */
export function methodName({ path }: Pick<HistoryEntry, 'path'>): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
