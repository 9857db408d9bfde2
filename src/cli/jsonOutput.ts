import { unsafeCharacters } from './printable';

/**
 * JSON text that does nothing to a terminal but show: what a server put into strings is escaped as JSON has it, so that a
 * program reads the same.
 */
export function safeJson(json: string): string {
  return json.replace(unsafeCharacters, (character) =>
    character === '\n' ? character : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
