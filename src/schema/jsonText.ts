/**
 * A JSON parser (RFC 8259) that keeps the place of everything and the text of numbers, and goes on after
 * an error: what `validate` needs while someone types, and what keeps a 64-bit number exact.
 */
import type { BodyProblem } from './schema';

/** `from` and `to` are UTF-16 offsets in the text. */
export type JsonNode =
  | JsonObject
  | JsonArray
  | { readonly kind: 'string'; readonly from: number; readonly to: number; readonly value: string }
  | { readonly kind: 'number'; readonly from: number; readonly to: number; readonly text: string }
  | {
      readonly kind: 'boolean';
      readonly from: number;
      readonly to: number;
      readonly value: boolean;
    }
  | { readonly kind: 'null'; readonly from: number; readonly to: number }
  /** Where a value should be; already reported. */
  | { readonly kind: 'invalid'; readonly from: number; readonly to: number };

export interface JsonMember {
  readonly key: string;
  readonly keyFrom: number;
  readonly keyTo: number;
  readonly value: JsonNode;
}

export interface JsonObject {
  readonly kind: 'object';
  readonly from: number;
  readonly to: number;
  readonly members: readonly JsonMember[];
}

export interface JsonArray {
  readonly kind: 'array';
  readonly from: number;
  readonly to: number;
  readonly items: readonly JsonNode[];
}

/** Deeper than any message may be (protobuf's limit is 100) with arrays and maps between. */
const MAX_DEPTH = 400;
const MAX_PROBLEMS = 100;

/** Parses the whole text; what is wrong goes to `problems`, and the rest is still returned. */
export function parseJson(text: string, problems: BodyProblem[]): JsonNode {
  return new Parser(text, problems).document();
}

class Parser {
  #at = 0;
  #depth = 0;

  constructor(
    readonly text: string,
    readonly problems: BodyProblem[],
  ) {}

  document(): JsonNode {
    this.#space();
    if (this.#at === this.text.length) {
      return this.#invalid(0, 0, 'The body is empty; an empty message is {}.');
    }
    const value = this.#value();
    this.#space();
    if (this.#at < this.text.length && value.kind !== 'invalid') {
      this.#report(this.#at, this.text.length, 'Only one JSON value may stand here.');
    }
    return value;
  }

  #report(from: number, to: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) {
      const end = Math.min(Math.max(to, from), this.text.length);
      this.problems.push({ from: Math.min(from, end), to: end, severity: 'error', message });
    }
  }

  #invalid(from: number, to: number, message: string): JsonNode {
    this.#report(from, to, message);
    return { kind: 'invalid', from, to: Math.min(to, this.text.length) };
  }

  #space(): void {
    for (;;) {
      const code = this.text.charCodeAt(this.#at);
      if (code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09) {
        this.#at++;
      } else if (code === 0x2f && /[/*]/.test(this.text.charAt(this.#at + 1))) {
        this.#comment();
      } else {
        return;
      }
    }
  }

  #comment(): void {
    const from = this.#at;
    const block = this.text.charAt(from + 1) === '*';
    const end = this.text.indexOf(block ? '*/' : '\n', from + 2);
    this.#at = end < 0 ? this.text.length : end + (block ? 2 : 0);
    this.#report(from, this.#at, 'JSON has no comments.');
  }

  #value(): JsonNode {
    const from = this.#at;
    const char = this.text.charAt(from);
    if (char === '{' || char === '[') {
      if (this.#depth >= MAX_DEPTH) {
        this.#at = this.text.length;
        return this.#invalid(from, from + 1, `Nested deeper than ${MAX_DEPTH} levels.`);
      }
      this.#depth++;
      const node = char === '{' ? this.#object() : this.#array();
      this.#depth--;
      return node;
    }
    if (char === '"') {
      const value = this.#string();
      return { kind: 'string', from, to: this.#at, value };
    }
    return this.#word(from);
  }

  #word(from: number): JsonNode {
    const word = /[^\s,:{}[\]"]*/y;
    word.lastIndex = from;
    const text = word.exec(this.text)?.[0] ?? '';
    this.#at = from + text.length;
    const to = this.#at;
    if (text === 'true' || text === 'false') {
      return { kind: 'boolean', from, to, value: text === 'true' };
    }
    if (text === 'null') {
      return { kind: 'null', from, to };
    }
    if (/^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/.test(text)) {
      return { kind: 'number', from, to, text };
    }
    if (text === '') {
      return this.#invalid(from, Math.min(from + 1, this.text.length), 'A value is missing here.');
    }
    return this.#invalid(
      from,
      to,
      text.startsWith("'")
        ? 'Strings stand in double quotes.'
        : `${JSON.stringify(shorten(text))} is no JSON value.`,
    );
  }

  #object(): JsonObject {
    const from = this.#at++;
    const members: JsonMember[] = [];
    for (let first = true; ; first = false) {
      this.#space();
      if (this.#closes('}', from)) {
        return { kind: 'object', from, to: this.#at, members };
      }
      if (!first && !this.#comma('}')) {
        return { kind: 'object', from, to: this.#at, members };
      }
      const member = this.#member();
      if (member) {
        members.push(member);
      }
    }
  }

  #array(): JsonArray {
    const from = this.#at++;
    const items: JsonNode[] = [];
    for (let first = true; ; first = false) {
      this.#space();
      if (this.#closes(']', from)) {
        return { kind: 'array', from, to: this.#at, items };
      }
      if (!first && !this.#comma(']')) {
        return { kind: 'array', from, to: this.#at, items };
      }
      const start = this.#at;
      items.push(this.#value());
      this.#skipStuck(start);
    }
  }

  /** True at the end of the object or array: its bracket, the end of the text, or the other bracket. */
  #closes(bracket: '}' | ']', from: number): boolean {
    const char = this.text.charAt(this.#at);
    if (char === bracket) {
      this.#at++;
      return true;
    }
    if (char === '') {
      this.#report(from, from + 1, `The ${bracket} for this is missing.`);
      return true;
    }
    if (char === '}' || char === ']') {
      // Left for the object or array around this one, which it may well close.
      this.#report(this.#at, this.#at + 1, `Expected ${bracket} here, not ${char}.`);
      return true;
    }
    return false;
  }

  /** The comma between two parts; false when the object or array ends after a comma too many. */
  #comma(bracket: '}' | ']'): boolean {
    if (this.text.charAt(this.#at) !== ',') {
      this.#report(this.#at, this.#at + 1, 'A comma is missing before this.');
      return true;
    }
    const comma = this.#at++;
    this.#space();
    if (this.text.charAt(this.#at) === bracket) {
      this.#report(comma, comma + 1, 'A comma too many.');
      this.#at++;
      return false;
    }
    return true;
  }

  #member(): JsonMember | undefined {
    const keyFrom = this.#at;
    if (this.text.charAt(keyFrom) !== '"') {
      const word = /[^\s,:{}[\]"]*/y;
      word.lastIndex = keyFrom;
      const text = word.exec(this.text)?.[0] ?? '';
      this.#at = keyFrom + text.length;
      this.#report(
        keyFrom,
        Math.max(this.#at, keyFrom + 1),
        text === ''
          ? 'A field name in double quotes is missing here.'
          : 'Field names stand in double quotes.',
      );
      this.#space();
      if (this.text.charAt(this.#at) === ':') {
        this.#at++;
        this.#space();
        this.#value();
      }
      this.#skipStuck(keyFrom);
      return undefined;
    }
    const key = this.#string();
    const keyTo = this.#at;
    this.#space();
    if (this.text.charAt(this.#at) !== ':') {
      const value = this.#invalid(keyFrom, keyTo, 'A colon and a value are missing after this.');
      return { key, keyFrom, keyTo, value };
    }
    this.#at++;
    this.#space();
    return { key, keyFrom, keyTo, value: this.#value() };
  }

  /** Nothing was taken at `start`: step over one character, or the loop would not end. */
  #skipStuck(start: number): void {
    if (this.#at === start && /[^,}\]]/.test(this.text.charAt(start))) {
      this.#at++;
    }
  }

  #string(): string {
    const from = this.#at;
    let end = from + 1;
    let plain = true;
    for (; end < this.text.length; end++) {
      const code = this.text.charCodeAt(end);
      if (code === 0x22) {
        break;
      }
      if (code === 0x5c) {
        plain = false;
        end++;
      } else if (code === 0x0a || code === 0x0d) {
        break;
      } else if (code < 0x20) {
        plain = false;
      }
    }
    if (this.text.charAt(end) !== '"') {
      this.#at = Math.min(end, this.text.length);
      this.#report(from, this.#at, 'The closing double quote is missing.');
      return this.text.slice(from + 1, this.#at);
    }
    this.#at = end + 1;
    return plain ? this.text.slice(from + 1, end) : this.#unescape(from, end + 1);
  }

  #unescape(from: number, to: number): string {
    try {
      const value: unknown = JSON.parse(this.text.slice(from, to));
      return typeof value === 'string' ? value : '';
    } catch {
      const good = /"(?:[^\\\p{Cc}]|[\x7f-\x9f]|\\["\\/bfnrt]|\\u[0-9a-fA-F]{4})*/uy;
      good.lastIndex = from;
      const at = from + (good.exec(this.text)?.[0].length ?? 0);
      this.#report(
        at,
        Math.min(at + 2, to),
        this.text.charAt(at) === '\\'
          ? 'No such escape in a JSON string; a backslash is written \\\\.'
          : 'A control character must be written as an escape, for example \\t or \\u0000.',
      );
      return this.text.slice(from + 1, to - 1);
    }
  }
}

function shorten(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
