import { describe, expect, test } from 'vitest';
import { type RawField, readFields } from '../../../src/wire/protobufFields';
import { forSeeds } from '../../tools/random';
import { ascii, hex } from './wireTools';

describe('readFields', () => {
  test('each wire type, with the places of tag, value and end', () => {
    const bytes = hex('0896 01 1107000000000000 80 1a 02 6869 23 2801 24 35 01000080');
    expect(readFields(bytes)).toEqual({
      fields: [
        { number: 1, wireType: 'varint', start: 0, valueStart: 1, end: 3, value: 150n },
        {
          number: 2,
          wireType: 'fixed64',
          start: 3,
          valueStart: 4,
          end: 12,
          value: 0x8000000000000007n,
        },
        { number: 3, wireType: 'bytes', start: 12, valueStart: 14, end: 16, value: ascii('hi') },
        {
          number: 4,
          wireType: 'group',
          start: 16,
          valueStart: 17,
          end: 20,
          children: [
            { number: 5, wireType: 'varint', start: 17, valueStart: 18, end: 19, value: 1n },
          ],
        },
        {
          number: 6,
          wireType: 'fixed32',
          start: 20,
          valueStart: 21,
          end: 25,
          value: 0x80000001,
        },
      ],
    });
  });

  test('a part of the bytes, offsets from the beginning of all', () => {
    const bytes = hex('ffff 0801 ffff');
    expect(readFields(bytes, 2, 4).fields).toEqual([
      { number: 1, wireType: 'varint', start: 2, valueStart: 3, end: 4, value: 1n },
    ]);
  });

  test.each([
    ['08 00', 0n],
    ['08 7f', 127n],
    ['08 ffffffffffffffffff01', 0xffffffffffffffffn],
    ['08 80808080808080808001', 0x8000000000000000n],
    ['08 ffffffffffffffff7f', 0x7fffffffffffffffn],
    ['08 8080808010', 1n << 32n],
    ['08 8000', 0n],
    ['08 ffffffffffffffffff7f', 0xffffffffffffffffn],
  ])('varint %s is exact', (text, value) => {
    const [field] = readFields(hex(text)).fields;
    expect(field).toMatchObject({ wireType: 'varint', value });
  });

  test('the largest field number', () => {
    expect(readFields(hex('f8ffffff0f 01')).fields[0]).toMatchObject({
      number: 536870911,
      value: 1n,
    });
  });

  test('no bytes are no fields', () => {
    expect(readFields(new Uint8Array(0))).toEqual({ fields: [] });
  });

  test.each([
    ['08', 0, 'the bytes end inside the value'],
    ['0801 80', 2, 'the bytes end inside a tag'],
    ['0801 08ffffffffffffffffffff01', 2, 'the value is a number of more than 10 bytes'],
    ['0801 12 05 6869', 2, 'field 2 claims 5 bytes, 2 are left'],
    ['12 ffffffffffffffffff01', 0, 'field 2 claims 18446744073709551615 bytes, 0 are left'],
    ['12', 0, 'the bytes end inside the length'],
    ['0d 0102', 0, 'the value needs 4 bytes, 2 are left'],
    ['09 0102', 0, 'the value needs 8 bytes, 2 are left'],
    ['0801 0001', 2, 'field number 0 does not exist'],
    ['0e', 0, 'wire type 6 does not exist'],
    ['0f', 0, 'wire type 7 does not exist'],
    ['f8ffffff1f 01', 0, 'a tag is longer than 32 bits'],
    ['0801 0c', 2, 'end of group 1 without its beginning'],
    ['0b 14', 1, 'end of group 2 without its beginning'],
    ['0b 0801', 3, 'group 1 has no end'],
  ])('%s stops at %i: %s', (text, offset, reason) => {
    const { fields, problem } = readFields(hex(text));
    expect(problem).toEqual({ offset, reason });
    if (text.startsWith('0801')) expect(fields[0]).toMatchObject({ number: 1, value: 1n });
  });

  test('what was read of a broken group stays visible', () => {
    const { fields } = readFields(hex('0b 13 0801'));
    expect(fields).toMatchObject([
      {
        number: 1,
        end: 4,
        children: [{ number: 2, end: 4, children: [{ number: 1, value: 1n }] }],
      },
    ]);
  });

  test('depth and count are bounded', () => {
    const deep = readFields(new Uint8Array(1_000_000).fill(0x0b));
    expect(deep.problem).toEqual({ offset: 100, reason: 'groups are nested deeper than 100' });
    const many = readFields(new Uint8Array(1_000_000).fill(0x08));
    expect(many.fields).toHaveLength(10_000);
    expect(many.problem).toEqual({ offset: 20_000, reason: 'more than 10000 fields' });
    expect(readFields(hex('0801 0801 0801'), 0, 6, { fields: 2 }).fields).toHaveLength(2);
    expect(readFields(hex('0b0b0c0c'), 0, 4, { depth: 1 }).problem?.offset).toBe(1);
  });

  test('random bytes: no exception, and fields that cover the bytes without a gap', () => {
    forSeeds(5000, (random) => {
      const bytes = random.bytes(random.integer(0, 60));
      const { fields, problem } = readFields(bytes);
      expectSeamless(fields, 0);
      const end = fields.at(-1)?.end ?? 0;
      if (problem === undefined) expect(end).toBe(bytes.length);
      else expect(problem.offset).toBeLessThanOrEqual(bytes.length);
    });
  });
});

function expectSeamless(fields: readonly RawField[], from: number): void {
  let at = from;
  for (const field of fields) {
    expect(field.start).toBe(at);
    expect(field.valueStart).toBeGreaterThan(field.start);
    expect(field.end).toBeGreaterThanOrEqual(field.valueStart);
    if (field.wireType === 'group') expectSeamless(field.children, field.valueStart);
    at = field.end;
  }
}
