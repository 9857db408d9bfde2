import { describe, expect, it } from 'vitest';
import type { DecodeOptions } from '../../../src/schema/schema';
import { forSeeds } from '../../tools/random';
import { descriptorSchema } from './sink';

const schema = descriptorSchema();

function pieces(type: string, bytes: Uint8Array, options?: DecodeOptions): string[] {
  const all: string[] = [];
  schema.print(type, bytes, (piece) => all.push(piece), options);
  return all;
}

describe('print', () => {
  it('gives a long text in pieces, none of which ends inside a character', () => {
    forSeeds(20, (random) => {
      const text = Array.from({ length: random.integer(60_000, 140_000) }, () =>
        random.pick(['a', 'é', '"', '\u0001', '𝄞', '𝄞']),
      ).join('');
      const json = JSON.stringify({ aString: text });
      const all = pieces('sink.v1.Scalars', schema.encode('sink.v1.Scalars', json));
      expect(all.length).toBeGreaterThan(1);
      for (const piece of all) {
        expect(Buffer.from(piece, 'utf8').toString('utf8') === piece).toBe(true);
      }
      expect(JSON.parse(all.join(''))).toEqual({ aString: text });
    });
  });

  it('gives long bytes as one value', () => {
    forSeeds(20, (random) => {
      const aBytes = Buffer.from(random.bytes(random.integer(40_000, 200_000))).toString('base64');
      const bytes = schema.encode('sink.v1.Scalars', JSON.stringify({ aBytes }));
      expect(JSON.parse(pieces('sink.v1.Scalars', bytes).join(''))).toEqual({ aBytes });
    });
  });

  it('is not bounded, as the text of decode is', () => {
    const bytes = Buffer.alloc(51 * 1024 * 1024);
    // A field `aBytes` of 50 MB, whose base64 has more characters than decode gives.
    bytes.set([(15 << 3) | 2, ...varint(bytes.length - 6)]);
    expect(() => schema.decode('sink.v1.Scalars', bytes)).toThrow(/too long to be shown/);
    const length = pieces('sink.v1.Scalars', bytes).reduce((sum, piece) => sum + piece.length, 0);
    expect(length).toBeGreaterThan(64 * 1024 * 1024);
  });

  it('gives more values than decode keeps in memory', () => {
    const bytes = Buffer.alloc(2_400_000).fill(Uint8Array.of(0x1a, 0));
    expect(() => schema.decode('sink.v1.Tree', bytes)).toThrow(/more than 1,000,000 values/);
    const fresh = descriptorSchema();
    let text = 0;
    fresh.print('sink.v1.Tree', bytes, (piece) => {
      text += piece.length;
    });
    const item = '    {},\n'.length;
    expect(text).toBe('{\n  "children": [\n'.length + 1_200_000 * item - 1 + '  ]\n}'.length);
  });

  it('gives nothing of bytes that do not fit', () => {
    const all: string[] = [];
    const bytes = Buffer.concat([Buffer.alloc(300_000).fill(Uint8Array.of(0x1a, 0)), Buffer.of(7)]);
    expect(() => schema.print('sink.v1.Tree', bytes, (piece) => all.push(piece))).toThrow(
      /^The bytes are no sink.v1.Tree: /,
    );
    expect(all).toEqual([]);
  });

  it('leaves the line with blanks only where that is asked for', () => {
    const bytes = schema.encode(
      'sink.v1.Tree',
      '{"name":"a\\n b","left":{},"children":[{},{"name":"c"}],"named":{"d":{}}}',
    );
    expect(schema.decode('sink.v1.Tree', bytes, { oneLine: true })).toBe(
      '{ "name": "a\\n b", "left": {}, "children": [ {}, { "name": "c" } ], "named": { "d": {} } }',
    );
    expect(schema.decode('sink.v1.Tree', bytes)).toBe(`{
  "name": "a\\n b",
  "left": {},
  "children": [
    {},
    {
      "name": "c"
    }
  ],
  "named": {
    "d": {}
  }
}`);
  });

  it('writes fields in the order of their declaration, whatever order they came in', () => {
    const [name, left, child] = ['{"name":"a"}', '{"left":{}}', '{"children":[{}]}'].map((json) =>
      schema.encode('sink.v1.Tree', json),
    ) as [Uint8Array, Uint8Array, Uint8Array];
    const bytes = Buffer.concat([child, left, child, name]);
    expect(schema.decode('sink.v1.Tree', bytes, { oneLine: true })).toBe(
      '{ "name": "a", "left": {}, "children": [ {}, {} ] }',
    );
    expect(schema.decode('sink.v1.Tree', child, { oneLine: true, defaults: true })).toBe(
      '{ "name": "", "children": [ { "name": "", "children": [], "named": {} } ], "named": {} }',
    );
  });
});

function varint(value: number): number[] {
  return [0, 7, 14, 21, 28].map((shift, index) =>
    index < 4 ? ((value >>> shift) & 0x7f) | 0x80 : value >>> shift,
  );
}
