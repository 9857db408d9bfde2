import { describe, expect, it } from 'vitest';
import type { Direction } from '../../../src/wire/frame';
import { compare } from './compare';
import type { CallLines, ConnectionPorts, TranscriptLine } from './transcriptLines';
import type { CapturedConnection, CapturedConnections } from './tsharkLines';
import type { WireLine } from './wireLine';

/** `> 1 DATA`: a frame that was sent on stream 1. */
function line(text: string): WireLine {
  const [arrow, streamId, ...words] = text.split(' ');
  const direction: Direction = arrow === '>' ? 'sent' : 'received';
  const kind = words[0] === 'fields' ? 'fields' : 'frame';
  const shown = `${direction === 'sent' ? '->' : '<-'} stream ${streamId}: ${words.join(' ')}`;
  return { kind, direction, streamId: Number(streamId), text: shown };
}

const ports = '40000 to 50051';

function captured(...texts: readonly string[]): Map<ConnectionPorts, CapturedConnection> {
  const lines = texts.map((text, position) => ({ ...line(text), position }));
  return new Map([[ports, { lines, closedByServer: false }]]);
}

function closed(connections: CapturedConnections): CapturedConnections {
  return new Map([...connections].map(([key, it]) => [key, { ...it, closedByServer: true }]));
}

function told(reused: boolean, ...texts: readonly string[]): CallLines {
  const lines: TranscriptLine[] = texts.map((text) => {
    const { streamId, ...rest } = line(text);
    return { ...rest, streamId, streamIndex: streamId };
  });
  const own = new Set(lines.map(({ streamId }) => streamId).filter((id) => id !== 0));
  const connection = { ports, reused };
  const connections = new Map([...own].map((id) => [id, connection] as const));
  return { lines, connections, ports: [ports] };
}

const conversation = [
  '> 0 SETTINGS, 4=65535',
  '< 0 SETTINGS, 5=16384',
  '> 0 SETTINGS, ACK',
  '> 1 HEADERS, 88c1',
  '> 1 fields',
  '> 1 DATA, abc',
  '< 0 PING, 01',
  '< 1 HEADERS, 82',
  '< 1 fields',
  '< 1 DATA, def',
  '< 1 HEADERS, END_STREAM',
  '< 1 fields',
];

describe('a transcript beside its capture', () => {
  it('is equal when every frame is, in its place', () => {
    expect(compare([told(false, ...conversation)], captured(...conversation))).toEqual({
      compared: 9,
      betweenCalls: 0,
      afterEnd: 0,
      unsent: 0,
      differences: [],
    });
  });

  it.each(conversation.map((text, index) => [text, index] as const))(
    'differs without %s',
    (_text, index) => {
      const less = conversation.filter((_, at) => at !== index);
      const { differences } = compare([told(false, ...less)], captured(...conversation));
      expect(differences).toEqual([
        expect.stringMatching(/^(captured only|no transcript has, on ports 40000 to 50051): /),
      ]);
      const more = compare([told(false, ...conversation)], captured(...less));
      expect(more.differences).toEqual([expect.stringMatching(/^told only: /)]);
    },
  );

  it.each(conversation.map((text, index) => [text, index] as const))(
    'differs with another word in %s',
    (text, index) => {
      const other = conversation.with(index, `${text} and more`);
      expect(compare([told(false, ...other)], captured(...conversation)).differences).not.toEqual(
        [],
      );
    },
  );

  it('differs when two frames of one direction change places', () => {
    const swapped = conversation.with(9, '< 1 DATA, 2').with(7, '< 1 DATA, 1');
    const other = swapped.with(9, '< 1 DATA, 1').with(7, '< 1 DATA, 2');
    expect(compare([told(false, ...other)], captured(...swapped)).differences).not.toEqual([]);
  });

  it('has to tell what was sent before an answer before it, and not the other way round', () => {
    const lines = ['> 1 HEADERS', '< 0 PING', '> 0 PING, ACK', '< 1 HEADERS'];
    const crossed = ['> 1 HEADERS', '< 0 PING', '< 1 HEADERS', '> 0 PING, ACK'];
    expect(compare([told(false, ...crossed)], captured(...lines)).differences).toEqual([
      'captured before <- stream 1: HEADERS and told behind it: -> stream 0: PING, ACK',
    ]);
    expect(compare([told(false, ...lines)], captured(...crossed)).differences).toEqual([]);
  });

  it('may begin later on a connection that was open, and misses nothing from there', () => {
    const before = ['< 0 PING, 1', '> 0 PING, ACK 1'];
    const call = ['> 3 HEADERS', '< 0 PING, 2', '> 0 PING, ACK 2', '< 3 HEADERS, END_STREAM'];
    const all = captured(...before, ...call, '< 0 PING, 3');
    expect(compare([told(true, ...call)], all)).toEqual({
      compared: 4,
      betweenCalls: 3,
      afterEnd: 0,
      unsent: 0,
      differences: [],
    });
    const withoutPing = call.filter((text) => !text.includes('PING, 2'));
    expect(compare([told(true, ...withoutPing)], all).differences).toEqual([
      'captured only: <- stream 0: PING, 2',
    ]);
    expect(compare([told(false, ...call)], all).differences).not.toEqual([]);
  });

  it('needs not tell what comes for a stream after its end, but what was sent', () => {
    const call = ['> 1 HEADERS', '< 1 HEADERS', '> 1 RST_STREAM, code 8'];
    const all = captured(...call, '< 1 DATA');
    expect(compare([told(false, ...call)], all)).toMatchObject({ afterEnd: 1, differences: [] });
    const byServer = ['> 1 HEADERS', '< 1 HEADERS, END_STREAM', '< 1 RST_STREAM, code 0'];
    const twice = captured(...byServer, '< 1 HEADERS, END_STREAM');
    expect(compare([told(false, ...byServer)], twice)).toMatchObject({
      afterEnd: 1,
      differences: [],
    });
    const byBoth = ['> 1 HEADERS, END_STREAM', '< 1 HEADERS, END_STREAM'];
    const behind = captured(...byBoth, '< 1 RST_STREAM, code 8');
    expect(compare([told(false, ...byBoth)], behind)).toMatchObject({
      afterEnd: 1,
      differences: [],
    });
    const early = call.slice(0, 2);
    expect(compare([told(false, ...early)], all).differences).toEqual([
      'captured only: -> stream 1: RST_STREAM, code 8',
      'captured only: <- stream 1: DATA',
    ]);
  });

  it('may tell what was written when the server had closed the connection, at the end only', () => {
    const call = ['> 1 HEADERS', '< 0 GOAWAY', '> 0 GOAWAY'];
    const all = captured(...call.slice(0, 2));
    expect(compare([told(false, ...call)], all).differences).toHaveLength(1);
    expect(compare([told(false, ...call)], closed(all))).toMatchObject({
      unsent: 1,
      differences: [],
    });
    const more = closed(captured(...call.slice(0, 2), '> 1 DATA'));
    expect(compare([told(false, ...call, '> 1 DATA')], more).differences).toHaveLength(1);
  });

  it('is missed when a stream has none', () => {
    const other = captured(...conversation, '> 3 HEADERS');
    expect(compare([told(false, ...conversation)], other).differences).toEqual([
      'no transcript has, on ports 40000 to 50051: -> stream 3: HEADERS',
    ]);
  });

  it('shares the frames of the connection with those of calls at the same time', () => {
    const all = ['> 1 HEADERS', '> 3 HEADERS', '< 0 PING', '< 1 HEADERS', '< 3 HEADERS'];
    const of = (stream: number) =>
      all.filter((text) => /^. 0/.test(text) || text[2] === `${stream}`);
    expect(compare([told(false, ...of(1)), told(false, ...of(3))], captured(...all))).toMatchObject(
      {
        compared: 5,
        differences: [],
      },
    );
  });
});
