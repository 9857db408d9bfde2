import * as vscode from 'vscode';
import type { App } from './host/app';
import { registerCommands } from './host/commands';
import { Discovery } from './host/explorer/discovery';
import { Explorer } from './host/explorer/explorer';
import { LazyEngine } from './host/lazyEngine';
import { Linter } from './host/linter/linter';
import { ProtoDocuments } from './host/protoDocuments';
import { RequestPanels } from './host/requestPanel/requestPanels';
import { SampleServer } from './host/sampleServer';
import { SecretStore } from './host/secrets';
import { ServerStore } from './host/serverStore';

/** Puts the rooms of the host together, and nothing else. gRPC and protobuf are loaded on first use. */
export function activate(context: vscode.ExtensionContext): void {
  const log = vscode.window.createOutputChannel('Frameline', { log: true });
  const engine = new LazyEngine();
  const store = new ServerStore(context.globalState, log);
  const secrets = new SecretStore(context.secrets);
  const discovery = new Discovery(() => engine.load(), secrets, log);
  const sampleServer = new SampleServer(context, store, log);
  const panels = new RequestPanels(context.extensionUri);
  const app: App = {
    extensionUri: context.extensionUri,
    log,
    store,
    secrets,
    discovery,
    sampleServer,
    explorer: new Explorer(store, discovery, sampleServer, context.workspaceState),
    protoDocuments: new ProtoDocuments(store, discovery),
    panels,
    linter: new Linter(context.extensionUri, log),
    loadEngine: () => engine.load(),
  };
  panels.connect(app);
  context.subscriptions.push(
    log,
    store,
    discovery,
    sampleServer,
    app.explorer,
    app.protoDocuments,
    panels,
    app.linter,
    engine,
    registerCommands(app),
  );
}
