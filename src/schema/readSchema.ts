import type { Metadata } from '@grpc/grpc-js';
import type { Channel } from '../grpc/channel';
import { healthPath } from '../grpc/health';
import type { CallStatus } from '../transcript/entry';
import { buildSchemaInTurns, type LocalFiles } from './buildSchema';
import { discover, discoveryChannelOptions } from './discover';
import { ReflectionError } from './reflectionError';
import type { Schema } from './schema';
import type { SchemaSources } from './sources';

export { discoveryChannelOptions };

/** Why a schema could not be read, as three sentences for people. */
export class SchemaError extends Error {
  override readonly name = 'SchemaError';
  /** What was being done and to what: `Reading the services of Market`. */
  readonly what: string;
  readonly why: string;
  /** The next step; absent when there is none. */
  readonly next: string | undefined;

  constructor(
    readonly code:
      | 'discovery-failed'
      | 'reflection-not-offered'
      | 'discovery-cancelled'
      | 'file-unreadable',
    parts: {
      readonly what: string;
      readonly why: string;
      readonly next?: string | undefined;
      readonly cause?: unknown;
    },
  ) {
    super([`${parts.what}: ${parts.why}`, parts.next].filter(Boolean).join(' '), {
      cause: parts.cause,
    });
    this.what = parts.what;
    this.why = parts.why;
    this.next = parts.next;
  }
}

export interface ReadSchemaOptions {
  /** The server's name, for messages. */
  readonly name: string;
  readonly sources: SchemaSources;
  /** For reflection. */
  readonly metadata: Metadata;
  /** Milliseconds for reflection; default 10,000. */
  readonly timeout?: number;
  readonly signal?: AbortSignal;
  /**
   * The channel to ask by reflection. It is asked for again to find out why the server was not reached: a pool gives
   * a new one then, whose connection is seen to fail.
   */
  readonly channel: () => Promise<Channel>;
  /** Full name: this service alone is read by reflection, with what it imports. Left out: all. */
  readonly service?: string;
  /** By reflection only the names of the services are read. */
  readonly namesOnly?: boolean;
}

export interface ReadSchema {
  readonly schema: Schema;
  /** The version of reflection that served, and why an earlier one did not, or that there is none; absent when not wanted. */
  readonly reflection?: string;
  /** Reflection was wanted and failed: the schema is of the local files alone. */
  readonly reflectionFailed?: boolean;
}

/** Milliseconds to find out why a server is not reached. */
const probeTimeout = 3000;

/**
 * Reads what a server offers, from reflection and local files. Rejects with a `SchemaError`, or with what the making of
 * the channel rejects with (`CredentialsError`).
 */
export async function readSchema(options: ReadSchemaOptions): Promise<ReadSchema> {
  const { sources, signal } = options;
  const local = await localFiles(options);
  if (!sources.reflection) {
    return { schema: await buildSchemaInTurns(local ? { local } : {}) };
  }
  const channel = await options.channel();
  const letGo = channel.hold();
  try {
    const reflection = await discover(channel.client, {
      metadata: options.metadata,
      ...(options.timeout === undefined ? {} : { timeout: options.timeout }),
      ...(options.service === undefined ? {} : { services: [options.service] }),
      namesOnly: options.namesOnly ?? false,
      ...(signal === undefined ? {} : { signal }),
    });
    const schema = await buildSchemaInTurns({ reflection, ...(local ? { local } : {}) });
    const { version, firstError } = reflection;
    return {
      schema,
      reflection: firstError
        ? `${version} (${firstError.version}: ${firstError.name} ${firstError.details})`
        : version,
    };
  } catch (error) {
    if (!(error instanceof ReflectionError)) {
      throw error;
    }
    // Files were added because there is no reflection: that is no fault to be told of each time.
    if (local && error.code === 'not-offered') {
      return { schema: await buildSchemaInTurns({ local }), reflection: 'not offered' };
    }
    const failure = await explained(error, options);
    if (!local || signal?.aborted) {
      throw failure;
    }
    return {
      schema: await buildSchemaInTurns({ local: withProblem(local, failure) }),
      reflectionFailed: true,
    };
  } finally {
    letGo();
  }
}

/**
 * The failure for the user. Where the server was not reached, a probe with a transcript finds out what reflection
 * can't tell: TLS or plaintext on the wrong port, a certificate that expired, an HTTP/1.1 server.
 */
async function explained(
  error: ReflectionError,
  { name, channel }: ReadSchemaOptions,
): Promise<SchemaError> {
  const what = `Reading the services of ${name}`;
  if (error.code === 'cancelled') {
    return new SchemaError('discovery-cancelled', { what, why: error.reason });
  }
  const unreached = error.code === 'unreachable' || error.code === 'timeout';
  const cause = unreached ? await probe(await channel()) : undefined;
  return new SchemaError(
    error.code === 'not-offered' ? 'reflection-not-offered' : 'discovery-failed',
    {
      what,
      why: cause?.explanation ?? error.reason,
      next: cause?.nextActions.join(' ') || error.nextStep || undefined,
      cause: error,
    },
  );
}

/** How a connection to the server fails; `undefined` when it doesn't. */
async function probe(channel: Channel): Promise<CallStatus | undefined> {
  const call = channel.startCall({ path: healthPath, deadline: probeTimeout });
  call.halfClose();
  const status = await call.done;
  call.transcript.dispose();
  return status.origin === 'application' || status.name === 'OK' ? undefined : status;
}

async function localFiles({ name, sources }: ReadSchemaOptions): Promise<LocalFiles | undefined> {
  const { protoFiles, importPaths, protoFolder, descriptorSets } = sources;
  if (protoFiles.length + descriptorSets.length === 0) {
    return undefined;
  }
  const { joinLocalFiles, loadDescriptorSetFile, loadProtoFiles } = await import('./load');
  const sets = await Promise.all(
    descriptorSets.map(async (file) => {
      try {
        return await loadDescriptorSetFile(file);
      } catch (error) {
        throw new SchemaError('file-unreadable', {
          what: `Reading the descriptor set ${file} of ${name}`,
          why: error instanceof Error ? error.message : String(error),
          cause: error,
        });
      }
    }),
  );
  const protos =
    protoFiles.length > 0 ? [await loadProtoFiles(protoFiles, importPaths, protoFolder)] : [];
  return joinLocalFiles([...protos, ...sets]);
}

/** Local files, with the reason why reflection added nothing to them. */
function withProblem(local: LocalFiles, error: SchemaError): LocalFiles {
  const message = [error.why, error.next].filter((line) => line).join(' ');
  const problem = { code: 'reflection', subject: 'reflection', message } as const;
  return { ...local, problems: [problem, ...local.problems] };
}
