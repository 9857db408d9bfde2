/** What the host and the language server must agree on. */
import type { ServerSpec } from '../request/serverSpec';
import type { PackedParts } from '../schema/packedParts';

/** Setting, asked for each document: whether it is linted. */
export const enableSetting = 'frameline.lint.enable';

/** Command of the host that opens a rule's page; its argument is the rule's id. */
export const openRulePageCommand = 'frameline.openRulePage';

/** `source` of every diagnostic. */
export const diagnosticSource = 'frameline';

/** Kind of the code action that mends everything in a file. */
export const fixAllKind = 'source.fixAll.frameline';

/** `initializationOptions` of the host. */
export interface ServerOptions {
  /** Whether the editor has `openRulePageCommand`. */
  readonly opensRulePages: boolean;
  /** Whether the editor answers `describeServerRequest`, `knownServersRequest` and `environmentRequest`. */
  readonly knowsServers?: boolean;
  /** Command of the editor that offers completions anew, for where there is something to choose at once. */
  readonly suggestCommand?: string;
}

/** Language id of request files. */
export const requestLanguage = 'grpc';

// What the server asks of an editor that knows servers (`ServerOptions.knowsServers`), for request files.

/** Request of the server: what a server offers. `DescribeServerParams` to `DescribeServerResult`. */
export const describeServerRequest = 'frameline/describeServer';

/** Request of the server: the servers that the editor knows, for completion. No parameters; a list of `KnownServer`. */
export const knownServersRequest = 'frameline/servers';

/**
 * Request of the server: the name of the environment that is chosen for a document, or null.
 * Its parameter is `{ uri }`.
 */
export const environmentRequest = 'frameline/environment';

/** Notification of the editor, without parameters: another environment is chosen, somewhere. */
export const environmentChangedNotification = 'frameline/environmentChanged';

/** Notification of the editor, without parameters: what `describeServerRequest` answered may be another answer now. */
export const serversChangedNotification = 'frameline/serversChanged';

export interface DescribeServerParams {
  /** Of a request file that names the server. */
  readonly uri: string;
  /** Values of its reflection metadata may still hold references: to secrets, which only the editor knows. */
  readonly server: ServerSpec;
  /** The version that the asking side has already. */
  readonly known?: string;
}

export type DescribeServerResult =
  | { readonly kind: 'schema'; readonly version: string; readonly parts: PackedParts }
  /** It is `known`. */
  | { readonly kind: 'unchanged' }
  /** Sentences: why, and what to do. */
  | { readonly kind: 'failed'; readonly message: string };

export interface KnownServer {
  readonly name: string;
  readonly address: string;
  readonly plaintext: boolean;
}
