import type { ChannelOptions } from '@grpc/grpc-js';
import type { Channel } from '../grpc/channel';
import { ChannelPool } from '../grpc/channelPool';
import { parseDuration } from '../grpc/duration';
import { checkHealth, type Health, healthPath } from '../grpc/health';
import { buildMetadata } from '../grpc/metadata';
import type { Target } from '../grpc/target';
import {
  buildSchemaInTurns,
  discover,
  discoveryChannelOptions,
  joinLocalFiles,
  type LocalFiles,
  loadDescriptorSetFile,
  loadProtoFiles,
  ReflectionError,
} from '../schema/load';
import type { Schema } from '../schema/schema';
import type { CallStatus } from '../transcript/entry';
import { reasonOf, UserError } from './errors';
import type { Discovered } from './explorer/discovered';
import type { ServerSecrets } from './secrets';
import type { Server } from './servers';

/** Milliseconds for a health check: it is an extra, and must not hold up the tree. */
const healthTimeout = 2000;
/** Services whose own health is asked for. */
const healthLimit = 50;
const defaultTimeout = 10_000;
/** Milliseconds to find out why a server is not reached. */
const probeTimeout = 3000;

/**
 * Discovery has a connection of its own, closed when it has been idle: the first RPC of a user shows how its own
 * connection comes about.
 */
const discoveryOptions: ChannelOptions = {
  ...discoveryChannelOptions,
  'grpc.primary_user_agent': 'frameline-discovery',
  'grpc.client_idle_timeout_ms': 30_000,
};

export interface DiscoverSettings {
  /** A duration as the user wrote it. */
  readonly timeout: string;
  readonly signal: AbortSignal;
}

/** Everything of the host that needs gRPC and protobuf. Import it dynamically: it is heavy. */
export class Engine {
  readonly #channels = new ChannelPool();

  /** The channel to a server, shared by all calls with the same options. */
  channel(server: Server, secrets: ServerSecrets, options: ChannelOptions): Promise<Channel> {
    const { passphrase } = secrets;
    return this.#channels.get(
      server.target,
      options,
      passphrase === undefined ? {} : { passphrase },
    );
  }

  /** Lets the next call to a target open a new connection. */
  retire(target: Target): void {
    this.#channels.retire(target);
  }

  /** Reads what a server offers, from reflection and local files, and its health. */
  async discover(
    server: Server,
    secrets: ServerSecrets,
    settings: DiscoverSettings,
  ): Promise<Discovered> {
    const local = await localFiles(server);
    if (!server.sources.reflection) {
      const schema = await buildSchemaInTurns(local ? { local } : {});
      return this.#withHealth(server, secrets, schema);
    }
    const parsed = parseDuration(settings.timeout);
    const channel = await this.channel(server, secrets, discoveryOptions);
    const letGo = channel.hold();
    const metadata = metadataOf(secrets);
    try {
      const reflection = await discover(channel.client, {
        timeout: parsed.ok ? parsed.milliseconds : defaultTimeout,
        metadata,
        signal: settings.signal,
      });
      const schema = await buildSchemaInTurns({ reflection, ...(local ? { local } : {}) });
      const { version, firstError } = reflection;
      return {
        ...(await this.#withHealth(server, secrets, schema)),
        reflection: firstError
          ? `${version} (${firstError.version}: ${firstError.name} ${firstError.details})`
          : version,
      };
    } catch (error) {
      // Files were added because there is no reflection: that is no fault to be told of each time.
      if (local && error instanceof ReflectionError && error.code === 'not-offered') {
        const schema = await buildSchemaInTurns({ local });
        return { ...(await this.#withHealth(server, secrets, schema)), reflection: 'not offered' };
      }
      const failure = await this.#explained(error, server, secrets);
      if (!local || settings.signal.aborted) {
        throw failure;
      }
      return {
        schema: await buildSchemaInTurns({ local: withProblem(local, failure) }),
        serviceHealth: new Map(),
        reflectionFailed: true,
      };
    } finally {
      letGo();
    }
  }

  async dispose(): Promise<void> {
    await this.#channels.dispose();
  }

  /**
   * The failure for the user. Where the server was not reached, a probe with a transcript finds out what reflection
   * can't tell: TLS or plaintext on the wrong port, a certificate that expired, an HTTP/1.1 server.
   */
  async #explained(error: unknown, server: Server, secrets: ServerSecrets): Promise<UserError> {
    const what = `Reading the services of ${server.name}`;
    if (!(error instanceof ReflectionError)) {
      return UserError.from(error, what);
    }
    if (error.code === 'cancelled') {
      return new UserError('discovery-cancelled', { what, why: error.reason });
    }
    const unreached = error.code === 'unreachable' || error.code === 'timeout';
    // The pool replaces a channel that failed: the probe sees its own connection fail, not an old error.
    const cause = unreached
      ? await probe(await this.channel(server, secrets, discoveryOptions))
      : undefined;
    return new UserError(
      error.code === 'not-offered' ? 'reflection-not-offered' : 'discovery-failed',
      {
        what,
        why: cause?.explanation ?? error.reason,
        next: cause?.nextActions.join(' ') || error.nextStep || undefined,
        cause: error,
      },
    );
  }

  async #withHealth(server: Server, secrets: ServerSecrets, schema: Schema): Promise<Discovered> {
    const channel = await this.channel(server, secrets, discoveryOptions);
    const letGo = channel.hold();
    try {
      const { client } = channel;
      const check = (service: string): Promise<Health | undefined> =>
        checkHealth(client, service, { timeout: healthTimeout, metadata: metadataOf(secrets) });
      const health = await check('');
      const serviceHealth = new Map<string, Health>();
      if (health !== undefined) {
        await Promise.all(
          schema.services.slice(0, healthLimit).map(async ({ name }) => {
            const own = await check(name);
            if (own !== undefined) {
              serviceHealth.set(name, own);
            }
          }),
        );
      }
      return { schema, serviceHealth, ...(health === undefined ? {} : { health }) };
    } finally {
      letGo();
    }
  }
}

/** How a connection to the server fails; `undefined` when it doesn't. */
async function probe(channel: Channel): Promise<CallStatus | undefined> {
  const call = channel.startCall({ path: healthPath, deadline: probeTimeout });
  call.halfClose();
  const status = await call.done;
  call.transcript.dispose();
  return status.origin === 'application' || status.name === 'OK' ? undefined : status;
}

function metadataOf(secrets: ServerSecrets): ReturnType<typeof buildMetadata>['metadata'] {
  const rows = (secrets.reflectionMetadata ?? []).map((row) => ({ ...row, enabled: true }));
  return buildMetadata(rows).metadata;
}

async function localFiles({ name, sources }: Server): Promise<LocalFiles | undefined> {
  const { protoFiles, importPaths, descriptorSets } = sources;
  if (protoFiles.length + descriptorSets.length === 0) {
    return undefined;
  }
  const sets = await Promise.all(
    descriptorSets.map(async (file) => {
      try {
        return await loadDescriptorSetFile(file);
      } catch (error) {
        throw new UserError('file-unreadable', {
          what: `Reading the descriptor set ${file} of ${name}`,
          why: reasonOf(error),
          next: 'Change or remove it with "gRPC: Edit Server…".',
          cause: error,
        });
      }
    }),
  );
  const protos = protoFiles.length > 0 ? [await loadProtoFiles(protoFiles, importPaths)] : [];
  return joinLocalFiles([...protos, ...sets]);
}

/** Local files, with the reason why reflection added nothing to them. */
function withProblem(local: LocalFiles, error: UserError): LocalFiles {
  const message = [error.why, error.next].filter((line) => line).join(' ');
  const problem = { code: 'reflection', subject: 'reflection', message } as const;
  return { ...local, problems: [problem, ...local.problems] };
}
