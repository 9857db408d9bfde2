/** Lets through those who come while it is open; the others wait until it opens. */
export class Gate {
  readonly #waiting: (() => void)[] = [];
  #isOpen = false;

  open(): void {
    this.#isOpen = true;
    for (const goOn of this.#waiting.splice(0)) {
      goOn();
    }
  }

  close(): void {
    this.#isOpen = false;
  }

  async passed(): Promise<void> {
    if (!this.#isOpen) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }
}
