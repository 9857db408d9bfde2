import type { Schema } from '../schema/schema';
import type { Entry, MessageEntry } from '../transcript/entry';
import { messageBytes } from '../transcript/messageBytes';
import type { Transcript } from '../transcript/transcript';
import { readFields } from '../wire/protobufFields';
import { byteSize, oneLine } from './text';

/** The message types of a method. */
export interface MethodTypes {
  readonly requestType: string;
  readonly responseType: string;
}

/** The type of a message that went in `direction`. */
export function messageType(types: MethodTypes, direction: MessageEntry['direction']): string {
  return direction === 'sent' ? types.requestType : types.responseType;
}

/** Longest message that a row decodes; of longer ones it shows the first fields as they stand in the bytes. */
const previewLimit = 2 * 1024;

/** What a message says, in one line. Its cost does not grow with the message. */
export function messagePreview(
  transcript: Pick<Transcript, 'payload' | 'messageEncoding'>,
  entry: MessageEntry,
  schema: Schema,
  typeName: string,
): string {
  const { bytes, truncated, problem } = messageBytes(transcript, entry, previewLimit);
  if (problem !== undefined) {
    return problem;
  }
  if (truncated) {
    return `${byteSize(entry.length)}: ${firstFields(bytes, schema, typeName)}`;
  }
  try {
    return schema.decode(typeName, bytes, { oneLine: true });
  } catch (error) {
    return `Does not fit ${typeName}: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** Whole fields at the beginning of a message. */
function firstFields(bytes: Uint8Array, schema: Schema, typeName: string): string {
  const whole = readFields(bytes, 0, bytes.length, { fields: 8 }).fields.at(-1)?.end ?? 0;
  const fields = schema
    .fields(typeName, bytes.subarray(0, whole))
    .map((field) => `${field.name ?? field.number}: ${oneLine(field.value, 80)}`);
  return fields.length === 0 ? 'open it to see what is in it' : `${fields.join(', ')}, …`;
}

/** Indented JSON text on one line; strings are left as they are. */
export function compactJson(json: string): string {
  // Begins at the line end, which no string holds: what a server writes into strings must not slow it down.
  return json.replace(/\n */g, ' ');
}

/** An entry as `message` or nothing. */
export function asMessage(entry: Entry): MessageEntry | undefined {
  return entry.kind === 'message' ? entry : undefined;
}
