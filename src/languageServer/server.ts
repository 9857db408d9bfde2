import {
  CodeActionKind,
  type Connection,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  TextDocumentSyncKind,
  type WorkspaceFolder,
} from 'vscode-languageserver/node';
import { Linter } from '../lint/linter';
import { Grammars } from '../lint/parsing/grammars';
import { type ClientAbilities, clientAbilities } from './clientAbilities';
import { filePath } from './documentPath';
import { fixAllKind } from './protocol';
import { RulePages } from './rulePages';
import { Session } from './session';
import { watchedPatterns } from './watchedFiles';

/** What ships beside the program. */
export interface Home {
  /** Folder of the grammars. */
  readonly grammars: string;
  /** Folder of the rules' pages, with a slash at the end. */
  readonly rulePages: URL;
}

/** Answers an editor until it goes away. */
export function serve(connection: Connection, home: Home): void {
  let abilities: ClientAbilities | undefined;
  let session: Session | undefined;

  connection.onInitialize((params) => {
    abilities = clientAbilities(params);
    session = new Session({
      connection,
      abilities,
      linter: new Linter(new Grammars(home.grammars)),
      pages: new RulePages(home.rulePages),
      folders: foldersOf(params),
    });
    return answer();
  });
  connection.onInitialized(async () => {
    await (abilities && register(connection, abilities, (folders) => session?.setFolders(folders)));
  });
  connection.onShutdown(() => {
    session?.dispose();
    session = undefined;
  });

  connection.onDidOpenTextDocument(({ textDocument }) => session?.open(textDocument));
  connection.onDidChangeTextDocument((params) => session?.change(params));
  connection.onDidCloseTextDocument(({ textDocument }) => session?.close(textDocument.uri));
  connection.onDidChangeConfiguration(() => session?.settingsChanged());
  connection.onDidChangeWatchedFiles(({ changes }) => session?.watchedFilesChanged(changes));
  connection.onHover(async (params) => (await session?.hover(params)) ?? null);
  connection.onCodeAction((params) => session?.codeActions(params) ?? []);
  connection.onCodeActionResolve((action) => session?.resolve(action) ?? action);
  connection.listen();
}

function answer(): InitializeResult {
  return {
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, fixAllKind],
        resolveProvider: true,
      },
      hoverProvider: true,
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
    serverInfo: { name: 'Frameline' },
  };
}

/** Asks to be told of what can be told only when one asks. */
async function register(
  connection: Connection,
  abilities: ClientAbilities,
  setFolders: (paths: readonly string[]) => void,
): Promise<void> {
  if (abilities.workspaceFolders) {
    connection.workspace.onDidChangeWorkspaceFolders(async () => {
      setFolders(pathsOf(await connection.workspace.getWorkspaceFolders()));
    });
  }
  if (abilities.configuration) {
    await connection.client.register(DidChangeConfigurationNotification.type);
  }
  if (abilities.fileWatchers) {
    await connection.client.register(DidChangeWatchedFilesNotification.type, {
      watchers: watchedPatterns().map((globPattern) => ({ globPattern })),
    });
  }
}

function foldersOf({ workspaceFolders, rootUri }: InitializeParams): string[] {
  return workspaceFolders ? pathsOf(workspaceFolders) : pathsOf(rootUri ? [{ uri: rootUri }] : []);
}

function pathsOf(folders: readonly Pick<WorkspaceFolder, 'uri'>[] | null): string[] {
  return (folders ?? []).flatMap(({ uri }) => filePath(uri) ?? []);
}
