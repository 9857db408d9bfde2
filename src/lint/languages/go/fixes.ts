/** Gives a call a context with a timeout, as Go does it: in lines before the statement. */
import type { Node } from 'web-tree-sitter';
import { formatDuration } from '../../../grpc/duration';
import type { CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Milliseconds } from '../../program/value';
import type { DeadlineFix, FixSource } from '../language';
import { importEdits } from './importEdits';
import { insertion } from './insertion';
import {
  identifiersIn,
  looksLikeStream,
  outermost,
  type Placement,
  placementOf,
  streamEscapes,
} from './placement';

export function addDeadline(fact: CallFact, source: FixSource): DeadlineFix | undefined {
  const { text, root, settings } = source;
  const [argument] = fact.site.arguments;
  const placement = placementOf(root, fact.span);
  const packages = packagesOf(source);
  if (argument === undefined || placement === undefined || packages === undefined) {
    return undefined;
  }
  const context = placement.call
    .childForFieldName('arguments')
    ?.namedChildren.find(({ startIndex }) => startIndex === argument.from);
  if (context === undefined || context === null || context.type === 'variadic_argument') {
    return undefined;
  }
  const names = namesFor(context, placement);
  const cancel = cancelling(fact, placement, names, text);
  const block = linesOf(placement, text);
  if (
    names === undefined ||
    cancel === undefined ||
    block === undefined ||
    hides(placement, packages)
  ) {
    return undefined;
  }
  const from = text.slice(argument.from, argument.to);
  const timeout = durationText(settings.defaultDeadline, packages.time);
  const lines = [
    `${names.context}, ${names.cancel} := ${packages.context}WithTimeout(${from}, ${timeout})`,
    ...(cancel.isDeferred ? [`defer ${names.cancel}()`] : []),
  ];
  const before = lines.map((line) => `${line}\n${block.indent}`).join('');
  return {
    title: `Wrap the context with a ${formatDuration(settings.defaultDeadline)} timeout`,
    edits: [
      ...importEdits(root, text, packages.missing),
      insertion(placement.statement.startIndex, before),
      ...(names.context === from
        ? []
        : [{ span: { from: argument.from, to: argument.to }, text: names.context }]),
      ...cancel.edits(block.indent),
      ...block.edits,
    ].sort((a, b) => a.span.from - b.span.from),
  };
}

interface Packages {
  /** What stands before a name of the package: `context.`, or nothing after `import . "context"`. */
  readonly context: string;
  readonly time: string;
  readonly missing: readonly string[];
}

/** How the file writes what the fix needs; undefined when it calls something else so. */
function packagesOf({ program }: FixSource): Packages | undefined {
  const missing: string[] = [];
  const prefix = (...paths: readonly string[]): string | undefined => {
    const [path = ''] = paths;
    const known = program.imports.findLast((each) => paths.includes(each.path));
    if (known !== undefined) {
      return known.name === '*' ? '' : `${known.name}.`;
    }
    const isTaken =
      program.imports.some(({ name }) => name === path) ||
      program.declarations.some((each) => each.kind !== 'statement' && each.name === path);
    if (isTaken) {
      return undefined;
    }
    missing.push(path);
    return `${path}.`;
  };
  const context = prefix('context', 'golang.org/x/net/context');
  const time = prefix('time');
  return context === undefined || time === undefined ? undefined : { context, time, missing };
}

/** Whether a variable of the function hides a package that the fix needs. */
function hides({ fn }: Placement, { context, time }: Packages): boolean {
  const packages = new Set([context.slice(0, -1), time.slice(0, -1)]);
  return identifiersIn(outermost(fn)).some(
    (each) => packages.has(each.text) && each.parent?.type !== 'selector_expression',
  );
}

interface Names {
  readonly context: string;
  readonly cancel: string;
}

/** Undefined when the context is made in the statement itself, so that it isn't there in a line before. */
function namesFor(context: Node, placement: Placement): Names | undefined {
  const { statement, fn } = placement;
  const initializer = statement.childForFieldName('initializer');
  const made = new Set(
    initializer?.type === 'short_var_declaration'
      ? (initializer.childForFieldName('left')?.namedChildren ?? []).map(({ text }) => text)
      : [],
  );
  const used = context.type === 'identifier' ? [context] : identifiersIn(context);
  if (used.some(({ text }) => made.has(text))) {
    return undefined;
  }
  const everywhere = identifiersIn(outermost(fn));
  const taken = new Set(everywhere.map(({ text }) => text));
  const cancel = free(taken, 'cancel', 'cancelCall');
  if (context.type === 'identifier' && !isUsedElsewhere(context, placement, everywhere)) {
    return { context: context.text, cancel };
  }
  return { context: free(taken, 'ctx', 'callCtx'), cancel };
}

/** The first that nothing else is called, counted on when both are taken. */
function free(taken: ReadonlySet<string>, ...wanted: readonly string[]): string {
  const found = wanted.find((name) => !taken.has(name));
  const last = wanted.at(-1) ?? '';
  let count = 2;
  while (found === undefined && taken.has(`${last}${count}`)) {
    count += 1;
  }
  return found ?? `${last}${count}`;
}

/** After the statement, in a closure or by a loop: there the timeout of this call must not hold. */
function isUsedElsewhere(context: Node, placement: Placement, all: readonly Node[]): boolean {
  const { statement, call } = placement;
  return all.some((each) => {
    if (each.text !== context.text || each.id === context.id) {
      return false;
    }
    const isLater = each.startIndex > call.endIndex;
    const isInStatement =
      each.startIndex >= statement.startIndex && each.endIndex <= statement.endIndex;
    return isLater || isInStatement || isInClosureOf(each, placement);
  });
}

function isInClosureOf(node: Node, { fn }: Placement): boolean {
  for (let each = node.parent; each !== null && each.id !== fn.id; each = each.parent) {
    if (each.type === 'func_literal') {
      return true;
    }
  }
  return false;
}

interface Cancelling {
  readonly isDeferred: boolean;
  edits(indent: string): readonly TextEdit[];
}

/**
 * When the timer is stopped. `defer` waits for the end of the function: right for what is used until then, but in
 * a loop it would keep a timer for each time round, so there it is stopped when the response is there.
 */
function cancelling(
  fact: CallFact,
  placement: Placement,
  names: Names | undefined,
  text: string,
): Cancelling | undefined {
  const { statement, isInLoop } = placement;
  const { kind } = fact.site.hints ?? {};
  const isStream = kind === 'stream' || (kind !== 'unary' && looksLikeStream(placement));
  const deferred: Cancelling = { isDeferred: true, edits: () => [] };
  if (names === undefined || (isStream && (isInLoop || streamEscapes(placement)))) {
    return undefined;
  }
  if (!isInLoop || statement.type === 'return_statement') {
    return deferred;
  }
  const stop = `${names.cancel}()`;
  switch (statement.type) {
    case 'short_var_declaration':
    case 'assignment_statement':
    case 'expression_statement':
    case 'var_declaration':
      return {
        isDeferred: false,
        edits: (indent) => [insertion(lineEnd(statement, text), `\n${indent}${stop}`)],
      };
    case 'if_statement':
      return outOfIf(placement, stop, text);
    default:
      return undefined;
  }
}

/** `if _, err := call; err != nil {`: the call comes before the `if`, so that the timer can be stopped between. */
function outOfIf(placement: Placement, stop: string, text: string): Cancelling | undefined {
  const { statement, call } = placement;
  const initializer = statement.childForFieldName('initializer');
  const condition = statement.childForFieldName('condition');
  const isInside =
    initializer !== null &&
    call.startIndex >= initializer.startIndex &&
    call.endIndex <= initializer.endIndex;
  if (
    initializer === null ||
    condition === null ||
    !isInside ||
    !canLeave(initializer, statement)
  ) {
    return undefined;
  }
  const head = { from: initializer.startIndex, to: condition.startIndex };
  return {
    isDeferred: false,
    edits: (indent) => [
      // The `if` itself moves behind: its keyword goes, and comes back before the condition.
      { span: { from: statement.startIndex, to: head.from }, text: '' },
      {
        span: { from: initializer.endIndex, to: head.to },
        text: `\n${indent}${stop}\n${indent}${text.slice(statement.startIndex, head.from)}`,
      },
    ],
  };
}

/** Whether the variables of an initializer can be those of the block around: no neighbour means others by the same names. */
function canLeave(initializer: Node, statement: Node): boolean {
  if (initializer.type !== 'short_var_declaration') {
    return true;
  }
  const names = new Set(
    (initializer.childForFieldName('left')?.namedChildren ?? [])
      .map(({ text }) => text)
      .filter((name) => name !== '_'),
  );
  return (statement.parent?.namedChildren ?? []).every(
    (sibling) => sibling.id === statement.id || !mentions(sibling, names),
  );
}

/** But for an `if` that makes variables of its own with these names. */
function mentions(sibling: Node, names: ReadonlySet<string>): boolean {
  const own = sibling.childForFieldName('initializer');
  const made = new Set(
    own?.type === 'short_var_declaration'
      ? (own.childForFieldName('left')?.namedChildren ?? []).map(({ text }) => text)
      : [],
  );
  return identifiersIn(sibling).some(({ text }) => names.has(text) && !made.has(text));
}

function lineEnd(node: Node, text: string): number {
  const end = text.indexOf('\n', node.endIndex);
  const rest = text.slice(node.endIndex, end < 0 ? undefined : end);
  return /^[ \t]*\/\/.*$/.test(rest) ? node.endIndex + rest.trimEnd().length : node.endIndex;
}

/** The indentation of the statement; a block that stands on one line is spread over several. */
function linesOf(
  { statement }: Placement,
  text: string,
): { readonly indent: string; readonly edits: readonly TextEdit[] } | undefined {
  const indent = indentOf(statement.startIndex, text);
  if (/^[ \t]*$/.test(textBefore(statement.startIndex, text))) {
    return { indent, edits: [] };
  }
  const list = statement.parent;
  const block = list?.parent;
  if (list === null || block?.type !== 'block') {
    return undefined;
  }
  const inner = `${indent}\t`;
  const edits: TextEdit[] = [];
  let at = block.startIndex + 1;
  for (const [index, each] of list.namedChildren.entries()) {
    const gap = text.slice(at, each.startIndex);
    if (!(index === 0 ? /^\s*$/ : /^\s*;?\s*$/).test(gap)) {
      return undefined;
    }
    if (!gap.includes('\n')) {
      edits.push({ span: { from: at, to: each.startIndex }, text: `\n${inner}` });
    }
    at = each.endIndex;
  }
  const rest = text.slice(at, block.endIndex - 1);
  if (!/^\s*;?\s*$/.test(rest)) {
    return undefined;
  }
  if (!rest.includes('\n')) {
    edits.push({ span: { from: at, to: block.endIndex - 1 }, text: `\n${indent}` });
  }
  return { indent: inner, edits };
}

function textBefore(at: number, text: string): string {
  return text.slice(text.lastIndexOf('\n', at - 1) + 1, at);
}

function indentOf(at: number, text: string): string {
  return /^[ \t]*/.exec(textBefore(at, text))?.[0] ?? '';
}

const units = [
  ['Hour', 3_600_000],
  ['Minute', 60_000],
  ['Second', 1_000],
] as const;

/** `5*time.Second`: with the longest unit that divides it. */
function durationText(milliseconds: Milliseconds, time: string): string {
  const whole = Math.max(1, Math.round(milliseconds));
  const [unit, length] = units.find(([, each]) => whole % each === 0) ?? ['Millisecond', 1];
  const count = whole / length;
  return count === 1 ? `${time}${unit}` : `${count}*${time}${unit}`;
}
