import type { Entry } from '../../src/transcript/entry';
import type { Transcript } from '../../src/transcript/transcript';
import type { Direction } from '../../src/wire/frame';
import type { RelayedConnection } from './faultRelay';
import { checksum, type FrameLog, type PassedFrame } from './frameLog';

type FrameEntry = Entry & { kind: 'frame' };

export interface WireComparison {
  readonly problems: readonly string[];
  /** Frames that were held against the relay's own. */
  readonly frames: number;
}

export interface WireFacts {
  readonly connection: RelayedConnection;
  /** All of the channel: a call that is on none yet is told of each. */
  readonly others: readonly RelayedConnection[];
  /** Bytes of the connection that the client has taken in. */
  readonly read: number;
  /** The call ended with its connection: nothing that was taken in may be missing. */
  readonly endedWithConnection: boolean;
}

/** Holds the frames of a call's last stream, and of its connection, against what passed the relay. */
export function compareWithWire(transcript: Transcript, facts: WireFacts): WireComparison {
  const { connection, others, read, endedWithConnection } = facts;
  const problems: string[] = [];
  const entries = framesOf(transcript);
  const opening = openingOf(entries);
  if (!opening) {
    return { problems, frames: 0 };
  }
  const { streamId } = opening.header;
  const stream = transcript.streamIndex(opening.number);
  const own = (direction: Direction) =>
    entries.filter(
      (entry) => entry.direction === direction && transcript.streamIndex(entry.number) === stream,
    );
  const [received, sent] = [own('received'), own('sent')];
  const passed = (log: FrameLog) => log.frames.filter((frame) => frame.streamId === streamId);
  const down = passed(connection.down);
  const texts = (list: readonly FrameEntry[]) => list.map((entry) => ofEntry(transcript, entry));

  problems.push(...prefixProblems('received', texts(received), down.map(ofPassed), 'shown'));
  problems.push(...prefixProblems('sent', texts(sent), passed(connection.up).map(ofPassed)));
  if (endedWithConnection) {
    const taken = down.filter(({ end }) => end <= read).length;
    if (received.length < taken) {
      problems.push(`${taken} frames of the stream were taken in, ${received.length} are shown`);
    }
  }
  problems.push(...messageProblems(transcript, received, down, stream));
  for (const direction of ['received', 'sent'] as const) {
    const logs = others.map(({ down, up }) => (direction === 'received' ? down : up));
    problems.push(...connectionProblems(transcript, entries, direction, logs));
  }
  return { problems, frames: entries.length };
}

/** The stream of the last attempt. */
export function lastStreamOf(transcript: Transcript): number | undefined {
  return openingOf(framesOf(transcript))?.header.streamId;
}

function openingOf(entries: readonly FrameEntry[]): FrameEntry | undefined {
  return entries.findLast(({ direction, header }) => direction === 'sent' && header.type === 1);
}

function framesOf(transcript: Transcript): FrameEntry[] {
  const frames: FrameEntry[] = [];
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.kind === 'frame') {
      frames.push(entry);
    }
  }
  return frames;
}

function ofEntry(transcript: Transcript, { header, number }: FrameEntry): string {
  return inWords(header, checksum(transcript.payload(number)));
}

function ofPassed(frame: PassedFrame): string {
  return inWords(frame, frame.sum);
}

function inWords(
  header: Pick<PassedFrame, 'type' | 'flags' | 'streamId' | 'length'>,
  sum: number,
): string {
  const { type, flags, streamId, length } = header;
  return `type ${type} flags ${flags} stream ${streamId} length ${length} sum ${sum}`;
}

/**
 * One list must be the beginning of the other: a call may end before all of its frames came, and a frame that was sent
 * may be lost. With `shown`, nothing may be shown that did not pass.
 */
function prefixProblems(
  direction: Direction,
  own: readonly string[],
  passed: readonly string[],
  mode?: 'shown',
): string[] {
  const common = Math.min(own.length, passed.length);
  for (let index = 0; index < common; index++) {
    if (own[index] !== passed[index]) {
      return [`frame ${index} ${direction} is ${own[index]}, and ${passed[index]} passed`];
    }
  }
  return mode === 'shown' && own.length > passed.length
    ? [`${own.length} frames ${direction} are shown, ${passed.length} passed`]
    : [];
}

/** As many messages are shown as the frames hold that are shown. */
function messageProblems(
  transcript: Transcript,
  received: readonly FrameEntry[],
  down: readonly PassedFrame[],
  stream: number | undefined,
): string[] {
  const lastData = down.slice(0, received.length).findLast(({ type }) => type === 0);
  const wanted = lastData?.messages ?? 0;
  let shown = 0;
  for (let index = 0; index < transcript.messageCount('received'); index++) {
    const number = transcript.messageEntry('received', index);
    shown += number !== undefined && transcript.streamIndex(number) === stream ? 1 : 0;
  }
  return shown === wanted ? [] : [`${wanted} whole messages were received, ${shown} are shown`];
}

/** Frames of a connection itself are shown while the call runs: a run of them without a gap. */
function connectionProblems(
  transcript: Transcript,
  entries: readonly FrameEntry[],
  direction: Direction,
  logs: readonly FrameLog[],
): string[] {
  const connections = new Map<number | undefined, string[]>();
  for (const entry of entries) {
    if (entry.direction === direction && entry.header.streamId === 0) {
      const index = transcript.streamIndex(entry.number);
      connections.set(index, [...(connections.get(index) ?? []), ofEntry(transcript, entry)]);
    }
  }
  const passed = logs.map((log) => log.frames.filter((it) => it.streamId === 0).map(ofPassed));
  return [...connections.values()]
    .filter((shown) => !passed.some((all) => isRunOf(shown, all, direction === 'sent')))
    .map((shown) => `no connection had these frames ${direction}:\n  ${shown.join('\n  ')}`);
}

/** @param mayBeLost what was sent last may not have reached the relay */
function isRunOf(shown: readonly string[], passed: readonly string[], mayBeLost: boolean): boolean {
  const fits = (from: number) =>
    shown.every((text, index) => {
      const at = passed[from + index];
      return at === undefined ? mayBeLost : at === text;
    });
  return Array.from({ length: passed.length + 1 }, (_, from) => from).some(fits);
}
