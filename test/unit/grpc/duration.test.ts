import { describe, expect, test } from 'vitest';
import {
  describeDuration,
  formatDuration,
  longestDuration,
  parseDuration,
} from '../../../src/grpc/duration';

describe('parseDuration', () => {
  test.each([
    ['500ms', 500],
    ['5s', 5_000],
    ['1.5s', 1_500],
    ['0.001s', 1],
    ['2m', 120_000],
    ['0.5m', 30_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['0s', 0],
    ['0ms', 0],
    [' 10 s ', 10_000],
    ['2.3s', 2_300],
    ['5S', 5_000],
    ['100MS', 100],
    ['007s', 7_000],
    ['2147483647ms', longestDuration],
  ])('%s', (text, milliseconds) => {
    expect(parseDuration(text)).toEqual({ ok: true, milliseconds });
  });

  test.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['5', 'no-unit'],
    ['1.5', 'no-unit'],
    ['-5s', 'negative'],
    ['5d', 'unknown-unit'],
    ['5us', 'unknown-unit'],
    ['5µs', 'unknown-unit'],
    ['5 seconds', 'unknown-unit'],
    ['1h30m', 'not-a-duration'],
    ['five seconds', 'not-a-duration'],
    ['.5s', 'not-a-duration'],
    ['1.s', 'not-a-duration'],
    ['1e3s', 'not-a-duration'],
    ['Infinity', 'not-a-duration'],
    ['0.5ms', 'fraction-of-millisecond'],
    ['1.0005s', 'fraction-of-millisecond'],
    ['2147483648ms', 'too-long'],
    ['25000h', 'too-long'],
    [`${'9'.repeat(400)}h`, 'too-long'],
    [`${'9'.repeat(4000)}h`, 'not-a-duration'],
  ])('refuses %j: %s', (text, problem) => {
    const result = parseDuration(text);
    expect(result).toMatchObject({ ok: false, problem });
    expect(result.ok ? '' : result.message.length).toBeLessThan(200);
  });

  test('names the bound that is broken', () => {
    expect(parseDuration('1ms', { min: 10 })).toEqual({
      ok: false,
      problem: 'too-short',
      message: '"1ms" is shorter than 10ms, the shortest that is allowed.',
    });
    expect(parseDuration('3m', { max: 120_000 })).toMatchObject({
      problem: 'too-long',
      message: '"3m" is longer than 2m, the longest that is allowed.',
    });
    expect(parseDuration('10ms', { min: 10, max: 10 })).toEqual({ ok: true, milliseconds: 10 });
  });

  test('advises a unit for a bare number', () => {
    expect(parseDuration('15')).toMatchObject({
      message: '"15" has no unit. Write 15s for seconds or 15ms for milliseconds.',
    });
  });
});

test.each([
  [0, '0s'],
  [1, '1ms'],
  [999, '999ms'],
  [1_000, '1s'],
  [1_500, '1500ms'],
  [90_000, '90s'],
  [120_000, '2m'],
  [5_400_000, '90m'],
  [3_600_000, '1h'],
  [longestDuration, '2147483647ms'],
])('formatDuration(%d) is %s and reads back', (milliseconds, text) => {
  expect(formatDuration(milliseconds)).toBe(text);
  expect(parseDuration(text)).toEqual({ ok: true, milliseconds });
});

test.each([
  [0, '0ms'],
  [0.4, '0.4ms'],
  [12.345, '12.3ms'],
  [999, '999ms'],
  [1_234, '1.23s'],
  [60_000, '1m'],
  [150_000, '2.5m'],
  [7_200_000, '2h'],
])('describeDuration(%d) is %s', (milliseconds, text) => {
  expect(describeDuration(milliseconds)).toBe(text);
});
