import type { Output } from './environment';
import { unsafeInLines } from './printable';

/**
 * JSON text that does nothing to a terminal but show: what a server put into strings is escaped as JSON has it, so that a
 * program reads the same.
 */
export function safeJson(json: string): string {
  return json.replace(
    unsafeInLines,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Characters of text that are worth a write. */
const worthWriting = 64 * 1024;

/** Gathers JSON text, because a write costs more than the text of a small message. */
export class JsonOutput {
  readonly #out: Output;
  #text = '';

  constructor(out: Output) {
    this.#out = out;
  }

  /** Much of it is written at once; for the rest there is `flush`. */
  put(json: string): void {
    this.#text += json;
    if (this.#text.length >= worthWriting) {
      this.flush();
    }
  }

  flush(): void {
    if (this.#text !== '') {
      this.#out.write(safeJson(this.#text));
      this.#text = '';
    }
  }
}
