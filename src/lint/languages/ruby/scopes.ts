import type { Node } from 'web-tree-sitter';
import type { Expression, Span, Statement } from '../../program/syntax';
import { FunctionNames } from '../shared/functionNames';

/** A class or module, by whose members a plain name can be meant inside it. */
export interface ClassScope {
  readonly name: string;
  readonly methods: Set<string>;
  readonly constants: Set<string>;
  /** Whether it extends or includes something, which may stand in this file. */
  readonly hasParents: boolean;
  readonly outer: ClassScope | undefined;
}

/** What the whole file defines. */
export class FileNames {
  readonly classes = new Map<string, ClassScope>();
  /** Of every class. */
  readonly methods = new Set<string>();
  /** Local variables of the file's own code, which methods don't see. */
  readonly variables = new FunctionNames(undefined);
}

/** Where an expression stands. */
export interface MethodScope {
  readonly names: FunctionNames;
  readonly owner: ClassScope | undefined;
  readonly file: FileNames;
}

/** Lowers statements; `tail` makes what they end with the value that is given back. */
export interface Bodies {
  block(node: Node | undefined, scope: MethodScope): Statement[];
  tail(node: Node | undefined, scope: MethodScope): Statement[];
}

const self = (at: number): Expression => ({
  kind: 'name',
  name: 'self',
  span: { from: at, to: at },
});

export function memberOfSelf(name: string, span: Span): Expression {
  return { kind: 'member', object: self(span.from), name, nameSpan: span, span };
}

/** What a method's name without a receiver stands for: a method of the object, or a function of the file. */
export function methodName(name: string, span: Span, { owner, file }: MethodScope): Expression {
  const isOwn =
    owner !== undefined &&
    (name === 'new' || owner.methods.has(name) || (owner.hasParents && file.methods.has(name)));
  return isOwn ? memberOfSelf(name, span) : { kind: 'name', name, span };
}

/** A constant, written with all that stands before it: one of this file's classes, of one of them, or a symbol. */
export function constantName(path: string, span: Span, { owner, file }: MethodScope): Expression {
  const parts = path.replace(/^::/, '').split('::');
  const last = parts.at(-1) ?? '';
  const before = parts.at(-2);
  if (before === undefined) {
    const around = holderOf(last, owner);
    return around === undefined
      ? { kind: 'name', name: last, span }
      : constantOf(around.name, last, span);
  }
  if (file.classes.get(before)?.constants.has(last) === true) {
    return constantOf(before, last, span);
  }
  const isOwn = parts.every((part) => file.classes.has(part));
  return { kind: 'name', name: isOwn ? last : parts.join('::'), span };
}

function holderOf(name: string, owner: ClassScope | undefined): ClassScope | undefined {
  for (let each = owner; each !== undefined; each = each.outer) {
    if (each.constants.has(name)) {
      return each;
    }
  }
  return undefined;
}

function constantOf(className: string, name: string, span: Span): Expression {
  const object: Expression = { kind: 'name', name: className, span };
  return { kind: 'member', object, name, nameSpan: span, span };
}
