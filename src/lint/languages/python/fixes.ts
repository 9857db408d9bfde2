import type { Node } from 'web-tree-sitter';
import type { CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Span } from '../../program/syntax';
import type { DeadlineFix, FixSource } from '../language';
import { appendedArgument, insertion } from '../shared/appendedArgument';

/** Adds `timeout=`, or gives the one that is there a value. */
export function addDeadline(
  fact: CallFact,
  { text, root, settings }: FixSource,
): DeadlineFix | undefined {
  const { arguments: args, argumentsSpan, hints } = fact.site;
  const list = argumentList(root, argumentsSpan);
  if (list === undefined || hints?.keywords === 'none') {
    return undefined;
  }
  const seconds = String(settings.defaultDeadline / 1_000);
  const title = `Add timeout=${seconds}`;
  const given = args.find(({ name }) => name === 'timeout');
  if (given !== undefined) {
    const value = { from: text.indexOf('=', given.from) + 1, to: given.to };
    return replacedNone(value, text, seconds, title);
  }
  const positional = args[1];
  if (positional !== undefined && positional.name === undefined && isTimeout(positional, text)) {
    return replacedNone(positional, text, seconds, title);
  }
  return { title, edits: inserted(list, text, `timeout=${seconds}`) };
}

/** Only a written `None` is certain to be the timeout, and not to be meant. */
function isTimeout({ from, to }: Span, text: string): boolean {
  return text.slice(from, to) === 'None';
}

function replacedNone(
  { from, to }: Span,
  text: string,
  seconds: string,
  title: string,
): DeadlineFix | undefined {
  const written = text.slice(from, to);
  const start = from + (written.length - written.trimStart().length);
  return written.trim() === 'None'
    ? { title, edits: [{ span: { from: start, to }, text: seconds }] }
    : undefined;
}

function argumentList(root: Node, { from, to }: Span): Node | undefined {
  for (
    let node = root.descendantForIndex(from, to);
    node !== null && node.startIndex >= from;
    node = node.parent
  ) {
    const isList = node.type === 'argument_list' || node.type === 'generator_expression';
    if (isList && node.startIndex === from && node.endIndex === to) {
      return node;
    }
  }
  return undefined;
}

/** The keyword after the last argument, laid out as the others are. */
function inserted(list: Node, text: string, keyword: string): TextEdit[] {
  const { startIndex: from, endIndex: to } = list;
  if (list.type === 'generator_expression') {
    // Beside another argument a generator needs parentheses of its own.
    return [insertion(from, '('), insertion(to, `, ${keyword})`)];
  }
  const args = list.namedChildren.filter(({ type }) => type !== 'comment');
  return appendedArgument(list, args, text, keyword);
}
