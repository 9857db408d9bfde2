import protobuf from 'protobufjs/minimal.js';
import { describe, expect, it } from 'vitest';
import { type ScalarType, scalarTypes } from '../../../src/schema/types';
import { WireReader } from '../../../src/schema/wireReader';
import { forSeeds } from '../../tools/random';

describe('WireReader', () => {
  it.each(scalarTypes)('reads %s as protobufjs does, or refuses it too', (scalar) => {
    forSeeds(400, (random) => {
      const bytes = Buffer.from(random.bytes(random.integer(0, 14)));
      if (random.chance(0.5)) {
        // Numbers of many bytes.
        bytes.forEach((byte, at) => {
          bytes[at] = byte | (random.chance(0.8) ? 0x80 : 0);
        });
      }
      if (scalar === 'string' || scalar === 'bytes') {
        bytes[0] = random.integer(0, 16);
      }
      expect(ours(scalar, bytes)).toEqual(theirs(scalar, bytes));
    });
  });

  it('passes over what protobufjs passes over', () => {
    forSeeds(2000, (random) => {
      const bytes = random.bytes(random.integer(0, 24));
      const wireType = random.integer(0, 7);
      const number = random.integer(1, 3);
      const reader = new WireReader(bytes);
      const oracle = protobuf.Reader.create(bytes);
      const read = attempt(() => {
        reader.skip(wireType, number, 100);
        return reader.position;
      });
      const expected = attempt(() => oracle.skipType(wireType, 0, number).pos);
      expect(read).toBe(expected);
    });
  });

  it('refuses groups that are nested without end', () => {
    const reader = new WireReader(Buffer.alloc(1000, (1 << 3) | 3));
    expect(() => reader.skip(3, 1, 100)).toThrow('nested too deep');
  });
});

function ours(scalar: ScalarType, bytes: Uint8Array): unknown {
  const reader = new WireReader(bytes);
  return attempt(() => [plain(reader[scalar]()), reader.position]);
}

function theirs(scalar: ScalarType, bytes: Uint8Array): unknown {
  const reader = protobuf.Reader.create(Buffer.from(bytes));
  return attempt(() => [plain(reader[scalar]()), reader.pos]);
}

/** 64-bit numbers as text: the libraries have different types for them. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) {
    return Buffer.from(value).toString('hex');
  }
  return typeof value === 'bigint' || typeof value === 'object' ? String(value) : value;
}

/** Undefined for what is refused. */
function attempt<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
