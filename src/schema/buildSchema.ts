import { setImmediate } from 'node:timers/promises';
import { quote } from './build';
import { createSchema } from './createSchema';
import { decodeFile } from './descriptor';
import { fromDescriptor } from './fromDescriptor';
import type { fromProtoText } from './fromProtoText';
import type { ProtoSource } from './protoSources';
import type { Problem, Schema } from './schema';
import { TypePool } from './typePool';
import type { FileTypes } from './types';

/** Local `.proto` text or descriptors, read but not yet linked: one value serves any number of schemas. */
export interface LocalFiles {
  readonly sources: readonly ProtoSource[];
  /** FileDescriptorProto each. */
  readonly descriptors: readonly Uint8Array[];
  readonly problems: readonly Problem[];
}

export interface SchemaParts {
  /** What `discover` found. */
  readonly reflection?: {
    /** FileDescriptorProto each. */
    readonly files: readonly Uint8Array[];
    /** Full names of the server's services. */
    readonly services: readonly string[];
    readonly problems?: readonly Problem[];
  };
  /** Fills what reflection leaves out; the whole schema when there is no reflection. */
  readonly local?: LocalFiles;
}

const partsOfSchema = new WeakMap<Schema, SchemaParts>();

/** What a schema was built of: to keep it, or to build it again elsewhere. */
export function schemaParts(schema: Schema): SchemaParts | undefined {
  return partsOfSchema.get(schema);
}

/** Milliseconds of work after which the event loop gets its turn. */
const TURN = 10;

/** Reads `.proto` text; it brings protobufjs's parser with it. */
export type ProtoParser = typeof fromProtoText;

/** Never throws: what can't be used is a problem, and the rest is there. */
export function buildSchemaWith(parser: ProtoParser, parts: SchemaParts): Schema {
  const steps = buildSteps(parts, parser);
  for (;;) {
    const step = steps.next();
    if (step.done) {
      return step.value;
    }
  }
}

/** As `buildSchemaWith`, in turns: a server with a thousand files must not hold up the process that asks. */
export async function buildSchemaInTurns(parts: SchemaParts): Promise<Schema> {
  const hasText = (parts.local?.sources.length ?? 0) > 0;
  const parser = hasText ? (await import('./fromProtoText')).fromProtoText : undefined;
  const steps = buildSteps(parts, parser);
  let began = performance.now();
  for (;;) {
    const step = steps.next();
    if (step.done) {
      return step.value;
    }
    if (performance.now() - began > TURN) {
      await setImmediate();
      began = performance.now();
    }
  }
}

function* buildSteps(parts: SchemaParts, parser: ProtoParser | undefined): Generator<void, Schema> {
  const ofServices = new Map<string, Problem[]>();
  const problems: Problem[] = [...(parts.local?.problems ?? [])];
  for (const it of parts.reflection?.problems ?? []) {
    if (it.code === 'missing-service') {
      ofServices.set(it.subject, [it]);
    } else {
      problems.push(it);
    }
  }
  const files: FileTypes[] = [
    ...(yield* fromDescriptors(parts.reflection?.files ?? [], 'reflection', problems)),
    ...(yield* fromDescriptors(parts.local?.descriptors ?? [], 'local', problems)),
  ];
  for (const { name, text } of parts.local?.sources ?? []) {
    yield;
    const file = parser?.(name, text, 'local', problems);
    if (file) {
      files.push(file);
    }
  }
  yield;
  const pool = new TypePool(files, problems);
  const schema = createSchema(pool, parts.reflection?.services, ofServices);
  partsOfSchema.set(schema, parts);
  return schema;
}

function* fromDescriptors(
  descriptors: readonly Uint8Array[],
  origin: 'reflection' | 'local',
  problems: Problem[],
): Generator<void, FileTypes[]> {
  const byName = new Map<string, Uint8Array>();
  const files: FileTypes[] = [];
  for (const [i, bytes] of descriptors.entries()) {
    yield;
    try {
      const file = decodeFile(bytes);
      const before = byName.get(file.name);
      if (!before) {
        byName.set(file.name, bytes);
        files.push(fromDescriptor(file, origin, problems));
      } else if (Buffer.compare(before, bytes) !== 0) {
        problems.push({
          code: 'duplicate-file',
          subject: file.name,
          message: `There are two files named ${quote(file.name)} with different content; the first one is used.`,
        });
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push({
        code: 'malformed-descriptor',
        subject: `file ${i + 1} of ${descriptors.length}`,
        message: `File ${i + 1} of ${descriptors.length} is no file descriptor (${reason}); it is left out.`,
      });
    }
  }
  return files;
}
