import { protoTokens } from './definitionLines';

/**
 * The definition that begins in a line of `.proto` text, with the comment above it, moved to the left.
 * @param line from 0
 */
export function definitionBlock(text: string, line: number): string {
  const lines = text.split('\n');
  const first = commentStart(lines, line);
  const before = lines.slice(0, line).reduce((sum, it) => sum + it.length + 1, 0);
  const last = line + linesOf(text.slice(before));
  const block = lines.slice(first, last + 1);
  const indent = /^\s*/.exec(lines[line] ?? '')?.[0].length ?? 0;
  return block.map((it) => (it.slice(0, indent).trim() === '' ? it.slice(indent) : it)).join('\n');
}

/** How many line ends stand before the end of the first definition. */
function linesOf(text: string): number {
  let depth = 0;
  for (const { 0: token, index } of text.matchAll(protoTokens)) {
    if (token === '{') {
      depth++;
    } else if (token === '}') {
      depth--;
    }
    if (depth === 0 && (token === '}' || token === ';')) {
      return text.slice(0, index).split('\n').length - 1;
    }
  }
  return text.trimEnd().split('\n').length - 1;
}

function commentStart(lines: readonly string[], line: number): number {
  let first = line;
  while (lines[first - 1]?.trim().startsWith('//')) {
    first--;
  }
  if (first === line && lines[line - 1]?.trim().endsWith('*/')) {
    const start = lines.findLastIndex((it, at) => at < line && it.trim().startsWith('/*'));
    return start < 0 ? line : start;
  }
  return first;
}
