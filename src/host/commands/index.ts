import * as vscode from 'vscode';
import type { App } from '../app';
import { UserError } from '../errors';
import type { ExplorerNode } from '../explorer/nodes';
import { Command, type CommandId, View } from '../ids';
import { createConfig } from '../linter/createConfig';
import { openRulePage } from '../linter/rulePages';
import { noticeText } from '../notice';
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

type Handler = (argument: ExplorerNode | undefined) => Promise<unknown> | unknown;

/** Registers every command of `ids.ts`; a handler's error is shown and logged in one place. */
export function registerCommands(app: App): vscode.Disposable {
  const handlers: Readonly<Record<CommandId, Handler>> = {
    [Command.SendRpc]: (argument) => sendRpc(app, argument),
    [Command.OpenRequest]: (argument) => sendRpc(app, argument),
    [Command.AddServer]: () => addServer(app),
    [Command.EditServer]: (argument) => editServer(app, argument),
    [Command.RemoveServer]: (argument) => removeServer(app, argument),
    [Command.RefreshServer]: (argument) => refreshServer(app, argument),
    [Command.RefreshAllServers]: () => refreshAll(app),
    [Command.CancelDiscovery]: (argument) => cancelDiscovery(app, argument),
    [Command.AddSchemaFiles]: (argument) => addSchemaFilesToServer(app, argument),
    [Command.StartSampleServer]: () => startSampleServer(app),
    [Command.StopSampleServer]: () => app.sampleServer.stop(),
    [Command.CopyMethodName]: (argument) => copyMethodName(app, argument),
    [Command.CopyServiceName]: (argument) => copyServiceName(argument),
    [Command.CopyAsGrpcurl]: (argument) => copyAsGrpcurl(app, argument),
    [Command.CopyProblem]: (argument) => copyProblem(argument),
    [Command.ShowDefinition]: (argument) => showDefinition(app, argument),
    [Command.RestartLinter]: () => app.linter.restart(),
    [Command.CreateConfig]: () => createConfig(),
    [Command.OpenRulePage]: (rule) => openRulePage(app.extensionUri, rule),
    [Command.OpenSettings]: () =>
      vscode.commands.executeCommand('workbench.action.openSettings', 'frameline.'),
    [Command.ShowLog]: () => app.log.show(),
  };
  return vscode.Disposable.from(
    ...Object.entries(handlers).map(([id, handler]) =>
      vscode.commands.registerCommand(id, async (argument?: ExplorerNode) => {
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
