import { isSecretName } from '../../grpc/secretName';
import { statusDetails } from '../../panel/details';
import { messageType } from '../../panel/messageText';
import { byteSize, microseconds, oneLine, plural } from '../../panel/text';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { HeadersEntry, MessageEntry } from '../../transcript/entry';
import { messageBytes } from '../../transcript/messageBytes';
import type { Transcript } from '../../transcript/transcript';

export interface Answer {
  readonly transcript: Transcript;
  readonly schema: Schema;
  readonly method: MethodInfo;
  readonly target: string;
  /** Show fields that have their default value. */
  readonly defaults: boolean;
}

/** Bounds of the text: a stream may run for days. The newest messages are shown. */
const messageLimit = 200;
const jsonLimit = 256 * 1024;
const textLimit = 1024 * 1024;

/** What a call has got so far: status, headers, messages as ProtoJSON, trailers and times. */
export function answerText(answer: Answer): string {
  const { transcript, method, target } = answer;
  const headers: HeadersEntry[] = [];
  for (let row = 0; row < Math.min(transcript.rowCount('messages'), 8); row++) {
    const entry = transcript.entry(transcript.entryNumber('messages', row));
    if (entry.kind === 'headers' && entry.direction === 'received') {
      headers.push(entry);
    }
  }
  return [
    `${headline(transcript)}\n# ${oneLine(method.path.slice(1))} on ${oneLine(target)}, ${transcript.startedAt.toISOString()}\n`,
    ...statusSection(answer),
    ...headers.map((entry) => section('Headers', entry.fields.map(headerLine))),
    ...messageSections(answer),
    ...trailerSections(transcript),
  ].join('\n');
}

function headline(transcript: Transcript): string {
  const { status, timing } = transcript;
  const received = plural(transcript.messageCount('received'), 'message');
  return status === undefined
    ? `RUNNING · ${received}`
    : `${status.name} · ${microseconds(timing.ended ?? 0)} · ${received}`;
}

function statusSection({ transcript: { status }, schema }: Answer): string[] {
  if (!status || status.name === 'OK') {
    return [];
  }
  const details = statusDetails(status, schema).flatMap(({ type, json, base64, problem }) => [
    section(`Detail: ${type}`, [json ?? `# ${base64 ?? ''} ${problem ?? ''}`]),
  ]);
  return [
    comments([
      ...(status.message === '' ? [] : [status.message]),
      status.explanation,
      ...status.nextActions,
    ]),
    ...details,
  ];
}

function messageSections(answer: Answer): string[] {
  const { transcript } = answer;
  const count = transcript.messageCount('received');
  const sections: string[] = [];
  let length = 0;
  let first = count;
  while (first > 0 && count - first < messageLimit && length < textLimit) {
    const number = transcript.messageEntry('received', first - 1);
    const entry = number === undefined ? undefined : transcript.entry(number);
    if (entry?.kind !== 'message') {
      break;
    }
    first--;
    const text = messageText(answer, entry);
    length += text.length;
    const title = count === 1 ? 'Message' : `Message ${first + 1}, ${microseconds(entry.time)}`;
    sections.unshift(section(title, [text]));
  }
  return first === 0
    ? sections
    : [
        comments([`${plural(first, 'message')} before these: the request panel shows all.`]),
        ...sections,
      ];
}

function messageText(
  { transcript, schema, method, defaults }: Answer,
  entry: MessageEntry,
): string {
  const { bytes, truncated, problem } = messageBytes(transcript, entry, jsonLimit);
  if (problem !== undefined || truncated) {
    return `# ${oneLine(problem ?? `${byteSize(entry.length)}: the request panel shows it.`)}`;
  }
  try {
    return schema.decode(messageType(method, entry.direction), bytes, { defaults });
  } catch (error) {
    return `# ${oneLine(error instanceof Error ? error.message : String(error))}`;
  }
}

function trailerSections(transcript: Transcript): string[] {
  const rows = transcript.rowCount('messages');
  for (let row = rows - 1; row >= Math.max(0, rows - 8); row--) {
    const entry = transcript.entry(transcript.entryNumber('messages', row));
    if (entry.kind === 'trailers') {
      return [section('Trailers', entry.fields.map(headerLine))];
    }
  }
  return [];
}

function headerLine([name, value]: HeadersEntry['fields'][number]): string {
  return `${oneLine(name)}: ${isSecretName(name) ? '(hidden)' : oneLine(value, 4000)}`;
}

function comments(lines: readonly string[]): string {
  return `${lines.map((line) => `# ${oneLine(line, 2000)}\n`).join('')}`;
}

function section(title: string, lines: readonly string[]): string {
  return `# ${oneLine(title)}\n${lines.map((line) => `${line}\n`).join('')}`;
}
