import { describe, expect, it } from 'vitest';
import { compactJson } from '../../../src/panel/messageText';

describe('compactJson', () => {
  it('puts indented JSON on one line and leaves strings as they are', () => {
    const value = { a: [1, { b: 'two  \n spaces  ' }], c: {} };
    const text = compactJson(JSON.stringify(value, undefined, 2));
    expect(text).toBe('{ "a": [ 1, { "b": "two  \\n spaces  " } ], "c": {} }');
    expect(JSON.parse(text)).toEqual(value);
  });

  // With a pattern that begins at white space this takes hours: the test would time out.
  it('takes a string of nothing but spaces in its stride', () => {
    const blank = ' '.repeat(4 * 1024 * 1024);
    const text = compactJson(`{\n  "a": "${blank}"\n}`);
    expect(text).toBe(`{ "a": "${blank}" }`);
  });
});
