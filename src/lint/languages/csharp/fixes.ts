import { formatDuration } from '../../../grpc/duration';
import type { ArgumentSpan, CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Span } from '../../program/syntax';
import type { Milliseconds } from '../../program/value';
import type { DeadlineFix, FixSource } from '../language';
import { appendArgument } from '../shared/argumentEdit';

/** `deadline:` where the call has none, `.WithDeadline(…)` where it gets CallOptions. */
export function addDeadline({ site }: CallFact, source: FixSource): DeadlineFix | undefined {
  const { defaultDeadline } = source.settings;
  const time = fromNow(defaultDeadline);
  const { arguments: args, hints = {} } = site;
  const first = Number(hints.first ?? '1');
  const edit =
    hints.style === 'options'
      ? withDeadline(argumentAt(args, 'options', first), time, source.text)
      : (insteadOf(argumentAt(args, 'deadline', first + 1), time, source.text) ??
        appendArgument(site, `deadline: ${time}`, source.text));
  return edit === undefined
    ? undefined
    : {
        title: `Give the call a deadline of ${formatDuration(defaultDeadline)}`,
        edits: [...usingSystem(source), edit],
      };
}

function fromNow(length: Milliseconds): string {
  return length % 1_000 === 0
    ? `DateTime.UtcNow.AddSeconds(${length / 1_000})`
    : `DateTime.UtcNow.AddMilliseconds(${length})`;
}

function argumentAt(
  args: readonly ArgumentSpan[],
  name: string,
  position: number,
): ArgumentSpan | undefined {
  return (
    args.find((argument) => argument.name === name) ??
    (args[position]?.name === undefined ? args[position] : undefined)
  );
}

/** Without `name:`. */
function valueSpan({ from, to, name }: ArgumentSpan, text: string): Span {
  const label = name === undefined ? null : /^[^:]*:\s*/.exec(text.slice(from, to));
  return { from: from + (label?.[0].length ?? 0), to };
}

function withDeadline(
  options: ArgumentSpan | undefined,
  time: string,
  text: string,
): TextEdit | undefined {
  if (options === undefined) {
    return undefined;
  }
  const span = valueSpan(options, text);
  const written = text.slice(span.from, span.to);
  const isSimple = /^(?:new\s+)?[\w.:]+\s*(?:\(|$)/.test(written) && !/\?/.test(written);
  const operand = isSimple ? written : `(${written})`;
  return { span, text: `${operand}.WithDeadline(${time})` };
}

/** What is surely no deadline is replaced; what may be one keeps its place before the default. */
function insteadOf(
  deadline: ArgumentSpan | undefined,
  time: string,
  text: string,
): TextEdit | undefined {
  if (deadline === undefined) {
    return undefined;
  }
  const span = valueSpan(deadline, text);
  const written = text.slice(span.from, span.to);
  const isNothing = /^(?:\(.*\)\s*)?null$|^default\b|\bMaxValue$/.test(written);
  const isName = /^[\w.]+$/.test(written);
  return { span, text: isNothing || !isName ? time : `${written} ?? ${time}` };
}

/** Where the project may have no implicit usings: in files of the older style. */
function usingSystem({ program, text }: FixSource): TextEdit[] {
  const isThere = program.imports.some(({ name, path }) => name === '*' && path === 'System');
  const isModern =
    /^[ \t]*namespace\s+[\w.]+\s*;/m.test(text) ||
    program.declarations.some(({ kind }) => kind === 'statement');
  const [first] = program.imports;
  if (isThere || isModern) {
    return [];
  }
  const at = first?.span.from ?? 0;
  return [{ span: { from: at, to: at }, text: 'using System;\n' }];
}
