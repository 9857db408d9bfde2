import { separatorsAndMarks, unsafeCharacters } from '../panel/text';

/** The unsafe characters but for the line end, for text of several lines. */
export const unsafeInLines = new RegExp(`[^\\P{Cc}\\n]|[${separatorsAndMarks}]`, 'gu');

/** Text as one line that does nothing to a terminal but show: every unsafe character becomes `�`, also a tab. */
export function printable(text: string): string {
  return text.replace(unsafeCharacters, '\uFFFD');
}
