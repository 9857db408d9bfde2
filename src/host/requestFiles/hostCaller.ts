import type { ChannelOptions } from '@grpc/grpc-js';
import type { Channel } from '../../grpc/channel';
import type { Caller } from '../../request/run/caller';
import type { ServerSpec } from '../../request/serverSpec';
import type { Schema } from '../../schema/schema';
import type { App } from '../app';
import { UserError } from '../errors';
import type { Server } from '../servers';
import { explorerServer } from './fileServers';

/** What a caller needs of the host. */
export type CallerParts = Pick<
  App,
  'store' | 'fileServers' | 'secrets' | 'discovery' | 'loadEngine'
>;

/** Makes the calls of request files with the connections and schemas that the explorer and the panels have too. */
export class HostCaller implements Caller {
  readonly #parts: CallerParts;

  constructor(parts: CallerParts) {
    this.#parts = parts;
  }

  /**
   * The server that a spec is about: the explorer's, or one of its own.
   * @param secrets values that must not be written to disk
   */
  server(spec: ServerSpec, secrets: readonly string[] = []): Server {
    const { store, fileServers } = this.#parts;
    const known = explorerServer(store.all, spec);
    if (known) {
      return known;
    }
    const server = fileServers.add(spec, secrets);
    const { reflectionMetadata } = spec;
    if (reflectionMetadata.length > 0) {
      this.#parts.secrets.hold(server.id, { reflectionMetadata });
    }
    return server;
  }

  async schema(spec: ServerSpec, path: string): Promise<Schema> {
    const { discovery } = this.#parts;
    const server = this.server(spec);
    try {
      // A failure stays until somebody asks anew: whoever sends has mended something.
      if (discovery.state(server).kind === 'failed') {
        return (await discovery.refresh(server)).schema;
      }
      const wasKnown = discovery.state(server).kind === 'ready';
      const { schema } = await discovery.read(server);
      // The server may run another version now.
      return wasKnown && schema.findMethod(path) === undefined
        ? (await discovery.refresh(server)).schema
        : schema;
    } catch (error) {
      const { message, next } = UserError.from(error, `Reading the services of ${server.name}`);
      throw new Error([message, next].filter((text) => text).join(' '), { cause: error });
    }
  }

  async channel(spec: ServerSpec, options: ChannelOptions): Promise<Channel> {
    const server = this.server(spec);
    const [engine, secrets] = await Promise.all([
      this.#parts.loadEngine(),
      this.#parts.secrets.get(server.id),
    ]);
    return engine.channel(server, secrets, options);
  }
}
