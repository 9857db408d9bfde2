import type { MethodTypes } from '../../panel/messageText';
import { rowSource } from '../../panel/rowSource';
import { type RowSource, timelineRow } from '../../panel/rows';
import type { Schema } from '../../schema/schema';
import type { Entry } from '../../transcript/entry';
import type { Transcript } from '../../transcript/transcript';
import type { Paint, Style } from '../colors';
import { displayWidth } from '../displayWidth';
import { printable } from '../printable';

export interface TimelineSource {
  readonly transcript: Pick<Transcript, 'payload' | 'messageEncoding'>;
  readonly schema: Schema;
  readonly method: MethodTypes;
}

const tones: Readonly<Record<string, Style>> = { ok: 'green', warning: 'yellow', error: 'red' };
const arrows = { sent: '→', received: '←' } as const;
const labelWidth = 16;
const sizeWidth = 11;

/** Writes the entries of a call as lines whose columns stand below each other. */
export class Timeline {
  readonly #rows: RowSource;
  readonly #paint: Paint;
  readonly #columns: number | undefined;
  #previous = 0;

  /** @param columns of the terminal; undefined: no line is cut */
  constructor(
    { transcript, schema, method }: TimelineSource,
    paint: Paint,
    columns: number | undefined,
  ) {
    this.#paint = paint;
    this.#columns = columns;
    this.#rows = rowSource(transcript, schema, method);
  }

  /** With a line end. */
  line(entry: Entry): string {
    const paint = this.#paint;
    const row = timelineRow(entry, entry.number, this.#previous, this.#rows);
    this.#previous = row.time;
    const time = `${milliseconds(row.time)} ms  +${milliseconds(row.delta)}`;
    const arrow = row.direction === undefined ? ' ' : arrows[row.direction];
    const stream = row.streamId === undefined ? '' : String(row.streamId);
    const size = row.size === undefined ? '' : `${row.size} B`;
    const label = printable(row.label).padEnd(labelWidth);
    const head = `${time}  ${arrow} ${stream.padStart(3)}  ${label} ${size.padStart(sizeWidth)}  `;
    const content = cut(printable(row.content), (this.#columns ?? Infinity) - head.length);
    const tone = row.tone === undefined ? undefined : tones[row.tone];
    const shown = [
      paint('dim', time),
      `  ${row.direction === 'sent' ? paint('cyan', arrow) : arrow} `,
      paint('dim', stream.padStart(3)),
      '  ',
      entry.kind === 'frame' ? paint('dim', label) : paint('bold', label),
      ` ${size.padStart(sizeWidth)}  `,
      tone === undefined ? content : paint(tone, content),
    ].join('');
    return `${shown.trimEnd()}\n`;
  }
}

function milliseconds(time: number): string {
  return (time / 1000).toFixed(3).padStart(10);
}

/** At most so many columns of a text; what is cut off is marked by `…`. */
function cut(text: string, columns: number): string {
  if (displayWidth(text) <= columns) {
    return text;
  }
  let shown = '';
  let width = 1;
  for (const character of text) {
    width += displayWidth(character);
    if (width > columns) {
      break;
    }
    shown += character;
  }
  return `${shown}…`;
}
