import { describe, expect, test } from 'vitest';
import { BUILTIN_PROTOS } from '../../../src/schema/builtinProtos';
import { readBuiltin } from '../../../src/schema/builtinReader';
import { fromProtoText } from '../../../src/schema/fromProtoText';

describe('readBuiltin', () => {
  test.each([...BUILTIN_PROTOS])('reads %s as protobufjs does', (name, text) => {
    const { text: source, ...types } = readBuiltin(name, text);
    const { text: _, ...expected } = fromProtoText(name, text, 'builtin', []) ?? {};
    expect(types).toEqual(expected);
    expect(source({ message: () => undefined, extension: () => undefined }).text).toBe(text);
  });

  test('refuses what it doesn’t know', () => {
    expect(() => readBuiltin('a.proto', 'service S {}')).toThrow('"service" is nothing');
    expect(() => readBuiltin('a.proto', 'message M { string a 1; }')).toThrow('1 stands where =');
    expect(() => readBuiltin('a.proto', 'message M {')).toThrow('ends too early');
  });
});
