import type { Node } from 'web-tree-sitter';
import { formatDuration } from '../../../grpc/duration';
import { nearest } from '../../../grpc/nearest';
import type { ArgumentSpan, CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Milliseconds } from '../../program/value';
import type { DeadlineFix, FixSource } from '../language';
import { appendArgument, separatorOf } from '../shared/argumentEdit';
import { spanOf } from '../shared/nodes';
import { type NewMetadata, newMetadata } from './metadataImport';

/** One entry of an object literal that bounds the call. */
interface Option {
  readonly key: string;
  readonly value: string;
  /** Keys that people write instead, which mean nothing to the library. */
  readonly mistaken: RegExp;
}

const mistakenTimeout = /^(?:time_?out(?:_?ms)?|deadline_?ms)$/i;

/**
 * A deadline in the options of the call: in those that are there, or in new ones in their place. The types that
 * are generated for grpc-js have options of unary calls behind metadata only, and `promisify` leaves one argument
 * of them; grpc-js itself takes options alone.
 */
export function addDeadline(
  { site }: CallFact,
  source: FixSource,
  isTyped: boolean,
): DeadlineFix | undefined {
  const { defaultDeadline } = source.settings;
  const { hints = {}, arguments: args } = site;
  const option = optionFor(hints.library, defaultDeadline);
  if (option === undefined) {
    return undefined;
  }
  const at = hints.optionsAt === undefined ? undefined : args[Number(hints.optionsAt)];
  const types = at === undefined && isTyped ? hints.types : undefined;
  if (types === 'closed') {
    return undefined;
  }
  const metadata = types === 'metadata' ? newMetadata(source) : undefined;
  const edit =
    at === undefined
      ? insertOptions(site, Number(hints.insertAt), option, metadata, source.text)
      : withOption(at, option, source);
  return (
    edit && {
      title: `Give the call a deadline of ${formatDuration(defaultDeadline)}`,
      edits: [...(metadata?.edits ?? []), edit],
    }
  );
}

function optionFor(library: string | undefined, length: Milliseconds): Option | undefined {
  const written = number(length);
  switch (library) {
    case 'grpc-js':
      return { key: 'deadline', value: `Date.now() + ${written}`, mistaken: mistakenTimeout };
    case 'nice-grpc':
      return { key: 'signal', value: `AbortSignal.timeout(${written})`, mistaken: mistakenTimeout };
    case 'nice-grpc with deadlines':
      return { key: 'deadline', value: written, mistaken: mistakenTimeout };
    case 'connect':
      return { key: 'timeoutMs', value: written, mistaken: /^(?:time_?out(?:_?ms)?|deadline)$/i };
    default:
      return undefined;
  }
}

/** `5_000` */
function number(length: Milliseconds): string {
  return String(length).replace(/\B(?=(?:\d{3})+$)/g, '_');
}

function insertOptions(
  site: CallFact['site'],
  at: number,
  { key, value }: Option,
  metadata: NewMetadata | undefined,
  text: string,
): TextEdit | undefined {
  const next = site.arguments[at];
  const separator = separatorOf((next ?? site.arguments.at(-1))?.from ?? 0, text);
  const before = metadata === undefined ? '' : metadata.expression + separator;
  const written = `${before}{ ${key}: ${value} }`;
  if (next === undefined) {
    return at === site.arguments.length ? appendArgument(site, written, text) : undefined;
  }
  return {
    span: { from: next.from, to: next.from },
    text: written + separatorOf(next.from, text),
  };
}

function withOption(
  argument: ArgumentSpan,
  option: Option,
  { root, text }: FixSource,
): TextEdit | undefined {
  const written = text.slice(argument.from, argument.to);
  const { key, value } = option;
  if (/^(?:undefined|null|void 0)$/.test(written)) {
    return { span: argument, text: `{ ${key}: ${value} }` };
  }
  const literal = literalAt(root, argument);
  if (literal !== undefined) {
    return inLiteral(literal, option, text);
  }
  // A name, a member or a call: what else it holds is kept.
  return /^[\w$.?!#]+(?:\([^()]*\))?$/.test(written)
    ? { span: argument, text: `{ ...${written}, ${key}: ${value} }` }
    : undefined;
}

/** The object literal that the argument is, in parentheses and type assertions or without them. */
function literalAt(root: Node, { from, to }: ArgumentSpan): Node | undefined {
  let node: Node | null = root.descendantForIndex(from, to);
  while (
    node !== null &&
    ['as_expression', 'satisfies_expression', 'parenthesized_expression', 'argument'].includes(
      node.type,
    )
  ) {
    node = node.namedChild(0);
  }
  return node?.type === 'object' && node.startIndex >= from && node.endIndex <= to
    ? node
    : undefined;
}

function inLiteral(literal: Node, { key, value, mistaken }: Option, text: string): TextEdit {
  const parts = literal.namedChildren.filter(({ type }) => type !== 'comment');
  const old = parts.find((part) => {
    const name = keyText(part, text);
    return (
      name !== undefined &&
      (name === key || mistaken.test(name) || nearest(name, [key]) !== undefined)
    );
  });
  if (old !== undefined) {
    return { span: spanOf(old), text: `${key}: ${valueInstead(old, key, value, text)}` };
  }
  const last = parts.at(-1);
  if (last === undefined) {
    return { span: spanOf(literal), text: `{ ${key}: ${value} }` };
  }
  return {
    span: { from: last.endIndex, to: last.endIndex },
    text: `${separatorOf(last.startIndex, text)}${key}: ${value}`,
  };
}

function keyText(part: Node, text: string): string | undefined {
  const name =
    part.type === 'pair'
      ? part.childForFieldName('key')
      : part.type === 'shorthand_property_identifier'
        ? part
        : null;
  return name === null
    ? undefined
    : text.slice(name.startIndex, name.endIndex).replace(/^['"]|['"]$/g, '');
}

/** The length that somebody meant is kept where it is one: `{ timeout: 2_000 }`. */
function valueInstead(old: Node, key: string, value: string, text: string): string {
  const name = keyText(old, text);
  const written = old.type === 'pair' ? old.childForFieldName('value') : old;
  if (name === undefined || name === key || written === null) {
    return value;
  }
  const length = text.slice(written.startIndex, written.endIndex);
  if (!mistakenTimeout.test(name)) {
    // A slip of the keyboard in the key says nothing against the value.
    return nearest(name, [key]) === undefined || old.type !== 'pair' ? value : length;
  }
  const isLength = /^[\w$.]+(?: \* [\w$.]+)*$/.test(length);
  return isLength ? value.replace(/[\d_]+(?=\)?$)/, length) : value;
}
