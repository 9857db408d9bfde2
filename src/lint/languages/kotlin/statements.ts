import type { Node } from 'web-tree-sitter';
import type { Expression, FunctionNode, Statement, Target } from '../../program/syntax';
import { textOf } from '../jvm/place';
import { childOfType, fieldOf, ifStatement, other, spanOf } from '../shared/nodes';
import { ifParts, whenEntries } from './branches';
import { assignment, expressionOf, whenConditions } from './expressions';
import { isType, nameIn, parametersOf, typeIn } from './parameters';
import { codeIn, insideBlock, isCode, type KotlinPlace } from './place';

/** What stands in a block, in a lambda or behind `=`; or the statement that stands where a block could. */
export function blockOf(node: Node | undefined, place: KotlinPlace): readonly Statement[] {
  switch (node?.type) {
    case undefined:
      return [];
    case 'block':
    case 'lambda_literal':
    case 'ERROR':
      return codeIn(node)
        .filter(({ type }) => type !== 'lambda_parameters')
        .flatMap((statement) => statementOf(statement, place));
    case 'function_body': {
      const [body] = codeIn(node);
      return body === undefined || body.type === 'block'
        ? blockOf(body, place)
        : [{ kind: 'return', value: expressionOf(body, place), span: spanOf(body) }];
    }
    default:
      return node === undefined ? [] : statementOf(node, place);
  }
}

function statementOf(node: Node, place: KotlinPlace): readonly Statement[] {
  const span = spanOf(node);
  switch (node.type) {
    case 'property_declaration':
      return [propertyOf(node, place)];
    case 'assignment':
      return [assignment(node, place)];
    case 'if_expression': {
      const { condition, yes, no } = ifParts(node);
      return [
        ifStatement(
          condition === undefined ? other(node) : expressionOf(condition, place),
          blockOf(yes, insideBlock(place)),
          blockOf(no, insideBlock(place)),
          span,
        ),
      ];
    }
    case 'when_expression':
      return [whenOf(node, place)];
    case 'try_expression':
      return [tryOf(node, place)];
    case 'for_statement':
    case 'while_statement':
    case 'do_while_statement':
      return [loopOf(node, place)];
    case 'return_expression':
    case 'throw_expression':
      return [leaving(node, place)];
    case 'function_declaration':
      return [{ kind: 'define', definition: localFunction(node, place), span }];
    case 'class_declaration':
    case 'object_declaration': {
      const name = nameIn(node, place);
      const definition = place.lowering.localClass(node, name, place);
      place.file.localClasses.set(name, definition);
      return [{ kind: 'define', definition, span }];
    }
    case 'labeled_expression':
      return codeIn(node).flatMap((inside) => statementOf(inside, place));
    case 'ERROR':
      return blockOf(node, place);
    default:
      return isJump(node, place)
        ? [{ kind: 'leave', span }]
        : [{ kind: 'expression', value: expressionOf(node, place), span }];
  }
}

/** The grammar takes `break` and `continue` for names. */
function isJump(node: Node, place: KotlinPlace): boolean {
  return node.type === 'identifier' && /^(?:break|continue)$/.test(textOf(node, place));
}

/** `val x = …`, `val (a, b) = …`, `val x by lazy { … }`. */
export function propertyOf(node: Node, place: KotlinPlace): Statement {
  const span = spanOf(node);
  const value = propertyValue(node);
  const lowered = value === undefined ? undefined : expressionOf(value, place);
  const variable = childOfType(node, 'variable_declaration');
  const several = childOfType(node, 'multi_variable_declaration');
  if (variable === undefined || lowered === undefined) {
    const target = several === undefined ? undefined : targetsOf(several, place);
    return target !== undefined && lowered !== undefined
      ? { kind: 'assign', target, value: lowered, declares: true, span }
      : declared(variable, place, span);
  }
  const target = variableTarget(variable, place);
  return { kind: 'assign', target, value: lowered, declares: true, span };
}

function declared(
  variable: Node | undefined,
  place: KotlinPlace,
  span: Statement['span'],
): Statement {
  const name = variable === undefined ? '' : nameIn(variable, place);
  const type = variable === undefined ? undefined : typeIn(variable, place);
  place.names.declare(name);
  return { kind: 'declare', name, ...(type === undefined ? {} : { type }), span };
}

/** What a property begins with, or what its delegate gives. */
export function propertyValue(node: Node): Node | undefined {
  const delegate = childOfType(node, 'property_delegate');
  if (delegate !== undefined) {
    return codeIn(delegate)[0];
  }
  const parts = codeIn(node);
  const at = parts.findIndex(({ type }) => type.endsWith('variable_declaration'));
  return parts
    .slice(at + 1)
    .find(({ type }) => !['getter', 'setter', 'type_constraints'].includes(type));
}

function variableTarget(node: Node, place: KotlinPlace): Target {
  const name = nameIn(node, place);
  const type = typeIn(node, place);
  if (name === '_') {
    return { kind: 'ignored', parts: [], span: spanOf(node) };
  }
  place.names.declare(name);
  return { kind: 'name', name, ...(type === undefined ? {} : { type }), span: spanOf(node) };
}

function targetsOf(node: Node, place: KotlinPlace): Target {
  return {
    kind: 'list',
    items: codeIn(node).map((variable) => variableTarget(variable, place)),
    span: spanOf(node),
  };
}

function whenOf(node: Node, place: KotlinPlace): Statement {
  const inside = insideBlock(place);
  const conditions = whenConditions(node, inside);
  const entries = whenEntries(node);
  return {
    kind: 'branches',
    value: other(node, conditions),
    branches: entries.map(({ body }) => blockOf(body, insideBlock(inside))),
    isExhaustive: entries.some((entry) => entry.conditions.length === 0),
    span: spanOf(node),
  };
}

function tryOf(node: Node, place: KotlinPlace): Statement {
  const last = childOfType(node, 'finally_block');
  return {
    kind: 'try',
    body: blockOf(childOfType(node, 'block'), insideBlock(place)),
    handlers: node.namedChildren
      .filter(({ type }) => type === 'catch_block')
      .map((clause) => {
        const inside = insideBlock(place);
        inside.names.declare(nameIn(clause, place));
        return blockOf(childOfType(clause, 'block'), inside);
      }),
    last: blockOf(last === undefined ? undefined : childOfType(last, 'block'), insideBlock(place)),
    span: spanOf(node),
  };
}

function loopOf(node: Node, place: KotlinPlace): Statement {
  const span = spanOf(node);
  const inside = insideBlock(place);
  const condition = fieldOf(node, 'condition');
  if (node.type !== 'for_statement') {
    const body = codeIn(node).find(({ id }) => id !== condition?.id);
    const each: Statement[] =
      condition === undefined
        ? []
        : [{ kind: 'expression', value: expressionOf(condition, inside), span: spanOf(condition) }];
    // The condition is evaluated each time round, like the body.
    return {
      kind: 'loop',
      head: [],
      variables: [],
      body: [...each, ...blockOf(body, inside)],
      span,
    };
  }
  const [variable, over, body] = codeIn(node);
  const head: Expression[] = over === undefined ? [] : [expressionOf(over, inside)];
  const targets =
    variable === undefined
      ? []
      : [
          variable.type === 'multi_variable_declaration'
            ? targetsOf(variable, inside)
            : variableTarget(variable, inside),
        ];
  return { kind: 'loop', head, variables: targets, body: blockOf(body, inside), span };
}

function leaving(node: Node, place: KotlinPlace): Statement {
  const span = spanOf(node);
  const label = fieldOf(node, 'label');
  const value = codeIn(node).find(({ id }) => id !== label?.id);
  const given = value === undefined ? {} : { value: expressionOf(value, place) };
  return { kind: node.type === 'return_expression' ? 'return' : 'leave', ...given, span };
}

function localFunction(node: Node, place: KotlinPlace): FunctionNode {
  const name = fieldOf(node, 'name');
  const text = name === undefined ? '' : textOf(name, place);
  place.names.declare(text);
  const inside = insideBlock(place);
  const list = childOfType(node, 'function_value_parameters');
  const parameters = parametersOf(list, inside);
  const body = childOfType(node, 'function_body');
  return {
    kind: 'function',
    name: text,
    parameters,
    ...returnTypeOf(node, place),
    annotations: [],
    span: spanOf(node),
    bodySpan: body === undefined ? spanOf(node) : spanOf(body),
    body: () => blockOf(body, inside),
  };
}

/** The type after the parameters; the one before the name is what the function extends. */
export function returnTypeOf(node: Node, place: KotlinPlace): { returnType?: string } {
  const parts = node.namedChildren.filter(isCode);
  const at = parts.findIndex(({ type }) => type === 'function_value_parameters');
  const type = parts.slice(at + 1).find(isType);
  return type === undefined ? {} : { returnType: textOf(type, place) };
}
