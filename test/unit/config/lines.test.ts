import { describe, expect, test } from 'vitest';
import { Lines } from '../../../src/config/lines';
import { forSeeds } from '../../tools/random';

describe('Lines', () => {
  test('counts lines and columns from 1, in UTF-16 units, whatever ends a line', () => {
    const text = 'ab\r\n😀x\n\ncd\re';
    const lines = new Lines(text);
    expect(lines.place(0)).toEqual({ line: 1, column: 1 });
    expect(lines.place(text.indexOf('x'))).toEqual({ line: 2, column: 3 });
    expect(lines.place(text.indexOf('c'))).toEqual({ line: 4, column: 1 });
    expect(lines.place(text.length)).toEqual({ line: 5, column: 2 });
    expect([1, 2, 3, 4, 5].map((line) => lines.line(line))).toEqual(['ab', '😀x', '', 'cd', 'e']);
  });

  test('is right at every place of any text', () => {
    forSeeds(100, (random) => {
      const text = Array.from({ length: random.integer(0, 40) }, () =>
        random.pick(['a', '\n', '\r\n', 'é']),
      ).join('');
      const lines = new Lines(text);
      for (let offset = 0; offset <= text.length; offset += 1) {
        const before = text.slice(0, offset).split('\n');
        expect(lines.place(offset)).toEqual({
          line: before.length,
          column: (before.at(-1)?.length ?? 0) + 1,
        });
      }
    });
  });
});
