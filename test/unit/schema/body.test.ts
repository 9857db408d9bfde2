import { describe, expect, it } from 'vitest';
import { BodyError } from '../../../src/schema/bodyError';
import { forSeeds } from '../../tools/random';
import { descriptorSchema } from './sink';

const schema = descriptorSchema();

/** Each problem as [the text it marks, its message]. */
function problems(type: string, text: string): [string, string][] {
  return schema
    .validate(`sink.v1.${type}`, text)
    .map((it) => [text.slice(it.from, it.to), it.message]);
}

describe('what is wrong with a body', () => {
  it.each([
    [
      'Scalars',
      '{"aInt46": 1}',
      '"aInt46"',
      'sink.v1.Scalars has no field "aInt46". Did you mean aInt64?',
    ],
    [
      'Scalars',
      '{"A_INT32": 1}',
      '"A_INT32"',
      'sink.v1.Scalars has no field "A_INT32". Did you mean aInt32?',
    ],
    [
      'Tree',
      '{"zzzzzzz": 1}',
      '"zzzzzzz"',
      'sink.v1.Tree has no field "zzzzzzz". Known: name, left, children, named.',
    ],
    [
      'Scalars',
      '{"color": "COLOR_REDD"}',
      '"COLOR_REDD"',
      'sink.v1.Color has no value "COLOR_REDD". Did you mean COLOR_RED?',
    ],
    [
      'Scalars',
      '{"color": "x"}',
      '"x"',
      'sink.v1.Color has no value "x". Known: COLOR_UNSPECIFIED, COLOR_RED, COLOR_GREEN, COLOR_NEGATIVE.',
    ],
    [
      'Scalars',
      '{"color": true}',
      'true',
      'Expected a value of sink.v1.Color, not true. Known: COLOR_UNSPECIFIED, COLOR_RED, COLOR_GREEN, COLOR_NEGATIVE.',
    ],
    [
      'Scalars',
      '{"aInt32": 2147483648}',
      '2147483648',
      '"2147483648" is out of range for int32: -2147483648 to 2147483647.',
    ],
    [
      'Scalars',
      '{"aUint64": -1}',
      '-1',
      '"-1" is out of range for uint64: 0 to 18446744073709551615.',
    ],
    ['Scalars', '{"aInt64": 1.5}', '1.5', '"1.5" is not a whole number in the range of int64.'],
    [
      'Scalars',
      '{"aInt64": 1e999999999}',
      '1e999999999',
      '"1e999999999" is not a whole number in the range of int64.',
    ],
    ['Scalars', '{"aInt64": "one"}', '"one"', '"one" is not an integer.'],
    ['Scalars', '{"aBool": "true"}', '"true"', 'Expected true or false, not the string "true".'],
    ['Scalars', '{"aString": {}}', '{}', 'Expected a string, not an object.'],
    [
      'Scalars',
      '{"aBytes": "a*=="}',
      '"a*=="',
      'Not base64: "*" at position 2 is not in its alphabet.',
    ],
    [
      'Scalars',
      '{"aBytes": "A"}',
      '"A"',
      'Not base64: characters are missing or left over at the end.',
    ],
    [
      'Scalars',
      '{"aFloat": 1e39}',
      '1e39',
      '"1e39" is out of range for float: up to ±3.4028234663852886e+38.',
    ],
    [
      'Scalars',
      '{"aInt32": 1, "a_int32": 2}',
      '"a_int32"',
      'The field a_int32 is given twice, as "aInt32" before.',
    ],
    [
      'Choices',
      '{"text": "a", "number": 1}',
      '"number"',
      '"text" and "number" exclude each other: both belong to the oneof choice.',
    ],
    ['Repeated', '{"int32s": 1}', '1', 'int32s is repeated: expected an array, not the number 1.'],
    ['Maps', '{"messages": {"x": {}}}', '"x"', 'As a key of the map: "x" is not an integer.'],
    ['Maps', '{"messages": {"1": {}, "01": {}}}', '"01"', 'The key "01" is given twice.'],
    [
      'WellKnown',
      '{"timestamp": "now"}',
      '"now"',
      '"now" is no timestamp, for example "2026-01-02T03:04:05.678Z".',
    ],
    [
      'WellKnown',
      '{"duration": "5"}',
      '"5"',
      '"5" is no duration: seconds with the suffix s, for example "1.5s".',
    ],
    [
      'WellKnown',
      '{"mask": "a_b"}',
      '"a_b"',
      'A field mask is written in lowerCamelCase with commas, for example "user.displayName,photo"; "_" can\'t stand in it.',
    ],
    ['WellKnown', '{"any": {}, "any": {}}', '"any"', 'The field any is given twice.'],
    ['Tree', '{"name": "a" "left": {}}', '"', 'A comma is missing before this.'],
    ['Tree', '{"name": "a",}', ',', 'A comma too many.'],
    ['Tree', '{"name": }', '}', 'A value is missing here.'],
    ['Tree', '{"name" "a"}', '"name"', 'A colon and a value are missing after this.'],
    ['Tree', '{name: "a"}', 'name', 'Field names stand in double quotes.'],
    ['Tree', '{"name": "a', '"a', 'The closing double quote is missing.'],
    [
      'Tree',
      '{"name": "\\q"}',
      '\\q',
      'No such escape in a JSON string; a backslash is written \\\\.',
    ],
    [
      'Tree',
      '{"name": "a\tb"}',
      '\tb',
      'A control character must be written as an escape, for example \\t or \\u0000.',
    ],
    ['Tree', '{"name": \'a\'}', "'a'", 'Strings stand in double quotes.'],
    ['Tree', '{} // note', '// note', 'JSON has no comments.'],
    ['Tree', '{} {}', '{}', 'Only one JSON value may stand here.'],
    ['Tree', '{"name": nope}', 'nope', '"nope" is no JSON value.'],
    ['Tree', '', '', 'The body is empty; an empty message is {}.'],
  ])('%s %s', (type, text, marked, message) => {
    expect(problems(type, text)).toContainEqual([marked, message]);
  });

  it('finds every problem at once, in the order of the text', () => {
    const text = '{"aInt32": "x", "nope": 1, "aBool": 0, "aString": 5 }';
    expect(problems('Scalars', text).map(([marked]) => marked)).toEqual([
      '"x"',
      '"nope"',
      '0',
      '5',
    ]);
  });

  it('warns of missing required fields, and encodes all the same', () => {
    const [problem] = schema.validate('sink.legacy.Old', '{}');
    expect(problem).toMatchObject({ severity: 'warning' });
    expect(problem?.message).toContain('id');
    expect(schema.encode('sink.legacy.Old', '{}')).toHaveLength(0);
  });

  it('refuses a body whose error comes after any number of warnings', () => {
    const any = '{"@type":"x/sink.legacy.Old"}';
    const text = `{"anys":[${Array.from({ length: 300 }, () => any).join(',')}],"aInt32":"x"}`;
    expect(refusal('sink.v1.WellKnown', text).message).toContain('"x" is not an integer');
    const olds = `{"old":{"title":"a"},"modern":{},"nope":1}`;
    expect(schema.validate('sink.v1.Everything', olds).map((it) => it.severity)).toEqual([
      'warning',
      'warning',
      'error',
    ]);
  });

  it('says line and column', () => {
    const text = '{\n  "aInt32": 1,\n  "aBool": 1\n}';
    const error = refusal('sink.v1.Scalars', text);
    expect([error.line, error.column, error.offset]).toEqual([3, 12, text.indexOf('1\n}')]);
    expect(error.message).toBe('Line 3, column 12: Expected true or false, not the number 1.');
  });

  it('refuses an unknown type without throwing anything else', () => {
    expect(refusal('no.Such', '{}').message).toContain('"no.Such" is not in the schema');
    expect(refusal('__proto__', '{}').message).toContain('not in the schema');
  });

  it('bounds depth', () => {
    const deep = `${'{"left":'.repeat(150)}{}${'}'.repeat(150)}`;
    expect(refusal('sink.v1.Tree', deep).message).toContain('nested deeper than 100');
    const value = `{"value":${'['.repeat(100_000)}`;
    expect(refusal('sink.v1.WellKnown', value).problems.length).toBeGreaterThan(0);
  });
});

function refusal(type: string, text: string): BodyError {
  try {
    schema.encode(type, text);
  } catch (error) {
    if (error instanceof BodyError) {
      return error;
    }
    throw error;
  }
  throw new Error('expected a BodyError');
}

describe('any text', () => {
  it('is either encoded or refused with a place inside it', () => {
    const tokens = [
      '{',
      '}',
      '[',
      ']',
      ':',
      ',',
      '"',
      '"a"',
      '"left"',
      '"name"',
      '"any"',
      '"@type"',
      'null',
      'true',
      '1',
      '-',
      '1e9',
      '\\',
      '\n',
      ' ',
      '/*',
      '//',
      "'",
      '"value"',
      '\ud800',
      '"__proto__"',
      '0x1',
      '"children"',
      '"wellKnown"',
    ];
    forSeeds(2000, (random) => {
      const text = Array.from({ length: random.integer(0, 40) }, () => random.pick(tokens)).join(
        '',
      );
      for (const type of ['sink.v1.Tree', 'sink.v1.WellKnown', 'sink.v1.Everything']) {
        for (const problem of schema.validate(type, text)) {
          expect(problem.from).toBeGreaterThanOrEqual(0);
          expect(problem.to).toBeGreaterThanOrEqual(problem.from);
          expect(problem.to).toBeLessThanOrEqual(Math.max(1, text.length));
        }
        const errors = schema.validate(type, text).filter((it) => it.severity === 'error');
        expect(accepts(type, text)).toBe(errors.length === 0);
        // What this parser takes is JSON, and the other way round as far as JSON goes.
        if (errors.length === 0) {
          JSON.parse(text);
        }
      }
    });
  });
});

function accepts(type: string, text: string): boolean {
  try {
    schema.encode(type, text);
    return true;
  } catch (error) {
    if (error instanceof BodyError) {
      return false;
    }
    throw error;
  }
}
