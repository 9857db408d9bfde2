import { isSecretName } from '../grpc/secretName';
import type { DecodeOptions, Schema } from '../schema/schema';
import type { Entry, HeadersEntry, MessageEntry } from '../transcript/entry';
import { messageBytes } from '../transcript/messageBytes';
import type { Transcript } from '../transcript/transcript';
import { FrameType } from '../wire/frame';
import { frameTypeName } from '../wire/frameNames';
import { statusDetails } from './details';
import { type MethodTypes, messageType } from './messageText';
import { type RowSource, timelineRow } from './rows';

export type ExportFormat = 'text' | 'jsonl';

export interface ExportSource extends RowSource {
  readonly transcript: Pick<
    Transcript,
    'entry' | 'length' | 'payload' | 'messageEncoding' | 'startedAt'
  >;
  readonly schema: Schema;
  readonly types: MethodTypes;
  /** What the call was, for the heading. */
  readonly title: { readonly target: string; readonly method: string };
}

/** Longest message that is written as JSON; a longer one is written as base64. */
const jsonLimit = 4 * 1024 * 1024;

const hidden = '(hidden)';

/** The whole transcript in pieces that end with a line end. Pieces are made one by one: nothing is held. */
export function* exportTranscript(source: ExportSource, format: ExportFormat): Generator<string> {
  const { transcript, title } = source;
  if (format === 'jsonl') {
    yield `${JSON.stringify({ kind: 'call', ...title, startedAt: transcript.startedAt.toISOString(), timeUnit: 'microseconds' })}\n`;
  } else {
    yield `${printable(title.method)} on ${printable(title.target)}, ${transcript.startedAt.toISOString()}\n\n`;
  }
  let previousTime = 0;
  for (let number = 0; number < transcript.length; number++) {
    const entry = withoutSecrets(transcript.entry(number));
    yield format === 'jsonl'
      ? `${jsonLine(entry, source)}\n`
      : textLines(entry, previousTime, source);
    previousTime = entry.time;
  }
}

function withoutSecrets(entry: Entry): Entry {
  if (entry.kind !== 'headers' && entry.kind !== 'trailers') {
    return entry;
  }
  return {
    ...entry,
    fields: entry.fields.map(([name, value]): HeadersEntry['fields'][number] => [
      name,
      isSecretName(name) ? hidden : value,
    ]),
  };
}

function jsonLine(entry: Entry, source: ExportSource): string {
  switch (entry.kind) {
    case 'frame':
      return JSON.stringify({
        ...entry,
        type: frameTypeName(entry.header.type),
        ...framePayload(entry.number, entry.header.type, source),
      });
    case 'message': {
      const json = messageJson(entry, source);
      const head = JSON.stringify({
        ...entry,
        type: messageType(source.types, entry.direction),
        ...(json === undefined ? { base64: wireBase64(entry, source) } : {}),
      });
      // As the decoder wrote it: a second trip through JavaScript values would change nothing but could.
      return json === undefined ? head : `${head.slice(0, -1)},"json":${json}}`;
    }
    case 'status':
      return JSON.stringify({
        ...entry,
        details: statusDetails(entry.status, source.schema),
      });
    default:
      return JSON.stringify(entry);
  }
}

/** Header blocks may hold secrets and DATA is in the messages: neither is written as bytes. */
function framePayload(number: number, type: number, source: ExportSource): { base64?: string } {
  const inOtherEntries: readonly number[] = [
    FrameType.Data,
    FrameType.Headers,
    FrameType.Continuation,
    FrameType.PushPromise,
  ];
  return inOtherEntries.includes(type)
    ? {}
    : { base64: Buffer.from(source.transcript.payload(number)).toString('base64') };
}

function textLines(entry: Entry, previousTime: number, source: ExportSource): string {
  const row = timelineRow(entry, entry.number, previousTime, source);
  const arrow = row.direction === 'sent' ? '→' : row.direction === 'received' ? '←' : ' ';
  const time = (row.time / 1000).toFixed(3).padStart(12);
  const size = row.size === undefined ? '' : ` [${row.size}]`;
  const first = `${time} ms ${arrow} ${row.label}${size}`;
  switch (entry.kind) {
    case 'message':
      return `${first}\n${indented(messageText(entry, source))}`;
    case 'headers':
    case 'trailers':
      return `${first}\n${indented(entry.fields.map(([name, value]) => `${name}: ${value}`).join('\n'))}`;
    case 'status':
      return `${first} ${row.content}\n${indented(
        [
          entry.status.explanation,
          ...entry.status.evidence.map((line) => `- ${line}`),
          ...entry.status.nextActions.map((line) => `Next: ${line}`),
          ...statusDetails(entry.status, source.schema).map(
            ({ type, json, base64 = '', problem = '' }) => `${type}: ${json ?? base64} ${problem}`,
          ),
        ].join('\n'),
      )}`;
    default:
      return `${first} ${row.content}\n`;
  }
}

function messageText(entry: MessageEntry, source: ExportSource): string {
  return decoded(entry, source) ?? wireBase64(entry, source);
}

function messageJson(entry: MessageEntry, source: ExportSource): string | undefined {
  return decoded(entry, source, { oneLine: true });
}

function decoded(
  entry: MessageEntry,
  source: ExportSource,
  options?: DecodeOptions,
): string | undefined {
  const { bytes, truncated, problem } = messageBytes(source.transcript, entry, jsonLimit);
  if (truncated || problem !== undefined) {
    return undefined;
  }
  try {
    return source.schema.decode(messageType(source.types, entry.direction), bytes, options);
  } catch {
    return undefined;
  }
}

/** Prefix and message as on the wire. */
function wireBase64(entry: MessageEntry, source: ExportSource): string {
  return Buffer.from(source.transcript.payload(entry.number)).toString('base64');
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => `                  ${printable(line)}\n`)
    .join('');
}

/** A terminal that shows the file must not obey what a server wrote into it. */
function printable(line: string): string {
  return line.replace(/[\p{Cc}]/gu, '\uFFFD');
}
