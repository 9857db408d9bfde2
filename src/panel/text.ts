/** Text from a server, made safe to stand in one line of a list: data, never markup or control. */

/** Line and paragraph separators, and the marks that turn the direction of what follows: for a set of a pattern. */
export const separatorsAndMarks = String.raw`\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF`;

/** They, and C0 and C1 controls: what a text could use to rewrite what is shown around it. */
export const unsafeCharacters = new RegExp(`[\\p{Cc}${separatorsAndMarks}]`, 'gu');

const symbols: Readonly<Record<string, string>> = { '\n': '↵', '\r': '', '\t': ' ' };

/**
 * `text` as one line of at most `limit` UTF-16 units. Line ends become `↵`, other control characters `�`;
 * what is cut off is marked by `…`. Reads no more of `text` than it needs.
 */
export function oneLine(text: string, limit = 300): string {
  const head = text.length > limit ? text.slice(0, limit) : text;
  const line = head.replace(unsafeCharacters, (character) => symbols[character] ?? '\uFFFD');
  if (text.length <= limit) {
    return line;
  }
  // A surrogate pair cut in the middle would show as a broken character.
  return `${line.replace(/[\uD800-\uDBFF]$/, '')}…`;
}

/** `1 field`, `2 fields`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A length of time in microseconds as a person reads it: `412 µs`, `3.2 ms`, `1.25 s`. */
export function microseconds(value: number): string {
  if (value < 1000) {
    return `${Math.round(value)} µs`;
  }
  if (value < 1_000_000) {
    return `${trimmed(value / 1000)} ms`;
  }
  return `${trimmed(value / 1_000_000)} s`;
}

/** Bytes as a person reads them: `512 bytes`, `3.2 KiB`, `1.5 MiB`. */
export function byteSize(value: number): string {
  if (value < 1024) {
    return plural(value, 'byte');
  }
  return value < 1024 * 1024
    ? `${trimmed(value / 1024)} KiB`
    : `${trimmed(value / (1024 * 1024))} MiB`;
}

/** Three significant digits or the whole number. */
function trimmed(value: number): string {
  return value >= 100 ? String(Math.round(value)) : String(Number(value.toPrecision(3)));
}
