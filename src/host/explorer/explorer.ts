import * as vscode from 'vscode';
import { ContextKey, View } from '../ids';
import type { SampleServer } from '../sampleServer';
import type { ServerStore } from '../serverStore';
import type { Server } from '../servers';
import type { DiscoveryState } from './discovered';
import type { Discovery } from './discovery';
import { Expansion } from './expansion';
import { lookOf } from './nodeLook';
import { childrenOf, type ExplorerNode, nodeId, parentOf } from './nodes';
import { treeItem } from './treeItem';

/** The tree of targets, services and methods. Reads a server when it is first opened. */
export class Explorer implements vscode.TreeDataProvider<ExplorerNode>, vscode.Disposable {
  readonly #store: ServerStore;
  readonly #discovery: Discovery;
  readonly #sampleServer: SampleServer;
  readonly #expansion: Expansion;
  readonly #changed = new vscode.EventEmitter<ExplorerNode | undefined>();
  readonly #view: vscode.TreeView<ExplorerNode>;
  readonly #subscriptions: vscode.Disposable[];
  /** The editor asks by identity when a node is refreshed: the same server gives the same node. */
  readonly #targets = new Map<string, ExplorerNode & { kind: 'target' }>();

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(
    store: ServerStore,
    discovery: Discovery,
    sampleServer: SampleServer,
    memento: vscode.Memento,
  ) {
    this.#store = store;
    this.#sampleServer = sampleServer;
    this.#expansion = new Expansion(memento);
    this.#discovery = discovery;
    this.#view = vscode.window.createTreeView(View.Explorer, {
      treeDataProvider: this,
      showCollapseAll: true,
    });
    this.#subscriptions = [
      this.#changed,
      this.#view,
      this.#view.onDidExpandElement(({ element }) => this.#expansion.set(nodeId(element), true)),
      this.#view.onDidCollapseElement(({ element }) => this.#expansion.set(nodeId(element), false)),
      store.onDidChange(() => this.#serversChanged()),
      discovery.onDidChange((server) => this.#readingChanged(server)),
    ];
    this.#setContext();
  }

  /** Shows and opens a server. Takes no focus: it may come late, when the server has been read. */
  async reveal(server: Server): Promise<void> {
    await this.#view.reveal(this.#target(server), { select: true, expand: true });
  }

  getTreeItem(node: ExplorerNode): vscode.TreeItem {
    const look = lookOf(node, this.#discovery.state(serverOf(node)));
    return treeItem(node, this.#expansion.apply(look));
  }

  getChildren(node?: ExplorerNode): ExplorerNode[] | Promise<ExplorerNode[]> {
    if (!node) {
      queueMicrotask(() => this.#sampleServer.restore());
      return this.#store.all.map((server) => this.#target(server));
    }
    const server = serverOf(node);
    const children = (): ExplorerNode[] => childrenOf(node, this.#discovery.state(server));
    const state = this.#discovery.state(server);
    if (node.kind !== 'target' || (state.kind !== 'unread' && !isFirstRead(state))) {
      return children();
    }
    // The editor shows that it waits; a node of its own for that would only flicker.
    return new Promise((resolve) => {
      // Not within this call: reading tells that it has begun.
      queueMicrotask(() => {
        const done = (): void => resolve(children());
        this.#discovery.read(server).then(done, done);
      });
    });
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

function isFirstRead(state: DiscoveryState): boolean {
  return state.kind === 'loading' && !state.previous;
}

function serverOf(node: ExplorerNode): Server {
  return node.kind === 'problem' ? serverOf(node.parent) : node.server;
}
