import type { Node } from 'web-tree-sitter';
import type { TextEdit } from '../../finding';

export function insertion(at: number, text: string): TextEdit {
  return { span: { from: at, to: at }, text };
}

/**
 * Puts one more argument behind the last one of a list, laid out as the others are: on a line of its own where
 * the closing parenthesis has one, with a comma at the end where there is one.
 *
 * @param args those of the list, without comments
 */
export function appendedArgument(
  list: Node,
  args: readonly Node[],
  text: string,
  argument: string,
): TextEdit[] {
  const last = args.at(-1);
  if (last === undefined) {
    return [insertion(list.endIndex - 1, argument)];
  }
  const comma = list.children.findLast(({ type }) => type === ',');
  const hasComma = comma !== undefined && comma.startIndex >= last.endIndex;
  const end = hasComma ? comma.endIndex : last.endIndex;
  if (text[list.startIndex] !== '(' || !text.slice(end, list.endIndex).includes('\n')) {
    return [insertion(end, hasComma ? ` ${argument}` : `, ${argument}`)];
  }
  const line = text.indexOf('\n', end);
  const lineEnd = text[line - 1] === '\r' ? line - 1 : line;
  const newline = text.slice(lineEnd, line + 1);
  const added = `${newline}${indentOf(args, text)}${argument}`;
  if (hasComma) {
    return [insertion(lineEnd, `${added},`)];
  }
  return lineEnd === end
    ? [insertion(end, `,${added}`)]
    : [insertion(end, ','), insertion(lineEnd, added)];
}

/** What stands before the last argument that begins a line; else before the line that the last one ends in. */
function indentOf(args: readonly Node[], text: string): string {
  const lineOf = (at: number) => text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
  const before = args.map(({ startIndex }) => lineOf(startIndex));
  const own = before.findLast((start) => /^[ \t]*$/.test(start));
  return own ?? /^[ \t]*/.exec(lineOf(args.at(-1)?.endIndex ?? 0))?.[0] ?? '';
}
