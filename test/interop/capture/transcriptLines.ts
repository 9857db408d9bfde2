import type { FrameEntry } from '../../../src/transcript/entry';
import type { Transcript } from '../../../src/transcript/transcript';
import { decompressMessage } from '../../../src/wire/decompress';
import { FrameType } from '../../../src/wire/frame';
import { decodeFrameBody } from '../../../src/wire/frameBody';
import { MessageReader } from '../../../src/wire/messageReader';
import { content, fieldsLine, frameLine, messageLine, type WireLine } from './wireLine';

export interface TranscriptLine extends WireLine {
  /** Tells streams of different connections apart, stream 0 too. */
  readonly streamIndex: number;
}

/** `40000 to 50051`, the client's first: the system gives one port out again for another server. */
export type ConnectionPorts = string;

/** A connection that the call used, as the transcript names it. */
export interface UsedConnection {
  readonly ports: ConnectionPorts;
  /** It was open before the call began. */
  readonly reused: boolean;
}

export interface CallLines {
  readonly lines: readonly TranscriptLine[];
  /** The connection of each stream of the call, by stream index; stream 0 has none here. */
  readonly connections: ReadonlyMap<number, UsedConnection>;
  /** All that it names. */
  readonly ports: readonly ConnectionPorts[];
}

/** What the transcript of a call says of its connections. */
export function transcriptLines(transcript: Transcript): CallLines {
  const lines: TranscriptLine[] = [];
  const connections = new Map<number, UsedConnection>();
  const named: ConnectionPorts[] = [];
  let latest: UsedConnection | undefined;
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.kind === 'connect' && entry.localAddress !== undefined) {
      const ports = `${portIn(entry.localAddress)} to ${portIn(entry.address)}`;
      named.push(ports);
      latest = { ports, reused: entry.reused !== undefined };
      continue;
    }
    const line = wireLine(transcript, number);
    const streamIndex = transcript.streamIndex(number);
    if (line === undefined || streamIndex === undefined) {
      continue;
    }
    lines.push({ ...line, streamIndex });
    if (line.streamId !== 0 && !connections.has(streamIndex) && latest !== undefined) {
      connections.set(streamIndex, latest);
    }
  }
  return { lines, connections, ports: named };
}

function portIn(address: string): string {
  return /:(\d+)$/.exec(address)?.[1] ?? '';
}

const largestMessage = 16 * 1024 * 1024;

function wireLine(transcript: Transcript, number: number): WireLine | undefined {
  const entry = transcript.entry(number);
  switch (entry.kind) {
    case 'frame': {
      const { direction, header } = entry;
      return frameLine({ direction, ...header, content: contentOf(transcript, entry) });
    }
    case 'headers':
    case 'trailers':
      return fieldsLine({ ...entry, trailersOnly: entry.trailersOnly === true });
    case 'message': {
      const bytes = transcript.payload(number, MessageReader.PREFIX_LENGTH);
      const encoding = entry.compressed ? transcript.messageEncoding(number) : 'identity';
      return messageLine({ ...entry, ...decompressMessage(encoding, bytes, largestMessage) });
    }
    default:
      return undefined;
  }
}

function contentOf(transcript: Transcript, { number, header }: FrameEntry): string {
  const payload = transcript.payload(number);
  if (header.type === FrameType.Data) {
    return content.data(header.length - payload.length, payload);
  }
  const body = decodeFrameBody(header, payload);
  switch (body.kind) {
    case 'headers':
      return content.headers(body.padding, body.priority, body.block);
    case 'priority':
      return content.priority(body);
    case 'rstStream':
      return content.rstStream(body.errorCode);
    case 'settings':
      return content.settings(body.settings);
    case 'ping':
      return content.ping(body.opaque);
    case 'goAway':
      return content.goAway(body.lastStreamId, body.errorCode, body.debugData);
    case 'windowUpdate':
      return content.windowUpdate(body.increment);
    case 'continuation':
      return content.continuation(body.block);
    default:
      throw new Error(`No conversation here has such a frame: ${JSON.stringify(body)}`);
  }
}
