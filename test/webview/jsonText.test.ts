import { describe, expect, it } from 'vitest';
import { syntaxProblem } from '../../src/panel/webview/editor/jsonSyntax';
import { formatJson } from '../../src/schema/jsonFormat';
import { placeAt } from '../../src/schema/jsonPlace';
import { SchemaReader } from '../../src/schema/jsonSchemaReader';
import { seededRandom } from '../tools/random';
import { marketBody, marketSchema } from './page/marketSchema';

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe('syntax', () => {
  it.each([
    ['', 0, 'is empty'],
    ['{', 0, 'never closed'],
    ['{"a":1,}', 6, 'Remove this comma'],
    ['[1,]', 2, 'Remove this comma'],
    ['{"a" 1}', 5, 'colon'],
    ['{"a":1 "b":2}', 7, 'comma is missing'],
    ['{a:1}', 1, 'double quotes'],
    ['{"a":b}', 5, 'double quotes'],
    ['{"a":01}', 5, 'not a JSON number'],
    ['{"a":"x}', 5, 'closing quote'],
    ['{"a":"\\q"}', 5, 'escape'],
    ['{"a":1}}', 7, 'Nothing may follow'],
    ['{"a":]', 5, 'value must come'],
    ['{"a":1]', 6, 'comma or }'],
    ['[1}', 2, 'comma or ]'],
  ])('of %s is wrong at %i: %s', (text, from, message) => {
    const problem = syntaxProblem(text);
    expect(problem?.from).toBe(from);
    expect(problem?.message).toContain(message);
  });

  it('agrees with JSON.parse on mutated bodies', () => {
    const seed = 20_260_101;
    const random = seededRandom(seed);
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '\\',
      '1',
      '-',
      'true',
      ' ',
      '\n',
      '"a":',
      '\u0000',
    ];
    for (let round = 0; round < 3_000; round += 1) {
      let text = marketBody;
      for (let change = 0; change < 3; change += 1) {
        const at = random.integer(0, text.length - 1);
        const piece = random.pick(pieces);
        text = text.slice(0, at) + piece + text.slice(at + random.integer(0, 2));
      }
      expect(syntaxProblem(text) === undefined, `seed ${seed}, round ${round}: ${text}`).toBe(
        isJson(text),
      );
    }
  });

  it('takes a depth that would end a recursive reader', () => {
    const depth = 200_000;
    expect(syntaxProblem('['.repeat(depth) + ']'.repeat(depth))).toBeUndefined();
    expect(placeAt('['.repeat(depth), depth)?.path).toHaveLength(depth);
  });
});

describe('formatting', () => {
  it('changes white space only, and is stable', () => {
    const text = '{"a":[1,{"b":[]},[]],"c":{},"d":"x, {y}: \\" z","e":-1.50e+3}';
    const formatted = formatJson(text);
    expect(JSON.parse(formatted)).toEqual(JSON.parse(text));
    expect(formatted).toContain('-1.50e+3');
    expect(formatted).toBe(
      JSON.stringify(JSON.parse(text), undefined, 2).replace('-1500', '-1.50e+3'),
    );
    expect(formatJson(formatted)).toBe(formatted);
  });
});

describe('the place of a position', () => {
  const at = (marked: string) => placeAt(marked.replace('|', ''), marked.indexOf('|'));

  it.each([
    ['{|}', 'name', []],
    ['{"a|', 'name', []],
    ['{"a": |}', 'value', ['a']],
    ['{"a": "x|"}', 'value', ['a']],
    ['{"a": {"b": [1, |]}}', 'value', ['a', 'b', 1]],
    ['{"a": {"b": [{"c": 1}, {"|"}]}}', 'name', ['a', 'b', 1]],
    ['{"a": 1\n  |\n}', 'name', []],
    ['{"a\\"b": tr|}', 'value', ['a"b']],
    ['|', 'value', []],
  ] as const)('%s is a %s', (marked, kind, path) => {
    const place = at(marked);
    expect(place?.kind).toBe(kind);
    expect(place?.path).toEqual(path);
  });

  it.each(['{"a": 1 |}', '{"a"| }', '{} |'])('%s is none', (marked) => {
    expect(at(marked)).toBeUndefined();
  });

  it('knows the other fields of the object, before and after, but not of its children', () => {
    const place = at('{"a":1, "|", "b":{"c":2}, "d":3}');
    expect([...(place?.names ?? [])]).toEqual(['a', 'b', 'd']);
  });

  it('knows what follows', () => {
    expect(at('{"|": 1}')?.next).toBe('colon');
    expect(at('{"|" "b": 1}')?.next).toBe('field');
    expect(at('{"|"}')?.next).toBe('other');
  });

  it('is found in any text at any position', () => {
    const seed = 7;
    const random = seededRandom(seed);
    const pieces = ['{', '}', '[', ']', ':', ',', '"', '\\', '0', 'null', ' ', '\n', '"near"'];
    for (let round = 0; round < 500; round += 1) {
      const text = Array.from({ length: 30 }, () => random.pick(pieces)).join('');
      for (let position = 0; position <= text.length; position += 1) {
        const place = placeAt(text, position);
        const token = place?.token;
        expect(
          token === undefined || (token.from <= position && token.to >= position),
          `seed ${seed}, round ${round}, position ${position}: ${text}`,
        ).toBe(true);
      }
    }
  });
});

describe('the schema', () => {
  const reader = new SchemaReader(marketSchema);

  it('is followed through references, lists and maps', () => {
    expect(reader.at(['near', 'latitude'])?.protoType).toBe('double');
    expect(reader.at(['filters', 3, 'also', 'also', 'field'])?.types).toEqual(['string']);
    expect(reader.at(['limits', 'any key'])?.protoType).toBe('market.v1.Place');
    expect(reader.at(['condition'])?.values.map((value) => value.name)).toContain('BROKEN');
    expect(reader.at(['nothing'])).toBeUndefined();
    expect(reader.at(['constructor'])).toBeUndefined();
  });

  it('of a type that refers to itself only ends', () => {
    const loop = new SchemaReader({ $ref: '#/$defs/a', $defs: { a: { $ref: '#/$defs/a' } } });
    expect(loop.fields([])).toEqual([]);
    expect(loop.at(['x'])).toBeUndefined();
  });
});
