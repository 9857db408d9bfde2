import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { describe, expect, test } from 'vitest';
import { builtinFile } from '../../../src/schema/builtins';
import { type DecodedOptions, decodeFile } from '../../../src/schema/descriptor';
import { readDescriptorSet } from '../../../src/schema/load';
import { forSeeds } from '../../tools/random';

const sample = join(import.meta.dirname, '../../../src/sampleServer/proto/sample.binpb');
const files = readDescriptorSet(readFileSync(sample), 'sample.binpb').descriptors;

/** protobufjs's own decoder of descriptors. */
function byProtobufjs(bytes: Uint8Array): object {
  const oracle = (descriptor as unknown as { FileDescriptorProto: protobuf.Type })
    .FileDescriptorProto;
  const reader = protobuf.Reader.create(bytes);
  reader.discardUnknown = false;
  return oracle.decode(reader);
}

/** What the bytes had, without prototypes and empty lists, with the bytes of unknown fields. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  const unknowns = (value as DecodedOptions).$unknowns;
  return {
    ...Object.fromEntries(
      Object.entries(value)
        .filter(([, it]) => !Array.isArray(it) || it.length > 0)
        .map(([key, it]) => [key, plain(it)]),
    ),
    ...(unknowns ? { $unknowns: plain(unknowns) } : {}),
  };
}

describe('decodeFile', () => {
  test.each(files.map((bytes) => [decodeFile(bytes).name, bytes] as const))(
    'reads %s as protobufjs does',
    (_name, bytes) => {
      expect(plain(decodeFile(bytes))).toEqual(plain(byProtobufjs(bytes)));
    },
  );

  test('gives defaults for what the bytes don’t have', () => {
    const empty = decodeFile(new Uint8Array());
    expect(empty).toMatchObject({ name: '', syntax: '', edition: 0, options: null });
    expect(empty.messageType).toEqual([]);
    expect(Object.keys(empty)).toEqual([]);
  });

  test('takes any bytes or refuses them, and never hangs', () => {
    const bytes = files[0] as Uint8Array;
    forSeeds(300, (random) => {
      const damaged = Uint8Array.from(bytes);
      for (let count = random.integer(1, 8); count > 0; count--) {
        damaged[random.integer(0, damaged.length - 1)] = random.integer(0, 255);
      }
      let refused: unknown;
      try {
        expect(decodeFile(damaged)).toBeTypeOf('object');
      } catch (error) {
        refused = error;
      }
      expect(refused === undefined || refused instanceof Error).toBe(true);
    });
  });
});

test('descriptor.proto describes itself', () => {
  const file = builtinFile('google/protobuf/descriptor.proto');
  const names = file.messages.map(({ name }) => name);
  expect(names).toContain('FileDescriptorProto');
  const field = file.messages.find(({ name }) => name === 'FieldDescriptorProto');
  expect(field?.fields.find(({ name }) => name === 'type_name')).toMatchObject({
    number: 6,
    jsonName: 'typeName',
    typeName: 'string',
  });
  expect(field?.nested.map(({ name }) => name)).toEqual(['Type', 'Label']);
});
