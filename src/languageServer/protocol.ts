/** What the host and the language server must agree on. */

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
}
