import type { RecordBody } from './entry';

/** `messages`: headers, messages, trailers, status, notes and what failed before them. `frames`: everything. */
export type TimelineView = 'messages' | 'frames';

/** Whether what is neither a frame nor a message is a row of the messages view. */
export function isMessagesRow(body: RecordBody): boolean {
  switch (body.kind) {
    case 'resolution':
    case 'connect':
    case 'tls':
      return body.error !== undefined;
    default:
      return true;
  }
}
