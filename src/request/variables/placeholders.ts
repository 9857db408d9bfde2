import { findReferences, type Reference } from './references';

/**
 * As long as before, with a digit for every character of a reference: so it is one token where it stands for a value,
 * and does no harm in a string.
 */
export function withPlaceholders(
  json: string,
  references: readonly Reference[] = findReferences(json),
): string {
  let text = '';
  let from = 0;
  for (const { span } of references) {
    text += json.slice(from, span.from) + '1'.repeat(span.to - span.from);
    from = span.to;
  }
  return text + json.slice(from);
}
