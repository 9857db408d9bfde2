import { formatDuration } from '../../../grpc/duration';
import type { CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Import, Program, Span } from '../../program/syntax';
import type { Milliseconds } from '../../program/value';
import type { DeadlineFix, FixSource } from '../language';

/** How a language writes what the fix needs. */
export interface Spelling {
  /** After an import: `;` in Java. */
  readonly importEnd: string;
  /** A function that takes one parameter: `request -> …`. */
  lambda(parameter: string, body: string): string;
}

const timeUnit = 'java.util.concurrent.TimeUnit';

/** Stubs whose methods take one message, so that a lambda can stand for a method reference. */
const oneArgument = new Set(['blocking', 'future', 'coroutine', 'reactive']);

/** `.withDeadlineAfter(5, TimeUnit.SECONDS)` on the stub, or on the options, of the call. */
export function deadlineFix(
  fact: CallFact,
  source: FixSource,
  spelling: Spelling,
): DeadlineFix | undefined {
  const { defaultDeadline } = source.settings;
  const { count, unit } = lengthIn(defaultDeadline);
  const naming = unitNaming(unit, source, spelling);
  const written = `.withDeadlineAfter(${count}, ${naming.text})`;
  const edit = editFor(fact, source, written, spelling);
  return edit === undefined
    ? undefined
    : {
        title: `Give this call ${formatDuration(defaultDeadline)}: withDeadlineAfter`,
        edits: [...naming.edits, edit].sort((a, b) => a.span.from - b.span.from),
      };
}

function lengthIn(milliseconds: Milliseconds): { count: number; unit: string } {
  if (!Number.isInteger(milliseconds)) {
    return { count: Math.round(milliseconds * 1e6), unit: 'NANOSECONDS' };
  }
  return milliseconds % 1_000 === 0
    ? { count: milliseconds / 1_000, unit: 'SECONDS' }
    : { count: milliseconds, unit: 'MILLISECONDS' };
}

/** How the unit is called here, and the import that it needs. */
function unitNaming(
  unit: string,
  { program, text }: FixSource,
  { importEnd }: Spelling,
): { text: string; edits: readonly TextEdit[] } {
  const { imports } = program;
  const has = (name: string, path: string) =>
    imports.some((each) => each.name === name && each.path === path);
  if (has(unit, `${timeUnit}.${unit}`) || has('*', timeUnit)) {
    return { text: unit, edits: [] };
  }
  if (has('TimeUnit', timeUnit) || has('*', 'java.util.concurrent')) {
    return { text: `TimeUnit.${unit}`, edits: [] };
  }
  const isTaken =
    imports.some(({ name }) => name === 'TimeUnit') ||
    program.declarations.some((each) => each.kind === 'class' && each.name === 'TimeUnit');
  return isTaken
    ? { text: `${timeUnit}.${unit}`, edits: [] }
    : { text: `TimeUnit.${unit}`, edits: [importEdit(program, text, importEnd)] };
}

/** Before the first import that comes after it in the alphabet, in the block that it belongs to. */
function importEdit({ imports }: Program, text: string, end: string): TextEdit {
  const line = `import ${timeUnit}${end}`;
  const plain = imports.filter(({ span }) => !/^import\s+static\b/.test(textIn(text, span)));
  const next = plain.find((each) => isBefore(each, plain));
  const last = (plain.length > 0 ? plain : imports).at(-1);
  if (next !== undefined) {
    return insertion(next.span.from, `${line}\n`);
  }
  if (last !== undefined) {
    const before = plain.length > 0 ? '\n' : '\n\n';
    return insertion(last.span.to, `${before}${line}`);
  }
  const header = /^[ \t]*package\b[^\n]*/m.exec(text);
  return header === null
    ? insertion(0, `${line}\n\n`)
    : insertion(header.index + header[0].length, `\n\n${line}`);
}

/** Only where the imports around it are sorted too. */
function isBefore(each: Import, plain: readonly Import[]): boolean {
  const at = plain.indexOf(each);
  const before = plain[at - 1];
  return each.path > timeUnit && (before === undefined || before.path < timeUnit);
}

function insertion(at: number, text: string): TextEdit {
  return { span: { from: at, to: at }, text };
}

function textIn(text: string, { from, to }: Span): string {
  return text.slice(from, to);
}

function editFor(
  fact: CallFact,
  { text }: FixSource,
  written: string,
  spelling: Spelling,
): TextEdit | undefined {
  const { receiver, hints = {}, arguments: args } = fact.site;
  if (hints.flavour === 'configured') {
    return undefined;
  }
  if (hints.flavour === 'options') {
    const options = args[Number(hints.options)];
    // Only where it can be appended: a name, a member, a call.
    return options !== undefined && /^[\w.]+(?:\([^()]*\))?$/.test(textIn(text, options))
      ? insertion(options.to, written)
      : undefined;
  }
  if (receiver === undefined || receiver.from === receiver.to) {
    return undefined;
  }
  if (hints.reference !== undefined) {
    return oneArgument.has(hints.flavour ?? '')
      ? asLambda(fact, receiver, text, written, spelling)
      : undefined;
  }
  const between = text.slice(receiver.to, fact.nameSpan.from);
  const isSafeCall = /\?\.\s*$/.test(between);
  const lineBreak = /\n[ \t]*(?=\??\.\s*$)/.exec(between)?.[0] ?? '';
  return insertion(receiver.to, `${lineBreak}${isSafeCall ? '?' : ''}${written}`);
}

/** A method reference would keep the stub that it is made with, and its deadline. */
function asLambda(
  { span, nameSpan }: CallFact,
  receiver: Span,
  text: string,
  written: string,
  { lambda }: Spelling,
): TextEdit | undefined {
  const names = ['request', 'message', 'rpcRequest', 'rpcMessage'];
  const name = names.find((each) => !new RegExp(`\\b${each}\\b`).test(text));
  if (name === undefined) {
    return undefined;
  }
  const method = textIn(text, nameSpan);
  return { span, text: lambda(name, `${textIn(text, receiver)}${written}.${method}(${name})`) };
}
