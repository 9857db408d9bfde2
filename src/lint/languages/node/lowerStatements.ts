import type { Node } from 'web-tree-sitter';
import type { Expression, Statement, Target } from '../../program/syntax';
import { ifStatement, other, spanOf } from '../shared/nodes';
import { keyOf, lowerAssignment } from './lowerExpressions';
import { type Lowering, partsOf, textOf, typeOf } from './lowering';

/** The statements of a block; functions are known in all of it, wherever they stand. */
export function lowerBlock(lowering: Lowering, nodes: readonly Node[]): Statement[] {
  const statements = nodes.flatMap((node) => lowerStatement(lowering, node));
  const isHoisted = (statement: Statement) =>
    statement.kind === 'define' && statement.definition.kind === 'function';
  return statements.some(isHoisted)
    ? [...statements.filter(isHoisted), ...statements.filter((each) => !isHoisted(each))]
    : statements;
}

/** Types, imports and what else does nothing when the program runs give no statement. */
const withoutEffect = new Set([
  'comment',
  'empty_statement',
  'interface_declaration',
  'type_alias_declaration',
  'ambient_declaration',
  'enum_declaration',
  'function_signature',
  'import_statement',
  'import_alias',
  'export_clause',
  'debugger_statement',
  'hash_bang_line',
]);

export function lowerStatement(lowering: Lowering, node: Node): Statement[] {
  const { type } = node;
  const span = spanOf(node);
  if (withoutEffect.has(type)) {
    return [];
  }
  switch (type) {
    case 'expression_statement':
      return partsOf(lowering, node).flatMap((part) =>
        lowerExpressionStatement(lowering, part, node),
      );
    case 'lexical_declaration':
    case 'variable_declaration':
      return partsOf(lowering, node).flatMap((declarator) =>
        lowerDeclarator(lowering, declarator, node),
      );
    case 'function_declaration':
    case 'generator_function_declaration':
      return [{ kind: 'define', definition: lowering.fn(node), span }];
    case 'class_declaration':
    case 'abstract_class_declaration':
      return [lowering.classStatement(node)];
    case 'export_statement':
      return lowerExport(lowering, node);
    case 'internal_module':
    case 'module':
    case 'labeled_statement':
    case 'else_clause':
    case 'finally_clause':
    case 'class_static_block':
      return bodyOf(
        lowering,
        node.childForFieldName('body') ?? partsOf(lowering, node).at(-1) ?? null,
      );
    case 'statement_block':
      return [{ kind: 'block', body: lowering.block(partsOf(lowering, node)), span }];
    case 'if_statement':
      return [
        ifStatement(
          partOf(lowering, node, 'condition'),
          bodyOf(lowering, node.childForFieldName('consequence')),
          bodyOf(lowering, node.childForFieldName('alternative')),
          span,
        ),
      ];
    case 'for_statement':
      return [lowerFor(lowering, node)];
    case 'for_in_statement':
      return [lowerForIn(lowering, node)];
    case 'while_statement':
    case 'do_statement':
      return [
        {
          kind: 'loop',
          head: [partOf(lowering, node, 'condition')],
          variables: [],
          body: bodyOf(lowering, node.childForFieldName('body')),
          span,
        },
      ];
    case 'switch_statement':
      return [lowerSwitch(lowering, node)];
    case 'try_statement':
      return [lowerTry(lowering, node)];
    case 'return_statement': {
      const [value] = partsOf(lowering, node);
      return [{ kind: 'return', ...(value && { value: lowering.expression(value) }), span }];
    }
    case 'throw_statement': {
      const [value] = partsOf(lowering, node);
      return [{ kind: 'leave', ...(value && { value: lowering.expression(value) }), span }];
    }
    case 'continue_statement':
      return [{ kind: 'leave', span }];
    case 'break_statement':
      // In a switch the rest of the function goes on; in a loop what follows does not run.
      return leavesSwitch(node) ? [] : [{ kind: 'leave', span }];
    default:
      return [{ kind: 'expression', value: lowering.expression(node), span }];
  }
}

function lowerExpressionStatement(
  lowering: Lowering,
  expression: Node,
  statement: Node,
): Statement[] {
  const span = spanOf(statement);
  switch (expression.type) {
    case 'assignment_expression':
    case 'augmented_assignment_expression':
      return [{ kind: 'assign', ...lowerAssignment(lowering, expression), declares: false, span }];
    case 'internal_module':
      return lowerStatement(lowering, expression);
    default:
      return [{ kind: 'expression', value: lowering.expression(expression), span }];
  }
}

function lowerDeclarator(lowering: Lowering, declarator: Node, statement: Node): Statement[] {
  const name = declarator.childForFieldName('name');
  const value = declarator.childForFieldName('value');
  const span = spanOf(statement);
  if (name === null) {
    return [];
  }
  const type = typeOf(lowering, declarator);
  const target = lowering.target(name);
  if (value === null) {
    return target.kind === 'name'
      ? [{ kind: 'declare', name: target.name, ...(type === undefined ? {} : { type }), span }]
      : [];
  }
  const typed = target.kind === 'name' && type !== undefined ? { ...target, type } : target;
  return [
    { kind: 'assign', target: typed, value: lowering.expression(value), declares: true, span },
  ];
}

function lowerExport(lowering: Lowering, node: Node): Statement[] {
  const declaration = node.childForFieldName('declaration');
  if (declaration !== null) {
    return lowerStatement(lowering, declaration);
  }
  const value = node.childForFieldName('value');
  return value === null
    ? []
    : [{ kind: 'expression', value: lowering.expression(value), span: spanOf(node) }];
}

function lowerFor(lowering: Lowering, node: Node): Statement {
  const span = spanOf(node);
  const initializer = node.childForFieldName('initializer');
  const first = initializer === null ? [] : lowerStatement(lowering, initializer);
  const head = ['condition', 'increment'].flatMap((field) => {
    const part = node.childForFieldName(field);
    return part === null ? [] : partsOfStatement(lowering, part);
  });
  const loop: Statement = {
    kind: 'loop',
    head: head.map((part) => lowering.expression(part)),
    variables: [],
    body: bodyOf(lowering, node.childForFieldName('body')),
    span,
  };
  return { kind: 'block', body: [...first, loop], span };
}

/** The condition of a `for` is a statement, or nothing but its semicolon. */
function partsOfStatement(lowering: Lowering, node: Node): Node[] {
  return node.type === 'expression_statement'
    ? partsOf(lowering, node)
    : node.isNamed && node.type !== 'empty_statement'
      ? [node]
      : [];
}

function lowerForIn(lowering: Lowering, node: Node): Statement {
  const left = node.childForFieldName('left');
  return {
    kind: 'loop',
    head: [partOf(lowering, node, 'right')],
    variables: left === null ? [] : [lowering.target(left)],
    body: bodyOf(lowering, node.childForFieldName('body')),
    span: spanOf(node),
  };
}

function lowerSwitch(lowering: Lowering, node: Node): Statement {
  const body = node.childForFieldName('body');
  const branches: Statement[][] = [];
  let isExhaustive = false;
  let waiting: Statement[] = [];
  for (const part of body === null ? [] : partsOf(lowering, body)) {
    isExhaustive ||= part.type === 'switch_default';
    const value = part.childForFieldName('value');
    const rest = partsOf(lowering, part).filter(
      (child) => value === null || child.startIndex >= value.endIndex,
    );
    if (value !== null) {
      waiting.push({ kind: 'expression', value: lowering.expression(value), span: spanOf(value) });
    }
    // `case 1: case 2: …` is one branch.
    if (rest.length > 0) {
      branches.push([...waiting, ...lowering.block(rest)]);
      waiting = [];
    }
  }
  return {
    kind: 'branches',
    value: partOf(lowering, node, 'value'),
    branches,
    isExhaustive,
    span: spanOf(node),
  };
}

function leavesSwitch(node: Node): boolean {
  if (node.childForFieldName('label') !== null) {
    return false;
  }
  for (let at = node.parent; at !== null; at = at.parent) {
    switch (at.type) {
      case 'switch_case':
      case 'switch_default':
        return true;
      case 'for_statement':
      case 'for_in_statement':
      case 'while_statement':
      case 'do_statement':
        return false;
    }
  }
  return false;
}

function lowerTry(lowering: Lowering, node: Node): Statement {
  const handler = node.childForFieldName('handler');
  return {
    kind: 'try',
    body: bodyOf(lowering, node.childForFieldName('body')),
    handlers: handler === null ? [] : [bodyOf(lowering, handler.childForFieldName('body'))],
    last: bodyOf(lowering, node.childForFieldName('finalizer')),
    span: spanOf(node),
  };
}

/** What stands where a block may stand: a block, or one statement. */
function bodyOf(lowering: Lowering, node: Node | null): Statement[] {
  if (node === null) {
    return [];
  }
  return node.type === 'statement_block'
    ? lowering.block(partsOf(lowering, node))
    : lowerStatement(lowering, node);
}

function partOf(lowering: Lowering, node: Node, field: string): Expression {
  const part = node.childForFieldName(field);
  return part === null ? other(node) : lowering.expression(part);
}

/** What is written to: names, members, and patterns that take a value apart. */
export function lowerTarget(lowering: Lowering, node: Node): Target {
  const span = spanOf(node);
  switch (node.type) {
    case 'identifier':
    case 'shorthand_property_identifier_pattern':
      return { kind: 'name', name: textOf(lowering, node), span };
    case 'assignment_pattern':
    case 'object_assignment_pattern': {
      const left = node.childForFieldName('left');
      return left === null ? { kind: 'ignored', parts: [], span } : lowering.target(left);
    }
    case 'array_pattern':
      return { kind: 'list', items: arrayTargets(lowering, node), span };
    case 'object_pattern':
      return { kind: 'object', entries: objectTargets(lowering, node), span };
    case 'parenthesized_expression':
    case 'non_null_expression': {
      const [inner] = partsOf(lowering, node);
      return inner === undefined ? { kind: 'ignored', parts: [], span } : lowering.target(inner);
    }
    default: {
      const value = lowering.expression(node);
      return value.kind === 'member'
        ? { kind: 'member', object: value.object, name: value.name, span }
        : { kind: 'ignored', parts: [value], span };
    }
  }
}

/** With a place for each one that is left out: `[, b]`. */
function arrayTargets(lowering: Lowering, node: Node): Target[] {
  const items: Target[] = [];
  let isOpen = true;
  for (const child of node.children) {
    if (child.type === ',') {
      if (isOpen) {
        items.push({ kind: 'ignored', parts: [], span: spanOf(child) });
      }
      isOpen = true;
    } else if (child.isNamed && child.type !== 'comment') {
      items.push(
        child.type === 'rest_pattern'
          ? { kind: 'ignored', parts: [], span: spanOf(child) }
          : lowering.target(child),
      );
      isOpen = false;
    }
  }
  return items;
}

function objectTargets(lowering: Lowering, node: Node) {
  return partsOf(lowering, node).flatMap((part) => {
    if (part.type === 'pair_pattern') {
      const key = part.childForFieldName('key');
      const value = part.childForFieldName('value');
      const name = key === null ? undefined : keyOf(lowering, key);
      return value === null || name === undefined
        ? []
        : [{ key: name, target: lowering.target(value) }];
    }
    const target = part.type === 'rest_pattern' ? undefined : lowering.target(part);
    return target?.kind === 'name' ? [{ key: target.name, target }] : [];
  });
}
