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
  /** Answers what is asked about servers and environments. */
  readonly knowsServers: boolean;
  /** Command that offers completions anew. */
  readonly suggestCommand: string | undefined;
  /** Takes completions that put the cursor somewhere. */
  readonly snippetCompletions: boolean;
  /** Can be told for which languages a feature is there. */
  readonly featuresByLanguage: boolean;
}

export function clientAbilities({
  capabilities: { workspace, textDocument, window },
  initializationOptions,
}: InitializeParams): ClientAbilities {
  const options = initializationOptions as Partial<ServerOptions> | undefined;
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
    opensRulePages: options?.opensRulePages === true,
    knowsServers: options?.knowsServers === true,
    suggestCommand: options?.suggestCommand,
    snippetCompletions: textDocument?.completion?.completionItem?.snippetSupport === true,
    featuresByLanguage: textDocument?.completion?.dynamicRegistration === true,
  };
}
