import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from '../../program/syntax';
import {
  childOfType,
  childrenOf,
  expressionStatement,
  fieldOf,
  ifStatement,
  other,
  spanOf,
} from '../shared/nodes';
import { expressionOf } from './expressions';
import { functionOf } from './functions';
import { declarePattern } from './patterns';
import { type Place, textOf, typeText } from './source';
import { declaredTarget } from './targets';

/** The statements between braces, in a scope of their own. */
export function blockOf(node: Node, place: Place): Statement[] {
  return statementsOf(childrenOf(node), { ...place, names: place.names.inner() });
}

export function statementsOf(nodes: readonly Node[], place: Place): Statement[] {
  // A local function can be called above the place where it stands.
  const isFunction = ({ type }: Node) => type === 'local_function_statement';
  return [...nodes.filter(isFunction), ...nodes.filter((node) => !isFunction(node))].flatMap(
    (node) => statementOf(node, place),
  );
}

/** One statement; `#if` and declarations of several variables make more of it. */
export function statementOf(node: Node, place: Place): Statement[] {
  const lowering = lowerings[node.type];
  if (lowering !== undefined) {
    return lowering(node, place);
  }
  if (/^preproc_(if|elif|else)$/.test(node.type)) {
    return statementsOf(childrenOf(node), place);
  }
  if (node.type === 'comment' || node.type.startsWith('preproc_')) {
    return [];
  }
  return [{ kind: 'expression', value: expressionOf(node, place), span: spanOf(node) }];
}

type Lowering = (node: Node, place: Place) => Statement[];

const lowerings: Readonly<Record<string, Lowering>> = {
  expression_statement: expression,
  local_declaration_statement: declaration,
  local_function_statement: localFunction,
  block: (node, place) => [{ kind: 'block', body: blockOf(node, place), span: spanOf(node) }],
  unsafe_statement: inner,
  checked_statement: inner,
  labeled_statement: (node, place) => statementsOf(childrenOf(node).slice(1), place),
  lock_statement: withHead,
  fixed_statement: using,
  using_statement: using,
  if_statement: conditional,
  switch_statement: switchStatement,
  while_statement: (node, place) => loop(node, place, [fieldOf(node, 'condition')], []),
  do_statement: (node, place) => loop(node, place, [], [fieldOf(node, 'condition')]),
  for_statement: forLoop,
  foreach_statement: forEach,
  try_statement: attempt,
  return_statement: (node, place) => {
    const value = resultOf(node, place);
    return [{ kind: 'return', ...(value === undefined ? {} : { value }), span: spanOf(node) }];
  },
  throw_statement: leave,
  break_statement: leave,
  continue_statement: leave,
  goto_statement: (node) => [{ kind: 'leave', span: spanOf(node) }],
  yield_statement: (node, place) => {
    const value = resultOf(node, place);
    return value === undefined
      ? [{ kind: 'leave', span: spanOf(node) }]
      : [{ kind: 'expression', value, span: spanOf(node) }];
  },
  empty_statement: () => [],
};

function resultOf(node: Node, place: Place): Expression | undefined {
  const value = childrenOf(node).at(-1);
  return value === undefined
    ? undefined
    : expressionOf(value, { ...place, expected: place.returns });
}

function leave(node: Node, place: Place): Statement[] {
  const value = childrenOf(node).map((child) => expressionOf(child, place))[0];
  return [{ kind: 'leave', ...(value === undefined ? {} : { value }), span: spanOf(node) }];
}

function expression(node: Node, place: Place): Statement[] {
  const [value] = childrenOf(node);
  return value === undefined ? [] : [expressionStatement(expressionOf(value, place), spanOf(node))];
}

function declaration(node: Node, place: Place): Statement[] {
  const list = childOfType(node, 'variable_declaration');
  return list === undefined ? [] : variablesOf(list, place, spanOf(node));
}

/** `T a = 1, b;`, each a statement with the span of the whole. */
export function variablesOf(list: Node, place: Place, span = spanOf(list)): Statement[] {
  const type = typeText(fieldOf(list, 'type'), place);
  return childrenOf(list)
    .filter((child) => child.type === 'variable_declarator')
    .map((declarator): Statement => {
      const [name, ...rest] = childrenOf(declarator);
      const value = rest.at(-1);
      if (name === undefined) {
        return { kind: 'expression', value: other(declarator), span };
      }
      if (value === undefined) {
        const text = textOf(name, place);
        place.names.declare(text);
        return { kind: 'declare', name: text, ...(type === undefined ? {} : { type }), span };
      }
      const lowered = expressionOf(value, { ...place, expected: type });
      const target = declaredTarget(name, place);
      return {
        kind: 'assign',
        target: target.kind === 'name' && type !== undefined ? { ...target, type } : target,
        value: lowered,
        declares: true,
        span,
      };
    });
}

function localFunction(node: Node, place: Place): Statement[] {
  const name = fieldOf(node, 'name');
  const text = name === undefined ? '' : textOf(name, place);
  place.names.declare(text);
  const definition = functionOf(
    node,
    { name: text, returnType: typeText(fieldOf(node, 'type'), place) },
    place,
  );
  return [{ kind: 'define', definition, span: spanOf(node) }];
}

function inner(node: Node, place: Place): Statement[] {
  return childrenOf(node).flatMap((child) => statementOf(child, place));
}

/** Something that is evaluated, then statements. */
function withHead(node: Node, place: Place): Statement[] {
  const body = childrenOf(node).at(-1);
  const heads = childrenOf(node).slice(0, -1);
  return [
    ...heads.map(
      (head): Statement => ({
        kind: 'expression',
        value: expressionOf(head, place),
        span: spanOf(head),
      }),
    ),
    ...(body === undefined ? [] : statementOf(body, place)),
  ];
}

function using(node: Node, place: Place): Statement[] {
  const within = { ...place, names: place.names.inner() };
  const list = childOfType(node, 'variable_declaration');
  const body = fieldOf(node, 'body') ?? childrenOf(node).at(-1);
  const statements =
    list === undefined
      ? withHead(node, within)
      : [...variablesOf(list, within), ...(body === undefined ? [] : statementOf(body, within))];
  return [{ kind: 'block', body: statements, span: spanOf(node) }];
}

function branch(node: Node | undefined, place: Place): Statement[] {
  return node === undefined ? [] : statementOf(node, { ...place, names: place.names.inner() });
}

function conditional(node: Node, place: Place): Statement[] {
  const condition = fieldOf(node, 'condition');
  return condition === undefined
    ? []
    : [
        ifStatement(
          expressionOf(condition, place),
          branch(fieldOf(node, 'consequence'), place),
          branch(fieldOf(node, 'alternative'), place),
          spanOf(node),
        ),
      ];
}

function switchStatement(node: Node, place: Place): Statement[] {
  const value = fieldOf(node, 'value');
  const sections = (fieldOf(node, 'body')?.namedChildren ?? []).filter(
    ({ type }) => type === 'switch_section',
  );
  const isDefault = (section: Node) =>
    /^default\b/.test(place.text.slice(section.startIndex, section.startIndex + 8));
  return [
    {
      kind: 'branches',
      ...(value === undefined ? {} : { value: expressionOf(value, place) }),
      branches: sections.map((section) => sectionOf(section, place)),
      isExhaustive: sections.some(isDefault),
      span: spanOf(node),
    },
  ];
}

function sectionOf(section: Node, place: Place): Statement[] {
  const within = { ...place, names: place.names.inner() };
  declarePattern(section, within);
  const body = childrenOf(section).filter(
    ({ type }) => type.endsWith('_statement') || type === 'block' || type === 'when_clause',
  );
  // The last `break` ends the section, not what is around the switch.
  return statementsOf(body.at(-1)?.type === 'break_statement' ? body.slice(0, -1) : body, within);
}

function loop(
  node: Node,
  place: Place,
  head: readonly (Node | undefined)[],
  tail: readonly (Node | undefined)[],
): Statement[] {
  const evaluated = (nodes: readonly (Node | undefined)[]) =>
    nodes.flatMap((each) => (each === undefined ? [] : [expressionOf(each, place)]));
  return [
    {
      kind: 'loop',
      head: evaluated(head),
      variables: [],
      body: [
        ...branch(fieldOf(node, 'body') ?? childrenOf(node).at(-1), place),
        ...evaluated(tail).map(
          (value): Statement => ({ kind: 'expression', value, span: value.span }),
        ),
      ],
      span: spanOf(node),
    },
  ];
}

function forLoop(node: Node, place: Place): Statement[] {
  const within = { ...place, names: place.names.inner() };
  const first = fieldOf(node, 'initializer');
  const start =
    first?.type === 'variable_declaration' ? variablesOf(first, within) : branch(first, within);
  const repeated = loop(
    node,
    within,
    [fieldOf(node, 'condition')],
    node.childrenForFieldName('update'),
  );
  return [{ kind: 'block', body: [...start, ...repeated], span: spanOf(node) }];
}

function forEach(node: Node, place: Place): Statement[] {
  const within = { ...place, names: place.names.inner() };
  const over = fieldOf(node, 'right');
  const variable = fieldOf(node, 'left');
  const type = typeText(fieldOf(node, 'type'), place);
  const head = over === undefined ? [] : [expressionOf(over, place)];
  const target = variable === undefined ? undefined : declaredTarget(variable, within);
  return [
    {
      kind: 'loop',
      head,
      variables:
        target === undefined
          ? []
          : [target.kind === 'name' && type !== undefined ? { ...target, type } : target],
      body: branch(fieldOf(node, 'body'), within),
      span: spanOf(node),
    },
  ];
}

function attempt(node: Node, place: Place): Statement[] {
  const clauses = childrenOf(node);
  const last = clauses.find(({ type }) => type === 'finally_clause');
  return [
    {
      kind: 'try',
      body: branch(fieldOf(node, 'body'), place),
      handlers: clauses
        .filter(({ type }) => type === 'catch_clause')
        .map((clause) => handlerOf(clause, place)),
      last: last === undefined ? [] : inner(last, place),
      span: spanOf(node),
    },
  ];
}

function handlerOf(clause: Node, place: Place): Statement[] {
  const within = { ...place, names: place.names.inner() };
  const caught = childOfType(clause, 'catch_declaration');
  const name = caught === undefined ? undefined : fieldOf(caught, 'name');
  if (name !== undefined) {
    within.names.declare(textOf(name, place));
  }
  const filter = childOfType(clause, 'catch_filter_clause')?.namedChildren[0];
  return [
    ...(filter === undefined
      ? []
      : [
          {
            kind: 'expression',
            value: expressionOf(filter, within),
            span: spanOf(filter),
          } as const,
        ]),
    ...branch(fieldOf(clause, 'body'), within),
  ];
}
