import { type FSWatcher, watch } from 'node:fs';
import * as vscode from 'vscode';
import { reasonOf } from '../errors';
import { Command, ContextKey, View } from '../ids';
import type { CallHistory } from './callHistory';
import type { ListedCall } from './historyFolder';
import { callLook, groupCalls, type HistoryGroup } from './historyLook';

export type HistoryNode =
  | { readonly kind: 'group'; readonly group: HistoryGroup }
  | { readonly kind: 'call'; readonly call: ListedCall; readonly withDay: boolean };

/** Milliseconds of quiet before what other windows wrote is read. */
const quiet = 300;

/** The tree of the calls that are kept, by day. */
export class HistoryView implements vscode.TreeDataProvider<HistoryNode>, vscode.Disposable {
  readonly #history: CallHistory;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly #view: vscode.TreeView<HistoryNode>;
  readonly #subscriptions: vscode.Disposable[];
  /** What the tree shows; undefined until it was shown for the first time. */
  #calls: readonly ListedCall[] | undefined;
  /** Which calls were drawn, and on which day: headings say how long ago that was. */
  #drawn = '';
  #watcher: FSWatcher | undefined;
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(history: CallHistory, log: vscode.LogOutputChannel) {
    this.#history = history;
    this.#log = log;
    this.#view = vscode.window.createTreeView(View.History, { treeDataProvider: this });
    this.#subscriptions = [
      this.#changed,
      this.#view,
      history.onDidChange(() => this.#refresh()),
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) {
          void this.#refresh();
        } else {
          this.#stopWatching();
        }
      }),
    ];
  }

  getTreeItem(node: HistoryNode): vscode.TreeItem {
    if (node.kind === 'group') {
      const item = new vscode.TreeItem(node.group.label, vscode.TreeItemCollapsibleState.Expanded);
      item.id = `group:${node.group.id}`;
      return item;
    }
    const { entry } = node.call;
    const look = callLook(node.call, node.withDay);
    const item = new vscode.TreeItem(look.label, vscode.TreeItemCollapsibleState.None);
    item.id = `call:${entry.id}`;
    item.description = look.description;
    item.tooltip = look.tooltip;
    item.iconPath = new vscode.ThemeIcon(look.icon, new vscode.ThemeColor(look.color));
    item.contextValue = look.contextValue;
    item.accessibilityInformation = { label: look.spoken, role: 'treeitem' };
    item.command = { command: Command.OpenHistoryCall, title: 'Open Call', arguments: [node] };
    return item;
  }

  async getChildren(node?: HistoryNode): Promise<HistoryNode[]> {
    if (node?.kind === 'call') {
      return [];
    }
    if (node) {
      const withDay = node.group.id === 'pinned';
      return node.group.calls.map((call) => ({ kind: 'call', call, withDay }));
    }
    this.#calls ??= await this.#read();
    const now = new Date();
    this.#drawn = signature(this.#calls, now);
    return groupCalls(this.#calls, now).map((group) => ({ kind: 'group', group }));
  }

  /**
   * Reads what there is now. The tree is told only of what is new, and when that is there: while it draws itself anew
   * the editor gives commands no item.
   */
  async #refresh(): Promise<void> {
    if (this.#calls === undefined) {
      return;
    }
    const calls = await this.#read();
    this.#calls = calls;
    if (signature(calls, new Date()) !== this.#drawn) {
      this.#changed.fire(undefined);
    }
  }

  async #read(): Promise<readonly ListedCall[]> {
    const calls = await this.#history.list().catch((error: unknown) => {
      this.#log.warn(`History: it could not be read: ${reasonOf(error)}`);
      return [];
    });
    if (this.#view.visible) {
      this.#startWatching();
    }
    void vscode.commands.executeCommand('setContext', ContextKey.HasHistory, calls.length > 0);
    return calls;
  }

  dispose(): void {
    this.#stopWatching();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** Other windows write into the same folder. It is there once a call was kept. */
  #startWatching(): void {
    if (this.#watcher) {
      return;
    }
    try {
      const watcher = watch(this.#history.uri.fsPath, { persistent: false });
      this.#watcher = watcher;
      watcher.on('change', (_event, file) => {
        // Files that are still written have another name.
        if (/\.(call|pin)$/.test(String(file))) {
          clearTimeout(this.#timer);
          this.#timer = setTimeout(() => void this.#refresh(), quiet);
        }
      });
      watcher.on('error', () => this.#stopWatching());
    } catch {
      // Nothing was kept yet, or the disk can't be watched: the view is read anew when it is shown.
    }
  }

  #stopWatching(): void {
    clearTimeout(this.#timer);
    this.#watcher?.close();
    this.#watcher = undefined;
  }
}

/** The same for what looks the same. */
function signature(calls: readonly ListedCall[], now: Date): string {
  const marks = calls.map(({ entry, pinned }) => `${entry.id} ${pinned}`);
  return [now.toDateString(), ...marks].join('\n');
}
