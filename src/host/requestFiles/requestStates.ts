import * as vscode from 'vscode';

/** How a request of a file is doing, as its lens shows it. */
export type RequestState =
  | { readonly kind: 'running'; readonly cancel: () => void }
  | { readonly kind: 'done'; readonly passed: boolean; readonly title: string };

/** The last state of each request of the open request files. */
export class RequestStates implements vscode.Disposable {
  /** URI to the keys of its requests. */
  readonly #states = new Map<string, Map<string, RequestState>>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions = vscode.Disposable.from(
    this.#changed,
    vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#states.delete(uri.toString())),
  );

  readonly onDidChange = this.#changed.event;

  get(uri: vscode.Uri, key: string): RequestState | undefined {
    return this.#states.get(uri.toString())?.get(key);
  }

  set(uri: vscode.Uri, key: string, state: RequestState): void {
    const name = uri.toString();
    const ofFile = this.#states.get(name) ?? new Map<string, RequestState>();
    ofFile.set(key, state);
    this.#states.set(name, ofFile);
    this.#changed.fire();
  }

  dispose(): void {
    for (const ofFile of this.#states.values()) {
      for (const state of ofFile.values()) {
        if (state.kind === 'running') {
          state.cancel();
        }
      }
    }
    this.#subscriptions.dispose();
  }
}
