type Listener = (event: unknown) => void;

/** Stands for the editor's `EventEmitter` where `vscode` is mocked. */
export class FakeEventEmitter {
  readonly #listeners = new Set<Listener>();

  readonly event = (listener: Listener) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(event: unknown): void {
    for (const listener of this.#listeners) {
      listener(event);
    }
  }

  dispose(): void {
    this.#listeners.clear();
  }
}
