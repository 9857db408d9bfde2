import { createHash } from 'node:crypto';
import type { Direction, HeaderField } from '../../../src/wire/frame';
import { flagNames, frameTypeName } from '../../../src/wire/frameNames';

/**
 * One thing that both eyes saw on a connection, in words that are equal when they saw the same. Whoever reads a
 * difference reads these.
 */
export interface WireLine {
  readonly kind: 'frame' | 'fields' | 'message';
  readonly direction: Direction;
  /** 0 is the connection itself. */
  readonly streamId: number;
  readonly text: string;
}

export interface FrameFacts {
  readonly direction: Direction;
  readonly type: number;
  readonly flags: number;
  readonly streamId: number;
  readonly length: number;
  /** What the payload says. */
  readonly content: string;
}

export function frameLine(facts: FrameFacts): WireLine {
  const { direction, streamId, type, flags, length, content } = facts;
  const flagsText = `0x${flags.toString(16)} ${flagNames(type, flags).join(' ')}`.trim();
  const words = [frameTypeName(type), `length ${length}`, `flags ${flagsText}`, content];
  return line('frame', direction, streamId, words.filter((word) => word !== '').join(', '));
}

export interface FieldsFacts {
  readonly direction: Direction;
  readonly streamId: number;
  readonly kind: 'headers' | 'trailers';
  readonly trailersOnly: boolean;
  readonly fields: readonly HeaderField[];
}

export function fieldsLine(facts: FieldsFacts): WireLine {
  const { direction, streamId, kind, trailersOnly, fields } = facts;
  const texts = fields.map(([name, value]) => `\n    ${quoted(name)}: ${quoted(value)}`);
  const title = `${kind}${trailersOnly ? ', trailers-only' : ''}`;
  return line('fields', direction, streamId, `${title}${texts.join('')}`);
}

export interface MessageFacts {
  readonly direction: Direction;
  readonly streamId: number;
  readonly compressed: boolean;
  /** On the wire. */
  readonly length: number;
  /** Decompressed. */
  readonly bytes: Uint8Array;
}

export function messageLine(facts: MessageFacts): WireLine {
  const { direction, streamId, compressed, length, bytes } = facts;
  const how = compressed ? 'compressed' : 'not compressed';
  return line('message', direction, streamId, `message of ${length}, ${how}: ${bytesText(bytes)}`);
}

function line(
  kind: WireLine['kind'],
  direction: Direction,
  streamId: number,
  text: string,
): WireLine {
  const arrow = direction === 'sent' ? '->' : '<-';
  return { kind, direction, streamId, text: `${arrow} stream ${streamId}: ${text}` };
}

/** All of a few bytes; of many the first ones, how many there are and their hash. */
export function bytesText(bytes: Uint8Array): string {
  const hex = Buffer.from(bytes.subarray(0, 16)).toString('hex');
  return bytes.length <= 16 ? hex : `${hex}… (${bytes.length} bytes, ${hash(bytes)})`;
}

function quoted(text: string): string {
  const shown = JSON.stringify(text.slice(0, 80));
  const bytes = Buffer.from(text, 'latin1');
  return text.length <= 80 ? shown : `${shown}… (${text.length} bytes, ${hash(bytes)})`;
}

function hash(bytes: Uint8Array): string {
  return `SHA-256 ${createHash('sha256').update(bytes).digest('hex').slice(0, 16)}`;
}

/** The words for what a payload says, by frame type. */
export const content = {
  data: (padding: number, bytes: Uint8Array) => withPadding(padding, bytesText(bytes)),
  headers: (padding: number, priority: Priority | undefined, block: Uint8Array) =>
    withPadding(padding, `${priority ? `${priorityText(priority)}, ` : ''}${bytesText(block)}`),
  priority: priorityText,
  rstStream: (code: number) => `code ${code}`,
  settings: (settings: readonly { readonly id: number; readonly value: number }[]) =>
    settings.map(({ id, value }) => `${id}=${value}`).join(' '),
  ping: bytesText,
  goAway: (lastStreamId: number, code: number, debugData: Uint8Array) =>
    `last stream ${lastStreamId}, code ${code}, debug data ${bytesText(debugData)}`,
  windowUpdate: (increment: number) => `increment ${increment}`,
  continuation: bytesText,
} as const;

export interface Priority {
  readonly dependsOn: number;
  readonly exclusive: boolean;
  readonly weight: number;
}

function priorityText({ dependsOn, exclusive, weight }: Priority): string {
  return `depends on ${dependsOn}${exclusive ? ' alone' : ''}, weight ${weight}`;
}

function withPadding(padding: number, text: string): string {
  return padding > 0 ? `padding ${padding}, ${text}` : text;
}
