import * as vscode from 'vscode';
import type { App } from '../app';
import { clearSecret, setSecret, switchEnvironment } from '../environments/commands';
import { UserError } from '../errors';
import type { ExplorerNode } from '../explorer/nodes';
import { historyHandlers } from '../history/commands';
import { Command, type CommandId, View } from '../ids';
import { createConfig } from '../linter/createConfig';
import { openRulePage } from '../linter/rulePages';
import { noticeText } from '../notice';
import { requestFileHandlers } from '../requestFiles/commands';
import {
  copyAsGrpcurl,
  copyMethodName,
  copyProblem,
  copyServiceName,
  sendRpc,
  showDefinition,
} from './methods';
import { serverFor } from './pick';
import { addSchemaFilesToServer, addServer, editServer, removeServer } from './servers';

type Node = ExplorerNode | undefined;

/** Its argument is what its own menus give: a node of the explorer or of the history; none from the palette. */
type Handler = (argument: never) => Promise<unknown> | unknown;

/** Registers every command of `ids.ts`; a handler's error is shown and logged in one place. */
export function registerCommands(app: App): vscode.Disposable {
  const handlers: Readonly<Record<CommandId, Handler>> = {
    [Command.SendRpc]: (argument: Node) => sendRpc(app, argument),
    [Command.OpenRequest]: (argument: Node) => sendRpc(app, argument),
    [Command.AddServer]: () => addServer(app),
    [Command.EditServer]: (argument: Node) => editServer(app, argument),
    [Command.RemoveServer]: (argument: Node) => removeServer(app, argument),
    [Command.RefreshServer]: (argument: Node) => refreshServer(app, argument),
    [Command.RefreshAllServers]: () => refreshAll(app),
    [Command.CancelDiscovery]: (argument: Node) => cancelDiscovery(app, argument),
    [Command.AddSchemaFiles]: (argument: Node) => addSchemaFilesToServer(app, argument),
    [Command.StartSampleServer]: () => startSampleServer(app),
    [Command.StopSampleServer]: () => app.sampleServer.stop(),
    [Command.CopyMethodName]: (argument: Node) => copyMethodName(app, argument),
    [Command.CopyServiceName]: (argument: Node) => copyServiceName(argument),
    [Command.CopyAsGrpcurl]: (argument: Node) => copyAsGrpcurl(app, argument),
    [Command.ImportGrpcurl]: async () => (await import('../grpcurl/importCommand')).importCommand(),
    [Command.CopyProblem]: (argument: Node) => copyProblem(argument),
    [Command.ShowDefinition]: (argument: Node) => showDefinition(app, argument),
    ...historyHandlers(app),
    ...requestFileHandlers(app),
    [Command.RestartLinter]: () => app.linter.restart(),
    [Command.CreateConfig]: () => createConfig(),
    [Command.OpenRulePage]: (rule: unknown) => openRulePage(app.extensionUri, rule),
    [Command.SwitchEnvironment]: () => switchEnvironment(app),
    [Command.SetSecret]: () => setSecret(app),
    [Command.ClearSecret]: () => clearSecret(app),
    [Command.OpenSettings]: () =>
      vscode.commands.executeCommand('workbench.action.openSettings', 'frameline.'),
    [Command.ShowLog]: () => app.log.show(),
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) =>
      vscode.commands.registerCommand(id, async (argument: never) => {
        try {
          await handler(argument);
        } catch (error) {
          await showError(app, error);
        }
      }),
    ),
  );
}

async function showError(app: App, thrown: unknown): Promise<void> {
  const error = UserError.from(thrown, 'Running a command');
  app.log.error(error.message, error.cause ?? error.stack);
  const showLog = 'Show Log';
  const answer = await vscode.window.showErrorMessage(
    noticeText(error.message, error.next),
    showLog,
  );
  if (answer === showLog) {
    app.log.show();
  }
}

async function refreshServer(app: App, argument: ExplorerNode | undefined): Promise<void> {
  const server = await serverFor(app, argument, 'Which server do you want to read again?');
  // The tree shows how it ended.
  await (server && app.discovery.refresh(server).catch(() => undefined));
}

async function refreshAll(app: App): Promise<void> {
  await Promise.allSettled(app.store.all.map((server) => app.discovery.refresh(server)));
}

async function cancelDiscovery(app: App, argument: ExplorerNode | undefined): Promise<void> {
  if (argument?.kind === 'target') {
    app.discovery.cancel(argument.server);
  }
}

async function startSampleServer(app: App): Promise<void> {
  const server = await vscode.window.withProgress({ location: { viewId: View.Explorer } }, () =>
    app.sampleServer.start(),
  );
  await app.explorer.reveal(server);
}
