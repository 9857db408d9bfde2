import type { Environment } from '../../config/environments';
import type { Schema } from '../../schema/schema';
import type { Span } from '../file/syntax';
import type { ServerSpec } from '../serverSpec';

/** Something that is wrong, doubtful or worth knowing in a request file. */
export interface RequestFinding {
  readonly span: Span;
  readonly severity: 'error' | 'warning' | 'information' | 'hint';
  /** Stable: `unknown-method`, or the code of an `OptionRisk`. */
  readonly code: string;
  /** What is wrong, why, and what to write instead. */
  readonly message: string;
  /** What stands there could be left out. */
  readonly isUnnecessary?: true;
  /** What stands there should not be used any more. */
  readonly isDeprecated?: true;
}

/** What is known of a server. The same object until something else is known. */
export type SchemaState =
  /** It is being asked, or there is nobody to ask. */
  | { readonly kind: 'unknown' }
  | { readonly kind: 'ready'; readonly schema: Schema }
  /** Sentences for people: why, and what to do. */
  | { readonly kind: 'failed'; readonly message: string };

/** What is known of a path. The same object until something else is known. */
export type FileState =
  | { readonly kind: 'unknown' }
  | { readonly kind: 'missing' }
  | { readonly kind: 'folder' }
  /** It is not inside the workspace folder of the request file; nothing of it was read. */
  | { readonly kind: 'outside' }
  | {
      readonly kind: 'file';
      /** Undefined when it is too long to be looked at. */
      readonly text: string | undefined;
    };

/** What a request file is checked against. Nothing here waits: what isn't known yet is checked later. */
export interface Surroundings {
  /** Absolute, of the request file. */
  readonly path: string;
  /** The chosen one. */
  readonly environment: Environment | undefined;
  /** All that there are, to say where else a name is known. */
  readonly environments: readonly Environment[];
  schemaOf(server: ServerSpec): SchemaState;
  /** @param path absolute */
  fileAt(path: string): FileState;
}
