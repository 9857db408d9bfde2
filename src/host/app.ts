import type * as vscode from 'vscode';
import type { Engine } from './engine';
import type { Discovery } from './explorer/discovery';
import type { Explorer } from './explorer/explorer';
import type { Linter } from './linter/linter';
import type { ProtoDocuments } from './protoDocuments';
import type { PanelOpener } from './requestPanel/panelKey';
import type { SampleServer } from './sampleServer';
import type { SecretStore } from './secrets';
import type { ServerStore } from './serverStore';

/** The parts of the host that commands work with; put together in extension.ts. */
export interface App {
  /** Where the extension is installed. */
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly store: ServerStore;
  readonly secrets: SecretStore;
  readonly discovery: Discovery;
  readonly explorer: Explorer;
  readonly protoDocuments: ProtoDocuments;
  readonly panels: PanelOpener;
  readonly sampleServer: SampleServer;
  readonly linter: Linter;
  /** gRPC, protobuf and everything heavy: loaded on first use. */
  readonly loadEngine: () => Promise<Engine>;
}
