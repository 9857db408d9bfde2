/** Where lines can be put before and after a call, and what its function makes of the result. */
import type { Node } from 'web-tree-sitter';
import type { Span } from '../../program/syntax';

/** The call's statement in its block. */
export interface Placement {
  readonly call: Node;
  /** Stands in a list of statements. */
  readonly statement: Node;
  /** The innermost function or closure: what `defer` belongs to. */
  readonly fn: Node;
  /** Whether it runs more than once in that function. */
  readonly isInLoop: boolean;
}

const functions = new Set(['function_declaration', 'method_declaration', 'func_literal']);

/** What a statement holds that runs once, and right when the statement is reached. */
const runsOnce: Readonly<Record<string, ReadonlySet<string>>> = {
  if_statement: new Set(['initializer', 'condition']),
  for_statement: new Set(),
  for_clause: new Set(['initializer']),
  range_clause: new Set(['right']),
  expression_switch_statement: new Set(['initializer', 'value']),
  type_switch_statement: new Set(['initializer', 'value']),
};

/** Calls in these run at another time, or a line before would be in the wrong place. */
const elsewhere = new Set([
  'go_statement',
  'defer_statement',
  'select_statement',
  'communication_case',
  'expression_case',
  'var_spec_list',
]);

/** Undefined where no line can be put before the call alone. */
export function placementOf(root: Node, { from, to }: Span): Placement | undefined {
  let call = root.descendantForIndex(from, to);
  while (call !== null && (call.type !== 'call_expression' || call.startIndex > from)) {
    call = call.parent;
  }
  if (call === null || call.endIndex !== to) {
    return undefined;
  }
  let child = call;
  for (let node = call.parent; node !== null; child = node, node = node.parent) {
    const { type } = node;
    if (type === 'statement_list') {
      const fn = functionOf(node);
      return fn === undefined
        ? undefined
        : { call, statement: child, fn, isInLoop: isInLoop(node, fn) };
    }
    if (elsewhere.has(type) || functions.has(type) || !allows(node, child)) {
      return undefined;
    }
    // `else if`: what stands before the first `if` runs although its branch isn't taken.
    if (type === 'if_statement' && node.parent?.type === 'if_statement') {
      return undefined;
    }
  }
  return undefined;
}

function allows(node: Node, child: Node): boolean {
  if (node.type === 'binary_expression') {
    // The right side of `&&` and `||` doesn't always run; that does no harm but to the deadline.
    return true;
  }
  const fields = runsOnce[node.type];
  if (fields === undefined || child.type === 'for_clause' || child.type === 'range_clause') {
    return true;
  }
  return [...fields].some((name) => node.childForFieldName(name)?.id === child.id);
}

function functionOf(node: Node): Node | undefined {
  for (let each: Node | null = node; each !== null; each = each.parent) {
    if (functions.has(each.type)) {
      return each;
    }
  }
  return undefined;
}

function isInLoop(from: Node, fn: Node): boolean {
  for (let node: Node | null = from; node !== null && node.id !== fn.id; node = node.parent) {
    if (node.type === 'for_statement') {
      return true;
    }
  }
  return false;
}

/** The variables of a function, and what else stands where a variable could: not fields, not words in comments. */
export function identifiersIn(node: Node): Node[] {
  return node.descendantsOfType('identifier').filter((each) => each !== null);
}

/** The outermost function around. */
export function outermost(fn: Node): Node {
  let found = fn;
  for (let node = fn.parent; node !== null; node = node.parent) {
    if (functions.has(node.type)) {
      found = node;
    }
  }
  return found;
}

const streamMethods = new Set([
  'Recv',
  'RecvMsg',
  'Send',
  'SendMsg',
  'CloseSend',
  'CloseAndRecv',
  'Header',
  'Trailer',
]);

/** The name of the first variable that the statement gives a value: the response or stream. */
export function resultName({ statement, call }: Placement): string | undefined {
  const assignment =
    statement.type === 'if_statement' ? statement.childForFieldName('initializer') : statement;
  const left = assignment?.childForFieldName('left');
  const right = assignment?.childForFieldName('right');
  const isWhole = right?.namedChildren.length === 1 && right.namedChildren[0]?.id === call.id;
  const [first] = left?.namedChildren ?? [];
  return isWhole && first?.type === 'identifier' ? first.text : undefined;
}

/** Whether the result is a stream, by what is done with it or by what the function says it returns. */
export function looksLikeStream(placement: Placement): boolean {
  const { statement, fn } = placement;
  if (statement.type === 'return_statement') {
    const result = fn.childForFieldName('result')?.text ?? '';
    return !/^\(?\s*(?:\w+\s+)?\*/.test(result);
  }
  const name = resultName(placement);
  return identifiersIn(fn).some(
    (each) =>
      each.text === name && streamMethods.has(each.parent?.childForFieldName('field')?.text ?? ''),
  );
}

/** Whether a stream can be used after the function has returned, or by another goroutine: then `defer` cuts it. */
export function streamEscapes(placement: Placement): boolean {
  const name = resultName(placement);
  if (name === undefined) {
    return true;
  }
  const { fn, statement } = placement;
  return identifiersIn(fn).some(
    (each) =>
      each.text === name && each.startIndex > statement.startIndex && escapes(each, fn, placement),
  );
}

function escapes(use: Node, fn: Node, { statement }: Placement): boolean {
  for (let node = use.parent; node !== null && node.id !== fn.id; node = node.parent) {
    if (node.type === 'go_statement' || node.type === 'func_literal') {
      return true;
    }
  }
  const { parent } = use;
  if (parent === null) {
    return true;
  }
  if (parent.type === 'selector_expression' || parent.type === 'argument_list') {
    return parent.parent?.parent?.type === 'defer_statement' && parent.type === 'argument_list';
  }
  const isTarget =
    parent.type === 'expression_list' &&
    parent.parent?.childForFieldName('left')?.id === parent.id &&
    parent.startIndex >= statement.startIndex;
  return !isTarget && parent.type !== 'binary_expression';
}
