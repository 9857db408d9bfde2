import { enableSetting, openRulePageCommand } from '../languageServer/protocol';

/**
 * Every id that package.json and the code share. `test/unit/host/manifest.test.ts` compares them both ways,
 * so neither can drift from the other.
 */
export const Command = {
  SendRpc: 'frameline.sendRpc',
  OpenRequest: 'frameline.openRequest',
  AddServer: 'frameline.addServer',
  EditServer: 'frameline.editServer',
  RemoveServer: 'frameline.removeServer',
  RefreshServer: 'frameline.refreshServer',
  RefreshAllServers: 'frameline.refreshAllServers',
  CancelDiscovery: 'frameline.cancelDiscovery',
  AddSchemaFiles: 'frameline.addSchemaFiles',
  StartSampleServer: 'frameline.startSampleServer',
  StopSampleServer: 'frameline.stopSampleServer',
  CopyMethodName: 'frameline.copyMethodName',
  CopyServiceName: 'frameline.copyServiceName',
  CopyAsGrpcurl: 'frameline.copyAsGrpcurl',
  ImportGrpcurl: 'frameline.importGrpcurl',
  CopyProblem: 'frameline.copyProblem',
  ShowDefinition: 'frameline.showDefinition',
  RestartLinter: 'frameline.restartLinter',
  CreateConfig: 'frameline.createConfig',
  OpenRulePage: openRulePageCommand,
  SendRequest: 'frameline.requestFile.send',
  SendAllRequests: 'frameline.requestFile.sendAll',
  CancelRequest: 'frameline.requestFile.cancel',
  OpenInPanel: 'frameline.requestFile.openInPanel',
  CopyRequestAsGrpcurl: 'frameline.requestFile.copyAsGrpcurl',
  SendProtoRpc: 'frameline.sendProtoRpc',
  ShowTranscript: 'frameline.showTranscript',
  OpenHistoryCall: 'frameline.history.open',
  SendAgain: 'frameline.history.sendAgain',
  PinCall: 'frameline.history.pin',
  UnpinCall: 'frameline.history.unpin',
  CompareCalls: 'frameline.history.compare',
  CompareCallWith: 'frameline.history.compareWith',
  SelectForCompare: 'frameline.history.selectForCompare',
  CompareWithSelected: 'frameline.history.compareWithSelected',
  CopyCallAsGrpcurl: 'frameline.history.copyAsGrpcurl',
  SaveCallAsRequestFile: 'frameline.history.saveAsRequestFile',
  DeleteCall: 'frameline.history.delete',
  ClearHistory: 'frameline.history.clear',
  FilterHistory: 'frameline.history.filter',
  SwitchEnvironment: 'frameline.switchEnvironment',
  SetSecret: 'frameline.setSecret',
  ClearSecret: 'frameline.clearSecret',
  OpenSettings: 'frameline.openSettings',
  ShowLog: 'frameline.showLog',
} as const;

export type CommandId = (typeof Command)[keyof typeof Command];

export const View = { Explorer: 'frameline.explorer', History: 'frameline.history' } as const;

export const ViewContainer = { Frameline: 'frameline' } as const;

/** Webview panel types, for the serializer. */
export const PanelType = { Request: 'frameline.request' } as const;

export const Setting = {
  DefaultDeadline: 'frameline.defaultDeadline',
  ReflectionTimeout: 'frameline.reflection.timeout',
  ShowDefaults: 'frameline.showDefaults',
  Targets: 'frameline.targets',
  RequestFileAnswer: 'frameline.requestFiles.answer',
  HistoryMaxCalls: 'frameline.history.maxCalls',
  HistoryMaxSize: 'frameline.history.maxSize',
  LintEnable: enableSetting,
} as const;

/** Keys of `when` clauses that the code sets. */
export const ContextKey = {
  HasTargets: 'frameline.hasTargets',
  SampleServerRunning: 'frameline.sampleServerRunning',
  HasHistory: 'frameline.hasHistory',
  /** A call of the history was selected to be compared. */
  CompareSelected: 'frameline.compareSelected',
} as const;

/** Words of a tree item's `contextValue`; the menus in package.json look for them. */
export const ItemWord = {
  Target: 'target',
  Service: 'service',
  Method: 'method',
  Problem: 'problem',
  /** Where a target comes from. */
  Saved: 'saved',
  Settings: 'settings',
  Sample: 'sample',
  /** Whether its discovery is running. */
  Loading: 'loading',
  Settled: 'settled',
  /** Of the history. */
  Call: 'call',
  Pinned: 'pinned',
  Unpinned: 'unpinned',
} as const;

/** Schemes of read-only documents. */
export const Scheme = {
  Proto: 'frameline-proto',
  Message: 'frameline-message',
  /** The answer to a request of a file. */
  Answer: 'frameline-answer',
  /** Calls of the history as text, to be compared. */
  Call: 'grpc-call',
} as const;

/** Where the request files of a workspace are. */
export const requestFilePattern = '**/*.grpc';

/** Of the document with the answer to a request: its language goes by it. */
export const answerName = 'gRPC answer';

export const Language = {
  RequestFile: 'grpc',
  /** What came of a request. */
  Answer: 'grpc-answer',
} as const;

/** `contextValue` of what the Test Explorer shows; the menus in package.json look for it. */
export const TestWord = {
  /** A failure whose call can be looked at. */
  Call: 'grpc-call',
} as const;
