import type { ChannelOptions } from '@grpc/grpc-js';
import type { Channel } from '../grpc/channel';
import { ChannelPool } from '../grpc/channelPool';
import { parseDuration } from '../grpc/duration';
import { checkHealth, type Health } from '../grpc/health';
import { buildMetadata } from '../grpc/metadata';
import type { Target } from '../grpc/target';
import { discoveryChannelOptions, readSchema, SchemaError } from '../schema/readSchema';
import type { Schema } from '../schema/schema';
import { UserError } from './errors';
import type { Discovered } from './explorer/discovered';
import type { ServerSecrets } from './secrets';
import type { Server } from './servers';

/** Milliseconds for a health check: it is an extra, and must not hold up the tree. */
const healthTimeout = 2000;
/** Services whose own health is asked for. */
const healthLimit = 50;

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
    const parsed = parseDuration(settings.timeout);
    try {
      const read = await readSchema({
        name: server.name,
        sources: server.sources,
        metadata: metadataOf(secrets),
        signal: settings.signal,
        channel: () => this.channel(server, secrets, discoveryOptions),
        ...(parsed.ok ? { timeout: parsed.milliseconds } : {}),
      });
      return read.reflectionFailed
        ? { ...read, serviceHealth: new Map() }
        : { ...read, ...(await this.#health(server, secrets, read.schema)) };
    } catch (error) {
      throw error instanceof SchemaError ? userError(error) : error;
    }
  }

  async dispose(): Promise<void> {
    await this.#channels.dispose();
  }

  async #health(
    server: Server,
    secrets: ServerSecrets,
    schema: Schema,
  ): Promise<Pick<Discovered, 'health' | 'serviceHealth'>> {
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
      return { serviceHealth, ...(health === undefined ? {} : { health }) };
    } finally {
      letGo();
    }
  }
}

function metadataOf(secrets: ServerSecrets): ReturnType<typeof buildMetadata>['metadata'] {
  const rows = (secrets.reflectionMetadata ?? []).map((row) => ({ ...row, enabled: true }));
  return buildMetadata(rows).metadata;
}

function userError(error: SchemaError): UserError {
  const { code, what, why, cause } = error;
  const next =
    code === 'file-unreadable' ? 'Change or remove it with "gRPC: Edit Server…".' : error.next;
  return new UserError(code, { what, why, next, cause });
}
