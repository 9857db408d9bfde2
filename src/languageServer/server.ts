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
import { RequestFiles, requestCapabilities } from './requests/requestFiles';
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
  let requests: RequestFiles | undefined;

  connection.onInitialize((params) => {
    abilities = clientAbilities(params);
    session = new Session({
      connection,
      abilities,
      linter: new Linter(new Grammars(home.grammars)),
      pages: new RulePages(home.rulePages),
      folders: foldersOf(params),
    });
    requests = new RequestFiles({
      connection,
      abilities,
      folders: () => session?.folders ?? [],
      openText: (path) => session?.textOf(path),
    });
    return answer(abilities);
  });
  connection.onInitialized(async () => {
    const setFolders = (folders: readonly string[]) => {
      session?.setFolders(folders);
      requests?.foldersChanged();
    };
    await (abilities && register(connection, abilities, setFolders));
    if (abilities?.featuresByLanguage) {
      await requests?.register();
    }
  });
  connection.onShutdown(() => {
    requests?.dispose();
    session?.dispose();
    session = undefined;
  });

  connection.onDidOpenTextDocument(({ textDocument }) => {
    if (!requests?.open(textDocument)) {
      session?.open(textDocument);
      requests?.filesChanged([textDocument]);
    }
  });
  connection.onDidChangeTextDocument((params) => {
    if (requests?.has(params.textDocument.uri)) {
      requests.change(params);
    } else {
      session?.change(params);
      requests?.filesChanged([params.textDocument]);
    }
  });
  connection.onDidCloseTextDocument(({ textDocument }) => {
    if (requests?.has(textDocument.uri)) {
      requests.close(textDocument.uri);
    } else {
      session?.close(textDocument.uri);
      requests?.filesChanged([textDocument]);
    }
  });
  connection.onDidChangeConfiguration(() => session?.settingsChanged());
  connection.onDidChangeWatchedFiles(({ changes }) => {
    session?.watchedFilesChanged(changes);
    requests?.filesChanged(changes);
  });
  connection.onHover(
    async (params) =>
      (requests?.has(params.textDocument.uri)
        ? await requests.hover(params)
        : await session?.hover(params)) ?? null,
  );
  connection.onCodeAction((params) => session?.codeActions(params) ?? []);
  connection.onCodeActionResolve((action) => session?.resolve(action) ?? action);
  connection.listen();
}

function answer({ featuresByLanguage }: ClientAbilities): InitializeResult {
  return {
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, fixAllKind],
        resolveProvider: true,
      },
      hoverProvider: true,
      ...(featuresByLanguage ? {} : requestCapabilities),
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
