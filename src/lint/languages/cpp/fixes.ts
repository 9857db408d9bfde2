import type { Node } from 'web-tree-sitter';
import { formatDuration } from '../../../grpc/duration';
import type { CallFact } from '../../facts';
import type { TextEdit } from '../../finding';
import type { Program } from '../../program/syntax';
import type { Milliseconds } from '../../program/value';
import type { DeadlineFix, FixSource } from '../language';

/** `set_deadline` on the call's context, as a statement before the one that the call stands in. */
export function addDeadline(
  { site, nameSpan }: CallFact,
  source: FixSource,
): DeadlineFix | undefined {
  const { text, root, program, settings } = source;
  const [first] = site.arguments;
  const context = first === undefined ? undefined : accessTo(text.slice(first.from, first.to));
  const statement = statementAround(root.descendantForIndex(nameSpan.from));
  if (context === undefined || statement === undefined) {
    return undefined;
  }
  const at = statement.startIndex;
  const lineStart = text.lastIndexOf('\n', at - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(lineStart, at))?.[0] ?? '';
  const set = `${context}set_deadline(${fromNow(settings.defaultDeadline)});\n${indent}`;
  return {
    title: `Give the context a deadline of ${formatDuration(settings.defaultDeadline)}`,
    edits: [...includeChrono(program), { span: { from: at, to: at }, text: set }],
  };
}

/** How a member of the context is reached: `context.` or `context->`; undefined for what has no name. */
function accessTo(argument: string): string | undefined {
  const [, address, name = '', get] =
    /^(&?)\s*((?:this->)?[A-Za-z_]\w*(?:(?:\.|->)[A-Za-z_]\w*)*?)(\.get\(\))?$/.exec(argument) ??
    [];
  if (name === '' || (address !== '' && get !== undefined)) {
    return undefined;
  }
  return address === '' ? `${name}->` : `${name}.`;
}

/** The statement in a block, before which another one can stand. */
function statementAround(node: Node | null): Node | undefined {
  for (let each = node; each !== null; each = each.parent) {
    const around = each.parent?.type;
    if (around === 'compound_statement' || around === 'case_statement') {
      return each.type === 'compound_statement' ? undefined : each;
    }
    if (each.type === 'lambda_expression' || each.type === 'field_initializer_list') {
      return undefined;
    }
  }
  return undefined;
}

function fromNow(length: Milliseconds): string {
  const written =
    length % 1_000 === 0
      ? `std::chrono::seconds(${length / 1_000})`
      : `std::chrono::milliseconds(${length})`;
  return `std::chrono::system_clock::now() + ${written}`;
}

/** Among the headers of the standard library, in their order; before all others where there are none. */
function includeChrono({ imports }: Program): TextEdit[] {
  const includes = imports.filter(({ path }) => path.startsWith('#'));
  if (includes.some(({ path }) => path === '#chrono')) {
    return [];
  }
  const standard = includes.filter(({ path }) => /^#[a-z_]+$/.test(path));
  const next =
    standard.find(({ path }) => path > '#chrono') ??
    (standard.length === 0 ? includes[0] : undefined);
  const last = standard.at(-1);
  const at = next?.span.from ?? last?.span.to;
  // The span of an include has the end of its line.
  return at === undefined ? [] : [{ span: { from: at, to: at }, text: '#include <chrono>\n' }];
}
