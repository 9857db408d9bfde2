import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { RequestForm } from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import type { App } from '../app';
import type { HistoryEntry } from '../history/historyEntry';
import { PanelType } from '../ids';
import { MessageDocuments } from './messageDocuments';
import { panelHtml } from './panelHtml';
import type { PanelKey, PanelOpener, StartedCall } from './panelKey';
import { parsePanelState } from './panelState';
import type { RequestPanel } from './requestPanel';

/** Where the one panel for the requests of files is kept: no key of a method looks like it. */
const filePanel = 'file';

interface OpenPanel {
  /** Under which it is found. */
  name: string;
  readonly panel: vscode.WebviewPanel;
  request?: RequestPanel | undefined;
}

/** The open request panels: one for each method of each server, and one for the requests of files. */
export class RequestPanels
  implements PanelOpener, vscode.WebviewPanelSerializer, vscode.Disposable
{
  readonly #extensionUri: vscode.Uri;
  readonly #documents = new MessageDocuments();
  readonly #panels = new Map<string, OpenPanel>();
  readonly #serializer = vscode.window.registerWebviewPanelSerializer(PanelType.Request, this);
  #app: App | undefined;
  /** Panels that were opened for a call of the history, and then used. */
  #usedPanels = 0;

  constructor(extensionUri: vscode.Uri) {
    this.#extensionUri = extensionUri;
  }

  /** Called once, when all parts are there. */
  connect(app: App): void {
    this.#app = app;
  }

  /** Shows the panel of a method; `form` fills it where it is new. */
  async open(key: PanelKey, form?: RequestForm): Promise<void> {
    const open = this.#panels.get(textOf(key));
    if (open) {
      open.request?.reveal();
      return;
    }
    await this.#fill(this.#create(textOf(key), key, vscode.ViewColumn.Active, false), key, form);
  }

  async openKept({ id, server, path }: HistoryEntry, sendAgain: boolean): Promise<void> {
    const key: PanelKey = { serverId: server.id, path, history: id };
    const same = this.#panels.get(textOf(key));
    const used = same && !(sendAgain ? same.request?.isIdle : same.request?.isUntouched);
    if (used) {
      // What was done in it stays, under another name.
      this.#usedPanels++;
      this.#rename(same, `${same.name} ${this.#usedPanels}`);
    }
    // A call that was only looked at makes room for the next.
    const open =
      (used ? undefined : same) ??
      [...this.#panels.values()].find(({ request }) => request?.isUntouched);
    if (open) {
      open.panel.reveal();
      this.#rename(open, textOf(key));
    }
    const panel = open ?? this.#create(textOf(key), key, vscode.ViewColumn.Active, false);
    let request = same === panel ? panel.request : undefined;
    if (!request) {
      request = await this.#fill(panel, key, undefined);
      if (open) {
        // The page is there already: it doesn't ask.
        void request?.start();
      }
    }
    if (sendAgain) {
      await request?.sendAgain();
    }
  }

  async fill(
    key: PanelKey,
    form: RequestForm,
    focus: boolean,
  ): Promise<(started: StartedCall) => boolean> {
    const open = this.#panels.get(filePanel);
    open?.panel.reveal(undefined, !focus);
    const panel = open ?? this.#create(filePanel, key, vscode.ViewColumn.Beside, !focus);
    const request = await this.#fill(panel, key, form);
    if (open) {
      // The page is there already: it doesn't ask.
      void request?.start();
    }
    return (started) => request?.adopt(started) ?? false;
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = parsePanelState(state);
    const name = parsed && (parsed.key.file === undefined ? textOf(parsed.key) : filePanel);
    if (!parsed || name === undefined || this.#panels.has(name)) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.#options();
    await this.#fill(this.#own(name, panel), parsed.key, parsed.form);
  }

  dispose(): void {
    this.#serializer.dispose();
    this.#documents.dispose();
    for (const { panel, request } of this.#panels.values()) {
      request?.dispose();
      panel.dispose();
    }
    this.#panels.clear();
  }

  #create(
    name: string,
    key: PanelKey,
    viewColumn: vscode.ViewColumn,
    preserveFocus: boolean,
  ): OpenPanel {
    const panel = vscode.window.createWebviewPanel(
      PanelType.Request,
      oneLine(key.path.slice(key.path.lastIndexOf('/') + 1), 60),
      { viewColumn, preserveFocus },
      this.#options(),
    );
    return this.#own(name, panel);
  }

  #own(name: string, panel: vscode.WebviewPanel): OpenPanel {
    const open: OpenPanel = { name, panel };
    this.#panels.set(name, open);
    panel.onDidDispose(() => {
      this.#panels.delete(open.name);
      open.request?.dispose();
    });
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#extensionUri, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.#extensionUri, 'media', 'panel-dark.svg'),
    };
    return open;
  }

  #rename(open: OpenPanel, name: string): void {
    this.#panels.delete(open.name);
    open.name = name;
    this.#panels.set(name, open);
  }

  #options(): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(this.#extensionUri, 'dist', 'panel'),
        vscode.Uri.joinPath(this.#extensionUri, 'media'),
      ],
    };
  }

  /** Makes a panel be about `key`. Gives nothing when it was closed meanwhile. */
  async #fill(
    open: OpenPanel,
    key: PanelKey,
    form: RequestForm | undefined,
  ): Promise<RequestPanel | undefined> {
    const app = this.#app;
    if (!app) {
      throw new Error('The request panels are not connected.');
    }
    // gRPC and protobuf come with it: only now are they needed.
    const { RequestPanel: Panel } = await import('./requestPanel');
    if (![...this.#panels.values()].includes(open)) {
      return undefined;
    }
    const { panel, request: before } = open;
    before?.dispose();
    const request = new Panel(
      app,
      panel,
      key,
      form,
      {
        openDocument: (run, number) => this.#documents.open(run, number),
        openPanel: (other, otherForm) => this.open(other, otherForm),
      },
      before?.watched,
    );
    open.request = request;
    if (panel.webview.html === '') {
      panel.webview.html = this.#html(panel.webview);
    }
    return request;
  }

  #html(webview: vscode.Webview): string {
    const uri = (...parts: string[]): string =>
      webview.asWebviewUri(vscode.Uri.joinPath(this.#extensionUri, ...parts)).toString();
    return panelHtml(
      {
        script: uri('dist', 'panel', 'panel.js'),
        styles: [uri('dist', 'panel', 'codicon.css'), uri('media', 'panel.css')],
        cspSource: webview.cspSource,
      },
      randomBytes(24).toString('base64url'),
    );
  }
}

function textOf(key: PanelKey): string {
  return key.history ?? JSON.stringify([key.serverId, key.path]);
}
