import type { ClassNode, Expression, Program, Span } from '../../program/syntax';
import type { MemberNames, Surrounding } from '../shared/memberNames';

/** What lowering needs to know of the place that it is at. */
export interface Place {
  readonly file: LoweredFile;
  /** Variables in scope; a name that is none of them can be a member. */
  readonly names: MemberNames;
  /** The class around, and those around it. */
  readonly surrounding: Surrounding | undefined;
  /** `''` outside of classes. */
  readonly className: string;
  /** How the object is called here: `this` in its functions, the class's name in what initializes a field. */
  readonly self: string;
}

/** What is known of a file while its functions are lowered, one after the other, when they are asked for. */
export class LoweredFile {
  /** Anonymous and local classes, by the name that they have in the lowered program. */
  readonly localClasses = new Map<string, ClassNode>();
  /** Components of records, by class. */
  readonly records = new Map<string, ReadonlySet<string>>();
  /** Numbers of parameters of the methods, by class and name. */
  readonly #methods = new Map<string, Map<string, Set<number>>>();

  constructor(readonly text: string) {}

  sliceOf({ from, to }: Span): string {
    return this.text.slice(from, to);
  }

  /** The name of a method in the lowered program: that of the first of overloaded methods is the plain one. */
  addMethod(className: string, name: string, parameters: number): string {
    const methods = this.#methods.get(className) ?? new Map<string, Set<number>>();
    this.#methods.set(className, methods);
    const overloads = methods.get(name) ?? new Set();
    methods.set(name, overloads.add(parameters));
    return this.#isPlain(className, name, parameters) ? name : overloadName(name, parameters);
  }

  /** The name of the method that a call with so many arguments means. */
  methodFor(className: string, name: string, args: number): string {
    const overloads = this.#methods.get(className)?.get(name);
    const [first = args] = overloads ?? [];
    const parameters = overloads?.has(args) === true ? args : first;
    return overloads === undefined || this.#isPlain(className, name, parameters)
      ? name
      : overloadName(name, parameters);
  }

  /** Whether a call without arguments reads a component of a record. */
  isAccessor(className: string, name: string): boolean {
    const isComponent = this.records.get(className)?.has(name) === true;
    return isComponent && this.#methods.get(className)?.has(name) !== true;
  }

  #isPlain(className: string, name: string, parameters: number): boolean {
    const [first] = this.#methods.get(className)?.get(name) ?? [];
    return first === parameters;
  }
}

function overloadName(name: string, parameters: number): string {
  return `${name}/${parameters}`;
}

/**
 * Anonymous and local classes of a program. They are no declarations of the file, but an interceptor can be one
 * of them.
 */
const localClasses = new WeakMap<Program, ReadonlyMap<string, ClassNode>>();

export function keepLocalClasses(program: Program, file: LoweredFile): Program {
  localClasses.set(program, file.localClasses);
  return program;
}

/** The class of this name that stands in the file, wherever. */
export function classNamed(program: Program, name: string): ClassNode | undefined {
  const find = (classes: readonly ClassNode[]): ClassNode | undefined => {
    for (const node of classes) {
      const found = node.name === name ? node : find(node.classes);
      if (found !== undefined) {
        return found;
      }
    }
    return undefined;
  };
  const declared = program.declarations.filter((each): each is ClassNode => each.kind === 'class');
  return find(declared) ?? localClasses.get(program)?.get(name);
}

/** A dotted name as written, member by member: `java.time.Duration`. */
export function dotted(path: string, from: number): Expression {
  let at = from;
  let expression: Expression | undefined;
  for (const name of path.split('.')) {
    const nameSpan = { from: at, to: at + name.length };
    expression =
      expression === undefined
        ? { kind: 'name', name, span: nameSpan }
        : { kind: 'member', object: expression, name, nameSpan, span: { from, to: nameSpan.to } };
    at = nameSpan.to + 1;
  }
  return expression ?? { kind: 'other', parts: [], span: { from, to: from } };
}

/** Without type arguments and annotations: `Foo` of `@Nullable Foo<Bar>`. */
export function plainType(type: string): string {
  return type
    .replace(/@[\w.]+(?:\([^)]*\))?\s*/g, '')
    .replace(/<.*>/s, '')
    .replace(/\s+/g, '');
}
