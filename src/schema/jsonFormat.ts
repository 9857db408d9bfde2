import { nextToken, type Token } from './jsonTokens';

/**
 * Indents JSON by two spaces. JSON.parse would round 64-bit integers, so the tokens themselves are laid out
 * anew; `text` must be JSON.
 */
export function formatJson(text: string): string {
  const pieces: string[] = [];
  let depth = 0;
  let previous: Token['kind'] | undefined;
  let token = nextToken(text, 0);
  while (token !== undefined) {
    const { kind, from, to } = token;
    const opened = previous === '{' || previous === '[';
    if (kind === '}' || kind === ']') {
      depth -= 1;
      pieces.push(opened ? '' : newLine(depth));
    } else if (opened || previous === ',') {
      pieces.push(newLine(depth));
    }
    if (kind === '{' || kind === '[') {
      depth += 1;
    }
    pieces.push(text.slice(from, to), kind === ':' ? ' ' : '');
    previous = kind;
    token = nextToken(text, to);
  }
  return pieces.join('');
}

function newLine(depth: number): string {
  return `\n${'  '.repeat(depth)}`;
}
