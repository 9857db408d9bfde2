import { ChannelPool } from '../../src/grpc/channelPool';
import { buildMetadata } from '../../src/grpc/metadata';
import type { Caller } from '../../src/request/run/caller';
import { discoveryChannelOptions, readSchema } from '../../src/schema/readSchema';

/** A caller with a pool of its own. Close it at the end of the test. */
export function testCaller(): Caller & { close(): Promise<void> } {
  const pool = new ChannelPool();
  return {
    schema: async ({ name, target, sources, reflectionMetadata }) => {
      const rows = reflectionMetadata.map((pair) => ({ ...pair, enabled: true }));
      const { schema } = await readSchema({
        name,
        sources,
        metadata: buildMetadata(rows).metadata,
        channel: () => pool.get(target, discoveryChannelOptions),
      });
      return schema;
    },
    channel: ({ target }, options) => pool.get(target, options),
    close: () => pool.dispose(),
  };
}
