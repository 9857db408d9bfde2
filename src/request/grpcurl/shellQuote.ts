import { findReferences } from '../variables/references';

/**
 * One word of a POSIX shell. NUL can't stand in a word: it is left out.
 * @param variables name of a reference in the word (`{{token}}`) to the shell variable that stands for it
 */
export function shellQuote(
  word: string,
  variables: ReadonlyMap<string, string> = new Map(),
): string {
  let quoted = '';
  let from = 0;
  for (const reference of variables.size === 0 ? [] : findReferences(word)) {
    const variable = reference.kind === 'variable' ? variables.get(reference.name) : undefined;
    if (variable !== undefined) {
      quoted += `${quoteText(word.slice(from, reference.span.from))}"$${variable}"`;
      from = reference.span.to;
    }
  }
  return quoted === '' ? quoteText(word) || "''" : quoted + quoteText(word.slice(from));
}

function quoteText(word: string): string {
  const text = word.replaceAll('\0', '');
  return /^[\w@%+=:,./-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
