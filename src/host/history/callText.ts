import { setImmediate } from 'node:timers/promises';
import { formatDuration } from '../../grpc/duration';
import { isSecretName } from '../../grpc/secretName';
import { statusDetails } from '../../panel/details';
import { messageType } from '../../panel/messageText';
import { byteSize, microseconds, oneLine, plural } from '../../panel/text';
import type { HeadersEntry, MessageEntry } from '../../transcript/entry';
import { messageBytes } from '../../transcript/messageBytes';
import { securityLabel, securityText } from '../servers';
import type { KeptCall } from './callHistory';
import { fullTime, serverText } from './historyLook';

/** Messages of each direction that are written. */
const messageLimit = 500;
/** Longest message that is written as JSON, in bytes. */
const jsonLimit = 256 * 1024;
/** Text of the messages of one direction, in UTF-16 units. */
const textLimit = 1024 * 1024;
/** Longest line, in UTF-16 units: the diff editor looks into no longer one. */
const lineLimit = 20_000;
/** Milliseconds of work after which others get their turn. */
const turn = 10;

/** Headers that say when or how fast, not what: they stand with the times. */
const volatileHeaders: readonly string[] = ['date', 'grpc-timeout'];

/**
 * A call as text in sections, made to be compared: what is the same in two calls gives the same lines, and what
 * differs in any two, times above all, stands at the end.
 */
export async function callText(call: KeptCall): Promise<string> {
  const { entry, request, transcript } = call;
  const { blocks, messages } = await readRows(call);
  const volatile = blocks.flatMap(({ fields }) => fields.filter(isVolatile));
  const headerSections = blocks.map((block) =>
    section(
      `${block.direction === 'sent' ? 'Request' : 'Response'} ${block.kind}`,
      block.fields.filter((field) => !isVolatile(field)).map(headerLine),
    ),
  );
  const sent = blocks.findIndex(({ direction }) => direction === 'received');
  const split = sent === -1 ? headerSections.length : sent;
  const end = blocks.findIndex(({ kind }) => kind === 'trailers');
  const trailersFrom = end === -1 ? headerSections.length : end;
  const { server, deadline, environment } = entry;
  const { timing } = transcript;
  return [
    `${oneLine(entry.path.slice(1))}\n`,
    section('Target', [
      serverText(entry),
      securityText[securityLabel(server.target.security)],
      ...(server.target.authority === undefined ? [] : [`authority: ${server.target.authority}`]),
      ...(environment === undefined ? [] : [`environment: ${environment}`]),
    ]),
    section('Options', [
      `deadline: ${deadline === undefined ? 'none' : formatDuration(deadline)}`,
      ...Object.entries(request.options)
        .filter(([name, text]) => name !== 'deadline' && text.trim() !== '')
        .map(([name, text]) => `${name}: ${text}`)
        .sort(),
    ]),
    section('Status', statusLines(call)),
    ...headerSections.slice(0, split),
    messageSection('Request messages', messages.sent, transcript.messageCount('sent')),
    ...headerSections.slice(split, trailersFrom),
    messageSection('Response messages', messages.received, transcript.messageCount('received')),
    ...headerSections.slice(trailersFrom),
    section('Timing', [
      `started: ${fullTime(entry.startedAt)}`,
      ...steps.flatMap(([name, label]) => {
        const at = timing[name];
        return typeof at === 'number' ? [`${label}: ${microseconds(at)}`] : [];
      }),
      ...(timing.reusedConnection ? ['over a connection that was open before'] : []),
      ...volatile.map(headerLine),
    ]),
  ].join('\n');
}

const steps = [
  ['resolved', 'name resolved'],
  ['connected', 'connected'],
  ['tlsDone', 'TLS done'],
  ['headersSent', 'headers sent'],
  ['firstByte', 'first byte'],
  ['lastMessage', 'last message'],
  ['ended', 'ended'],
] as const;

function statusLines({ status, schema }: KeptCall): string[] {
  return [
    `${status.code} ${status.name}`,
    // Libraries repeat the name where a server says nothing.
    ...(status.message === '' || status.message === status.name ? [] : status.message.split('\n')),
    `from: ${status.origin}`,
    ...statusDetails(status, schema).flatMap(({ type, json, base64 = '', problem = '' }) => [
      `${type}:`,
      ...(json ?? `${base64} ${problem}`).split('\n'),
    ]),
  ];
}

interface Rows {
  /** Header blocks and trailers. */
  readonly blocks: readonly HeadersEntry[];
  /** The text of each message that is written. */
  readonly messages: { readonly sent: readonly string[]; readonly received: readonly string[] };
}

async function readRows(call: KeptCall): Promise<Rows> {
  const { transcript } = call;
  const blocks: HeadersEntry[] = [];
  const texts = { sent: [] as string[], received: [] as string[] };
  const length = { sent: 0, received: 0 };
  let began = performance.now();
  for (let row = 0; row < transcript.rowCount('messages'); row++) {
    const entry = transcript.entry(transcript.entryNumber('messages', row));
    if (entry.kind === 'headers' || entry.kind === 'trailers') {
      blocks.push(entry);
    } else if (entry.kind === 'message') {
      const { direction } = entry;
      if (texts[direction].length < messageLimit && length[direction] < textLimit) {
        const text = messageText(call, entry);
        texts[direction].push(text);
        length[direction] += text.length;
      }
    }
    if (performance.now() - began > turn) {
      await setImmediate();
      began = performance.now();
    }
  }
  return { blocks, messages: texts };
}

function messageText({ transcript, schema, method }: KeptCall, entry: MessageEntry): string {
  const { bytes, truncated, problem } = messageBytes(transcript, entry, jsonLimit);
  if (problem !== undefined) {
    return problem;
  }
  if (truncated) {
    return `${byteSize(entry.length)}: too long to be written here. Open the call to see it.`;
  }
  try {
    return schema.decode(messageType(method, entry.direction), bytes);
  } catch (error) {
    return `Does not fit its type: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function messageSection(title: string, texts: readonly string[], count: number): string {
  const left = count - texts.length;
  return section(`${title}: ${count}`, [
    ...texts.flatMap((text) => text.split('\n')),
    ...(left > 0 ? [`${plural(left, 'more message')}: open the call to see all.`] : []),
  ]);
}

function section(title: string, lines: readonly string[]): string {
  return `${title}\n${lines.map((line) => `  ${oneLine(line, lineLimit)}\n`).join('')}`;
}

function headerLine([name, value]: HeadersEntry['fields'][number]): string {
  return `${name}: ${isSecretName(name) ? '(hidden)' : value}`;
}

function isVolatile([name]: HeadersEntry['fields'][number]): boolean {
  return volatileHeaders.includes(name);
}
