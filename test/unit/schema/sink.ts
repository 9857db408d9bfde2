/** The kitchen sink of test/fixtures/schema, from both kinds of source. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { buildSchema, loadProtoFiles, readDescriptorSet } from '../../../src/schema/load';
import type { Schema } from '../../../src/schema/schema';

const folder = fileURLToPath(new URL('../../fixtures/schema/', import.meta.url));

export function fixture(name: string): Buffer {
  return readFileSync(`${folder}${name}`);
}

export function fixturePath(name: string): string {
  return `${folder}${name}`;
}

/** Descriptors as protoc made them, comments included. */
export function descriptorSchema(): Schema {
  return buildSchema({ local: readDescriptorSet(fixture('sink.binpb'), 'sink.binpb') });
}

export async function textSchema(): Promise<Schema> {
  return buildSchema({ local: await loadProtoFiles([`${folder}kitchen_sink.proto`], [folder]) });
}

/** One FileDescriptorProto each, by name. */
export function descriptorFiles(): Map<string, Uint8Array> {
  const { descriptors } = readDescriptorSet(fixture('sink.binpb'), 'sink.binpb');
  return new Map(
    descriptors.map((it) => {
      // FileDescriptorProto.name is field 1 and comes first.
      const length = it[1] ?? 0;
      return [Buffer.from(it.subarray(2, 2 + length)).toString(), it];
    }),
  );
}
