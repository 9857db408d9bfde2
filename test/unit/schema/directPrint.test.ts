import { describe, expect, it } from 'vitest';
import { printDirectly } from '../../../src/schema/directPrint';
import { JsonWriter } from '../../../src/schema/jsonWriter';
import type { Schema } from '../../../src/schema/schema';
import type { TypeLookup } from '../../../src/schema/types';
import { forSeeds, type Random } from '../../tools/random';
import { descriptorSchema } from './sink';

const types = ['Scalars', 'Repeated', 'Maps', 'Choices', 'Tree', 'WellKnown', 'Everything'];

/** Gives up on any type at its first message that is not as expected. */
const broken = Buffer.of(7);

function typesOf(schema: Schema): TypeLookup {
  return (schema as Schema & { readonly pool: TypeLookup }).pool;
}

function attempt(decode: () => string): string {
  try {
    return decode();
  } catch (error) {
    return `refused: ${String(error)}`;
  }
}

function message(random: Random, schema: Schema, type: string): Uint8Array {
  const valid = (): Uint8Array => schema.encode(type, schema.template(type));
  const bytes = Buffer.from(random.chance(0.3) ? Buffer.concat([valid(), valid()]) : valid());
  for (let left = random.integer(0, 2); left > 0 && bytes.length > 0; left--) {
    bytes[random.integer(0, bytes.length - 1)] = random.integer(0, 255);
  }
  return random.chance(0.2) ? bytes.subarray(0, random.integer(0, bytes.length)) : bytes;
}

describe('printing without a message in memory', () => {
  it('writes what the longer way writes, or leaves the message to it', () => {
    let compared = 0;
    const longer = descriptorSchema();
    for (const name of types) {
      attempt(() => longer.decode(`sink.v1.${name}`, broken));
    }
    forSeeds(400, (random) => {
      const schema = descriptorSchema();
      const type = `sink.v1.${random.pick(types)}`;
      const bytes = message(random, longer, type);
      const expected = attempt(() => longer.decode(type, bytes));
      expect(attempt(() => schema.decode(type, bytes))).toBe(expected);
      compared += expected.startsWith('refused') ? 0 : 1;
    });
    if (process.env.FRAMELINE_SEED === undefined) {
      expect(compared).toBeGreaterThan(100);
    }
  });

  it.each([
    ['Scalars', '{"aDouble":"NaN","aInt64":"5","color":"COLOR_RED","maybe":0}'],
    [
      'Repeated',
      '{"doubles":[1,2],"strings":["a",""],"scalars":[{},{"aBool":true}],"unpacked":[1]}',
    ],
    ['Choices', '{"tree":{"name":"a","children":[{"left":{}}]},"other":"b"}'],
    ['WellKnown', '{"timestamp":"2026-01-02T03:04:05Z","struct":{"a":[null]},"empty":{}}'],
  ])('is how %s as written by any library goes', (name, json) => {
    const schema = descriptorSchema();
    const type = typesOf(schema).message(`sink.v1.${name}`);
    const pieces: string[] = [];
    const out = new JsonWriter((piece) => pieces.push(piece), false);
    const bytes = schema.encode(`sink.v1.${name}`, json);
    let known = 0;
    const done = type !== undefined && printDirectly(type, bytes, out, () => known++);
    expect(done).toBe(true);
    out.flush();
    if (known === 0) {
      expect(pieces.join('')).toBe(schema.decode(`sink.v1.${name}`, bytes));
    }
  });

  it('is given up for a type of which one message was otherwise', () => {
    const schema = descriptorSchema();
    const type = typesOf(schema).message('sink.v1.Tree');
    const direct = (bytes: Uint8Array): boolean =>
      type !== undefined && printDirectly(type, bytes, new JsonWriter(() => {}, false), () => {});
    const name = schema.encode('sink.v1.Tree', '{"name":"a"}');
    expect(direct(name)).toBe(true);
    expect(direct(Buffer.concat([name, name]))).toBe(false);
    expect(direct(name)).toBe(false);
  });
});
