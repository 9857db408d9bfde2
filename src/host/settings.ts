import * as vscode from 'vscode';
import { type CallOptions, parseCallOptions } from '../grpc/callOptions';
import { Setting } from './ids';
import { parseTeamServers, type Server } from './servers';

/** The one reader of the `frameline.*` settings. Values are read when asked for, never kept. */
export interface Settings {
  /** As the user wrote it: a duration such as `15s`, or `none`. */
  readonly defaultDeadline: string;
  /** As the user wrote it: a duration such as `10s`. */
  readonly reflectionTimeout: string;
  readonly showDefaults: boolean;
  /** Calls that the history keeps; 0 keeps none. */
  readonly historyMaxCalls: number;
  /** Bytes that the history takes. */
  readonly historyMaxSize: number;
  /** Where the answer to a request of a file is shown. */
  readonly requestFileAnswer: 'panel' | 'document';
  /** Whether the linter looks at the open files. */
  readonly lintEnable: boolean;
}

export function readSettings(scope?: vscode.ConfigurationScope): Settings {
  const configuration = vscode.workspace.getConfiguration(undefined, scope);
  return {
    defaultDeadline: configuration.get<string>(Setting.DefaultDeadline, '15s').trim(),
    reflectionTimeout: configuration.get<string>(Setting.ReflectionTimeout, '10s').trim(),
    showDefaults: configuration.get<boolean>(Setting.ShowDefaults, false),
    historyMaxCalls: configuration.get<number>(Setting.HistoryMaxCalls, 200),
    historyMaxSize: configuration.get<number>(Setting.HistoryMaxSize, 100) * 1024 * 1024,
    requestFileAnswer:
      configuration.get<string>(Setting.RequestFileAnswer, 'panel') === 'document'
        ? 'document'
        : 'panel',
    lintEnable: configuration.get<boolean>(Setting.LintEnable, true),
  };
}

/** Call options where a request says nothing. */
export function callDefaults(): CallOptions {
  return parseCallOptions({ deadline: readSettings().defaultDeadline }).options;
}

/** Servers that the settings of the open folders define. In Restricted Mode the editor hides the folders' own. */
export function readTeamServers(): { readonly servers: Server[]; readonly problems: string[] } {
  const servers = new Map<string, Server>();
  const problems: string[] = [];
  for (const folder of vscode.workspace.workspaceFolders ?? []) {
    if (folder.uri.scheme !== 'file') {
      continue;
    }
    const value = vscode.workspace.getConfiguration(undefined, folder.uri).get(Setting.Targets);
    const parsed = parseTeamServers(value, { name: folder.name, path: folder.uri.fsPath });
    for (const server of parsed.servers) {
      servers.set(server.id, server);
    }
    problems.push(...parsed.problems);
  }
  return { servers: [...servers.values()], problems };
}

/** Calls `listener` when a setting that it names changes. */
export function onSettingChange(
  settings: readonly (typeof Setting)[keyof typeof Setting][],
  listener: () => void,
): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (settings.some((setting) => event.affectsConfiguration(setting))) {
      listener();
    }
  });
}
