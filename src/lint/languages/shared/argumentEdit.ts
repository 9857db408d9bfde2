import type { CallSiteSpans } from '../../facts';
import type { TextEdit } from '../../finding';

/** Adds an argument behind the others: on a line of its own where the last one has one. */
export function appendArgument(
  { arguments: args, argumentsSpan }: Pick<CallSiteSpans, 'arguments' | 'argumentsSpan'>,
  written: string,
  text: string,
): TextEdit {
  const last = args.at(-1);
  if (last === undefined) {
    const at = argumentsSpan.to - 1;
    return { span: { from: at, to: at }, text: written };
  }
  return { span: { from: last.to, to: last.to }, text: separatorOf(last.from, text) + written };
}

/** What parts the item of a list that starts here from the next one: a new line where it has one of its own. */
export function separatorOf(from: number, text: string): string {
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  const indent = text.slice(lineStart, from);
  return lineStart > 0 && /^[ \t]*$/.test(indent) ? `,\n${indent}` : ', ';
}
