import type { Node } from 'web-tree-sitter';
import type { ClassNode, Expression, FieldNode, FunctionNode, Span } from '../../program/syntax';
import { FunctionNames } from '../shared/functionNames';
import { fieldOf, spanOf } from '../shared/nodes';
import { Expressions } from './expressions';
import { partsOf } from './parts';
import { type ClassScope, type FileNames, type MethodScope, memberOfSelf } from './scopes';
import { Statements } from './statements';

/** A method, or a function of the file. `annotations` say `private` and `static`. */
export function functionNode(
  node: Node,
  owner: ClassScope | undefined,
  file: FileNames,
  annotations: readonly string[],
): FunctionNode {
  const name = fieldOf(node, 'name')?.text ?? '';
  const names = new FunctionNames(file.variables);
  const scope: MethodScope = { names, owner, file };
  const list = fieldOf(node, 'parameters');
  const body = fieldOf(node, 'body');
  const parameters =
    list === undefined
      ? []
      : new Expressions(scope, { block: () => [], tail: () => [] }).parameters(list);
  for (const parameter of parameters) {
    names.bindParameter(parameter.name);
  }
  return {
    kind: 'function',
    name,
    self: 'self',
    parameters,
    annotations,
    ...(name === 'initialize' ? { isConstructor: true } : {}),
    span: spanOf(node),
    bodySpan: body === undefined ? { from: node.endIndex, to: node.endIndex } : spanOf(body),
    body: () => {
      const statements = body === undefined ? [] : new Statements(scope, true).body(body);
      return [...names.shadows(node.startIndex), ...statements];
    },
  };
}

/** A class or module. */
export function classNode(node: Node, outer: ClassScope | undefined, file: FileNames): ClassNode {
  const written = fieldOf(node, 'name')?.text ?? '';
  const name = written.slice(written.lastIndexOf(':') + 1);
  const body = fieldOf(node, 'body');
  const parts = body === undefined ? [] : partsOf(body);
  const parent = fieldOf(node, 'superclass');
  const supers = [...(parent === undefined ? [] : partsOf(parent)), ...parts.flatMap(included)].map(
    ({ text }) => text,
  );
  const known = file.classes.get(name);
  const scope: ClassScope = {
    name,
    methods: known?.methods ?? new Set(),
    constants: known?.constants ?? new Set(),
    hasParents: supers.length > 0,
    outer,
  };
  file.classes.set(name, scope);
  const members = new Members(scope, file);
  members.addAll(parts);
  const { fields, methods, classes } = members;
  return {
    kind: 'class',
    name,
    supers,
    annotations: [],
    fields,
    methods,
    classes,
    span: spanOf(node),
  };
}

/** `include Sidekiq::Job`, Sinatra's `helpers MarketHelpers` */
function included(node: Node): Node[] {
  const list = fieldOf(node, 'arguments');
  return /^(?:include|prepend|helpers)$/.test(callName(node) ?? '') && list !== undefined
    ? partsOf(list)
    : [];
}

/** The name of a call without a receiver. */
function callName(node: Node): string | undefined {
  return node.type === 'call' && fieldOf(node, 'receiver') === undefined
    ? fieldOf(node, 'method')?.text
    : undefined;
}

const visibilities = new Set([
  'private',
  'protected',
  'public',
  'private_class_method',
  'module_function',
]);
const readers = new Set(['attr_reader', 'attr_accessor']);

class Members {
  readonly fields: FieldNode[] = [];
  readonly methods: FunctionNode[] = [];
  readonly classes: ClassNode[] = [];
  #visibility: readonly string[] = [];

  constructor(
    readonly scope: ClassScope,
    readonly file: FileNames,
  ) {}

  addAll(parts: readonly Node[], annotations: readonly string[] = []): void {
    for (const part of parts) {
      this.#add(part, annotations);
    }
  }

  #add(node: Node, annotations: readonly string[]): void {
    switch (node.type) {
      case 'method':
        this.#method(node, [...this.#visibility, ...annotations]);
        break;
      case 'singleton_method':
        this.#method(node, ['static']);
        break;
      case 'singleton_class': {
        const body = fieldOf(node, 'body');
        this.addAll(body === undefined ? [] : partsOf(body), ['static']);
        break;
      }
      case 'class':
      case 'module':
        this.classes.push(classNode(node, this.scope, this.file));
        break;
      case 'identifier':
        if (visibilities.has(node.text)) {
          this.#visibility = node.text === 'public' ? [] : [node.text];
        }
        break;
      default:
        this.#statement(node, annotations);
    }
  }

  #method(node: Node, annotations: readonly string[]): void {
    const fn = functionNode(node, this.scope, this.file, annotations);
    this.methods.push(fn);
    this.scope.methods.add(fn.name);
    this.file.methods.add(fn.name);
  }

  /** A constant, a declaration of readers, `private def x`, or anything else that runs with the class. */
  #statement(node: Node, annotations: readonly string[]): void {
    const name = callName(node);
    const list = fieldOf(node, 'arguments');
    const args = list === undefined ? [] : partsOf(list);
    if (name !== undefined && visibilities.has(name)) {
      for (const part of args) {
        this.#add(part, [...annotations, name]);
      }
      return;
    }
    if (name !== undefined && readers.has(name)) {
      for (const part of args.filter(({ type }) => type === 'simple_symbol')) {
        this.#reader(part);
      }
      return;
    }
    this.fields.push(...this.#fields(node));
  }

  /** `attr_reader :stub` is a method that gives `@stub`. */
  #reader(symbol: Node): void {
    const name = symbol.text.slice(1);
    const span = spanOf(symbol);
    const value = memberOfSelf(`@${name}`, span);
    this.scope.methods.add(name);
    this.file.methods.add(name);
    this.methods.push({
      kind: 'function',
      name,
      self: 'self',
      parameters: [],
      annotations: ['private'],
      span,
      bodySpan: span,
      body: () => [{ kind: 'return', value, span }],
    });
  }

  #fields(node: Node): FieldNode[] {
    const names = new FunctionNames(undefined);
    const scope: MethodScope = { names, owner: this.scope, file: this.file };
    const left = /^(?:operator_)?assignment$/.test(node.type) ? fieldOf(node, 'left') : undefined;
    if (left?.type === 'constant') {
      this.scope.constants.add(left.text);
    }
    return new Statements(scope, false).lower(node).map((statement) => {
      const { span } = statement;
      const target = statement.kind === 'assign' ? statement.target : undefined;
      if (statement.kind === 'assign' && (target?.kind === 'name' || target?.kind === 'member')) {
        return field(target.name, statement.value, span);
      }
      return field('', { kind: 'statements', body: [statement], span }, span);
    });
  }
}

function field(name: string, value: Expression, span: Span): FieldNode {
  return { name, value, annotations: [], isStatic: true, span };
}
