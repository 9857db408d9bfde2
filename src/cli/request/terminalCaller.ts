import { type ChannelOptions, setLogger } from '@grpc/grpc-js';
import type { Channel } from '../../grpc/channel';
import { ChannelPool } from '../../grpc/channelPool';
import { CredentialsError } from '../../grpc/credentials';
import { buildMetadata } from '../../grpc/metadata';
import type { Caller } from '../../request/run/caller';
import type { ServerSpec } from '../../request/serverSpec';
import {
  discoveryChannelOptions,
  type ReadSchema,
  type ReadSchemaOptions,
  readSchema,
  SchemaError,
} from '../../schema/readSchema';
import { ReflectionError } from '../../schema/reflectionError';
import type { Schema } from '../../schema/schema';
import type { SchemaSources } from '../../schema/sources';
import type { Environment } from '../environment';
import { Failure } from '../failure';
import { printable } from '../printable';

export const passphraseVariable = 'FRAMELINE_KEY_PASSPHRASE';

/**
 * Bytes that a server may send ahead. With HTTP/2's own 64 KB it waits for this side after each of them, a round trip
 * every time.
 */
const wideWindow = 1024 * 1024;

interface CallerOptions {
  readonly env: Pick<Environment, 'variables' | 'err'>;
  /** Frames are shown: they are to be those of the request panel. */
  readonly frames?: boolean;
  /** Ends reading by reflection. */
  readonly signal?: AbortSignal;
  /**
   * Options of a call that one connection is enough for: reflection goes over it too. Left out: reflection has its own,
   * so that the transcript of a call shows how its connection comes about.
   */
  readonly share?: ChannelOptions;
}

/** The connections of one run of the command, and what its servers offer. */
export class TerminalCaller implements Caller {
  readonly #channels = new ChannelPool();
  readonly #schemas = new Map<string, Promise<ReadSchema>>();
  readonly #options: CallerOptions;

  constructor(options: CallerOptions) {
    this.#options = options;
    // It would write what servers send to the terminal as it is.
    const log = (...parts: unknown[]): void =>
      options.env.err.write(`grpc-js: ${printable(parts.map(String).join(' '))}\n`);
    setLogger({ error: log, info: log, debug: log });
  }

  /**
   * By reflection the service of the method alone is read first, which takes a round trip less; when the method isn't
   * found, everything is, so that a message can say what there is.
   */
  async schema(server: ServerSpec, path: string): Promise<Schema> {
    const [, service = ''] = path.split('/');
    if (server.sources.reflection) {
      const narrow = await this.#narrow(server, service);
      if (narrow?.findMethod(path) !== undefined) {
        return narrow;
      }
    }
    return (await this.everything(server)).schema;
  }

  /** All that a server offers. */
  everything(server: ServerSpec): Promise<ReadSchema> {
    return this.#read(server, {});
  }

  /** Services alone, those by reflection without what is in them. */
  names(server: ServerSpec): Promise<ReadSchema> {
    return this.#read(server, { namesOnly: true });
  }

  async channel({ target }: ServerSpec, options: ChannelOptions): Promise<Channel> {
    const { env, frames } = this.#options;
    const passphrase = env.variables[passphraseVariable];
    try {
      return await this.#channels.get(
        target,
        frames ? options : { 'grpc-node.flow_control_window': wideWindow, ...options },
        passphrase === undefined ? {} : { passphrase },
      );
    } catch (error) {
      throw error instanceof CredentialsError ? inTerminalWords(error) : error;
    }
  }

  dispose(): Promise<void> {
    return this.#channels.dispose();
  }

  /** Undefined when there is an answer that asking for everything may make good. */
  async #narrow(server: ServerSpec, service: string): Promise<Schema | undefined> {
    try {
      return (await this.#read(server, { service })).schema;
    } catch (error) {
      const { cause } = error as Error;
      if (cause instanceof ReflectionError && cause.code === 'failed') {
        return undefined;
      }
      throw error;
    }
  }

  #read(
    server: ServerSpec,
    part: Pick<ReadSchemaOptions, 'service' | 'namesOnly'>,
  ): Promise<ReadSchema> {
    const key = JSON.stringify([server, part]);
    const known = this.#schemas.get(key);
    if (known !== undefined) {
      return known;
    }
    const { signal, share } = this.#options;
    const rows = server.reflectionMetadata.map((pair) => ({ ...pair, enabled: true }));
    const { metadata, problems } = buildMetadata(rows);
    const [problem] = problems;
    if (problem) {
      throw new Failure(`Metadata for reflection: ${problem.message}`);
    }
    const options = part.service === undefined ? undefined : share;
    const { sources } = server;
    const read = readSchema({
      name: server.name,
      sources,
      metadata,
      channel: () => this.channel(server, options ?? discoveryChannelOptions),
      ...part,
      ...(signal === undefined ? {} : { signal }),
    }).then((answer) => withNamedFiles(answer, sources));
    this.#schemas.set(key, read);
    return read;
  }
}

/** Who names a file wants what is in it: one that can't be read is a mistake, where the rest could still be used. */
function withNamedFiles(read: ReadSchema, { protoFiles }: SchemaSources): ReadSchema {
  const unread = read.schema.problems.filter(
    ({ code, subject }) => code === 'missing-import' && protoFiles.includes(subject),
  );
  const [first, ...others] = unread.map(({ message }) => message);
  if (first !== undefined) {
    throw new Failure(first, { details: others });
  }
  return read;
}

/** A failure to read what a server offers, for `frameline list` and the like. */
export function schemaFailure(error: unknown): unknown {
  if (error instanceof CredentialsError) {
    return new Failure(error.message, { cause: error });
  }
  if (!(error instanceof SchemaError)) {
    return error;
  }
  const { what, why, next } = error;
  return new Failure(`${what}: ${why}`, {
    cause: error,
    ...(next === undefined ? {} : { next }),
  });
}

/** There is no secret storage here to type a passphrase into. */
function inTerminalWords(error: CredentialsError): Error {
  switch (error.code) {
    case 'passphrase-missing':
      return new Failure(
        `The private key ${error.path} is encrypted. Put its passphrase into the environment variable ${passphraseVariable}.`,
      );
    case 'wrong-passphrase':
      return new Failure(
        `The passphrase in the environment variable ${passphraseVariable} does not open the private key ${error.path}.`,
      );
    default:
      return error;
  }
}
