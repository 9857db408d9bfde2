import * as vscode from 'vscode';
import { answerName, Scheme } from '../ids';
import type { StartedCall } from '../requestPanel/panelKey';
import { readSettings } from '../settings';

/** Milliseconds between two updates of a stream: each is a new text for the whole document. */
const updateInterval = 250;

const uri = vscode.Uri.from({ scheme: Scheme.Answer, path: `/${answerName}` });
const nothing = '# The call that was shown here is gone. Send the request again.\n';

/** The one read-only document for the answers to requests of files. */
export class AnswerDocument implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  /** The editor reads it when the provider is registered: it has to be there before. */
  readonly onDidChange = this.#changed.event;
  readonly #subscriptions = vscode.Disposable.from(
    this.#changed,
    vscode.workspace.registerTextDocumentContentProvider(Scheme.Answer, this),
    vscode.workspace.onDidCloseTextDocument((document) => {
      if (document.uri.toString() === uri.toString()) {
        this.#end();
      }
    }),
  );
  #shown: StartedCall | undefined;
  #stopListening: () => void = () => undefined;
  #timer: NodeJS.Timeout | undefined;

  /** Shows a call where the document is, or beside the file; it owns the call from now on. */
  async show(started: StartedCall): Promise<void> {
    this.#end();
    this.#shown = started;
    const { call } = started;
    this.#stopListening = call.transcript.onAppend(() => this.#schedule());
    void call.done.then(() => {
      if (this.#shown === started) {
        this.#changed.fire(uri);
      }
    });
    const document = await vscode.workspace.openTextDocument(uri);
    this.#schedule();
    const group = vscode.window.tabGroups.all.find(({ tabs }) =>
      tabs.some(
        ({ input }) =>
          input instanceof vscode.TabInputText && input.uri.toString() === uri.toString(),
      ),
    );
    await vscode.window.showTextDocument(document, {
      viewColumn: group?.viewColumn ?? vscode.ViewColumn.Beside,
      preserveFocus: true,
      preview: false,
    });
  }

  async provideTextDocumentContent(): Promise<string> {
    const { answerText } = await import('./answerText');
    const shown = this.#shown;
    if (!shown) {
      return nothing;
    }
    const { schema, method, target } = shown.context;
    const { transcript } = shown.call;
    const { showDefaults } = readSettings();
    return answerText({ transcript, schema, method, target, defaults: showDefaults });
  }

  dispose(): void {
    this.#end();
    this.#subscriptions.dispose();
  }

  #schedule(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.#update();
    }, updateInterval);
  }

  /** The editor drops changes that it hears of while it opens the document: it is told until it has the text. */
  async #update(): Promise<void> {
    const text = await this.provideTextDocumentContent();
    const document = vscode.workspace.textDocuments.find(
      (open) => open.uri.toString() === uri.toString(),
    );
    if (this.#shown && document?.getText().replaceAll('\r\n', '\n') !== text) {
      this.#changed.fire(uri);
      this.#schedule();
    }
  }

  #end(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#stopListening();
    const before = this.#shown;
    this.#shown = undefined;
    if (before) {
      before.call.cancel();
      // The call writes its last entries after it was cancelled, and others may still read it.
      void Promise.allSettled([before.call.done, before.held]).then(() =>
        before.call.transcript.dispose(),
      );
    }
  }
}
