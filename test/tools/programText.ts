import type {
  Call,
  ClassNode,
  Expression,
  FunctionNode,
  ObjectLiteral,
  Program,
  Statement,
  Target,
} from '../../src/lint/program/syntax';

/**
 * A lowered program as short lines, for tests of what a language becomes: `let x: T = f(a)`, `~x` for an operand
 * that is the value (`await x`), `?(a, b)` for parts of something that has no counterpart.
 */
export function programText({ imports, declarations }: Program): string {
  return [
    ...imports.map(({ name, path }) => `import ${name} = ${path}`),
    ...declarations.flatMap((declaration) => {
      switch (declaration.kind) {
        case 'class':
          return classLines(declaration);
        case 'function':
          return functionLines(declaration);
        default:
          return statementLines(declaration.statement);
      }
    }),
  ].join('\n');
}

const indented = (lines: readonly string[]) => lines.map((line) => `  ${line}`);

const bodyLines = (body: readonly Statement[]) => indented(body.flatMap(statementLines));

function classLines({ name, supers, annotations, fields, methods, classes }: ClassNode): string[] {
  const marks = annotations.map((annotation) => `@${annotation} `).join('');
  return [
    `${marks}class ${[name, ...supers].join(' < ')}`,
    ...indented([
      ...fields.map(
        (field) =>
          `${field.isStatic ? 'static ' : ''}field ${typed(field.name, field.type)}${
            field.value === undefined ? '' : ` = ${shown(field.value)}`
          }`,
      ),
      ...methods.flatMap(functionLines),
      ...classes.flatMap(classLines),
    ]),
  ];
}

function functionLines(fn: FunctionNode): string[] {
  return [head(fn), ...bodyLines(fn.body())];
}

function head(fn: FunctionNode): string {
  const marks = fn.annotations.map((annotation) => `@${annotation} `).join('');
  const owner = fn.owner === undefined ? '' : `${fn.owner}.`;
  const parameters = fn.parameters.map(
    ({ name, type, value, isRest }) =>
      `${isRest === true ? '...' : ''}${typed(name, type)}${value === undefined ? '' : ` = ${shown(value)}`}`,
  );
  const kind = fn.isConstructor === true ? 'constructor' : 'fn';
  const self = fn.self === undefined ? '' : ` of ${fn.self}`;
  return `${marks}${kind} ${owner}${typed(`${fn.name}(${parameters.join(', ')})`, fn.returnType)}${self}`;
}

function typed(name: string, type: string | undefined): string {
  return type === undefined ? name : `${name}: ${type}`;
}

function statementLines(statement: Statement): string[] {
  switch (statement.kind) {
    case 'expression':
      return [shown(statement.value)];
    case 'assign':
      return [
        `${statement.declares ? 'let ' : ''}${targetText(statement.target)} = ${shown(statement.value)}`,
      ];
    case 'declare':
      return [`let ${typed(statement.name, statement.type)}`];
    case 'if':
      return [
        `if ${shown(statement.condition)}`,
        ...bodyLines(statement.then),
        ...(statement.otherwise.length === 0 ? [] : ['else', ...bodyLines(statement.otherwise)]),
      ];
    case 'branches':
      return [
        `${statement.isExhaustive ? 'one' : 'at most one'} of${
          statement.value === undefined ? '' : ` ${shown(statement.value)}`
        }`,
        ...statement.branches.flatMap((branch) => ['- branch', ...bodyLines(branch)]),
      ];
    case 'loop':
      return [
        `loop ${[...statement.variables.map(targetText), 'in', ...statement.head.map(shown)].join(' ')}`,
        ...bodyLines(statement.body),
      ];
    case 'try':
      return [
        'try',
        ...bodyLines(statement.body),
        ...statement.handlers.flatMap((handler) => ['catch', ...bodyLines(handler)]),
        ...(statement.last.length === 0 ? [] : ['finally', ...bodyLines(statement.last)]),
      ];
    case 'block':
      return ['block', ...bodyLines(statement.body)];
    case 'return':
    case 'leave':
      return [
        `${statement.kind}${statement.value === undefined ? '' : ` ${shown(statement.value)}`}`,
      ];
    case 'define':
      return statement.definition.kind === 'class'
        ? classLines(statement.definition)
        : functionLines(statement.definition);
  }
}

function targetText(target: Target): string {
  switch (target.kind) {
    case 'name':
      return typed(target.name, target.type);
    case 'member':
      return `${shown(target.object)}.${target.name}`;
    case 'list':
      return `[${target.items.map(targetText).join(', ')}]`;
    case 'object':
      return `{${target.entries.map(({ key, target: inner }) => `${key}: ${targetText(inner)}`).join(', ')}}`;
    case 'ignored':
      return `_(${target.parts.map(shown).join(', ')})`;
  }
}

function shown(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member':
      return `${shown(expression.object)}.${expression.name}`;
    case 'call':
      return callText(expression);
    case 'literal':
      return JSON.stringify(expression.value);
    case 'object':
      return objectText(expression);
    case 'list':
      return `[${expression.items.map(shown).join(', ')}]`;
    case 'closure':
      return `{ ${functionLines(expression.definition)
        .map((line) => line.trim())
        .join('; ')} }`;
    case 'choice':
      return `(${expression.condition === undefined ? '' : `${shown(expression.condition)} ? `}${expression.options
        .map(shown)
        .join(' | ')})`;
    case 'binary':
      return `(${shown(expression.left)} ${expression.operator} ${shown(expression.right)})`;
    case 'unary':
      return `${expression.operator}${shown(expression.value)}`;
    case 'same':
      return `~${shown(expression.value)}`;
    case 'assignment':
      return `(${targetText(expression.target)} = ${shown(expression.value)})`;
    case 'statements':
      return `{ ${expression.body.flatMap(statementLines).join('; ')} }`;
    case 'other':
      return `?(${expression.parts.map(shown).join(', ')})`;
  }
}

function callText(call: Call): string {
  const args = call.arguments.map(
    ({ value, name, spread }) =>
      `${name === undefined ? '' : `${name}: `}${spread === undefined ? '' : '...'}${shown(value)}`,
  );
  const types = call.typeArguments === undefined ? '' : `<${call.typeArguments.join(', ')}>`;
  const initializer = call.initializer === undefined ? '' : ` ${objectText(call.initializer)}`;
  return `${call.creates === true ? 'new ' : ''}${shown(call.callee)}${types}(${args.join(', ')})${initializer}`;
}

function objectText({ type, entries, spreads, isOpen }: ObjectLiteral): string {
  const parts = [
    ...spreads.map((spread) => `...${shown(spread)}`),
    ...entries.map(({ key, value }) => `${key}: ${shown(value)}`),
    ...(isOpen ? ['…'] : []),
  ];
  return `${type === undefined ? '' : shown(type)}{${parts.join(', ')}}`;
}
