import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  type ErrorHandler,
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
} from 'vscode-languageclient/node';
import {
  type DescribeServerParams,
  type DescribeServerResult,
  describeServerRequest,
  environmentChangedNotification,
  environmentRequest,
  knownServersRequest,
  type ServerOptions,
  serversChangedNotification,
} from '../../languageServer/protocol';
import { Command } from '../ids';
import type { RequestSchemas } from '../requestSchemas';
import { Crashes } from './crashes';
import { lintedSchemes, syncedLanguages } from './lintable';

/** JavaScript heap of the server, in MB: a leak ends in a restart, not in a slow machine. */
const heap = 1024;

/** Consecutive messages that can't be written or read before the connection is given up. */
const brokenMessages = 3;

/** A client that leaves it to its error handler what to tell a person; the rest goes to the log. */
class QuietClient extends LanguageClient {
  #answering: vscode.Disposable | undefined;

  /** Answers what the server asks about servers and environments, and tells it of news. */
  answerFrom(schemas: RequestSchemas): void {
    this.onRequest<DescribeServerResult, void>(
      describeServerRequest,
      (params: DescribeServerParams) => schemas.describe(params),
    );
    this.onRequest(knownServersRequest, () => schemas.servers());
    this.onRequest(environmentRequest, ({ uri }: { uri: string }) => schemas.environment(uri));
    const tell = (news: string) => () => {
      if (this.isRunning()) {
        void this.sendNotification(news);
      }
    };
    this.#answering = vscode.Disposable.from(
      schemas.onDidChange(tell(serversChangedNotification)),
      schemas.onDidChangeEnvironment(tell(environmentChangedNotification)),
    );
  }

  override async dispose(timeout?: number): Promise<void> {
    this.#answering?.dispose();
    await super.dispose(timeout);
  }

  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
}

/** The language server as a process of its own, which starts with the client. */
export function createClient(
  extensionUri: vscode.Uri,
  log: vscode.LogOutputChannel,
  schemas: RequestSchemas,
): LanguageClient {
  const client = new QuietClient(
    'frameline',
    'Frameline',
    {
      module: vscode.Uri.joinPath(extensionUri, 'dist/languageServer/main.js').fsPath,
      transport: TransportKind.ipc,
      options: { execArgv: [`--max-old-space-size=${heap}`] },
    },
    {
      documentSelector: lintedSchemes.flatMap((scheme) =>
        syncedLanguages.map((language) => ({ scheme, language })),
      ),
      initializationOptions: {
        opensRulePages: true,
        knowsServers: true,
        suggestCommand: 'editor.action.triggerSuggest',
      } satisfies ServerOptions,
      outputChannel: log,
      traceOutputChannel: log,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      errorHandler: errorHandler(log),
    },
  );
  client.answerFrom(schemas);
  return client;
}

/** Starts a crashed server again and says so once; says also when it stays off. */
function errorHandler(log: vscode.LogOutputChannel): ErrorHandler {
  const crashes = new Crashes();
  return {
    error: (_error, _message, count) => ({
      action: (count ?? 0) <= brokenMessages ? ErrorAction.Continue : ErrorAction.Shutdown,
      handled: true,
    }),
    closed: () => {
      const { restart, isFirst } = crashes.next(performance.now());
      if (!restart) {
        void offer('The gRPC linter stopped several times in a few minutes and stays off.', log, {
          title: 'Restart Linter',
          run: () => vscode.commands.executeCommand(Command.RestartLinter),
        });
        return { action: CloseAction.DoNotRestart, handled: true };
      }
      if (isFirst) {
        void offer('The gRPC linter stopped unexpectedly and was started again.', log);
      }
      return { action: CloseAction.Restart, handled: true };
    },
  };
}

/** A warning with a way to the log, and to what mends it. */
async function offer(
  text: string,
  log: vscode.LogOutputChannel,
  remedy?: { readonly title: string; run(): unknown },
): Promise<void> {
  const showLog = 'Show Log';
  const titles = remedy ? [remedy.title, showLog] : [showLog];
  const answer = await vscode.window.showWarningMessage(text, ...titles);
  if (answer === showLog) {
    log.show();
  } else if (answer !== undefined) {
    await remedy?.run();
  }
}
