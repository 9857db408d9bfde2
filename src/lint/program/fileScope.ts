import { escapePattern } from '../escapePattern';
import type { Fact } from '../facts';
import { lastPart, typeName } from '../index/exports';
import { bodyOf } from './bodies';
import { type Place, Scope, State } from './environment';
import { givenArguments } from './givenArguments';
import { type Answer, Grounds, Inquiry } from './inquiry';
import { OtherFiles } from './otherFiles';
import type { FileFacts, Semantics } from './semantics';
import type { ClassNode, FieldNode, FunctionNode } from './syntax';
import { alternatives, join, unknown, type Value } from './value';
import { Walk } from './walk';
import { callersOf, makersOf, Writers } from './writers';

/** What a walk gives its facts to. */
export interface FactSink {
  add(fact: Fact): void;
}

const nowhere: FactSink = { add: () => {} };

/** The same name has the same place, however often the file's statements are walked. */
class FileNames extends Scope {
  override declare(name: string): Place {
    return this.own(name) ?? super.declare(name);
  }
}

/** What the functions of a file share: its variables, functions, classes and their fields. */
export class FileScope {
  readonly others: OtherFiles;
  readonly #inquiry = new Inquiry();
  readonly #writers: Writers;
  readonly #classes = new Map<string, ClassNode>();
  readonly #functions = new Map<string, FunctionNode>();
  /** Methods by `Class.method`; also Go's and Rust's, which stand outside. */
  readonly #methods = new Map<string, FunctionNode>();
  /** Walks of functions for what they give to fields and variables of the file. */
  readonly #walks = new Map<FunctionNode, Answer<Walk>>();
  /** The class that a function of the file stands in. */
  readonly #owners = new Map<FunctionNode, ClassNode | undefined>();
  readonly #imports = new Map<string, string>();
  readonly #results = new Map<FunctionNode, Answer<Value>>();
  readonly #assigned = new Map<string, Answer<Value>>();
  readonly #moduleScope = new FileNames(undefined);
  #moduleState: State | undefined;
  /** The walk that left it. */
  #moduleWalk: Walk | undefined;
  /** What functions know that the file's statements call before all of them have run. */
  #unfinished: State | undefined;
  readonly #moduleGrounds = new Grounds();

  constructor(
    readonly file: FileFacts,
    readonly semantics: Semantics,
  ) {
    for (const { name, path } of file.program.imports) {
      this.#imports.set(name, path);
    }
    for (const declaration of file.program.declarations) {
      if (declaration.kind === 'class') {
        this.#addClass(declaration);
      } else if (declaration.kind === 'function') {
        this.#addFunction(declaration);
      }
    }
    this.#writers = new Writers(file.text, [
      ...this.#functions.values(),
      ...this.#methods.values(),
    ]);
    this.others = new OtherFiles(file);
  }

  #addClass(node: ClassNode): void {
    this.#classes.set(node.name, node);
    for (const method of node.methods) {
      this.#methods.set(`${node.name}.${method.name}`, method);
      this.#owners.set(method, node);
    }
    for (const inner of node.classes) {
      this.#addClass(inner);
    }
  }

  #addFunction(fn: FunctionNode): void {
    this.#owners.set(fn, undefined);
    if (fn.owner === undefined) {
      this.#functions.set(fn.name, fn);
    } else {
      this.#methods.set(`${fn.owner}.${fn.name}`, fn);
    }
  }

  /** The walk of what runs when the file is loaded. */
  moduleWalk(sink: FactSink): Walk {
    const walk = new Walk(this, {
      fn: undefined,
      owner: undefined,
      scope: this.#moduleScope,
      state: new State(),
      sink,
    });
    this.#unfinished ??= walk.state;
    const { grounds } = this.#inquiry.grounded(() => {
      walk.statements(
        this.file.program.declarations.flatMap((declaration) =>
          declaration.kind === 'statement' ? [declaration.statement] : [],
        ),
      );
      for (const node of this.#classes.values()) {
        for (const field of node.fields) {
          walk.field(field, node);
        }
      }
    });
    this.#moduleState ??= walk.state;
    this.#moduleWalk ??= walk;
    this.#moduleGrounds.add(grounds);
    return walk;
  }

  functionWalk(
    fn: FunctionNode,
    owner: ClassNode | undefined,
    sink: FactSink,
    args?: readonly Value[],
  ): Walk {
    // The names of the file are known once its statements have been walked.
    this.#module();
    const walk = new Walk(this, {
      fn,
      owner: owner ?? this.#classes.get(fn.owner ?? ''),
      scope: new Scope(this.#moduleScope),
      state: new State(),
      sink,
    });
    walk.parameters(fn, args);
    walk.statements(bodyOf(fn));
    return walk;
  }

  /** The walk of a function for what it does. It gets what all calls of it in this file give, where no type says more. */
  unitWalk(fn: FunctionNode, owner: ClassNode | undefined, sink: FactSink): Walk {
    return this.functionWalk(fn, owner, sink, this.#given(fn, owner));
  }

  #given(fn: FunctionNode, owner: ClassNode | undefined): readonly Value[] | undefined {
    if (owner !== undefined || fn.owner !== undefined || !this.#callsThroughParameter(fn)) {
      return undefined;
    }
    const key = callersOf(fn.name);
    this.#inquiry.grounds.names.add(key);
    this.#module();
    this.#inquiry.grounds.add(this.#moduleGrounds);
    const callers = this.writers(key).filter((caller) => caller !== fn);
    return givenArguments(fn, [
      ...(this.#moduleWalk?.ownCalls ?? []),
      ...callers.flatMap((caller) => this.#walkOf(caller)?.ownCalls ?? []),
    ]);
  }

  /** Whether an RPC's name is called on a parameter of which the function itself says nothing. */
  #callsThroughParameter({ parameters, bodySpan }: FunctionNode): boolean {
    const { text, index } = this.file;
    const names = parameters.flatMap(({ name, type }) => (type === undefined ? [name] : []));
    if (names.length === 0) {
      return false;
    }
    const called = new RegExp(
      `(?<![\\w$.])(?:${names.map(escapePattern).join('|')})\\.(\\w+)`,
      'g',
    );
    const body = text.slice(bodySpan.from, bodySpan.to);
    return [...body.matchAll(called)].some(([, method = '']) => index.rpcs(method).length > 0);
  }

  #module(): State {
    if (this.#moduleState === undefined) {
      if (this.#inquiry.isOpen(this)) {
        return this.#unfinished ?? new State();
      }
      this.#unfinished = undefined;
      this.#inquiry.guarded(this, () => this.moduleWalk(nowhere).finish());
      // On the way, functions that the file's statements call did not know what is assigned below.
      this.#results.clear();
      this.#assigned.clear();
      this.#walks.clear();
    }
    return this.#moduleState ?? new State();
  }

  /** A name that no block binds. */
  lookup(name: string): Value {
    const fn = this.#functions.get(name);
    if (fn !== undefined) {
      return this.#functionValue(fn);
    }
    if (this.#classes.has(name)) {
      return { kind: 'object of', className: name };
    }
    const path = this.#imports.get(name);
    if (path !== undefined) {
      return { kind: 'symbol', path };
    }
    const known = this.semantics.global?.(name, this.file) ?? unknown;
    return known.kind === 'unknown' ? (this.others.neighbour(name) ?? known) : known;
  }

  /** What a declared type says: a stub and the like, or an object of a class here or in another file. */
  typed(type: string, place: 'parameter' | 'field' | 'variable' | 'result'): Value | undefined {
    const known = this.semantics.typed(type, place, this.file);
    const className = known === undefined ? typeName(type) : undefined;
    if (className === undefined) {
      return known;
    }
    return this.#classes.has(className)
      ? { kind: 'object of', className }
      : this.others.object(className);
  }

  /** Names of the file's variables. */
  variables(): readonly string[] {
    this.#module();
    return this.#moduleScope.names();
  }

  /** What one of the file's variables holds for everybody. */
  valueOf(name: string): Value {
    const place = this.#moduleScope.own(name);
    return (
      (place === undefined ? undefined : this.variable(name, this.moduleValue(place))) ?? unknown
    );
  }

  /** Whether the function stands in the file itself or in a class, not in another function. */
  owns(fn: FunctionNode): boolean {
    return this.#owners.has(fn);
  }

  /** A field or method of an object of this file's classes; undefined when it has neither. */
  memberOf(className: string, name: string, isCalled = false): Value | undefined {
    const node = this.#classes.get(className);
    const method = this.#methods.get(`${className}.${name}`);
    // A field and a method may have the same name.
    if (method !== undefined && (isCalled || !node?.fields.some((field) => field.name === name))) {
      return this.#functionValue(method);
    }
    const value = this.#fieldValue(className, node, name);
    if (value !== undefined) {
      return value;
    }
    const inherited = this.#inherited(node, name, isCalled);
    if (inherited !== undefined) {
      return inherited;
    }
    if (this.#classes.has(name)) {
      return { kind: 'object of', className: name };
    }
    return this.others.member(className, name, isCalled);
  }

  /** What the classes that a class extends, here or in other files, hand down. */
  #inherited(node: ClassNode | undefined, name: string, isCalled: boolean): Value | undefined {
    for (const parent of node?.supers ?? []) {
      const value = this.#classes.has(parent)
        ? parent !== node?.name && this.memberOf(parent, name, isCalled)
        : this.others.member(lastPart(parent), name, isCalled);
      if (value) {
        return value;
      }
    }
    return undefined;
  }

  /** A name without an object that the class around it, or one that this extends, declares. */
  implicitMember(node: ClassNode, name: string): Value | undefined {
    return this.semantics.hasImplicitSelf === true ? this.#inherited(node, name, false) : undefined;
  }

  /** What its initializer and the class's methods give a field; its declared type where these say nothing. */
  #fieldValue(className: string, node: ClassNode | undefined, name: string): Value | undefined {
    const key = `${className}.${name}`;
    return this.#inquiry.answer(this.#assigned, key, () => {
      const field = node?.fields.find((candidate) => candidate.name === name);
      const values = [
        ...this.#initial(field, node),
        ...this.#assignments(
          name,
          (fn) => fn.owner === className || node?.methods.includes(fn) === true,
        ),
        ...this.#filled(className, node, name),
      ];
      return this.#settle(values, field?.type);
    });
  }

  /** What functions that have no object yet give a field where they make it: Go's `New…`, Rust's `new`. */
  #filled(className: string, node: ClassNode | undefined, name: string): Value[] {
    const keys = [
      makersOf(className),
      ...(node?.takesFields === true ? [callersOf(className)] : []),
    ];
    const makers = keys.flatMap((key) => {
      this.#inquiry.grounds.names.add(key);
      return this.writers(key);
    });
    return [...new Set(makers)].flatMap((fn) => {
      const isOwn = fn.owner === className || node?.methods.includes(fn) === true;
      if (isOwn && fn.self !== undefined) {
        return [];
      }
      return this.#walkOf(fn)?.filledFields(className, name) ?? [];
    });
  }

  /**
   * The fields that a class takes in this order when an object of it is made, where nothing but its fields say
   * so: dataclasses. Empty for any other class.
   */
  fieldsTaken(className: string): readonly string[] {
    const node = this.#classes.get(className);
    return node?.takesFields === true
      ? node.fields.filter(({ type }) => type !== undefined).map(({ name }) => name)
      : [];
  }

  /** Undefined in a circle. */
  #walkOf(fn: FunctionNode): Walk | undefined {
    this.#inquiry.grounds.functions.add(fn);
    return this.#inquiry.answer(this.#walks, fn, () =>
      this.functionWalk(fn, this.#owners.get(fn), nowhere),
    );
  }

  /** What functions and branches give to a variable of the file that has no value of its own. */
  variable(name: string, own: Value | undefined): Value | undefined {
    if (own !== undefined && !isNothing(own)) {
      return own;
    }
    const key = `var ${name}`;
    return this.#inquiry.answer(
      this.#assigned,
      key,
      () =>
        this.#settle(
          [
            // What only some ways through the file's statements assign: `if __name__ == "__main__":`.
            ...(this.#moduleWalk?.written(name, this.#moduleScope) ?? []),
            ...this.#assignments(name, () => true, true),
          ],
          undefined,
        ) ?? own,
    );
  }

  /** What the file's own statements leave in one of its variables. */
  moduleValue(place: Place): Value | undefined {
    const state = this.#module();
    this.#inquiry.grounds.add(this.#moduleGrounds);
    return state.get(place);
  }

  isModulePlace(name: string, place: Place): boolean {
    return this.#moduleScope.own(name) === place;
  }

  #initial(field: FieldNode | undefined, node: ClassNode | undefined): Value[] {
    if (field?.value === undefined) {
      return [];
    }
    const walk = new Walk(this, {
      fn: undefined,
      owner: node,
      scope: this.#moduleScope,
      state: new State(),
      sink: nowhere,
    });
    return [walk.evaluate(field.value)];
  }

  #assignments(name: string, belongs: (fn: FunctionNode) => boolean, isVariable = false): Value[] {
    this.#inquiry.grounds.names.add(name);
    return this.writers(name)
      .filter(belongs)
      .flatMap((fn) => {
        const walk = this.#walkOf(fn);
        return (
          (isVariable ? walk?.written(name, this.#moduleScope) : walk?.writtenFields(name)) ?? []
        );
      });
  }

  /** Functions in whose text something seems to be assigned to this name: see `Writers`. */
  writers(name: string): readonly FunctionNode[] {
    return this.#writers.of(name);
  }

  #settle(values: readonly Value[], type: string | undefined): Value | undefined {
    const typed = (place: 'field' | 'result') =>
      type === undefined ? undefined : this.typed(type, place);
    const said = values
      .flatMap(alternatives)
      .filter((value) => !isNothing(value))
      .map((value) => (value.kind === 'unknown' ? (typed('result') ?? value) : kept(value)));
    return said.length === 0 ? typed('field') : said.reduce(join);
  }

  #functionValue(definition: FunctionNode): Value {
    const result = () => this.resultOf(definition);
    return {
      kind: 'function',
      definition,
      get result() {
        return result();
      },
    };
  }

  /**
   * What a call of a function of this file gives. `args` are what it is called with, where they matter: the
   * result is then that of this call.
   */
  resultOf(fn: FunctionNode, args?: readonly Value[]): Value {
    this.#inquiry.grounds.functions.add(fn);
    const known = args === undefined ? this.#results.get(fn) : undefined;
    if (known === undefined && (this.#inquiry.isOpen(fn) || this.#inquiry.isTooDeep)) {
      return this.#typedResult(fn);
    }
    // Else the file's statements, walked for the sake of this function, could not call it.
    this.#module();
    const compute = (): Value => {
      const walk = this.functionWalk(fn, this.#owners.get(fn), nowhere, args);
      const returned = walk.returned();
      return returned.kind === 'unknown' ? this.#typedResult(fn) : kept(returned);
    };
    return args === undefined
      ? (this.#inquiry.answer(this.#results, fn, compute) ?? unknown)
      : this.#inquiry.guarded(fn, compute);
  }

  /** What a call leaves in the arguments that stand for parameters which are references. */
  parametersAfter(fn: FunctionNode, args: readonly Value[]): readonly (Value | undefined)[] {
    this.#inquiry.grounds.functions.add(fn);
    if (this.#inquiry.isOpen(fn) || this.#inquiry.isTooDeep) {
      return [];
    }
    const walk = this.#inquiry.guarded(fn, () =>
      this.functionWalk(fn, this.#owners.get(fn), nowhere, args),
    );
    return fn.parameters.map(({ name, isReference }) => {
      const value = isReference === true ? walk.parameter(name) : undefined;
      return value?.kind === 'instance' ? kept(value) : undefined;
    });
  }

  #typedResult({ returnType }: FunctionNode): Value {
    const typed = returnType === undefined ? undefined : this.typed(returnType, 'result');
    return typed ?? unknown;
  }

  /** What the answers since then rest on, from now on for another unit. */
  startUnit(): Grounds {
    this.#inquiry.grounds = new Grounds();
    return this.#inquiry.grounds;
  }
}

/** Over the end of a function nobody asks any more whether it was used. */
function kept(value: Value): Value {
  if (value.kind === 'instance' && value.made !== undefined) {
    const { made: _, alsoMade: __, ...rest } = value;
    return rest;
  }
  if (value.kind === 'tuple') {
    return { kind: 'tuple', items: value.items.map(kept) };
  }
  return value;
}

/** `null` says only that the value comes later. */
function isNothing(value: Value): boolean {
  return value.kind === 'constant' && value.value === null;
}
