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
  CopyProblem: 'frameline.copyProblem',
  ShowDefinition: 'frameline.showDefinition',
  RestartLinter: 'frameline.restartLinter',
  CreateConfig: 'frameline.createConfig',
  OpenRulePage: openRulePageCommand,
  OpenSettings: 'frameline.openSettings',
  ShowLog: 'frameline.showLog',
} as const;

export type CommandId = (typeof Command)[keyof typeof Command];

export const View = { Explorer: 'frameline.explorer' } as const;

export const ViewContainer = { Frameline: 'frameline' } as const;

/** Webview panel types, for the serializer. */
export const PanelType = { Request: 'frameline.request' } as const;

export const Setting = {
  DefaultDeadline: 'frameline.defaultDeadline',
  ReflectionTimeout: 'frameline.reflection.timeout',
  ShowDefaults: 'frameline.showDefaults',
  Targets: 'frameline.targets',
  LintEnable: enableSetting,
} as const;

/** Keys of `when` clauses that the code sets. */
export const ContextKey = {
  HasTargets: 'frameline.hasTargets',
  SampleServerRunning: 'frameline.sampleServerRunning',
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
} as const;

/** Schemes of read-only documents. */
export const Scheme = { Proto: 'frameline-proto', Message: 'frameline-message' } as const;
