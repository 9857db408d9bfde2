import * as vscode from 'vscode';
import type { App } from './host/app';
import { registerCommands } from './host/commands';
import { EnvironmentSecrets } from './host/environments/environmentSecrets';
import { EnvironmentStatus } from './host/environments/environmentStatus';
import { Environments } from './host/environments/environments';
import { Discovery } from './host/explorer/discovery';
import { Explorer } from './host/explorer/explorer';
import { CallDocuments } from './host/history/callDocuments';
import { CallHistory } from './host/history/callHistory';
import { HistoryView } from './host/history/historyView';
import { LazyEngine } from './host/lazyEngine';
import { Linter } from './host/linter/linter';
import { ProtoDocuments } from './host/protoDocuments';
import { FileServers } from './host/requestFiles/fileServers';
import { RequestFiles } from './host/requestFiles/requestFiles';
import { RequestPanels } from './host/requestPanel/requestPanels';
import { RequestSchemas } from './host/requestSchemas';
import { SampleServer } from './host/sampleServer';
import { SecretStore } from './host/secrets';
import { ServerStore } from './host/serverStore';
import { RequestTests } from './host/testExplorer/requestTests';

let kept: CallHistory | undefined;

/** Puts the rooms of the host together, and nothing else. gRPC and protobuf are loaded on first use. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Frameline', { log: true });
  const engine = new LazyEngine();
  const fileServers = new FileServers(context.workspaceState, (id) => {
    discovery.forget(id);
    void secrets.delete(id);
  });
  const store = new ServerStore(context.globalState, fileServers, log);
  const secrets = new SecretStore(context.secrets);
  const discovery = new Discovery(() => engine.load(), secrets, log);
  const environments = new Environments(
    context.workspaceState,
    new EnvironmentSecrets(context.secrets),
    log,
  );
  const sampleServer = new SampleServer(context, store, log);
  const panels = new RequestPanels(context.extensionUri);
  const history = new CallHistory(vscode.Uri.joinPath(context.globalStorageUri, 'history'), log);
  kept = history;
  const requestSchemas = new RequestSchemas({
    store,
    fileServers,
    secrets,
    discovery,
    environments,
  });
  const app: App = {
    extensionUri: context.extensionUri,
    log,
    store,
    fileServers,
    secrets,
    environments,
    environmentStatus: new EnvironmentStatus(environments),
    discovery,
    sampleServer,
    explorer: new Explorer(store, discovery, sampleServer, context.workspaceState),
    protoDocuments: new ProtoDocuments(store, discovery),
    panels,
    history,
    callDocuments: new CallDocuments(history),
    requestFiles: new RequestFiles(),
    requestTests: new RequestTests(),
    linter: new Linter(context.extensionUri, log, requestSchemas),
    loadEngine: () => engine.load(),
  };
  panels.connect(app);
  app.requestTests.connect(app);
  context.subscriptions.push(
    log,
    store,
    environments,
    app.environmentStatus,
    discovery,
    sampleServer,
    app.explorer,
    app.protoDocuments,
    panels,
    history,
    app.callDocuments,
    new HistoryView(history, log),
    app.requestFiles,
    app.requestTests,
    app.linter,
    requestSchemas,
    engine,
    registerCommands(app),
  );
}

/** The editor waits for it: a call that has just ended is kept although its window closes. */
export async function deactivate(): Promise<void> {
  await kept?.settled();
}
