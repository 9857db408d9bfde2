/** Text that came from a server, made safe to look at: it is always set as text, never as HTML. */

// C0 and C1 controls, zero-width characters, bidirectional overrides and line separators: what could
// hide or reorder text on the screen. Tab and line feed pass where the text may have several lines.
const invisible =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: showing them is the purpose.
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** One line: control characters as their Unicode pictures or `\u{…}`, at most `max` UTF-16 units. */
export function visible(text: string, max = 2_000): string {
  return clip(text, max).replace(invisible, picture);
}

/** As `visible`, but line feeds and tabs stay. */
export function visibleLines(text: string, max = 20_000): string {
  return clip(text, max).replace(invisible, (character) =>
    character === '\n' || character === '\t' ? character : picture(character),
  );
}

function clip(text: string, max: number): string {
  return text.length > max
    ? `${text.slice(0, max)}… (${count(text.length - max)} more characters)`
    : text;
}

function picture(character: string): string {
  const code = character.charCodeAt(0);
  if (code < 0x20) {
    return String.fromCharCode(0x2400 + code);
  }
  return code === 0x7f ? '\u2421' : `\\u{${code.toString(16).toUpperCase()}}`;
}

const grouped = new Intl.NumberFormat('en-US');

/** `1,234,567`. */
export function count(n: number): string {
  return grouped.format(n);
}

/** `1 message`, `2 messages`. */
export function plural(n: number, noun: string): string {
  return `${count(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** Bytes as `512 B`, `1.50 KiB`, `2.25 MiB`: as wide as they can be told apart in a column. */
export function bytes(n: number): string {
  if (n < 1024) {
    return `${count(n)} B`;
  }
  const units = ['KiB', 'MiB', 'GiB', 'TiB'];
  let value = n / 1024;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0)} ${units[unit] ?? ''}`;
}

/** Microseconds as `0.04 ms`, `12.3 ms`, `1.234 s`, `2 m 03 s`. */
export function duration(microseconds: number): string {
  const ms = microseconds / 1000;
  if (ms < 10) {
    return `${ms.toFixed(2)} ms`;
  }
  if (ms < 1000) {
    return `${ms.toFixed(1)} ms`;
  }
  if (ms < 60_000) {
    return `${(ms / 1000).toFixed(ms < 10_000 ? 3 : 2)} s`;
  }
  const seconds = Math.floor(ms / 1000);
  return `${count(Math.floor(seconds / 60))} m ${String(seconds % 60).padStart(2, '0')} s`;
}

/** Milliseconds of a running clock, coarse enough not to flicker: `0.8 s`, `14 s`, `2 m 03 s`. */
export function clock(ms: number): string {
  if (ms < 10_000) {
    return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
  }
  return ms < 60_000 ? `${Math.floor(ms / 1000)} s` : duration(ms * 1000);
}

/** A length in milliseconds as a user writes it: `500ms`, `15s`, `2m`. */
export function length(ms: number): string {
  if (ms >= 60_000 && ms % 60_000 === 0) {
    return `${ms / 60_000}m`;
  }
  return ms >= 1_000 ? `${ms / 1_000}s` : `${ms}ms`;
}
