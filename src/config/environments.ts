import type { Target } from '../grpc/target';
import type { SchemaSources } from '../schema/sources';
import type { ConfigProblem } from './configReader';

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
  /** For reflection only. Values may hold references, to secrets too. */
  readonly reflectionMetadata?: readonly { readonly key: string; readonly value: string }[];
}

/** What the `frameline.json` that is nearest to a file says of environments. */
export interface EnvironmentFile {
  /** Absolute, of the `frameline.json`. */
  readonly path: string;
  /** Where it stands. */
  readonly folder: string;
  /** In the order of the file. The first one holds where none was chosen. */
  readonly environments: readonly Environment[];
  /** What is wrong with the file's syntax and its environments, in its order. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * The environment that holds: the one of that name, or the first where none was chosen or it is gone.
 * @param name as it was kept; anything may stand there
 */
export function chosenEnvironment(
  environments: readonly Environment[],
  name: unknown,
): Environment | undefined {
  return environments.find((environment) => environment.name === name) ?? environments[0];
}
