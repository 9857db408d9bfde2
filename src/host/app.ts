import type * as vscode from 'vscode';
import type { Engine } from './engine';
import type { EnvironmentStatus } from './environments/environmentStatus';
import type { Environments } from './environments/environments';
import type { Discovery } from './explorer/discovery';
import type { Explorer } from './explorer/explorer';
import type { CallDocuments } from './history/callDocuments';
import type { CallHistory } from './history/callHistory';
import type { Linter } from './linter/linter';
import type { ProtoDocuments } from './protoDocuments';
import type { FileServers } from './requestFiles/fileServers';
import type { RequestFiles } from './requestFiles/requestFiles';
import type { PanelOpener } from './requestPanel/panelKey';
import type { SampleServer } from './sampleServer';
import type { SecretStore } from './secrets';
import type { ServerStore } from './serverStore';
import type { RequestTests } from './testExplorer/requestTests';

/** The parts of the host that commands work with; put together in extension.ts. */
export interface App {
  /** Where the extension is installed. */
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  readonly store: ServerStore;
  /** Servers that are not in the explorer, but named in files. */
  readonly fileServers: FileServers;
  readonly secrets: SecretStore;
  readonly environments: Environments;
  readonly environmentStatus: EnvironmentStatus;
  readonly discovery: Discovery;
  readonly explorer: Explorer;
  readonly protoDocuments: ProtoDocuments;
  readonly panels: PanelOpener;
  /** Every call that is sent, on disk. */
  readonly history: CallHistory;
  readonly callDocuments: CallDocuments;
  /** Request files in the editor. */
  readonly requestFiles: RequestFiles;
  /** And in the Test Explorer. */
  readonly requestTests: RequestTests;
  readonly sampleServer: SampleServer;
  readonly linter: Linter;
  /** gRPC, protobuf and everything heavy: loaded on first use. */
  readonly loadEngine: () => Promise<Engine>;
}
