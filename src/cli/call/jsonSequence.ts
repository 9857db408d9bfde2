import { Failure } from '../failure';

/** One JSON value out of a text that has several. */
export interface JsonText {
  readonly text: string;
  /** Where it begins, from 1; columns count UTF-16 units. */
  readonly line: number;
  readonly column: number;
}

/** Longest value that is read, in UTF-16 units. */
const lengthLimit = 64 * 1024 * 1024;

/**
 * Parts JSON values that stand one after the other, as the text comes in. It looks for where each ends and no further:
 * one that is no JSON is given as it is, for whoever reads it to say what is wrong.
 */
export class JsonSequence {
  #value = '';
  #start = { line: 1, column: 1 };
  #line = 1;
  #column = 1;
  #depth = 0;
  #kind: 'none' | 'nested' | 'string' | 'bare' = 'none';
  #inString = false;
  #escaped = false;

  /** The values that end in this chunk. Throws a `Failure` when one is too long. */
  push(chunk: string): JsonText[] {
    const found: JsonText[] = [];
    let from = this.#kind === 'none' ? -1 : 0;
    for (let at = 0; at < chunk.length; at++) {
      const character = chunk[at] as string;
      if (this.#kind === 'bare' && endsBare.test(character)) {
        found.push(this.#finish(chunk.slice(from, at)));
        from = -1;
      }
      if (this.#kind === 'none' && !blank.test(character)) {
        this.#begin(character);
        from = at;
      } else if (this.#kind !== 'none') {
        this.#step(character);
      }
      this.#count(character);
      if (this.#isWhole()) {
        found.push(this.#finish(chunk.slice(from, at + 1)));
        from = -1;
      }
    }
    if (from >= 0) {
      this.#value += chunk.slice(from);
      if (this.#value.length > lengthLimit) {
        throw new Failure(
          `The message that begins in line ${this.#start.line} is longer than ${lengthLimit} characters.`,
        );
      }
    }
    return found;
  }

  /** What is left at the end of the text. */
  end(): JsonText[] {
    return this.#kind === 'none' ? [] : [this.#finish('')];
  }

  #begin(character: string): void {
    this.#start = { line: this.#line, column: this.#column };
    if (character === '{' || character === '[') {
      this.#kind = 'nested';
      this.#depth = 1;
    } else {
      this.#kind = character === '"' ? 'string' : 'bare';
      this.#inString = character === '"';
    }
  }

  #step(character: string): void {
    if (this.#kind === 'bare') {
      return;
    }
    if (this.#inString) {
      if (this.#escaped) {
        this.#escaped = false;
      } else if (character === '\\') {
        this.#escaped = true;
      } else if (character === '"') {
        this.#inString = false;
      }
    } else if (character === '"') {
      this.#inString = true;
    } else if (character === '{' || character === '[') {
      this.#depth++;
    } else if (character === '}' || character === ']') {
      this.#depth--;
    }
  }

  #isWhole(): boolean {
    return (
      (this.#kind === 'nested' && this.#depth === 0) || (this.#kind === 'string' && !this.#inString)
    );
  }

  #count(character: string): void {
    if (character === '\n') {
      this.#line++;
      this.#column = 1;
    } else {
      this.#column++;
    }
  }

  #finish(rest: string): JsonText {
    const found = { text: this.#value + rest, ...this.#start };
    this.#value = '';
    this.#kind = 'none';
    this.#inString = false;
    this.#escaped = false;
    return found;
  }
}

const blank = /\s|\uFEFF/;
const endsBare = /[\s{["]/;

/** All values of a text. */
export function jsonTexts(text: string): JsonText[] {
  const sequence = new JsonSequence();
  return [...sequence.push(text), ...sequence.end()];
}
