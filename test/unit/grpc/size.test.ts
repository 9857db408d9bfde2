import { describe, expect, test } from 'vitest';
import { describeSize, formatSize, largestSize, parseSize } from '../../../src/grpc/size';

describe('parseSize', () => {
  test.each([
    ['0', 0],
    ['65536', 65_536],
    ['12B', 12],
    ['64KiB', 65_536],
    ['64 kib', 65_536],
    ['64KB', 64_000],
    ['4MB', 4_000_000],
    ['4MiB', 4_194_304],
    ['1.5MiB', 1_572_864],
    ['1GiB', 1_073_741_824],
    ['1GB', 1_000_000_000],
    ['unlimited', -1],
    ['Unlimited', -1],
    ['4294967295', largestSize],
  ])('%s', (text, bytes) => {
    expect(parseSize(text)).toEqual({ ok: true, bytes });
  });

  test.each([
    ['', 'empty'],
    ['-1', 'negative'],
    ['4 megabytes', 'unknown-unit'],
    ['4M', 'unknown-unit'],
    ['none', 'not-a-size'],
    ['4,5MB', 'not-a-size'],
    ['0.5', 'fraction-of-byte'],
    ['0.0001KB', 'fraction-of-byte'],
    ['4GiB', 'too-large'],
    [`${'9'.repeat(500)}B`, 'too-large'],
    ['9'.repeat(5000), 'not-a-size'],
  ])('refuses %j: %s', (text, problem) => {
    const result = parseSize(text);
    expect(result).toMatchObject({ ok: false, problem });
    expect(result.ok ? '' : result.message.length).toBeLessThan(220);
  });
});

test.each([
  [-1, 'unlimited'],
  [0, '0B'],
  [1, '1B'],
  [1_000, '1KB'],
  [1_024, '1KiB'],
  [1_500, '1500B'],
  [4_194_304, '4MiB'],
  [4_000_000, '4MB'],
  [1_572_864, '1536KiB'],
  [1_073_741_824, '1GiB'],
  [largestSize, '4294967295B'],
])('formatSize(%d) is %s and reads back', (bytes, text) => {
  expect(formatSize(bytes)).toBe(text);
  expect(parseSize(text)).toEqual({ ok: true, bytes });
});

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1_023, '1023 bytes'],
  [4_194_305, '4 MiB'],
  [5_000_000, '4.77 MiB'],
])('describeSize(%d) is %s', (bytes, text) => {
  expect(describeSize(bytes)).toBe(text);
});
