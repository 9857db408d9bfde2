/**
 * The entry of the schema room. It brings protobufjs with it: import it dynamically, on first use.
 */
import { readFile } from 'node:fs/promises';
import protobuf from 'protobufjs/minimal.js';
import { quote } from './build';
import { buildSchemaWith, type LocalFiles, type SchemaParts } from './buildSchema';
import { fromProtoText } from './fromProtoText';
import { readProtoSources } from './protoSources';
import type { Problem, Schema } from './schema';

export {
  buildSchemaInTurns,
  type LocalFiles,
  type SchemaParts,
  schemaParts,
} from './buildSchema';
export {
  type DiscoverOptions,
  type Discovery,
  discover,
  discoveryChannelOptions,
} from './discover';
export { type ReflectionAttempt, ReflectionError } from './reflectionError';
export { decodeStatusDetails, type StatusDetails } from './statusDetails';

/** Never throws: what can't be used is a problem, and the rest is there. */
export function buildSchema(parts: SchemaParts): Schema {
  return buildSchemaWith(fromProtoText, parts);
}

/**
 * Reads `.proto` files and what they import. `importPaths` are the folders that imports are relative to;
 * the folder of a file that is in none of them counts as one. A file that isn't there is looked for below each of them,
 * by its path relative to `folder`.
 */
export async function loadProtoFiles(
  files: readonly string[],
  importPaths: readonly string[],
  folder?: string,
): Promise<LocalFiles> {
  const { sources, problems } = await readProtoSources(files, importPaths, folder);
  return { sources, descriptors: [], problems };
}

/** Reads a FileDescriptorSet (`.binpb`, `.protoset`). Rejects with Node's error when the file can't be read. */
export async function loadDescriptorSetFile(path: string): Promise<LocalFiles> {
  return readDescriptorSet(await readFile(path), path);
}

/** The files of a FileDescriptorSet; `name` is what a problem calls it. */
export function readDescriptorSet(bytes: Uint8Array, name: string): LocalFiles {
  const descriptors: Uint8Array[] = [];
  const reader = protobuf.Reader.create(bytes);
  const problems: Problem[] = [];
  try {
    while (reader.pos < reader.len) {
      const tag = reader.uint32();
      // FileDescriptorSet.file is field 1, length-delimited.
      if (tag === 10) {
        descriptors.push(reader.bytes());
      } else {
        reader.skipType(tag & 7, 0, tag >>> 3);
      }
    }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    problems.push({
      code: 'malformed-descriptor',
      subject: name,
      message: `${quote(name)} is no whole descriptor set: ${reason} near byte ${reader.pos}. Make one with protoc --include_imports --descriptor_set_out, or buf build.`,
    });
  }
  if (descriptors.length === 0 && problems.length === 0) {
    problems.push({
      code: 'malformed-descriptor',
      subject: name,
      message: `${quote(name)} has no files in it. Make a descriptor set with protoc --include_imports --descriptor_set_out, or buf build.`,
    });
  }
  return { sources: [], descriptors, problems };
}

/** Puts several local sources together, in this order of precedence. */
export function joinLocalFiles(parts: readonly LocalFiles[]): LocalFiles {
  return {
    sources: parts.flatMap((it) => it.sources),
    descriptors: parts.flatMap((it) => it.descriptors),
    problems: parts.flatMap((it) => it.problems),
  };
}
