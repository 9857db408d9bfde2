/**
 * Runs the work of one key at a time, the most urgent first, and gives the event loop its turn between two, so
 * that requests and newer changes come in. Work that is asked for again while it waits is done once.
 */
export class LintQueue<Key> {
  readonly #run: (key: Key) => Promise<void>;
  /** Waiting for its rest to end. */
  readonly #resting = new Map<Key, NodeJS.Timeout>();
  /** In the order in which they run. */
  #ready = new Set<Key>();
  readonly #waiting = new Map<Key, (() => void)[]>();
  #isRunning = false;
  #current: Key | undefined;

  /** @param run must not reject */
  constructor(run: (key: Key) => Promise<void>) {
    this.#run = run;
  }

  /** Behind everything that is ready. */
  add(key: Key): void {
    this.#wake(key);
    this.#ready.add(key);
    this.#start();
  }

  /** Before everything that is ready. */
  addFirst(key: Key): void {
    this.#wake(key);
    this.#ready.delete(key);
    this.#ready = new Set([key, ...this.#ready]);
    this.#start();
  }

  /** Before everything that is ready, once nobody has asked for `rest` milliseconds. */
  addAfter(rest: number, key: Key): void {
    this.#wake(key);
    this.#ready.delete(key);
    this.#resting.set(
      key,
      setTimeout(() => this.addFirst(key), rest),
    );
  }

  /** Takes a key out; who waits for it waits no longer. */
  delete(key: Key): void {
    this.#wake(key);
    this.#ready.delete(key);
    this.#settle(key);
  }

  /** Resolves when nothing is left to be done for a key, which it brings to the front. */
  async settled(key: Key): Promise<void> {
    const isPending = this.#resting.has(key) || this.#ready.has(key);
    if (!isPending && this.#current !== key) {
      return;
    }
    const done = new Promise<void>((resolve) => {
      this.#waiting.set(key, [...(this.#waiting.get(key) ?? []), resolve]);
    });
    if (isPending) {
      this.addFirst(key);
    }
    await done;
  }

  dispose(): void {
    for (const key of [...this.#resting.keys(), ...this.#ready]) {
      this.delete(key);
    }
  }

  #wake(key: Key): void {
    clearTimeout(this.#resting.get(key));
    this.#resting.delete(key);
  }

  #settle(key: Key): void {
    const resolves = this.#waiting.get(key) ?? [];
    this.#waiting.delete(key);
    for (const resolve of resolves) {
      resolve();
    }
  }

  #start(): void {
    if (!this.#isRunning) {
      this.#isRunning = true;
      void this.#runAll();
    }
  }

  async #runAll(): Promise<void> {
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [key] = this.#ready;
      if (key === undefined) {
        break;
      }
      this.#ready.delete(key);
      this.#current = key;
      await this.#run(key);
      this.#current = undefined;
      // Asked for again meanwhile: it is not done yet.
      if (!this.#ready.has(key) && !this.#resting.has(key)) {
        this.#settle(key);
      }
    }
    this.#isRunning = false;
  }
}
