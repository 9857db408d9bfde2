import type { Schema } from '../schema/schema';
import { messageBytes } from '../transcript/messageBytes';
import type { Transcript } from '../transcript/transcript';
import type { TimelineView } from '../transcript/view';
import { type MethodTypes, messageType } from './messageText';
import type { FindResult } from './protocol';
import { type RowSource, timelineRow } from './rows';

export interface FindQuery {
  readonly view: TimelineView;
  readonly text: string;
  /** The first row that may be the answer. */
  readonly from: number;
  readonly backwards: boolean;
}

export interface FindSource extends RowSource {
  readonly transcript: Pick<
    Transcript,
    'entry' | 'entryNumber' | 'rowCount' | 'payload' | 'messageEncoding'
  >;
  readonly schema: Schema;
  readonly types: MethodTypes;
}

/** Bytes of a message that are decoded to be searched. */
const messageLimit = 256 * 1024;

/** Milliseconds without giving other work a turn: well below what a person notices. */
const slice = 15;

/** Milliseconds after which a search returns with what it has; the caller goes on from `searchedTo`. */
const budget = 2000;

/**
 * The nearest row whose label, content or JSON has the text, case ignored. Works in slices, so that a
 * transcript of a million rows does not hold up anything else, and stops when `cancelled` says so.
 */
export async function findRow(
  query: FindQuery,
  source: FindSource,
  cancelled: () => boolean = () => false,
): Promise<FindResult> {
  const needle = query.text.toLowerCase();
  const rows = source.transcript.rowCount(query.view);
  const step = query.backwards ? -1 : 1;
  const started = performance.now();
  let sliceStarted = started;
  let row = Math.min(Math.max(0, query.from), Math.max(0, rows - 1));
  for (; row >= 0 && row < rows; row += step) {
    const now = performance.now();
    if (now - sliceStarted > slice) {
      if (now - started > budget) {
        return { row: -1, complete: false, searchedTo: row };
      }
      await new Promise<void>((resolve) => setImmediate(resolve));
      if (cancelled()) {
        return { row: -1, complete: false, searchedTo: row };
      }
      sliceStarted = performance.now();
    }
    if (rowHas(needle, row, query.view, source)) {
      return { row, complete: true, searchedTo: row };
    }
  }
  return { row: -1, complete: true, searchedTo: Math.min(Math.max(0, row), Math.max(0, rows - 1)) };
}

function rowHas(needle: string, row: number, view: TimelineView, source: FindSource): boolean {
  const entry = source.transcript.entry(source.transcript.entryNumber(view, row));
  if (entry.kind === 'headers' || entry.kind === 'trailers') {
    return entry.fields.some(([name, value]) => `${name}: ${value}`.toLowerCase().includes(needle));
  }
  if (entry.kind !== 'message') {
    const { label, content } = timelineRow(entry, row, entry.time, source);
    return `${label} ${content}`.toLowerCase().includes(needle);
  }
  const type = messageType(source.types, entry.direction);
  const { bytes, problem } = messageBytes(source.transcript, entry, messageLimit);
  if (problem !== undefined) {
    return false;
  }
  try {
    return source.schema.decode(type, bytes, { oneLine: true }).toLowerCase().includes(needle);
  } catch {
    // What can't be decoded, or was cut, is searched as the text that stands in its bytes.
    return Buffer.from(bytes).toString('utf8').toLowerCase().includes(needle);
  }
}
