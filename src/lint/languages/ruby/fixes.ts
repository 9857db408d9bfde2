import type { Node } from 'web-tree-sitter';
import type { CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Span } from '../../program/syntax';
import type { DeadlineFix, FixSource } from '../language';
import { appendedArgument, insertion } from '../shared/appendedArgument';

/** Adds `deadline: Time.now + 5`, or gives the one that is there a time. */
export function addDeadline(
  fact: CallFact,
  { text, root, settings }: FixSource,
): DeadlineFix | undefined {
  const { arguments: args, argumentsSpan, hints } = fact.site;
  const time = `Time.now + ${settings.defaultDeadline / 1_000}`;
  const title = `Add deadline: ${time}`;
  const given = args.find(({ name }) => name === 'deadline');
  if (given !== undefined) {
    return replacedNil(given, text, time, title);
  }
  const list = argumentList(root, argumentsSpan);
  if (list === undefined) {
    // `stub.get` without arguments is no call of an RPC with a request; one with a block alone may be.
    return undefined;
  }
  if (hints?.hash === 'true') {
    return intoHash(list, text, time, title);
  }
  return { title, edits: inserted(list, text, `deadline: ${time}`) };
}

/** Only a written `nil` is certain to be meant as no deadline. */
function replacedNil(
  { from, to }: Span,
  text: string,
  time: string,
  title: string,
): DeadlineFix | undefined {
  const written = /^(.*?(?::|=>)\s*)nil$/s.exec(text.slice(from, to));
  return written === null
    ? undefined
    : { title, edits: [{ span: { from: from + (written[1]?.length ?? 0), to }, text: time }] };
}

function argumentList(root: Node, { from, to }: Span): Node | undefined {
  for (
    let node = from === to ? null : root.descendantForIndex(from, to);
    node !== null && node.startIndex >= from;
    node = node.parent
  ) {
    if (node.type === 'argument_list' && node.startIndex === from && node.endIndex === to) {
      return node;
    }
  }
  return undefined;
}

/** `stub.get(request, { metadata: m })`: the options are a hash with braces. */
function intoHash(list: Node, text: string, time: string, title: string): DeadlineFix | undefined {
  const hash = list.namedChildren.findLast(({ type }) => type === 'hash');
  const [first] = hash === undefined ? [] : hash.namedChildren;
  if (hash === undefined || /\bdeadline\b/.test(hash.text)) {
    return undefined;
  }
  const at = first?.startIndex ?? hash.startIndex + 1;
  const added = first === undefined ? ` deadline: ${time} ` : `deadline: ${time}, `;
  const to = first === undefined ? text.indexOf('}', at) : at;
  return { title, edits: [{ span: { from: at, to }, text: added }] };
}

/** The keyword behind the last argument, and before `&block`, laid out as the others are. */
function inserted(list: Node, text: string, keyword: string): TextEdit[] {
  const args = list.namedChildren.filter(
    ({ type }) => type !== 'comment' && type !== 'heredoc_body',
  );
  const block = args.find(({ type }) => type === 'block_argument');
  if (block !== undefined) {
    return [insertion(block.startIndex, `${keyword}, `)];
  }
  return appendedArgument(list, args, text, keyword);
}
