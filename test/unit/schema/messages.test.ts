import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import protojson from 'protobufjs/ext/protojson.js';
import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../../src/schema/bodyError';
import type { WireField } from '../../../src/schema/schema';
import { forSeeds, type Random } from '../../tools/random';
import { descriptorSchema, fixture } from './sink';

const schema = descriptorSchema();
const TYPES = ['Scalars', 'Repeated', 'Maps', 'Choices', 'Tree', 'WellKnown', 'Everything'];

describe('Any', () => {
  const any = (url: string, value: string) =>
    Buffer.concat([
      Uint8Array.of(0x3a, 0, 0x0a, url.length),
      Buffer.from(url),
      Uint8Array.of(0x12, value.length / 2),
      Buffer.from(value, 'hex'),
    ]);
  const wellKnown = (url: string, value: string) => {
    const bytes = any(url, value);
    bytes[1] = bytes.length - 2;
    return bytes;
  };

  it('of an unknown type is shown as bytes and goes back as it was', () => {
    const bytes = wellKnown('type.example/no.Such', '0801');
    const text = schema.decode('sink.v1.WellKnown', bytes);
    expect(JSON.parse(text)).toEqual({ any: { '@type': 'type.example/no.Such', value: 'CAE=' } });
    expect(Buffer.from(schema.encode('sink.v1.WellKnown', text))).toEqual(bytes);
    expect(schema.validate('sink.v1.WellKnown', text).map((it) => it.severity)).toEqual([
      'warning',
    ]);
  });

  it('with bytes that do not fit its type is shown as bytes', () => {
    const bytes = wellKnown('x/sink.v1.Tree', 'ff');
    expect(JSON.parse(schema.decode('sink.v1.WellKnown', bytes))).toEqual({
      any: { '@type': 'x/sink.v1.Tree', value: '/w==' },
    });
  });
});

describe('decode', () => {
  it('merges a message that comes twice, and takes the last member of a oneof', () => {
    const twice = Buffer.concat([
      schema.encode('sink.v1.Tree', '{"left":{"name":"a"}}'),
      schema.encode('sink.v1.Tree', '{"left":{"children":[{}]}}'),
    ]);
    expect(JSON.parse(schema.decode('sink.v1.Tree', twice))).toEqual({
      left: { name: 'a', children: [{}] },
    });
    const choices = Buffer.concat([
      schema.encode('sink.v1.Choices', '{"number":"5"}'),
      schema.encode('sink.v1.Choices', '{"text":"a"}'),
    ]);
    expect(JSON.parse(schema.decode('sink.v1.Choices', choices))).toEqual({ text: 'a' });
  });

  it('reads packed and unpacked alike, and passes over what it does not know', () => {
    const unpacked = Buffer.from('180118ffffffffffffffffff01', 'hex');
    expect(JSON.parse(schema.decode('sink.v1.Repeated', unpacked))).toEqual({ int32s: [1, -1] });
    const unknown = Buffer.from('f83f01fa3f026162fb3f08011c', 'hex');
    expect(() => schema.decode('sink.v1.Repeated', unknown)).toThrow(DecodeError);
    expect(schema.decode('sink.v1.Repeated', Buffer.from('f83f01fa3f026162', 'hex'))).toBe('{}');
  });

  it('shows a timestamp that has no date as its parts', () => {
    const bytes = Buffer.from('0a0a08ffffffffffffffff7f', 'hex');
    expect(JSON.parse(schema.decode('sink.v1.WellKnown', bytes))).toEqual({
      timestamp: { seconds: '9223372036854775807' },
    });
  });

  it('stops at depth, number of values and length of text', () => {
    let deep: Uint8Array = new Uint8Array();
    for (let i = 0; i < 200; i++) {
      const writer = protobuf.Writer.create();
      deep = writer.uint32(18).bytes(deep).finish();
    }
    expect(() => schema.decode('sink.v1.Tree', deep)).toThrow(/nested deeper than 100/);
    const empties = Buffer.alloc(2_400_000).fill(Uint8Array.of(0x1a, 0));
    expect(() => schema.decode('sink.v1.Tree', empties)).toThrow(/more than 1,000,000 values/);
  });

  it('says which type is unknown', () => {
    expect(() => schema.decode('no.Such', new Uint8Array())).toThrow(
      /"no.Such" is not in the schema/,
    );
  });
});

describe('random bytes', () => {
  it('are decoded or refused, and their fields always listed within the bytes', () => {
    const valid = TYPES.map((it) =>
      schema.encode(`sink.v1.${it}`, schema.template(`sink.v1.${it}`)),
    );
    forSeeds(1500, (random) => {
      const bytes = random.chance(0.5)
        ? random.bytes(random.integer(0, 60))
        : mutate(random, random.pick(valid));
      const type = `sink.v1.${random.pick(TYPES)}`;
      checkFields(schema.fields(random.chance(0.8) ? type : undefined, bytes), bytes.length, 0);
      let text: string;
      try {
        text = schema.decode(type, bytes, { defaults: random.chance(0.5) });
      } catch (error) {
        expect(error).toBeInstanceOf(DecodeError);
        return;
      }
      JSON.parse(text);
    });
  });

  it('decode to JSON that protobufjs reads and writes alike', () => {
    const root = protobuf.Root.fromDescriptor(
      (descriptor as unknown as { FileDescriptorSet: protobuf.Type }).FileDescriptorSet.decode(
        fixture('sink.binpb'),
      ) as never,
    );
    let compared = 0;
    forSeeds(300, (random) => {
      const name = random.pick(['Scalars', 'Repeated', 'Maps', 'Choices', 'Tree']);
      const type = root.lookupType(`sink.v1.${name}`);
      const start = schema.encode(`sink.v1.${name}`, schema.template(`sink.v1.${name}`));
      let text: string;
      let theirs: unknown;
      try {
        text = schema.decode(`sink.v1.${name}`, mutate(random, start));
        theirs = protojson.toJson(type, protojson.fromJson(type, JSON.parse(text)));
      } catch {
        // Not every mutation is a message, and not every message has JSON.
        return;
      }
      const again = schema.decode(`sink.v1.${name}`, schema.encode(`sink.v1.${name}`, text));
      expect(JSON.parse(again)).toEqual(theirs);
      compared++;
    });
    if (process.env.FRAMELINE_SEED === undefined) {
      expect(compared).toBeGreaterThan(100);
    }
  });
});

function mutate(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = Uint8Array.from(bytes);
  for (let i = random.integer(0, 4); i > 0 && copy.length > 0; i--) {
    copy[random.integer(0, copy.length - 1)] = random.integer(0, 255);
  }
  return random.chance(0.3) ? copy.subarray(0, random.integer(0, copy.length)) : copy;
}

function checkFields(fields: readonly WireField[], length: number, from: number): void {
  for (const field of fields) {
    expect(field.start).toBeGreaterThanOrEqual(from);
    expect(field.valueStart).toBeGreaterThanOrEqual(field.start);
    expect(field.end).toBeGreaterThanOrEqual(field.valueStart);
    expect(field.end).toBeLessThanOrEqual(length);
    expect(field.value.length).toBeLessThan(1000);
    checkFields(field.children ?? [], field.end, field.start);
  }
}

describe('fields', () => {
  it('carry names, types and readable values with their places', () => {
    const bytes = schema.encode(
      'sink.v1.Scalars',
      '{"aFloat":0.1,"aSint32":-3,"aInt64":"-1","aFixed64":"9007199254740993","aBool":true,"aString":"hé","aBytes":"AAE=","color":"COLOR_RED"}',
    );
    const fields = schema.fields('sink.v1.Scalars', bytes);
    expect(fields.map((it) => [it.name, it.type, it.value])).toEqual([
      ['a_float', 'float', '0.1'],
      ['a_sint32', 'sint32', '-3'],
      ['a_int64', 'int64', '-1'],
      ['a_fixed64', 'fixed64', '9007199254740993'],
      ['a_bool', 'bool', 'true'],
      ['a_string', 'string', '"hé"'],
      ['a_bytes', 'bytes', '00 01'],
      ['color', 'sink.v1.Color', 'COLOR_RED (1)'],
    ]);
    expect(fields[0]).toMatchObject({
      number: 2,
      wireType: 'fixed32',
      start: 0,
      valueStart: 1,
      end: 5,
    });
  });

  it('go into messages, maps, groups and packed lists', () => {
    const repeated = schema.encode(
      'sink.v1.Repeated',
      '{"sint64s":["-5","7"],"doubles":[1.5],"colors":["COLOR_RED",9]}',
    );
    expect(schema.fields('sink.v1.Repeated', repeated).map((it) => it.value)).toEqual([
      '[-5, 7]',
      '[1.5]',
      '[COLOR_RED (1), 9]',
    ]);
    const maps = schema.encode('sink.v1.Maps', '{"longs":{"-1":"5"}}');
    const [entry] = schema.fields('sink.v1.Maps', maps);
    expect(entry).toMatchObject({ name: 'longs', type: 'map<sfixed32, int64>', value: '2 fields' });
    expect(entry?.children?.map((it) => [it.name, it.value])).toEqual([
      ['key', '-1'],
      ['value', '5'],
    ]);
    const old = schema.encode('sink.legacy.Old', '{"id":"x","result":{"url":"u"}}');
    const group = schema.fields('sink.legacy.Old', old)[1];
    expect(group).toMatchObject({ name: 'result', wireType: 'group' });
    expect(group?.children?.[0]).toMatchObject({ name: 'url', value: '"u"' });
  });

  it('of an unknown type are told by their bytes', () => {
    const bytes = schema.encode('sink.v1.Tree', '{"name":"text","left":{"left":{}}}');
    const fields = schema.fields(undefined, bytes);
    expect(fields.map((it) => [it.number, it.value, it.name])).toEqual([
      [1, '"text"', undefined],
      [2, '1 field', undefined],
    ]);
  });

  it('end with the reason where the bytes are no protobuf, and are bounded', () => {
    const broken = schema.fields('sink.v1.Tree', Uint8Array.of(0x0a, 0x7f, 1));
    expect(broken.at(-1)?.value).toContain('Not readable from byte');
    const many = schema.fields(undefined, Buffer.alloc(100_000).fill(Uint8Array.of(8, 1)));
    expect(many.length).toBeLessThanOrEqual(10_001);
  });
});
