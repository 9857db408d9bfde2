import { describe, expect, test } from 'vitest';
import { JsonSequence, jsonTexts } from '../../../src/cli/call/jsonSequence';
import { forSeeds } from '../../tools/random';

const texts = (text: string) => jsonTexts(text).map((it) => it.text);

describe('jsonTexts', () => {
  test.each([
    ['', []],
    [' \n\t ', []],
    ['{"a":1}', ['{"a":1}']],
    ['{"a":{"b":[1,"}"]}}{}\n[1] [2]', ['{"a":{"b":[1,"}"]}}', '{}', '[1]', '[2]']],
    ['"1.5s" "a\\"b" 3 true null', ['"1.5s"', '"a\\"b"', '3', 'true', 'null']],
    ['12{"a":"\\\\"}', ['12', '{"a":"\\\\"}']],
    ['{"a":', ['{"a":']],
    ['} {}', ['}', '{}']],
    ['\uFEFF{}', ['{}']],
  ])('parts %j', (text, expected) => {
    expect(texts(text)).toEqual(expected);
  });

  test('says where each begins', () => {
    expect(jsonTexts('{}\n  {"a":\n1}\r\n\n"x"')).toEqual([
      { text: '{}', line: 1, column: 1 },
      { text: '{"a":\n1}', line: 2, column: 3 },
      { text: '"x"', line: 5, column: 1 },
    ]);
  });
});

test('it makes no difference in which pieces the text comes', () => {
  const values = ['{"a":"}\\"{"}', '[[1,2],{"x":"\\\\"}]', '"text \\u00e9"', '-1.5e3', '{}'];
  forSeeds(200, (random) => {
    const written = Array.from({ length: random.integer(1, 6) }, () => random.pick(values));
    const text = written.join(random.pick([' ', '\n', '\r\n  ']));
    const sequence = new JsonSequence();
    const found: string[] = [];
    for (let at = 0; at < text.length; ) {
      const to = at + random.integer(1, 7);
      found.push(...sequence.push(text.slice(at, to)).map((it) => it.text));
      at = to;
    }
    found.push(...sequence.end().map((it) => it.text));
    expect(found).toEqual(written);
  });
});
