import type { Node } from 'web-tree-sitter';
import type { Expression, FunctionNode, Statement, Target } from '../../program/syntax';
import { childrenOf, fieldOf, ifStatement, other, spanOf } from '../shared/nodes';
import { bounded, plainExpression } from './expressions';
import { functionOf } from './functions';
import { targetOf } from './patterns';
import { type Place, textOf, typeText, unread } from './source';

/** Where the value of an expression goes. */
type Sink = (value: Expression) => Statement[];

/** Any expression of Rust. One that holds statements gives its value to a variable, whatever way it takes. */
export function expressionOf(node: Node, place: Place): Expression {
  const plain = plainExpression(node, place);
  if (plain !== undefined) {
    return plain;
  }
  if (!holdsStatements.has(node.type)) {
    return unread(node, place);
  }
  const span = spanOf(node);
  const name = `value@${span.from}`;
  const target: Target = { kind: 'name', name, span };
  const body = into(node, place, (value) => [
    { kind: 'assign', target, value, declares: false, span: value.span },
  ]);
  return {
    kind: 'statements',
    body: [
      { kind: 'declare', name, span },
      ...body,
      { kind: 'expression', value: { kind: 'name', name, span }, span },
    ],
    span,
  };
}

const holdsStatements = new Set([
  'block',
  'unsafe_block',
  'const_block',
  'try_block',
  'if_expression',
  'match_expression',
  'loop_expression',
  'while_expression',
  'for_expression',
  'return_expression',
  'break_expression',
  'continue_expression',
]);

/** The statements of a function's body; its value is returned. */
export function bodyOf(node: Node, place: Place): Statement[] {
  const give: Sink = (value) => [{ kind: 'return', value, span: value.span }];
  return node.type === 'block' ? statementsOf(node, place, give) : into(node, place, give);
}

const nowhere: Sink = (value) => [{ kind: 'expression', value, span: value.span }];

/** The statements between braces. The last one, without `;`, is their value. */
function statementsOf(node: Node, place: Place, sink: Sink): Statement[] {
  const children = childrenOf(node).filter(({ type }) => type !== 'label');
  const isFunction = ({ type }: Node) => type === 'function_item';
  const last = children.at(-1);
  const ordered = [
    ...children.filter(isFunction),
    ...children.filter((child) => !isFunction(child)),
  ];
  return ordered.flatMap((child) => {
    const value = child === last ? valueAt(child, place) : undefined;
    return value === undefined ? statementOf(child, place) : into(value, place, sink);
  });
}

/** Of `if` and the like at the end the grammar makes a statement, though no `;` is there. */
function valueAt(node: Node, { text }: Place): Node | undefined {
  if (node.type === 'expression_statement' && text[node.endIndex - 1] !== ';') {
    return childrenOf(node)[0];
  }
  return isValue(node) ? node : undefined;
}

function isValue({ type }: Node): boolean {
  return !/_statement$|_item$|_declaration$|^macro_definition$/.test(type);
}

function statementOf(node: Node, place: Place): Statement[] {
  const span = spanOf(node);
  switch (node.type) {
    case 'expression_statement': {
      const [value] = childrenOf(node);
      return value === undefined
        ? []
        : into(value, place, nowhere).map((statement) =>
            statement.kind === 'expression' || statement.kind === 'assign'
              ? { ...statement, span }
              : statement,
          );
    }
    case 'let_declaration':
      return letOf(node, place);
    case 'const_item':
    case 'static_item': {
      const name = fieldOf(node, 'name');
      const value = fieldOf(node, 'value');
      return name === undefined || value === undefined
        ? []
        : [
            {
              kind: 'assign',
              target: { kind: 'name', name: textOf(name, place), span: spanOf(name) },
              value: expressionOf(value, place),
              declares: true,
              span,
            },
          ];
    }
    case 'function_item':
      return [{ kind: 'define', definition: namedFunction(node, place), span }];
    default:
      return isValue(node) ? into(node, place, nowhere) : [];
  }
}

function namedFunction(node: Node, place: Place): FunctionNode {
  const name = fieldOf(node, 'name');
  return functionOf(node, { name: name === undefined ? '' : textOf(name, place) }, place);
}

/** `let pattern: T = value else { … };` */
function letOf(node: Node, place: Place): Statement[] {
  const pattern = fieldOf(node, 'pattern');
  const value = fieldOf(node, 'value');
  const otherwise = fieldOf(node, 'alternative');
  const type = typeText(fieldOf(node, 'type'), place);
  const span = spanOf(node);
  if (pattern === undefined) {
    return [];
  }
  const bound = targetOf(pattern, place);
  const target = bound.kind === 'name' && type !== undefined ? { ...bound, type } : bound;
  if (value === undefined) {
    return target.kind === 'name'
      ? [{ kind: 'declare', name: target.name, ...(type === undefined ? {} : { type }), span }]
      : [];
  }
  const lowered =
    target.kind === 'name' && isBoundLater(target.name, node, value, place)
      ? bounded(value, value, [], place)
      : expressionOf(value, place);
  const condition: Expression = { kind: 'other', parts: [], span };
  return [
    { kind: 'assign', target, value: lowered, declares: true, span },
    ...(otherwise === undefined
      ? []
      : [ifStatement(condition, statementsOf(otherwise, place, nowhere), [], span)]),
  ];
}

/** A call that isn't awaited yet, and gets to `timeout(…, name)` below. */
function isBoundLater(name: string, node: Node, value: Node, { text }: Place): boolean {
  const block = node.parent;
  if (value.type !== 'call_expression' || block === null) {
    return false;
  }
  const rest = text.slice(node.endIndex, block.endIndex);
  if (!rest.includes('timeout')) {
    return false;
  }
  return new RegExp(`\\btimeout(?:_at)?\\s*\\([^;]*,\\s*(?:&mut\\s+)?${name}\\s*,?\\s*\\)`).test(
    rest,
  );
}

/** Gives the value of the expression to `sink`, on each way that leads to one. */
function into(node: Node, place: Place, sink: Sink): Statement[] {
  const span = spanOf(node);
  switch (node.type) {
    case 'block':
      return [{ kind: 'block', body: statementsOf(node, place, sink), span }];
    case 'unsafe_block':
    case 'const_block':
    case 'try_block': {
      const inner = childrenOf(node).at(-1);
      return inner === undefined ? [] : into(inner, place, sink);
    }
    case 'if_expression':
      return conditional(node, place, sink);
    case 'match_expression':
      return match(node, place, sink);
    case 'loop_expression':
    case 'while_expression':
    case 'for_expression':
      return loop(node, place);
    case 'return_expression': {
      const [value] = childrenOf(node);
      return value === undefined
        ? [{ kind: 'return', span }]
        : [{ kind: 'return', value: expressionOf(value, place), span }];
    }
    case 'break_expression':
    case 'continue_expression': {
      const value = childrenOf(node).find(({ type }) => type !== 'label');
      return [
        {
          kind: 'leave',
          ...(value === undefined ? {} : { value: expressionOf(value, place) }),
          span,
        },
      ];
    }
    default:
      return plain(node, place, sink);
  }
}

/** Macros after which nothing runs. */
const endings = /^(?:panic|unreachable|todo|unimplemented|bail)$/;

function plain(node: Node, place: Place, sink: Sink): Statement[] {
  const span = spanOf(node);
  const macro = node.type === 'macro_invocation' ? fieldOf(node, 'macro') : undefined;
  if (macro !== undefined && endings.test(/\w*$/.exec(textOf(macro, place))?.[0] ?? '')) {
    return [{ kind: 'leave', span }];
  }
  const value = expressionOf(node, place);
  return value.kind === 'assignment'
    ? [{ kind: 'assign', target: value.target, value: value.value, declares: false, span }]
    : sink(value);
}

interface Condition {
  /** Evaluates what patterns are held against. */
  readonly before: readonly Statement[];
  readonly value: Expression;
  /** Binds the patterns, where they match. */
  readonly binding: readonly Statement[];
}

function conditionOf(node: Node | undefined, place: Place): Condition {
  const nothing: Expression = { kind: 'other', parts: [], span: { from: 0, to: 0 } };
  if (node === undefined) {
    return { before: [], value: nothing, binding: [] };
  }
  if (node.type === 'let_chain') {
    const parts = childrenOf(node).map((part) => conditionOf(part, place));
    return {
      before: parts.flatMap(({ before }) => before),
      value: other(
        node,
        parts.map(({ value }) => value),
      ),
      binding: parts.flatMap(({ binding }) => binding),
    };
  }
  const pattern = node.type === 'let_condition' ? fieldOf(node, 'pattern') : undefined;
  const value = node.type === 'let_condition' ? fieldOf(node, 'value') : undefined;
  if (pattern === undefined || value === undefined) {
    return { before: [], value: expressionOf(node, place), binding: [] };
  }
  const held = holding(value, place);
  return {
    before: held.before,
    value: other(node),
    binding: [bindingOf(pattern, held.name, place)],
  };
}

/** Keeps the value of an expression in a variable that nobody else can name. */
function holding(node: Node, place: Place): { before: Statement[]; name: Expression } {
  const span = spanOf(node);
  const name = `matched@${span.from}`;
  return {
    before: [
      {
        kind: 'assign',
        target: { kind: 'name', name, span },
        value: expressionOf(node, place),
        declares: true,
        span,
      },
    ],
    name: { kind: 'name', name, span },
  };
}

function bindingOf(pattern: Node, value: Expression, place: Place): Statement {
  const span = spanOf(pattern);
  return { kind: 'assign', target: targetOf(pattern, place), value, declares: true, span };
}

/** A block only where something comes before. */
function after(before: readonly Statement[], statement: Statement): Statement[] {
  return before.length === 0
    ? [statement]
    : [{ kind: 'block', body: [...before, statement], span: statement.span }];
}

function conditional(node: Node, place: Place, sink: Sink): Statement[] {
  const { before, value, binding } = conditionOf(fieldOf(node, 'condition'), place);
  const consequence = fieldOf(node, 'consequence');
  const alternative = childrenOf(fieldOf(node, 'alternative') ?? node).at(-1);
  const hasAlternative = fieldOf(node, 'alternative') !== undefined;
  return after(
    before,
    ifStatement(
      value,
      [...binding, ...(consequence === undefined ? [] : statementsOf(consequence, place, sink))],
      !hasAlternative || alternative === undefined ? [] : into(alternative, place, sink),
      spanOf(node),
    ),
  );
}

function match(node: Node, place: Place, sink: Sink): Statement[] {
  const scrutinee = fieldOf(node, 'value');
  const arms = childrenOf(fieldOf(node, 'body') ?? node).filter(({ type }) => type === 'match_arm');
  if (scrutinee === undefined) {
    return [];
  }
  const { before, name } = holding(scrutinee, place);
  return after(before, {
    kind: 'branches',
    branches: arms.map((arm) => armOf(arm, name, place, sink)),
    isExhaustive: true,
    span: spanOf(node),
  });
}

function armOf(arm: Node, matched: Expression, place: Place, sink: Sink): Statement[] {
  const pattern = fieldOf(arm, 'pattern');
  const guard = pattern === undefined ? undefined : fieldOf(pattern, 'condition');
  const value = fieldOf(arm, 'value');
  const condition = guard === undefined ? undefined : conditionOf(guard, place);
  return [
    ...(pattern === undefined ? [] : [bindingOf(pattern, matched, place)]),
    ...(condition === undefined
      ? []
      : [
          ...condition.before,
          { kind: 'expression', value: condition.value, span: condition.value.span } as const,
          ...condition.binding,
        ]),
    ...(value === undefined ? [] : into(value, place, sink)),
  ];
}

function loop(node: Node, place: Place): Statement[] {
  const body = fieldOf(node, 'body');
  const statements = body === undefined ? [] : statementsOf(body, place, nowhere);
  const span = spanOf(node);
  if (node.type === 'for_expression') {
    const over = fieldOf(node, 'value');
    const pattern = fieldOf(node, 'pattern');
    return [
      {
        kind: 'loop',
        head: over === undefined ? [] : [expressionOf(over, place)],
        variables: pattern === undefined ? [] : [targetOf(pattern, place)],
        body: statements,
        span,
      },
    ];
  }
  const { before, value, binding } = conditionOf(fieldOf(node, 'condition'), place);
  const tested: Statement[] =
    node.type === 'while_expression' ? [{ kind: 'expression', value, span: value.span }] : [];
  return [
    {
      kind: 'loop',
      head: [],
      variables: [],
      body: [...before, ...tested, ...binding, ...statements],
      span,
    },
  ];
}
