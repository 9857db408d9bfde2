import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { RequestForm } from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import type { App } from '../app';
import { PanelType } from '../ids';
import { MessageDocuments } from './messageDocuments';
import { panelHtml } from './panelHtml';
import type { PanelKey, PanelOpener } from './panelKey';
import { parsePanelState } from './panelState';
import type { RequestPanel } from './requestPanel';

/** The open request panels: one for each method of each server. */
export class RequestPanels
  implements PanelOpener, vscode.WebviewPanelSerializer, vscode.Disposable
{
  readonly #extensionUri: vscode.Uri;
  readonly #documents = new MessageDocuments();
  readonly #panels = new Map<string, { panel: vscode.WebviewPanel; request?: RequestPanel }>();
  readonly #serializer = vscode.window.registerWebviewPanelSerializer(PanelType.Request, this);
  #app: App | undefined;

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
    const panel = vscode.window.createWebviewPanel(
      PanelType.Request,
      oneLine(key.path.slice(key.path.lastIndexOf('/') + 1), 60),
      vscode.ViewColumn.Active,
      this.#options(),
    );
    await this.#fill(panel, key, form);
  }

  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const parsed = parsePanelState(state);
    if (!parsed || this.#panels.has(textOf(parsed.key))) {
      panel.dispose();
      return;
    }
    panel.webview.options = this.#options();
    await this.#fill(panel, parsed.key, parsed.form);
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

  #options(): vscode.WebviewOptions & vscode.WebviewPanelOptions {
    return {
      enableScripts: true,
      localResourceRoots: [
        vscode.Uri.joinPath(this.#extensionUri, 'dist', 'panel'),
        vscode.Uri.joinPath(this.#extensionUri, 'media'),
      ],
    };
  }

  async #fill(
    panel: vscode.WebviewPanel,
    key: PanelKey,
    form: RequestForm | undefined,
  ): Promise<void> {
    const app = this.#app;
    if (!app) {
      throw new Error('The request panels are not connected.');
    }
    const entry: { panel: vscode.WebviewPanel; request?: RequestPanel } = { panel };
    this.#panels.set(textOf(key), entry);
    panel.onDidDispose(() => {
      this.#panels.delete(textOf(key));
      entry.request?.dispose();
    });
    panel.iconPath = {
      light: vscode.Uri.joinPath(this.#extensionUri, 'media', 'panel-light.svg'),
      dark: vscode.Uri.joinPath(this.#extensionUri, 'media', 'panel-dark.svg'),
    };
    // gRPC and protobuf come with it: only now are they needed.
    const { RequestPanel: Panel } = await import('./requestPanel');
    if (!this.#panels.has(textOf(key))) {
      return;
    }
    entry.request = new Panel(app, panel, key, form, {
      openDocument: (run, number) => this.#documents.open(run, number),
      openPanel: (other, otherForm) => this.open(other, otherForm),
    });
    panel.webview.html = this.#html(panel.webview);
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
  return JSON.stringify([key.serverId, key.path]);
}
