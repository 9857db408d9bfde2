import type { Output } from '../environment';

/** Milliseconds that a line may wait for others to be written with it. */
const wait = 50;

/** Writes many short texts in few pieces: a thousand writes to a pipe take as long as a hundred requests. */
export class GatheredOutput {
  readonly #out: Output;
  #text = '';
  #timer: NodeJS.Timeout | undefined;

  constructor(out: Output) {
    this.#out = out;
  }

  write(text: string): void {
    this.#text += text;
    this.#timer ??= setTimeout(() => this.flush(), wait);
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#text !== '') {
      this.#out.write(this.#text);
      this.#text = '';
    }
  }
}

/** Work that can wait until there is time, one piece at a time and in order. */
export class Postponed {
  #work: (() => void) | undefined;

  /** Postpones `work`; what was postponed before is done first. */
  next(work: () => void): void {
    this.now();
    this.#work = work;
  }

  now(): void {
    const work = this.#work;
    this.#work = undefined;
    work?.();
  }
}
