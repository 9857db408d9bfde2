import * as vscode from 'vscode';
import { ContextKey, View } from '../ids';
import type { SampleServer } from '../sampleServer';
import type { ServerStore } from '../serverStore';
import type { Server } from '../servers';
import type { Discovery } from './discovery';
import { childrenOf, type ExplorerNode, lookOf, parentOf } from './nodes';
import { treeItem } from './treeItem';

/** The tree of targets, services and methods. Reads a server when it is first opened. */
export class Explorer implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #store: ServerStore;
  readonly #discovery: Discovery;
  readonly #sampleServer: SampleServer;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly #view: vscode.TreeView<ExplorerNode>;
  readonly #subscriptions: vscode.Disposable[];
  /** The editor asks by identity when a node is refreshed: the same server gives the same node. */
  readonly #targets = new Map<string, ExplorerNode & { kind: 'target' }>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(store: ServerStore, discovery: Discovery, sampleServer: SampleServer) {
    this.#store = store;
    this.#sampleServer = sampleServer;
    this.#discovery = discovery;
    this.#view = vscode.window.createTreeView(View.Explorer, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#subscriptions = [
      this.#changed,
      this.#view,
      store.onDidChange(() => this.#serversChanged()),
      discovery.onDidChange((server) => this.#readingChanged(server)),
    ];
    this.#setContext();
  }

  /** What is selected in the tree, for commands that come without an argument. */
  get selection(): ExplorerNode | undefined {
    return this.#view.selection[0];
  }

  /** Shows and opens a server. */
  async reveal(server: Server): Promise<void> {
    await this.#view.reveal(this.#target(server), { select: true, focus: true, expand: true });
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    return treeItem(node, lookOf(node, this.#discovery.state(serverOf(node))));
  }

  getChildren(node?: ExplorerNode): ExplorerNode[] {
    if (!node) {
      queueMicrotask(() => this.#sampleServer.restore());
      return this.#store.all.map((server) => this.#target(server));
    }
    const server = serverOf(node);
    if (node.kind === 'target' && this.#discovery.state(server).kind === 'unread') {
      // Not within this call: the editor is in the middle of asking for children.
      queueMicrotask(() => void this.#discovery.read(server).catch(() => undefined));
    }
    return childrenOf(node, this.#discovery.state(server));
  }

  getParent(node: ExplorerNode): ExplorerNode | undefined {
    const parent = parentOf(node);
    return parent?.kind === 'target' ? this.#target(parent.server) : parent;
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #target(server: Server): ExplorerNode & { kind: 'target' } {
    const known = this.#targets.get(server.id);
    if (known?.server === server) {
      return known;
    }
    const node = { kind: 'target', server } as const;
    this.#targets.set(server.id, node);
    return node;
  }

  #serversChanged(): void {
    const ids = new Set(this.#store.all.map((server) => server.id));
    for (const id of this.#targets.keys()) {
      if (!ids.has(id)) {
        this.#targets.delete(id);
        this.#discovery.forget(id);
      }
    }
    this.#setContext();
    this.#changed.fire(undefined);
  }

  #readingChanged(server: Server): void {
    const node = this.#targets.get(server.id);
    if (!node) {
      return;
    }
    this.#changed.fire(node);
    if (this.#discovery.state(server).kind === 'loading') {
      const done = this.#discovery.read(server).catch(() => undefined);
      void vscode.window.withProgress({ location: { viewId: View.Explorer } }, () => done);
    }
  }

  #setContext(): void {
    void vscode.commands.executeCommand(
      'setContext',
      ContextKey.HasTargets,
      this.#store.all.length > 0,
    );
  }
}

function serverOf(node: ExplorerNode): Server {
  return node.kind === 'problem' ? serverOf(node.parent) : node.server;
}
