import type { Engine } from './engine';

/** Loads the engine when it is first needed: gRPC and protobuf take longer than the whole activation. */
export class LazyEngine {
  #engine: Promise<Engine> | undefined;

  load(): Promise<Engine> {
    this.#engine ??= import('./engine').then(({ Engine: Loaded }) => new Loaded());
    return this.#engine;
  }

  /** Closes every connection. */
  dispose(): void {
    void this.#engine?.then((engine) => engine.dispose());
    this.#engine = undefined;
  }
}
