import type { ChannelOptions } from '@grpc/grpc-js';
import type { Channel } from '../../grpc/channel';
import type { Schema } from '../../schema/schema';
import type { ServerSpec } from '../serverSpec';

/** What a run needs of whoever holds the connections and knows the servers. */
export interface Caller {
  /**
   * What the server offers, read once and kept. Rejects with an error whose message is for people.
   * @param path of the method that is asked for: a reader that reads only what is needed may look for its service alone
   */
  schema(server: ServerSpec, path: string): Promise<Schema>;
  /** The channel to the server, shared by all calls with the same options. */
  channel(server: ServerSpec, options: ChannelOptions): Promise<Channel>;
}
