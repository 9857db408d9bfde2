import type { Node } from 'web-tree-sitter';
import type { Expression, Statement } from '../../program/syntax';
import { inner, type LanguagePlace, textOf } from '../jvm/place';
import { childOfType, fieldOf, ifStatement, other, spanOf } from '../shared/nodes';
import { argumentsOf, assignmentOf, expressionOf } from './expressions';
import { switchStatement } from './switches';

/** What stands in a block, or the statement that stands where a block could. */
export function blockOf(node: Node | undefined, place: LanguagePlace): readonly Statement[] {
  if (node === undefined) {
    return [];
  }
  return node.type === 'block' || node.type === 'constructor_body'
    ? node.namedChildren.flatMap((statement) => statementOf(statement, place))
    : statementOf(node, place);
}

function statementOf(node: Node, place: LanguagePlace): readonly Statement[] {
  const span = spanOf(node);
  switch (node.type) {
    case 'expression_statement':
      return expressionStatement(node, place);
    case 'local_variable_declaration':
      return variables(node, place);
    case 'return_statement': {
      const value = node.namedChildren.find(isCode);
      return [
        {
          kind: 'return',
          ...(value === undefined ? {} : { value: expressionOf(value, place) }),
          span,
        },
      ];
    }
    case 'yield_statement':
      return node.namedChildren
        .filter(isCode)
        .map((value) => ({ kind: 'expression', value: expressionOf(value, place), span }));
    case 'if_statement':
      return [ifOf(node, place)];
    case 'while_statement':
    case 'do_statement':
    case 'for_statement':
    case 'enhanced_for_statement':
      return loopOf(node, place);
    case 'try_statement':
    case 'try_with_resources_statement':
      return [tryOf(node, place)];
    case 'switch_expression':
    case 'switch_statement':
      return [switchStatement(node, place)];
    case 'throw_statement':
    case 'break_statement':
    case 'continue_statement':
      return [leave(node, place)];
    case 'block':
      return [{ kind: 'block', body: blockOf(node, inner(place)), span }];
    case 'synchronized_statement': {
      const body = fieldOf(node, 'body');
      return [{ kind: 'block', body: blockOf(body, inner(place)), span }];
    }
    case 'labeled_statement':
      return node.namedChildren.slice(1).flatMap((statement) => statementOf(statement, place));
    case 'assert_statement':
      return [
        {
          kind: 'expression',
          value: other(
            node,
            node.namedChildren.map((part) => expressionOf(part, place)),
          ),
          span,
        },
      ];
    case 'explicit_constructor_invocation': {
      const list = fieldOf(node, 'arguments');
      const parts = list === undefined ? [] : argumentsOf(list, place).map(({ value }) => value);
      return [{ kind: 'expression', value: other(node, parts), span }];
    }
    case 'class_declaration':
    case 'record_declaration': {
      const name = fieldOf(node, 'name');
      const text = name === undefined ? '' : textOf(name, place);
      const definition = place.lowering.localClass(node, text, place);
      place.file.localClasses.set(text, definition);
      return [{ kind: 'define', definition, span }];
    }
    default:
      return [];
  }
}

function isCode({ type }: Node): boolean {
  return !type.endsWith('comment');
}

function expressionStatement(node: Node, place: LanguagePlace): readonly Statement[] {
  const value = node.namedChildren.find(isCode);
  if (value === undefined) {
    return [];
  }
  const span = spanOf(node);
  if (value.type === 'assignment_expression') {
    return [{ kind: 'assign', ...assignmentOf(value, place), declares: false, span }];
  }
  return value.type === 'switch_expression'
    ? [switchStatement(value, place)]
    : [{ kind: 'expression', value: expressionOf(value, place), span }];
}

function variables(node: Node, place: LanguagePlace): readonly Statement[] {
  const typeNode = fieldOf(node, 'type');
  const written = typeNode === undefined ? 'var' : textOf(typeNode, place);
  const type = written === 'var' ? {} : { type: written };
  return node.namedChildren
    .filter((child) => child.type === 'variable_declarator')
    .flatMap((declarator): Statement[] => {
      const [name, value] = [fieldOf(declarator, 'name'), fieldOf(declarator, 'value')];
      return name === undefined ? [] : [variable(name, value, type, spanOf(node), place)];
    });
}

function variable(
  nameNode: Node,
  value: Node | undefined,
  type: { type?: string },
  span: Statement['span'],
  place: LanguagePlace,
): Statement {
  const name = textOf(nameNode, place);
  // Its own name is not known yet in what it begins with, but it is in lambdas there.
  const lowered = value === undefined ? undefined : expressionOf(value, place);
  place.names.declare(name);
  return lowered === undefined
    ? { kind: 'declare', name, ...type, span }
    : {
        kind: 'assign',
        target: { kind: 'name', name, ...type, span: spanOf(nameNode) },
        value: lowered,
        declares: true,
        span,
      };
}

function conditionOf(node: Node, place: LanguagePlace): Expression {
  const condition = fieldOf(node, 'condition');
  return condition === undefined ? other(node) : expressionOf(condition, place);
}

function ifOf(node: Node, place: LanguagePlace): Statement {
  return ifStatement(
    conditionOf(node, place),
    blockOf(fieldOf(node, 'consequence'), inner(place)),
    blockOf(fieldOf(node, 'alternative'), inner(place)),
    spanOf(node),
  );
}

function loopOf(node: Node, place: LanguagePlace): readonly Statement[] {
  const span = spanOf(node);
  const inside = inner(place);
  if (node.type === 'enhanced_for_statement') {
    const [name, value] = [fieldOf(node, 'name'), fieldOf(node, 'value')];
    const head = value === undefined ? [] : [expressionOf(value, place)];
    if (name !== undefined) {
      inside.names.declare(textOf(name, place));
    }
    return [
      {
        kind: 'loop',
        head,
        variables:
          name === undefined
            ? []
            : [{ kind: 'name', name: textOf(name, place), span: spanOf(name) }],
        body: blockOf(fieldOf(node, 'body'), inside),
        span,
      },
    ];
  }
  const of = (field: string) =>
    node.childrenForFieldName(field).filter((child): child is Node => child !== null);
  const begin = of('init').flatMap((init) => simple(init, inside));
  const each = [...of('condition'), ...of('update')].map((part) => expressionOf(part, inside));
  const loop: Statement = {
    kind: 'loop',
    head: [],
    variables: [],
    // The condition is evaluated each time round, like the body.
    body: [
      ...each.map((value): Statement => ({ kind: 'expression', value, span: value.span })),
      ...blockOf(fieldOf(node, 'body'), inside),
    ],
    span,
  };
  return begin.length === 0 ? [loop] : [{ kind: 'block', body: [...begin, loop], span }];
}

/** A declaration or an expression in the head of a `for`. */
function simple(node: Node, place: LanguagePlace): readonly Statement[] {
  return node.type === 'local_variable_declaration'
    ? variables(node, place)
    : [{ kind: 'expression', value: expressionOf(node, place), span: spanOf(node) }];
}

function tryOf(node: Node, place: LanguagePlace): Statement {
  const span = spanOf(node);
  const inside = inner(place);
  const resources = (childOfType(node, 'resource_specification')?.namedChildren ?? []).flatMap(
    (resource): Statement[] => {
      const [name, value] = [fieldOf(resource, 'name'), fieldOf(resource, 'value')];
      const type = fieldOf(resource, 'type');
      const written = type === undefined ? 'var' : textOf(type, place);
      const types = written === 'var' ? {} : { type: written };
      return name === undefined ? [] : [variable(name, value, types, spanOf(resource), inside)];
    },
  );
  const clauses = node.namedChildren.filter(({ type }) => type === 'catch_clause');
  const last = childOfType(node, 'finally_clause');
  return {
    kind: 'try',
    body: [...resources, ...blockOf(fieldOf(node, 'body'), inside)],
    handlers: clauses.map((clause) => handlerOf(clause, place)),
    last: blockOf(last === undefined ? undefined : childOfType(last, 'block'), inner(place)),
    span,
  };
}

function handlerOf(clause: Node, place: LanguagePlace): readonly Statement[] {
  const inside = inner(place);
  const parameter = childOfType(clause, 'catch_formal_parameter');
  const name = parameter === undefined ? undefined : fieldOf(parameter, 'name');
  if (name !== undefined) {
    inside.names.declare(textOf(name, place));
  }
  return blockOf(fieldOf(clause, 'body'), inside);
}

function leave(node: Node, place: LanguagePlace): Statement {
  const value = node.type === 'throw_statement' ? node.namedChildren.find(isCode) : undefined;
  return {
    kind: 'leave',
    ...(value === undefined ? {} : { value: expressionOf(value, place) }),
    span: spanOf(node),
  };
}
