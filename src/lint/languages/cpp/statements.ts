import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from '../../program/syntax';
import {
  childOfType,
  childrenOf,
  expressionStatement,
  fieldOf,
  ifStatement,
  spanOf,
} from '../shared/nodes';
import { classIn } from './classes';
import { declaratorOf } from './declarators';
import { expressionOf } from './expressions';
import { type Place, textOf } from './source';
import { targetOf, variablesOf } from './variables';

/** The statements of a body, in a scope of their own. */
export function blockOf(node: Node, place: Place): Statement[] {
  const within = inner(place);
  return node.type === 'compound_statement'
    ? statementsOf(childrenOf(node), within)
    : statementOf(node, within);
}

function inner(place: Place): Place {
  return { ...place, names: place.names.inner() };
}

function statementsOf(nodes: readonly Node[], place: Place): Statement[] {
  return nodes.flatMap((node) => statementOf(node, place));
}

function statementOf(node: Node, place: Place): Statement[] {
  const lowering = lowerings[node.type];
  if (lowering !== undefined) {
    return lowering(node, place);
  }
  if (/^preproc_(?:if|ifdef|elif|elifdef|else)$/.test(node.type)) {
    const conditions = [fieldOf(node, 'name')?.id, fieldOf(node, 'condition')?.id];
    return statementsOf(
      childrenOf(node).filter(({ id }) => !conditions.includes(id)),
      place,
    );
  }
  if (ignored.test(node.type)) {
    return [];
  }
  return [{ kind: 'expression', value: expressionOf(node, place), span: spanOf(node) }];
}

const ignored =
  /^(?:preproc_|using_declaration|alias_declaration|namespace_alias|static_assert|type_definition|enum_specifier|attribute)/;

type StatementLowering = (node: Node, place: Place) => Statement[];

const lowerings: Readonly<Record<string, StatementLowering>> = {
  compound_statement: (node, place) => [
    { kind: 'block', body: blockOf(node, place), span: spanOf(node) },
  ],
  expression_statement: expression,
  declaration,
  class_specifier: classStatement,
  struct_specifier: classStatement,
  if_statement: conditional,
  switch_statement: switchStatement,
  while_statement: (node, place) => loop(node, place),
  do_statement: (node, place) => loop(node, place, true),
  for_statement: forLoop,
  for_range_loop: rangeLoop,
  try_statement: attempt,
  labeled_statement: (node, place) => statementsOf(childrenOf(node).slice(1), place),
  attributed_statement: (node, place) => statementsOf(childrenOf(node).slice(-1), place),
  return_statement: result,
  co_return_statement: result,
  throw_statement: leave,
  break_statement: leave,
  continue_statement: leave,
  goto_statement: (node) => [{ kind: 'leave', span: spanOf(node) }],
};

function expression(node: Node, place: Place): Statement[] {
  const value = childrenOf(node).at(-1);
  return value === undefined ? [] : [expressionStatement(expressionOf(value, place), spanOf(node))];
}

function declaration(node: Node, place: Place): Statement[] {
  const type = fieldOf(node, 'type');
  return [...(type === undefined ? [] : classStatement(type, place)), ...variablesOf(node, place)];
}

function classStatement(node: Node, place: Place): Statement[] {
  const definition = classIn(node, place);
  return definition === undefined ? [] : [{ kind: 'define', definition, span: spanOf(node) }];
}

function result(node: Node, place: Place): Statement[] {
  const value = childrenOf(node).at(-1);
  return [
    {
      kind: 'return',
      ...(value === undefined ? {} : { value: expressionOf(value, place) }),
      span: spanOf(node),
    },
  ];
}

function leave(node: Node, place: Place): Statement[] {
  const value = childrenOf(node).at(-1);
  return [
    {
      kind: 'leave',
      ...(value === undefined ? {} : { value: expressionOf(value, place) }),
      span: spanOf(node),
    },
  ];
}

function branch(node: Node | undefined, place: Place): Statement[] {
  return node === undefined ? [] : statementOf(node, inner(place));
}

/** What stands in the parentheses of `if`, `while` and `switch`: declarations come before the value. */
function conditionOf(
  node: Node,
  place: Place,
): { readonly before: Statement[]; readonly value: Expression | undefined } {
  const clause = fieldOf(node, 'condition');
  if (clause?.type !== 'condition_clause') {
    return {
      before: [],
      value: clause === undefined ? undefined : expressionOf(clause, place),
    };
  }
  const first = fieldOf(clause, 'initializer');
  const value = fieldOf(clause, 'value');
  const before = first === undefined ? [] : statementsOf(childrenOf(first), place);
  if (value?.type !== 'declaration') {
    return { before, value: value === undefined ? undefined : expressionOf(value, place) };
  }
  const declared = variablesOf(value, place);
  const { name } = declaratorOf(fieldOf(value, 'declarator'));
  return {
    before: [...before, ...declared],
    value: name === undefined ? undefined : expressionOf(name, place),
  };
}

/** A block only where something is declared in the parentheses. */
function withBefore(node: Node, before: readonly Statement[], statement: Statement): Statement[] {
  return before.length === 0
    ? [statement]
    : [{ kind: 'block', body: [...before, statement], span: spanOf(node) }];
}

function conditional(node: Node, place: Place): Statement[] {
  const within = inner(place);
  const { before, value } = conditionOf(node, within);
  const otherwise = fieldOf(node, 'alternative');
  const statement = ifStatement(
    value ?? { kind: 'other', parts: [], span: spanOf(node) },
    branch(fieldOf(node, 'consequence'), within),
    otherwise === undefined ? [] : statementsOf(childrenOf(otherwise), inner(within)),
    spanOf(node),
  );
  return withBefore(node, before, statement);
}

function switchStatement(node: Node, place: Place): Statement[] {
  const within = inner(place);
  const { before, value } = conditionOf(node, within);
  const cases = childrenOf(fieldOf(node, 'body') ?? node).filter(
    ({ type }) => type === 'case_statement',
  );
  return withBefore(node, before, {
    kind: 'branches',
    ...(value === undefined ? {} : { value }),
    branches: cases.map((each) => caseOf(each, within)),
    isExhaustive: cases.some((each) => fieldOf(each, 'value') === undefined),
    span: spanOf(node),
  });
}

function caseOf(node: Node, place: Place): Statement[] {
  const value = fieldOf(node, 'value');
  const body = childrenOf(node).filter(({ id }) => id !== value?.id);
  // The last `break` ends the case, not what is around the switch.
  return statementsOf(
    body.at(-1)?.type === 'break_statement' ? body.slice(0, -1) : body,
    inner(place),
  );
}

function loop(node: Node, place: Place, isTestedLast = false): Statement[] {
  const within = inner(place);
  const { before, value } = conditionOf(node, within);
  const body = branch(fieldOf(node, 'body'), within);
  const tested: Statement[] =
    value === undefined ? [] : [{ kind: 'expression', value, span: value.span }];
  const span = spanOf(node);
  // The condition runs each time round; before the body, so that what it decides is known there.
  const all = isTestedLast ? [...body, ...tested] : [...before, ...tested, ...body];
  return [{ kind: 'loop', head: [], variables: [], body: all, span }];
}

function forLoop(node: Node, place: Place): Statement[] {
  const within = inner(place);
  const first = fieldOf(node, 'initializer');
  const start = first === undefined ? [] : statementOf(first, within);
  const evaluated = (field: string): Statement[] =>
    node.childrenForFieldName(field).map((each) => ({
      kind: 'expression',
      value: expressionOf(each, within),
      span: spanOf(each),
    }));
  const body = [
    ...evaluated('condition'),
    ...branch(fieldOf(node, 'body'), within),
    ...evaluated('update'),
  ];
  const span = spanOf(node);
  return [
    {
      kind: 'block',
      body: [...start, { kind: 'loop', head: [], variables: [], body, span }],
      span,
    },
  ];
}

function rangeLoop(node: Node, place: Place): Statement[] {
  const within = inner(place);
  const over = fieldOf(node, 'right');
  const head = over === undefined ? [] : [expressionOf(over, place)];
  const target = targetOf(declaratorOf(fieldOf(node, 'declarator')), fieldOf(node, 'type'), within);
  const body = branch(fieldOf(node, 'body'), within);
  return [{ kind: 'loop', head, variables: [target], body, span: spanOf(node) }];
}

function attempt(node: Node, place: Place): Statement[] {
  return [
    {
      kind: 'try',
      body: branch(fieldOf(node, 'body'), place),
      handlers: childrenOf(node)
        .filter(({ type }) => type === 'catch_clause')
        .map((clause) => handlerOf(clause, place)),
      last: [],
      span: spanOf(node),
    },
  ];
}

function handlerOf(clause: Node, place: Place): Statement[] {
  const within = inner(place);
  const caught = childOfType(fieldOf(clause, 'parameters') ?? clause, 'parameter_declaration');
  const { name } = declaratorOf(caught === undefined ? undefined : fieldOf(caught, 'declarator'));
  if (name !== undefined) {
    within.names.declare(textOf(name, place));
  }
  return branch(fieldOf(clause, 'body'), within);
}
