import type { Target } from '../grpc/target';
import type { SchemaSources } from '../schema/sources';

/** One environment of `frameline.json`: what differs between `local` and `staging`. Never holds a secret's value. */
export interface Environment {
  readonly name: string;
  readonly variables: ReadonlyMap<string, string>;
  /** Names of variables whose values are kept elsewhere. */
  readonly secrets: readonly string[];
  readonly targets: ReadonlyMap<string, EnvironmentTarget>;
}

/** A named target. Its paths are absolute; its address may hold references to variables. */
export interface EnvironmentTarget {
  readonly target: Target;
  readonly sources: SchemaSources;
}
