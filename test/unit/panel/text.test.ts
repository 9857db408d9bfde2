import { describe, expect, it } from 'vitest';
import { byteSize, microseconds, oneLine, plural } from '../../../src/panel/text';

describe('oneLine', () => {
  it('keeps ordinary text of any script', () => {
    expect(oneLine('Fahrrad, 自転車, 🚲, دراجة')).toBe('Fahrrad, 自転車, 🚲, دراجة');
  });

  it('replaces line ends, escapes and direction marks', () => {
    expect(oneLine('a\r\nb\tc')).toBe('a↵b c');
    expect(oneLine('\u001b[31mred\u0000\u009b')).toBe('\uFFFD[31mred\uFFFD\uFFFD');
    expect(oneLine('user\u202Egpj.exe\u2028')).toBe('user\uFFFDgpj.exe\uFFFD');
  });

  it('cuts at the limit and never inside a character', () => {
    expect(oneLine('abcdef', 3)).toBe('abc…');
    expect(oneLine('ab🚲cd', 3)).toBe('ab…');
    expect(oneLine('abc', 3)).toBe('abc');
    expect(oneLine('x'.repeat(10_000_000), 50)).toHaveLength(51);
  });
});

describe('plural', () => {
  it('adds an s to all but one', () => {
    expect([0, 1, 2].map((count) => plural(count, 'problem'))).toEqual([
      '0 problems',
      '1 problem',
      '2 problems',
    ]);
  });
});

describe('microseconds and byteSize', () => {
  it.each([
    [0, '0 µs'],
    [999, '999 µs'],
    [1000, '1 ms'],
    [3249, '3.25 ms'],
    [123_456, '123 ms'],
    [1_250_000, '1.25 s'],
    [754_000_000, '754 s'],
  ])('%i µs', (value, text) => {
    expect(microseconds(value)).toBe(text);
  });

  it.each([
    [1, '1 byte'],
    [1023, '1023 bytes'],
    [3277, '3.2 KiB'],
    [1_572_864, '1.5 MiB'],
  ])('%i bytes', (value, text) => {
    expect(byteSize(value)).toBe(text);
  });
});
