import { findReferences, type Reference } from './references';

/** A text with its references replaced. */
export interface Replaced {
  readonly text: string;
  /** Where a place of `text` comes from: inside a value, the reference's beginning. */
  originOf(offset: number): number;
}

/**
 * Replaces each reference by what `valueFor` gives; undefined leaves it as it stands.
 * @param syntax `json`: inside a string the value is escaped as JSON asks; elsewhere it is inserted as it is
 */
export function replaceReferences(
  text: string,
  syntax: 'text' | 'json',
  valueFor: (reference: Reference) => string | undefined,
): Replaced {
  const parts: { readonly at: number; readonly origin: number; readonly literal: boolean }[] = [];
  let result = '';
  let from = 0;
  let inString = false;
  const copy = (to: number): void => {
    parts.push({ at: result.length, origin: from, literal: true });
    const piece = text.slice(from, to);
    inString = syntax === 'json' && endsInString(piece, inString);
    result += piece;
    from = to;
  };
  for (const reference of findReferences(text)) {
    copy(reference.span.from);
    const value = valueFor(reference);
    if (value !== undefined) {
      parts.push({ at: result.length, origin: from, literal: false });
      result += inString ? JSON.stringify(value).slice(1, -1) : value;
      from = reference.span.to;
    }
  }
  copy(text.length);
  return {
    text: result,
    originOf: (offset) => {
      const part = parts.findLast(({ at }) => at <= offset);
      if (part === undefined) {
        return offset;
      }
      return part.literal ? part.origin + offset - part.at : part.origin;
    },
  };
}

/** Whether JSON text that began inside a string, or outside, ends inside one. */
function endsInString(piece: string, began: boolean): boolean {
  let inString = began;
  for (let at = 0; at < piece.length; at++) {
    const character = piece[at];
    if (character === '"') {
      inString = !inString;
    } else if (character === '\\' && inString) {
      at++;
    } else if (character === '\n') {
      // A string ends with its line: a quote that is missing must not turn round all that follows.
      inString = false;
    }
  }
  return inString;
}
