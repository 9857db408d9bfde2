import type { Direction } from '../../../src/wire/frame';
import { difference } from './difference';
import type { CallLines, ConnectionPorts, TranscriptLine } from './transcriptLines';
import type { CapturedConnections, CapturedLine } from './tsharkLines';
import type { WireLine } from './wireLine';

export interface Comparison {
  /** Frames of the capture that stand in a transcript as well. */
  readonly compared: number;
  /** Frames of a connection itself that came while no call ran. */
  readonly betweenCalls: number;
  /**
   * Frames that came for a stream that was closed: its call was over. C core may send trailers twice at a deadline, Go
   * a RST_STREAM behind them.
   */
  readonly afterEnd: number;
  /** Frames that were written here when the server had closed the connection. */
  readonly unsent: number;
  readonly differences: readonly string[];
}

/** Holds the transcripts of all calls of a conversation to the capture of it. */
export function compare(calls: readonly CallLines[], captured: CapturedConnections): Comparison {
  const result = new Result();
  for (const call of calls) {
    for (const part of partsOf(call, captured)) {
      comparePart(part, result);
    }
  }
  return result.sum(captured);
}

class Result {
  readonly differences: string[] = [];
  /** Positions in the capture. */
  readonly seen = new Set<number>();
  readonly late = new Set<number>();
  unsent = 0;

  sum(captured: CapturedConnections): Comparison {
    let betweenCalls = 0;
    for (const [ports, { lines }] of captured) {
      for (const { kind, streamId, position, text } of lines) {
        if (kind !== 'frame' || this.seen.has(position) || this.late.has(position)) {
          continue;
        }
        if (streamId === 0) {
          betweenCalls++;
        } else if (this.differences.length === 0) {
          this.differences.push(`no transcript has, on ports ${ports}: ${text}`);
        }
      }
    }
    const frames = [...captured.values()]
      .flatMap(({ lines }) => lines)
      .filter(({ kind }) => kind === 'frame');
    return {
      compared: frames.filter(({ position }) => this.seen.has(position)).length,
      afterEnd: frames.filter(({ position }) => this.late.has(position)).length,
      betweenCalls,
      unsent: this.unsent,
      differences: this.differences,
    };
  }
}

/** What a call says of one connection, and what was captured there of its streams and of the connection itself. */
interface Part {
  readonly ports: ConnectionPorts;
  /** The call had the connection opened, and so has it from its first frame on. */
  readonly fresh: boolean;
  readonly told: readonly TranscriptLine[];
  readonly captured: readonly CapturedLine[];
  readonly closedByServer: boolean;
}

function partsOf({ lines, connections }: CallLines, captured: CapturedConnections): Part[] {
  const used = new Set([...connections.values()].map(({ ports }) => ports));
  const parts = [...used].map((ports): Part => {
    const own = [...connections].filter(([, connection]) => connection.ports === ports);
    const indexes = new Set(own.map(([index]) => index));
    const told = lines.filter(({ streamIndex }) => indexes.has(streamIndex));
    const ids = new Set(told.map(({ streamId }) => streamId));
    return {
      ports,
      fresh: own.every(([, { reused }]) => !reused),
      told,
      captured: linesOf(captured, ports).filter(({ streamId }) => ids.has(streamId)),
      closedByServer: captured.get(ports)?.closedByServer === true,
    };
  });
  const result = new Map(parts.map((part) => [part.ports, part]));
  for (const group of connectionGroups(lines)) {
    const ports = portsOf(group, parts, captured);
    const part = result.get(ports) ?? {
      ports,
      fresh: false,
      told: [],
      captured: [],
      closedByServer: captured.get(ports)?.closedByServer === true,
    };
    const all = new Set<WireLine>([...part.told, ...group]);
    const frames = new Set<WireLine>([...part.captured, ...connectionLines(captured, ports)]);
    result.set(ports, {
      ...part,
      told: lines.filter((line) => all.has(line)),
      captured: linesOf(captured, ports).filter((line) => frames.has(line)),
    });
  }
  return [...result.values()];
}

/** The frames of stream 0, a group for each connection. */
function connectionGroups(lines: readonly TranscriptLine[]): readonly TranscriptLine[][] {
  const groups = new Map<number, TranscriptLine[]>();
  for (const line of lines) {
    if (line.streamId === 0) {
      groups.set(line.streamIndex, [...(groups.get(line.streamIndex) ?? []), line]);
    }
  }
  return [...groups.values()];
}

/**
 * A transcript does not name the connection that its frames of stream 0 came on: it is the one where they were
 * captured, which is that of its stream unless the call waited while another one closed.
 */
function portsOf(
  group: readonly TranscriptLine[],
  parts: readonly Part[],
  captured: CapturedConnections,
): ConnectionPorts {
  const own = parts.map(({ ports, fresh }) => ({ ports, fresh }));
  const others = [...captured.keys()]
    .filter((ports) => !own.some((part) => part.ports === ports))
    .map((ports) => ({ ports, fresh: false }));
  const fits = [...own, ...others].find(({ ports, fresh }) => {
    const lines = connectionLines(captured, ports);
    return directions.every((direction) => {
      const told = group.filter((line) => line.direction === direction);
      const seen = lines.filter((line) => line.direction === direction);
      return told.every(
        (line, index) => line.text === seen[startOf(told, seen, fresh) + index]?.text,
      );
    });
  });
  return (fits ?? own[0])?.ports ?? '';
}

function connectionLines(captured: CapturedConnections, ports: ConnectionPorts): CapturedLine[] {
  return linesOf(captured, ports).filter(({ streamId }) => streamId === 0);
}

function linesOf(captured: CapturedConnections, ports: ConnectionPorts): readonly CapturedLine[] {
  return captured.get(ports)?.lines ?? [];
}

const directions: readonly Direction[] = ['sent', 'received'];

function comparePart(part: Part, result: Result): void {
  const before = result.differences.length;
  const closed = closedStreams(part.told);
  const begun = part.captured.find(({ streamId }) => streamId !== 0)?.position;
  const positions = new Map<WireLine, number>();
  for (const direction of directions) {
    const told = part.told.filter((line) => line.direction === direction);
    const seen = part.captured.filter((line) => line.direction === direction);
    const start = startOf(told, seen, part.fresh, begun);
    const { edits, rest } = difference(
      seen.slice(start),
      told,
      (one, other) => one.text === other.text,
    );
    if (direction === 'sent' && part.closedByServer) {
      while (edits.at(-1)?.actual !== undefined) {
        result.unsent += edits.pop()?.actual?.kind === 'frame' ? 1 : 0;
      }
    }
    for (const { both, expected, actual } of edits) {
      if (both !== undefined) {
        const [line, entry] = both;
        positions.set(entry, line.position);
        result.seen.add(line.position);
      } else {
        result.differences.push(
          expected ? `captured only: ${expected.text}` : `told only: ${actual?.text}`,
        );
      }
    }
    for (const line of rest) {
      if (line.streamId === 0) {
        continue;
      }
      if (direction === 'received' && closed.has(line.streamId)) {
        result.late.add(line.position);
      } else {
        result.differences.push(`captured only: ${line.text}`);
      }
    }
  }
  if (result.differences.length === before) {
    result.differences.push(...orderDifferences(part, positions));
  }
}

/** Streams that one side has reset or both have ended. */
function closedStreams(told: readonly WireLine[]): Set<number> {
  const frames = told.filter(({ kind }) => kind === 'frame');
  const ended = (direction: Direction): Set<number> =>
    new Set(
      frames
        .filter((line) => line.direction === direction && /\bEND_STREAM\b/.test(line.text))
        .map(({ streamId }) => streamId),
    );
  const [here, there] = [ended('sent'), ended('received')];
  const reset = frames.filter(({ text }) => /: RST_STREAM,/.test(text));
  return new Set([
    ...reset.map(({ streamId }) => streamId),
    ...[...here].filter((streamId) => there.has(streamId)),
  ]);
}

/**
 * Where in the capture the transcript begins: with the connection, or, where it was open before, as many frames of
 * the connection itself later as fits best. From `begun` on, where the call's own first frame was captured, none may
 * be missing.
 */
function startOf(
  told: readonly WireLine[],
  captured: readonly CapturedLine[],
  fresh: boolean,
  begun = Number.POSITIVE_INFINITY,
): number {
  const last = fresh ? 0 : captured.filter(({ position }) => position < begun).length;
  let best = { start: 0, misses: Number.POSITIVE_INFINITY };
  for (let start = 0; start <= last; start++) {
    const misses = told.filter(({ text }, index) => captured[start + index]?.text !== text).length;
    if (misses <= best.misses) {
      best = { start, misses };
    }
  }
  return best.start;
}

/**
 * A frame that this side sends is written down before it is on the wire, one that comes after it was. So what was
 * captured first, sent before received, has to stand so; the other way round they may cross.
 */
function orderDifferences(part: Part, positions: ReadonlyMap<WireLine, number>): string[] {
  const found: string[] = [];
  const at = (line: WireLine): number => positions.get(line) ?? Number.NaN;
  const sent = part.told.filter(({ direction }) => direction === 'sent');
  let told = 0;
  for (const line of part.told) {
    if (line.direction === 'sent') {
      told++;
      continue;
    }
    const behind = sent.slice(told).find((later) => at(later) < at(line));
    if (behind !== undefined) {
      found.push(`captured before ${line.text} and told behind it: ${behind.text}`);
    }
  }
  return found;
}
