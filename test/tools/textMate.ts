import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { loadWASM, OnigScanner, OnigString } from 'vscode-oniguruma';
import { type IGrammar, INITIAL, type IOnigLib, parseRawGrammar, Registry } from 'vscode-textmate';

/** A piece of a line that has the same scopes. */
interface ScopedText {
  readonly text: string;
  /** From the outermost to the innermost, without the grammar's own. */
  readonly scopes: readonly string[];
}

let engine: Promise<IOnigLib> | undefined;
let searches = 0;

/** The engine that VS Code uses, counting what it does. */
async function countingEngine(): Promise<IOnigLib> {
  const wasm = createRequire(import.meta.url).resolve('vscode-oniguruma/release/onig.wasm');
  await loadWASM(readFileSync(wasm));
  return {
    createOnigScanner(patterns) {
      const scanner = new OnigScanner(patterns);
      const find = scanner.findNextMatchSync.bind(scanner);
      scanner.findNextMatchSync = (...call: Parameters<typeof find>) => {
        searches++;
        return find(...call);
      };
      return scanner;
    },
    createOnigString: (text) => new OnigString(text),
  };
}

/**
 * Reads a grammar as the editor does.
 * @param files scope name to path, of the grammar and those that it includes
 */
export async function loadGrammar(
  scopeName: string,
  files: Readonly<Record<string, string>>,
): Promise<IGrammar> {
  engine ??= countingEngine();
  const registry = new Registry({
    onigLib: engine,
    loadGrammar: async (name) => {
      const path = files[name];
      return path === undefined ? null : parseRawGrammar(readFileSync(path, 'utf8'), path);
    },
  });
  const grammar = await registry.loadGrammar(scopeName);
  if (!grammar) throw new Error(`there is no grammar of ${scopeName}`);
  return grammar;
}

/** The pieces of each line of a text. */
function scopedLines(grammar: IGrammar, text: string): ScopedText[][] {
  let state = INITIAL;
  return text.split('\n').map((line) => {
    const { tokens, ruleStack } = grammar.tokenizeLine(line, state);
    state = ruleStack;
    return tokens.map(({ startIndex, endIndex, scopes }) => ({
      text: line.slice(startIndex, endIndex),
      scopes: scopes.slice(1),
    }));
  });
}

/** How often the engine looks for the next match while a text is coloured in the way of the editor. */
export function searchesFor(grammar: IGrammar, text: string): number {
  searches = 0;
  let state = INITIAL;
  for (const line of text.split('\n')) {
    state = grammar.tokenizeLine2(line, state).ruleStack;
  }
  return searches;
}

/**
 * A text with the scopes of each piece under its line, to be read and compared.
 * @param suffix what ends the scopes of the grammar itself, and is left out
 */
export function scopesAsText(grammar: IGrammar, text: string, suffix: string): string {
  const shown = scopedLines(grammar, text).flatMap((tokens) => [
    tokens
      .map(({ text: piece }) => piece)
      .join('')
      .trimEnd(),
    ...tokens
      .filter(({ text: piece }) => piece.trim() !== '')
      .map(
        ({ text: piece, scopes }) => `    ${piece.trim()}  ·  ${short(scopes, suffix) || '(none)'}`,
      ),
  ]);
  return `${shown.join('\n')}\n`;
}

function short(scopes: readonly string[], suffix: string): string {
  return scopes
    .map((scope) => (scope.endsWith(suffix) ? scope.slice(0, -suffix.length) : scope))
    .join(' ');
}
