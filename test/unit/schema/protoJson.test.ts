import { describe, expect, it } from 'vitest';
import type { Schema } from '../../../src/schema/schema';
import { descriptorSchema, fixture, textSchema } from './sink';

interface Vector {
  readonly name: string;
  readonly type: string;
  readonly json: string;
  readonly bytes: string;
  readonly out: unknown;
  readonly withDefaults: unknown;
}

/** Made by Google's Python protobuf 7.36 (json_format) from the same descriptors. */
const vectors: Vector[] = JSON.parse(fixture('protojson.json').toString());
const refused: { type: string; json: string }[] = JSON.parse(fixture('refused.json').toString());

const schemas: [string, Schema][] = [
  ['descriptor set', descriptorSchema()],
  ['.proto text', await textSchema()],
];

describe.each(schemas)('ProtoJSON by the schema of a %s', (_, schema) => {
  it('has no problems with the kitchen sink', () => {
    expect(schema.problems).toEqual([]);
  });

  it.each(vectors)(
    'decodes $name as protobuf itself does',
    ({ type, bytes, out, withDefaults }) => {
      const message = Buffer.from(bytes, 'hex');
      expect(JSON.parse(schema.decode(type, message))).toEqual(out);
      expect(JSON.parse(schema.decode(type, message, { defaults: true }))).toEqual(withDefaults);
    },
  );

  it.each(vectors)('encodes $name to the same message', ({ type, json, bytes, out }) => {
    expect(schema.validate(type, json)).toEqual([]);
    const encoded = schema.encode(type, json);
    expect(JSON.parse(schema.decode(type, encoded))).toEqual(out);
    // The order of fields is free, their bytes are not.
    expect(sortedBytes(encoded)).toBe(sortedBytes(Buffer.from(bytes, 'hex')));
  });

  it.each(refused)('refuses $json for $type', ({ type, json }) => {
    expect(() => schema.encode(type, json)).toThrow(/^Line 1, column \d+: ./);
  });
});

function sortedBytes(bytes: Uint8Array): string {
  return Buffer.from(Uint8Array.from(bytes).sort()).toString('hex');
}
