/** Line and paragraph separators, and the marks that turn the direction of what follows. */
const separatorsAndMarks = String.raw`\p{Zl}\p{Zp}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF`;

/**
 * They, and C0 and C1 controls: what a file name or a line of source could use to rewrite what a terminal shows.
 */
const unsafeCharacters = new RegExp(`[\\p{Cc}${separatorsAndMarks}]`, 'gu');

/** The same but for the line end, for text of several lines. */
export const unsafeInLines = new RegExp(`[^\\P{Cc}\\n]|[${separatorsAndMarks}]`, 'gu');

/** Text as one line that does nothing to a terminal but show: every unsafe character becomes `�`, also a tab. */
export function printable(text: string): string {
  return text.replace(unsafeCharacters, '\uFFFD');
}
