/** Milliseconds that a message must stand before the next: shown faster, nobody could read it. */
const pause = 200;

/** Says when the newest message of a stream is worth showing: at once in a slow stream, after a flood when it rests. */
export class NewestMessage {
  readonly #show: () => void;
  #received = 0;
  #changedAt = Number.NEGATIVE_INFINITY;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(show: () => void) {
    this.#show = show;
  }

  /** `received` is the number of messages so far. */
  update(received: number): void {
    if (received === this.#received) {
      return;
    }
    const now = performance.now();
    const rested = now - this.#changedAt >= pause;
    this.#received = received;
    this.#changedAt = now;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (rested) {
      this.#show();
    } else {
      this.#timer = setTimeout(this.#show, pause);
    }
  }

  /** Starts anew, for another call. */
  reset(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#received = 0;
    this.#changedAt = Number.NEGATIVE_INFINITY;
  }
}
