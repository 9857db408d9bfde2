import type { InitializeParams } from 'vscode-languageserver/node';
import type { ServerOptions } from './protocol';

/** What the editor on the other side can do, as far as it makes a difference here. */
export interface ClientAbilities {
  /** Answers `workspace/configuration`. */
  readonly configuration: boolean;
  /** Takes edits with the version of the document they are for. */
  readonly versionedEdits: boolean;
  /** Takes edits that put the cursor somewhere. */
  readonly snippetEdits: boolean;
  /** Asks for the edit of a code action when it is chosen. */
  readonly resolvesEdits: boolean;
  /** Watches files for the server. */
  readonly fileWatchers: boolean;
  /** Shows progress that the server begins. */
  readonly progress: boolean;
  /** Tells of folders that come and go. */
  readonly workspaceFolders: boolean;
  /** Has the command that opens a rule's page. */
  readonly opensRulePages: boolean;
}

export function clientAbilities({
  capabilities: { workspace, textDocument, window },
  initializationOptions,
}: InitializeParams): ClientAbilities {
  return {
    configuration: workspace?.configuration === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    snippetEdits: workspace?.workspaceEdit?.snippetEditSupport === true,
    resolvesEdits:
      textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true &&
      textDocument.codeAction.dataSupport === true,
    fileWatchers: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    progress: window?.workDoneProgress === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    opensRulePages:
      (initializationOptions as Partial<ServerOptions> | undefined)?.opensRulePages === true,
  };
}
