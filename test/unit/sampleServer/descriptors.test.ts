import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { root } from '../../../src/sampleServer/descriptors';

/** sample.binpb is checked in: it must say what the .proto files beside it say. */

const directory = join(import.meta.dirname, '../../../src/sampleServer/proto');
const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.proto'),
);

function parsed(file: string): protobuf.Root {
  const own = new protobuf.Root();
  // Names as the compiled set has them; imports are other rows of this test.
  protobuf.parse(readFileSync(join(directory, file), 'utf8'), own);
  return own;
}

function objects(namespace: protobuf.NamespaceBase): protobuf.ReflectionObject[] {
  return namespace.nestedArray.flatMap((nested) => [
    nested,
    ...(nested instanceof protobuf.Namespace ? objects(nested) : []),
  ]);
}

function shape(object: protobuf.ReflectionObject | null): unknown {
  if (object instanceof protobuf.Enum) {
    return object.values;
  }
  if (object instanceof protobuf.Service) {
    return object.methodsArray.map(({ name, requestStream, responseStream }) => ({
      name,
      requestStream: requestStream ?? false,
      responseStream: responseStream ?? false,
    }));
  }
  if (object instanceof protobuf.Type) {
    return object.fieldsArray
      .filter(({ name }) => !name.startsWith('.'))
      .map(({ id, repeated, map, type }) => ({ id, repeated, map, type: type.split('.').at(-1) }))
      .sort((a, b) => a.id - b.id);
  }
  return undefined;
}

describe('sample.binpb', () => {
  it('knows every .proto file of the sample server', () => {
    expect(files.length).toBeGreaterThanOrEqual(10);
  });

  it.each(files)('agrees with %s', (file) => {
    const written = objects(parsed(file)).filter((object) => shape(object) !== undefined);
    expect(written.length).toBeGreaterThan(0);
    for (const object of written) {
      const compiled = root.lookup(object.fullName);
      expect(shape(compiled), `${object.fullName}: run src/sampleServer/proto/build.mjs`).toEqual(
        shape(object),
      );
    }
  });
});
