import { expect, test } from 'vitest';
import { SilentEnds } from '../../../src/grpc/silentEnds';

/** Which of the ends is like one before it. */
function repeated(...milliseconds: readonly number[]): boolean[] {
  const ends = new SilentEnds();
  return milliseconds.map((each) => {
    const connection = { silence: { milliseconds: each, repeated: false } };
    ends.note(connection);
    return connection.silence.repeated;
  });
}

test.each([
  { ends: [2_003, 2_009], like: [false, true] },
  { ends: [350_020, 351_100], like: [false, true] },
  { ends: [2_003, 2_100], like: [false, false] },
  { ends: [60_000, 7_300, 60_000], like: [false, false, false] },
  // Pauses of any connection, one of them between two ends.
  { ends: [400, 400], like: [false, false] },
  { ends: [2_000, 400, 2_000], like: [false, false, true] },
])('$ends', ({ ends, like }) => {
  expect(repeated(...ends)).toEqual(like);
});

test('a connection that did not end in silence counts for nothing', () => {
  const ends = new SilentEnds();
  const connection = { silence: undefined };
  ends.note(connection);
  expect(connection.silence).toBeUndefined();
});
