import type { Target } from '../grpc/target';
import type { SchemaSources } from '../schema/sources';
import type { MetadataPair } from './draft';

/** Everything needed to connect to the server of a request and to learn what it offers. */
export interface ServerSpec {
  /** Of the environment's target; the address when it has none. */
  readonly name: string;
  readonly target: Target;
  readonly sources: SchemaSources;
  readonly reflectionMetadata: readonly MetadataPair[];
}
