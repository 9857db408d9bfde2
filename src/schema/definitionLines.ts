/** Finds where messages, enums, services and methods are defined in `.proto` text. */
import { join } from './build';
import type { LineIndex } from './types';

/** Comments, strings, names and signs of `.proto` text. */
export const protoTokens =
  /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?|[\w.]+|[^\s]/gu;

/** Lines count from 0. Text that does not parse gives what can be told from it. */
export function definitionLines(text: string): LineIndex {
  const lines = new Map<string, number>();
  const scopes: string[] = [];
  const words: { readonly word: string; readonly at: number }[] = [];
  let line = 0;
  let counted = 0;
  const lineAt = (offset: number): number => {
    for (let i = text.indexOf('\n', counted); i >= 0 && i < offset; i = text.indexOf('\n', i + 1)) {
      line++;
      counted = i + 1;
    }
    return line;
  };
  let scope = '';
  for (const match of text.matchAll(protoTokens)) {
    const word = match[0];
    if (word.startsWith('//') || word.startsWith('/*')) {
      continue;
    }
    if (word !== '{' && word !== '}' && word !== ';' && word !== '(') {
      words.push({ word, at: match.index });
      continue;
    }
    const [keyword, name] = words.slice(-2);
    const opens = word === '{';
    let inner = scope;
    if (keyword && name) {
      const definesType = opens && /^(message|enum|service|group)$/.test(keyword.word);
      if (definesType || (word === '(' && keyword.word === 'rpc')) {
        const fullName = join(scope, name.word);
        if (!lines.has(fullName)) {
          lines.set(fullName, lineAt(keyword.at));
        }
        inner = definesType ? fullName : scope;
      } else if (word === ';' && keyword.word === 'package' && words.length === 2) {
        scope = name.word;
      }
    }
    words.length = 0;
    if (opens) {
      scopes.push(scope);
      scope = inner;
    } else if (word === '}') {
      scope = scopes.pop() ?? '';
    }
  }
  return lines;
}
