import type { Schema } from '../schema/schema';
import type { Transcript } from '../transcript/transcript';
import { type MethodTypes, messagePreview, messageType } from './messageText';
import type { RowSource } from './rows';

/** What the rows of a call are made from: its transcript, and the schema for what its messages say. */
export function rowSource(
  transcript: Pick<Transcript, 'payload' | 'messageEncoding'>,
  schema: Schema,
  types: MethodTypes,
): RowSource {
  return {
    payload: (entry, from, count) => transcript.payload(entry, from, count),
    preview: (message) =>
      messagePreview(transcript, message, schema, messageType(types, message.direction)),
    encoding: ({ number }) => transcript.messageEncoding(number),
  };
}
