import type { Node } from 'web-tree-sitter';
import { formatDuration } from '../../../grpc/duration';
import type { CallFact } from '../../facts';
import type { Program, Span } from '../../program/syntax';
import type { Milliseconds } from '../../program/value';
import type { DeadlineFix, FixSource } from '../language';

/**
 * `set_timeout` on the request: on the variable that holds it, or on a new one before the statement; a block in
 * place of the argument where no statement can stand before.
 */
export function addDeadline(
  { site, nameSpan }: CallFact,
  source: FixSource,
): DeadlineFix | undefined {
  const { text, root, program, settings } = source;
  const [argument] = site.arguments;
  const { form } = site.hints ?? {};
  if (argument === undefined || form === undefined) {
    return undefined;
  }
  const at = root.descendantForIndex(nameSpan.from);
  const statement = statementAround(at);
  const written = text.slice(argument.from, argument.to);
  const set = `set_timeout(${lengthText(settings.defaultDeadline, program)});`;
  const title = `Give the request a timeout of ${formatDuration(settings.defaultDeadline)}`;
  const isVariable = form === 'request' && /^[a-z_]\w*$/.test(written);
  const request = form === 'request' ? written : `${requestPath(program)}::new(${written})`;
  if (statement === undefined) {
    const name = isVariable ? written : 'request';
    const block = `{ let mut ${name} = ${request}; ${name}.${set} ${name} }`;
    return { title, edits: [{ span: argument, text: block }] };
  }
  const line = (code: string) => code + separatorOf(statement, text);
  const start = { from: statement.startIndex, to: statement.startIndex };
  if (isVariable) {
    const declaration = declarationOf(written, statement, text);
    // Bound by a pattern: a new variable of the same name can be changed.
    const rebound = declaration === undefined ? line(`let mut ${written} = ${written};`) : '';
    return {
      title,
      edits: [
        ...(declaration?.isMutable === false ? [{ span: declaration.span, text: 'mut ' }] : []),
        { span: start, text: rebound + line(`${written}.${set}`) },
      ],
    };
  }
  const name = freeName(written, statement, text);
  return {
    title,
    edits: [
      { span: start, text: line(`let mut ${name} = ${request};`) + line(`${name}.${set}`) },
      { span: argument, text: name },
    ],
  };
}

function lengthText(length: Milliseconds, { imports }: Program): string {
  const isThere = imports.some(
    ({ name, path }) => name === 'Duration' && /(?:^|\.)time\.Duration$/.test(path),
  );
  const type = isThere ? 'Duration' : 'std::time::Duration';
  return length % 1_000 === 0
    ? `${type}::from_secs(${length / 1_000})`
    : `${type}::from_millis(${length})`;
}

function requestPath({ imports }: Program): string {
  const isThere = imports.some(({ name, path }) => name === 'Request' && path === 'tonic.Request');
  return isThere ? 'Request' : 'tonic::Request';
}

/** What can stand between a call and its statement, when the call runs once, first thing in it. */
const direct =
  /^(?:await_expression|try_expression|field_expression|call_expression|arguments|generic_function|reference_expression|parenthesized_expression|let_declaration|expression_statement|return_expression|identifier|field_identifier)$/;

/** The statement that a line can be put before. */
function statementAround(node: Node | null): Node | undefined {
  for (let each = node; each !== null; each = each.parent) {
    const around = each.parent;
    if (around?.type === 'block') {
      return direct.test(each.type) || isScrutinized(each) ? each : undefined;
    }
    const isHead = around !== null && isScrutinee(each, around);
    if (!isHead && !direct.test(each.type) && !isScrutinized(each)) {
      return undefined;
    }
  }
  return undefined;
}

/** A `match` or `if let`, which begins with what it looks at. */
function isScrutinized({ type }: Node): boolean {
  return type === 'match_expression' || type === 'if_expression' || type === 'let_condition';
}

function isScrutinee(node: Node, around: Node): boolean {
  return (
    isScrutinized(around) &&
    ['value', 'condition'].some((field) => around.childForFieldName(field)?.id === node.id)
  );
}

/** A line of its own, but in a block that is written on one line. */
function separatorOf({ startIndex }: Node, text: string): string {
  const lineStart = text.lastIndexOf('\n', startIndex - 1) + 1;
  const before = text.slice(lineStart, startIndex);
  return /\S/.test(before) ? ' ' : `\n${before}`;
}

/** The last `let` of this name above the statement, and where `mut` belongs in it. */
function declarationOf(
  name: string,
  statement: Node,
  text: string,
): { span: Span; isMutable: boolean } | undefined {
  for (let each: Node | null = statement; each !== null; each = each.parent) {
    for (let before = each.previousNamedSibling; before !== null; ) {
      const pattern =
        before.type === 'let_declaration' ? before.childForFieldName('pattern') : null;
      if (
        pattern?.type === 'identifier' &&
        text.slice(pattern.startIndex, pattern.endIndex) === name
      ) {
        const isMutable = before.namedChildren.some(({ type }) => type === 'mutable_specifier');
        return { span: { from: pattern.startIndex, to: pattern.startIndex }, isMutable };
      }
      before = before.previousNamedSibling;
    }
    if (each.type === 'function_item') {
      return undefined;
    }
  }
  return undefined;
}

/** `request`, or another name where that one is used below for what it stood for above. */
function freeName(written: string, statement: Node, text: string): string {
  if (/^[a-z_]\w*$/.test(written)) {
    return written;
  }
  const rest = text.slice(statement.endIndex, statement.parent?.endIndex);
  const isFree = (name: string) => {
    const next = new RegExp(`(\\blet\\s+(?:mut\\s+)?)?\\b${name}\\b`).exec(rest);
    return next === null || next[1] !== undefined;
  };
  return ['request', 'timed_request'].find(isFree) ?? `request_${statement.startIndex}`;
}
