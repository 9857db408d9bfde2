import type { MethodInfo, Schema } from '../../schema/schema';
import { decodeStatusDetails } from '../../schema/statusDetails';
import type { CallStatus } from '../../transcript/entry';
import { messageBytes } from '../../transcript/messageBytes';
import type { Transcript } from '../../transcript/transcript';
import { fieldValue, type HeaderField } from '../../wire/frame';
import type { Json } from './compare';
import type { PathStep, Subject } from './expectation';

/** A call that has ended, as expectations look at it. */
export interface Answer {
  readonly status: CallStatus;
  readonly transcript: Transcript;
  readonly schema: Schema;
  readonly method: MethodInfo;
  /** Milliseconds; undefined for none. */
  readonly deadline: number | undefined;
}

/** A value of the answer; or a sentence why there is none. */
export type Found =
  | { readonly found: true; readonly value: Json }
  | { readonly found: false; readonly why: string };

/** Longest message that is decoded to look into it, in bytes. */
const messageLimit = 16 * 1024 * 1024;

/** What a subject is in an answer. `latency` is in milliseconds. */
export function lookAt(subject: Subject, answer: Answer): Found {
  const { status, transcript } = answer;
  switch (subject.kind) {
    case 'status':
      return found(status.name);
    case 'status.message':
      return found(status.message);
    case 'status.details':
      return walk(detailsOf(answer), subject.path, 'status.details');
    case 'messages':
      return found(transcript.messageCount('received'));
    case 'message':
      return lookAtMessage(subject, answer);
    case 'metadata':
      return lookAtMetadata(subject, transcript);
    case 'latency':
      return found((transcript.timing.ended ?? 0) / 1000);
  }
}

function found(value: Json): Found {
  return { found: true, value };
}

function absent(why: string): Found {
  return { found: false, why };
}

function lookAtMessage(
  { index, path }: Extract<Subject, { kind: 'message' }>,
  { transcript, schema, method }: Answer,
): Found {
  const count = transcript.messageCount('received');
  const number = transcript.messageEntry('received', index < 0 ? count + index : index);
  const entry = number === undefined ? undefined : transcript.entry(number);
  if (entry?.kind !== 'message') {
    const came = count === 1 ? '1 message was received' : `${count} messages were received`;
    return absent(`There is no message[${index}]: ${came}.`);
  }
  const { bytes, truncated, problem } = messageBytes(transcript, entry, messageLimit);
  if (problem !== undefined || truncated) {
    return absent(problem ?? 'The message is too long to be looked into.');
  }
  try {
    const json = schema.decode(method.responseType, bytes, { defaults: true });
    return walk(JSON.parse(json) as Json, path, `message[${index}]`);
  } catch (error) {
    return absent(error instanceof Error ? error.message : String(error));
  }
}

function walk(root: Json, path: readonly PathStep[], name: string): Found {
  let value: Json = root;
  let at = name;
  for (const step of path) {
    const next: Json | undefined =
      typeof step === 'number' ? itemOf(value, step) : memberOf(value, step);
    const here = typeof step === 'number' ? `${at}[${step}]` : `${at}.${step}`;
    if (next === undefined) {
      return absent(`There is no ${here}.`);
    }
    value = next;
    at = here;
  }
  return found(value);
}

function itemOf(value: Json, index: number): Json | undefined {
  return Array.isArray(value) ? (value as readonly Json[]).at(index) : undefined;
}

function memberOf(value: Json, name: string): Json | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    return undefined;
  }
  return Object.hasOwn(value, name) ? (value as { readonly [key: string]: Json })[name] : undefined;
}

function detailsOf({ status, schema }: Answer): Json {
  if (!status.detailsBin) {
    return [];
  }
  return decodeStatusDetails(status.detailsBin, schema).details.map(
    ({ type, json, base64 = '' }): Json =>
      json === undefined
        ? { '@type': type, value: base64 }
        : { '@type': type, ...(JSON.parse(json) as { readonly [key: string]: Json }) },
  );
}

function lookAtMetadata(
  { from, key }: Extract<Subject, { kind: 'metadata' }>,
  transcript: Transcript,
): Found {
  const sides = from === 'either' ? (['headers', 'trailers'] as const) : [from];
  for (const side of sides) {
    const value = fieldValue(received(transcript, side), key);
    if (value !== undefined) {
      return found(value);
    }
  }
  const where = from === 'either' ? 'neither headers nor trailers have' : `the ${from} have no`;
  return absent(`${where[0]?.toUpperCase()}${where.slice(1)} ${key}.`);
}

/**
 * Response headers or trailers. A retry has headers of its own: the last ones count. Only the rows before the
 * first message, and those after the last, are read: there may be a million between.
 */
function received(transcript: Transcript, kind: 'headers' | 'trailers'): readonly HeaderField[] {
  const rows = transcript.rowCount('messages');
  const first = transcript.messageEntry('received', 0);
  const lastIndex = transcript.messageCount('received') - 1;
  const last = transcript.messageEntry('received', lastIndex);
  const [from, to] =
    kind === 'headers'
      ? [0, first === undefined ? rows : transcript.rowOf('messages', first)]
      : [last === undefined ? 0 : transcript.rowOf('messages', last), rows];
  let fields: readonly HeaderField[] = [];
  for (let row = from; row < to; row++) {
    const entry = transcript.entry(transcript.entryNumber('messages', row));
    if (entry.kind === kind && entry.direction === 'received') {
      fields = entry.fields;
    }
  }
  return fields;
}
