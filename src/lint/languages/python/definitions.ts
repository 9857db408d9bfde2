import type { Node } from 'web-tree-sitter';
import type { ClassNode, FieldNode, FunctionNode, Statement } from '../../program/syntax';
import { FunctionNames } from '../shared/functionNames';
import { fieldOf, spanOf } from '../shared/nodes';
import { Expressions } from './expressions';

/** What is known of the function whose statements are lowered. */
export interface FunctionContext {
  readonly names: FunctionNames;
  /** `yield` hands something to a `with` statement. */
  readonly yieldsOnce: boolean;
}

/** Lowers what stands inside definitions. */
export interface Bodies {
  ofFunction(body: Node, context: FunctionContext): Statement[];
  ofStatement(node: Node, context: FunctionContext): Statement[];
}

/** Decorators of functions that hand one thing to a `with` statement, or to a test. */
const contextManagers = /(?:^|\.)(?:async)?contextmanager$|(?:^|\.)fixture\b/;

const constructors = new Set(['__init__', '__new__', '__post_init__', '__aenter__', '__enter__']);

/** `whole` is the definition with its decorators. */
export function functionNode(
  node: Node,
  whole: Node,
  around: FunctionNames,
  bodies: Bodies,
  isMethod = false,
): FunctionNode {
  const name = fieldOf(node, 'name')?.text ?? '';
  const names = new FunctionNames(around);
  const annotations = decorators(whole);
  const list = fieldOf(node, 'parameters');
  const parameters = list === undefined ? [] : new Expressions(names).parameters(list);
  for (const parameter of parameters) {
    names.bindParameter(parameter.name);
  }
  const self = isMethod && !annotations.includes('staticmethod') ? parameters.shift() : undefined;
  const returnType = fieldOf(node, 'return_type')?.text;
  const body = fieldOf(node, 'body');
  const yieldsOnce = annotations.some((annotation) => contextManagers.test(annotation));
  return {
    kind: 'function',
    name,
    ...(self === undefined ? {} : { self: self.name }),
    parameters,
    ...(returnType === undefined ? {} : { returnType }),
    annotations,
    ...(constructors.has(name) ? { isConstructor: true } : {}),
    span: spanOf(whole),
    bodySpan: body === undefined ? { from: node.endIndex, to: node.endIndex } : spanOf(body),
    body: () => (body === undefined ? [] : bodies.ofFunction(body, { names, yieldsOnce })),
  };
}

export function classNode(
  node: Node,
  whole: Node,
  around: FunctionNames,
  bodies: Bodies,
): ClassNode {
  const name = fieldOf(node, 'name')?.text ?? '';
  const parents = fieldOf(node, 'superclasses');
  const members: Members = { fields: [], methods: [], classes: [] };
  const body = fieldOf(node, 'body');
  if (body !== undefined) {
    collect(body, members, around, bodies);
  }
  const annotations = decorators(whole);
  const supers =
    parents === undefined
      ? []
      : Expressions.parts(parents)
          .filter(({ type }) => type !== 'keyword_argument')
          .map(({ text }) => text);
  return {
    kind: 'class',
    name,
    supers,
    annotations,
    ...members,
    takesFields:
      isFieldClass(annotations, supers) &&
      !members.methods.some((method) => method.name === '__init__'),
    span: spanOf(whole),
  };
}

/** Dataclasses, and what is like them. */
function isFieldClass(annotations: readonly string[], supers: readonly string[]): boolean {
  return (
    annotations.some((annotation) => /\bdataclass\b|^attrs?\b/.test(annotation)) ||
    supers.some((parent) => /(?:^|\.)(?:NamedTuple|BaseModel)$/.test(parent))
  );
}

interface Members {
  readonly fields: FieldNode[];
  readonly methods: FunctionNode[];
  readonly classes: ClassNode[];
}

function collect(body: Node, members: Members, around: FunctionNames, bodies: Bodies): void {
  for (const part of Expressions.parts(body)) {
    const definition = part.type === 'decorated_definition' ? fieldOf(part, 'definition') : part;
    if (definition?.type === 'function_definition') {
      members.methods.push(functionNode(definition, part, around, bodies, true));
    } else if (definition?.type === 'class_definition') {
      members.classes.push(classNode(definition, part, around, bodies));
    } else if (part.type === 'expression_statement') {
      members.fields.push(...fields(part, around, bodies));
    } else if (part.type === 'if_statement') {
      for (const block of part.namedChildren.filter(({ type }) => type === 'block')) {
        collect(block, members, around, bodies);
      }
    }
  }
}

/** What a statement of the class's own code binds; a call that binds nothing still runs. */
function fields(node: Node, around: FunctionNames, bodies: Bodies): FieldNode[] {
  const names = new FunctionNames(around);
  return bodies.ofStatement(node, { names, yieldsOnce: false }).map(field);
}

function field(statement: Statement): FieldNode {
  const { span } = statement;
  const common = { annotations: [], isStatic: true, span };
  if (statement.kind === 'declare') {
    const { name, type } = statement;
    return { name, ...(type === undefined ? {} : { type }), ...common };
  }
  if (statement.kind === 'assign' && statement.target.kind === 'name') {
    const { name, type } = statement.target;
    return { name, ...(type === undefined ? {} : { type }), value: statement.value, ...common };
  }
  return { name: '', value: { kind: 'statements', body: [statement], span }, ...common };
}

function decorators(whole: Node): string[] {
  return whole.type === 'decorated_definition'
    ? whole.namedChildren
        .filter(({ type }) => type === 'decorator')
        .map(({ text }) => text.slice(1).trim())
    : [];
}
