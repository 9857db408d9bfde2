import { expect, test } from 'vitest';
import type { Entry } from '../../../src/transcript/entry';
import { Transcript } from '../../../src/transcript/transcript';
import { type ConnectionPlan, drawPlan, pieceLength, plainPlan } from '../../soak/connectionPlan';
import { RelayedConnection } from '../../soak/faultRelay';
import { growth } from '../../soak/memory';
import { surplus } from '../../soak/residue';
import { Tally, table } from '../../soak/tally';
import { transcriptProblems } from '../../soak/transcriptCheck';
import { compareWithWire } from '../../soak/wireCheck';
import { seededRandom } from '../../tools/random';
import { endedOk } from '../panel/conversation';

const answer = Buffer.from([0, 0, 0, 0, 3, 1, 2, 3]);
const frames = [
  { direction: 'sent', type: 1, flags: 4, payload: Buffer.from('headers') },
  { direction: 'received', type: 1, flags: 4, payload: Buffer.from('headers') },
  { direction: 'received', type: 0, flags: 0, payload: Buffer.concat([answer, answer]) },
  { direction: 'received', type: 1, flags: 5, payload: Buffer.from('trailers') },
] as const;

/** A call with two messages, and the relay's record of it; some frames may be left out of either. */
function played(shown: readonly number[] = [0, 1, 2, 3], passed: readonly number[] = [0, 1, 2, 3]) {
  const transcript = new Transcript();
  const connection = new RelayedConnection(1234, plainPlan, 'http2');
  connection.up.push(Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'));
  frames.forEach(({ direction, type, flags, payload }, index) => {
    const header = { length: payload.length, type, flags, streamId: 1 };
    if (shown.includes(index)) {
      transcript.appendFrame(1, direction, header, payload, performance.now() * 1000);
    }
    if (passed.includes(index)) {
      const bytes = Buffer.alloc(9);
      bytes.writeUIntBE(payload.length, 0, 3);
      bytes.writeUInt8(type, 3);
      bytes.writeUInt8(flags, 4);
      bytes.writeUInt32BE(1, 5);
      const log = direction === 'sent' ? connection.up : connection.down;
      log.push(Buffer.concat([bytes, payload]));
    }
  });
  transcript.end(endedOk, performance.now() * 1000);
  const read = connection.down.position;
  const facts = { connection, others: [connection], read, endedWithConnection: true };
  return { transcript, problems: compareWithWire(transcript, facts).problems };
}

test('a transcript that shows what passed is right', () => {
  const { transcript, problems } = played();
  expect(problems).toEqual([]);
  expect(transcriptProblems(transcript)).toEqual([]);
});

test('a frame that is not shown is missed, in the middle and at the end', () => {
  expect(played([0, 1, 3]).problems.join()).toContain('frame 1 received');
  expect(played([0, 1, 2]).problems.join()).toContain('3 frames of the stream were taken in');
});

test('a frame that never passed is noticed', () => {
  expect(played([0, 1, 2, 3], [0, 1, 2]).problems.join()).toContain('3 frames received are shown');
});

test('an entry after the status, a missing message and a wrong number are noticed', () => {
  const { transcript } = played();
  const spoiled = (change: (entry: Entry) => Entry) =>
    transcriptProblems(
      new Proxy(transcript, {
        get(target, name) {
          if (name === 'entry') {
            return (number: number) => change(target.entry(number));
          }
          const value: unknown = Reflect.get(target, name, target);
          return typeof value === 'function' ? value.bind(target) : value;
        },
      }),
    ).join();
  expect(spoiled((entry) => (entry.number === 2 ? { ...entry, number: 3 } : entry))).toContain(
    'says that it is 3',
  );
  expect(
    spoiled((entry) =>
      entry.kind === 'message' && entry.index === 1
        ? { kind: 'note', severity: 'info', text: '', number: entry.number, time: entry.time }
        : entry,
    ),
  ).toContain('2 messages received, but 1 entries');
  expect(spoiled((entry) => (entry.number === 3 ? { ...entry, time: 1e12 } : entry))).toContain(
    'after one at',
  );
  transcript.appendRecord(
    { kind: 'note', severity: 'info', text: 'late' },
    performance.now() * 1000,
  );
  expect(transcriptProblems(transcript).join()).toContain('note is the last');
});

test('a plan is the same for a seed, and harmless ones break nothing', () => {
  const plans = (seed: number, mood: 'harmless' | 'harmful') => {
    const random = seededRandom(seed);
    return Array.from({ length: 200 }, () => drawPlan(random, mood));
  };
  expect(plans(5, 'harmful')).toEqual(plans(5, 'harmful'));
  const stops = plans(5, 'harmful').map(({ stop, greeting }) => stop?.kind ?? greeting);
  expect(new Set(stops)).toEqual(
    new Set(['fin', 'rst', 'half-close', 'stall', 'pause', 'pass', 'silent']),
  );
  const harmless = plans(5, 'harmless');
  expect(harmless.every(({ greeting }) => greeting === 'pass')).toBe(true);
  expect(new Set(harmless.map(({ stop }) => stop?.kind))).toEqual(new Set(['pause', undefined]));
});

test('pieces end at borders, are single bytes at first, and are never longer than the throttle', () => {
  const random = seededRandom(1);
  const length = (plan: Partial<ConnectionPlan>, position: number) =>
    pieceLength({ ...plainPlan, ...plan }, { position, untilBorder: 700 }, random);
  expect(length({}, 0)).toBe(Number.POSITIVE_INFINITY);
  expect(length({ cut: 'frames' }, 0)).toBe(700);
  expect(length({ cut: 'frames', throttle: 500 }, 0)).toBe(500);
  expect(length({ cut: 'bytes' }, 0)).toBe(1);
  expect(length({ cut: 'bytes' }, 100_000)).toBe(700);
});

test('memory that grows with every call is a leak, and the noise of a short run is none', () => {
  const samples = (each: (index: number) => number) =>
    Array.from({ length: 62 }, (_, index) => ({
      heap: 40e6 + each(index),
      external: 1e6,
      calls: index * 1000,
    }));
  expect(growth(samples(() => 0))).toMatchObject({ bytes: 0, tooMuch: false });
  // One sample that is out of line, and a start that needs more.
  expect(growth(samples((index) => (index === 60 ? 50e6 : 0)))?.tooMuch).toBe(false);
  expect(growth(samples((index) => (index < 2 ? -30e6 : 0)))?.tooMuch).toBe(false);
  expect(growth(samples((index) => index * 1000 * 1024))?.tooMuch).toBe(true);
  expect(growth(samples(() => 0).slice(0, 4))).toBeUndefined();
});

test('what is left over is named with how much there was', () => {
  const before = new Map([
    ['TCPSocketWrap', 1],
    ['Timeout', 1],
  ]);
  const after = new Map([
    ['TCPSocketWrap', 3],
    ['temporary frameline-x', 1],
  ]);
  expect(surplus(before, after)).toEqual([
    'TCPSocketWrap: 3, was 1',
    'temporary frameline-x: 1, was 0',
  ]);
});

test('the report has calls by kind and end, and the violations', () => {
  const tally = new Tally();
  tally.call('unary', 'ok');
  tally.call('unary', 'ok');
  tally.call('stream', 'deadline');
  tally.fault('rst down');
  tally.violation('nowhere', []);
  expect(tally.report()).toContain('Violations: none');
  tally.violation('calls-1/2', ['it hangs']);
  expect(tally.callCount).toBe(3);
  expect(tally.report()).toMatch(/^ {2}unary +2 +2$/m);
  expect(tally.report()).toMatch(/^ {2}all +2 +1 +3$/m);
  expect(tally.report()).toContain('Violations: 1\ncalls-1/2\n    it hangs');
});

test('a table has its first column to the left', () => {
  expect(
    table([
      ['a', '10'],
      ['long', '5'],
    ]),
  ).toBe('  a     10\n  long   5');
});
