import { expect, test } from 'vitest';
import type { CallStatus, StatusOrigin } from '../../../src/transcript/entry';
import { causeProblem, type KnownOfCall, seenOnWire } from '../../soak/causeCheck';
import type { PassedFrame } from '../../soak/frameLog';

const nothing: KnownOfCall = {
  deadlinePassed: false,
  cancelled: false,
  keepalive: false,
  overLimit: false,
  answerLost: false,
  wire: { headers: false, ended: false, goAways: 0 },
  troubles: new Set(),
};

function status(code: number, cause: string, origin: StatusOrigin): CallStatus {
  return {
    code,
    name: `code ${code}`,
    message: '',
    origin,
    certainty: 'observed',
    cause,
    explanation: '',
    evidence: [],
    nextActions: [],
  };
}

const ended = { headers: true, ended: true, goAways: 0 };

test.each<[string, CallStatus, Partial<KnownOfCall>, Partial<KnownOfCall>]>([
  ['ok', status(0, 'ok', 'application'), { wire: ended }, {}],
  ['a handler', status(5, 'application-not-found', 'application'), { wire: ended }, {}],
  ['a cancellation', status(1, 'cancelled-here', 'client'), { cancelled: true }, {}],
  ['a deadline', status(4, 'deadline-before-headers', 'client'), { deadlinePassed: true }, {}],
  [
    'a deadline in the middle',
    status(4, 'deadline-mid-stream', 'client'),
    { deadlinePassed: true, wire: { ...ended, ended: false } },
    { deadlinePassed: true },
  ],
  [
    'a reset stream',
    status(14, 'rst-refused-stream', 'transport'),
    { wire: { ...ended, ended: false, reset: 7 } },
    { wire: { ...ended, ended: false, reset: 8 } },
  ],
  [
    'GOAWAY',
    status(14, 'goaway-graceful', 'transport'),
    { wire: { headers: false, ended: false, goAways: 1 } },
    {},
  ],
  [
    'a lost connection',
    status(14, 'connection-lost', 'transport'),
    { troubles: new Set(['cut']) },
    { troubles: new Set(['cut']), wire: ended },
  ],
  [
    'a refusal',
    status(14, 'connection-refused', 'transport'),
    { troubles: new Set(['refused']) },
    {},
  ],
  ['a name', status(14, 'name-not-found', 'transport'), { troubles: new Set(['no-name']) }, {}],
  ['a limit', status(8, 'message-too-large-received', 'client'), { overLimit: true }, {}],
])('%s needs what brings it about', (_name, given, enough, lacking) => {
  expect(causeProblem(given, { ...nothing, ...enough })).toBeUndefined();
  expect(causeProblem(given, { ...nothing, ...lacking })).toMatch(/, but /);
});

test('a status that explains nothing, or has a wrong origin or code, is a problem', () => {
  expect(causeProblem(status(14, 'unexplained', 'transport'), nothing)).toBeDefined();
  const cancelled = { ...nothing, cancelled: true };
  expect(causeProblem(status(1, 'cancelled-here', 'application'), cancelled)).toContain('origin');
  expect(causeProblem(status(2, 'ok', 'application'), { ...nothing, wire: ended })).toBeDefined();
});

test('what passed is known without a relay that can read it', () => {
  const { wire: _wire, ...sealed } = nothing;
  expect(causeProblem(status(0, 'ok', 'application'), sealed)).toBeUndefined();
});

test('reads the end of a stream, its reset and GOAWAY from frames', () => {
  const frame = (type: number, flags: number, streamId: number, more = {}): PassedFrame => ({
    type,
    flags,
    streamId,
    length: 0,
    sum: 0,
    end: 0,
    messages: 0,
    ...more,
  });
  const frames = [
    frame(1, 4, 1),
    frame(1, 5, 3),
    frame(3, 0, 1, { errorCode: 8 }),
    frame(7, 0, 0),
    // ACK of SETTINGS: the same bit as the end of a stream.
    frame(4, 1, 0),
  ];
  expect(seenOnWire(frames, 1)).toEqual({ headers: true, ended: false, reset: 8, goAways: 1 });
  expect(seenOnWire(frames, 3)).toEqual({ headers: true, ended: true, goAways: 1 });
  expect(seenOnWire(frames, 5)).toEqual({ headers: false, ended: false, goAways: 1 });
});
