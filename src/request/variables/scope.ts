import type { Environment } from '../../config/environments';

/** A secret's value, or a sentence why there is none and what to do. */
export type SecretAnswer =
  | { readonly ok: true; readonly value: string }
  | { readonly ok: false; readonly message: string };

/** Where the values of variables come from besides the file, the strongest first. */
export interface Scope {
  /** Of the command line. */
  readonly overrides: ReadonlyMap<string, string>;
  /** Of the answers to earlier requests of the file. */
  readonly captures: ReadonlyMap<string, string>;
  readonly environment: Environment | undefined;
  /** Asked only for names in `environment.secrets`, and only when a request that names it is sent. */
  readonly secret: (name: string) => Promise<SecretAnswer>;
}
