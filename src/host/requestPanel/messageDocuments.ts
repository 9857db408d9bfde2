import * as vscode from 'vscode';
import { Scheme } from '../ids';
import { readSettings } from '../settings';
import type { CallRun } from './callRun';

/** Documents at a time whose call can still be read. */
const documentLimit = 100;

/** Read-only JSON documents with entries of calls: for messages that deserve a real editor. */
export class MessageDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(
    Scheme.Message,
    this,
  );
  /** Weak: a document must not keep the bytes of a call that has been replaced. */
  readonly #sources = new Map<string, { readonly run: WeakRef<CallRun>; readonly entry: number }>();
  #count = 0;

  async open(run: CallRun, entry: number): Promise<void> {
    this.#count++;
    const id = String(this.#count);
    this.#sources.set(id, { run: new WeakRef(run), entry });
    const [oldest] = this.#sources.keys();
    if (this.#sources.size > documentLimit && oldest !== undefined) {
      this.#sources.delete(oldest);
    }
    const name = run.context.method.name.replace(/[^\w-]/g, '_').slice(0, 80);
    const document = await vscode.workspace.openTextDocument(
      vscode.Uri.from({
        scheme: Scheme.Message,
        path: `/${name} ${run.entryName(entry)}.json`,
        query: id,
      }),
    );
    await vscode.window.showTextDocument(document, {
      preview: true,
      viewColumn: vscode.ViewColumn.Beside,
    });
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    const source = this.#sources.get(uri.query);
    const run = source?.run.deref();
    return source && run && !run.isDisposed
      ? run.entryText(source.entry, readSettings().showDefaults)
      : '// The call that this came from is gone. Send it again to see its messages.\n';
  }

  dispose(): void {
    this.#registration.dispose();
    this.#sources.clear();
  }
}
