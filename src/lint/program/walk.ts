import type { Fact } from '../facts';
import { bodyOf } from './bodies';
import { type Place, Scope, type State } from './environment';
import { Evaluation } from './evaluation';
import type { FactSink, FileScope } from './fileScope';
import type { OwnCall } from './givenArguments';
import { MadeDeadlines } from './madeDeadlines';
import type { ClosureBindings, FileFacts, HandlerKind, Scene } from './semantics';
import type {
  ClassNode,
  Expression,
  FieldNode,
  FunctionNode,
  Span,
  Statement,
  Target,
} from './syntax';
import { type Deadline, join, unknown, type Value } from './value';
import { Writes } from './writes';

export interface WalkStart {
  readonly fn: FunctionNode | undefined;
  readonly owner: ClassNode | undefined;
  readonly scope: Scope;
  readonly state: State;
  readonly sink: FactSink;
  /** The walk of the function around it. */
  readonly outer?: Walk;
  readonly handler?: HandlerKind | undefined;
  readonly loop?: Span | undefined;
}

/** Walks the statements of one function, with what is known of every place, and asks the adapter on the way. */
export class Walk implements Scene {
  readonly fn: FunctionNode | undefined;
  readonly owner: ClassNode | undefined;
  readonly state: State;
  readonly handler: HandlerKind | undefined;
  loop: Span | undefined;
  ambient: Deadline | undefined;
  statement: Span = { from: 0, to: 0 };
  readonly #start: WalkStart;
  readonly #evaluation: Evaluation;
  readonly #made: MadeDeadlines;
  #scope: Scope;
  #returned: Value | undefined;
  /** Whether facts are kept: not while a loop is walked for its effect only. */
  #isSilent = false;
  /** Where `break` and `continue` may have left the innermost loop. */
  #exits: State[] = [];
  #loops = 0;
  readonly #later: (() => void)[] = [];
  readonly #writes = new Writes();
  /** Calls of functions of this file. */
  readonly ownCalls: OwnCall[] = [];

  constructor(
    readonly shared: FileScope,
    start: WalkStart,
  ) {
    this.#start = start;
    this.fn = start.fn;
    this.owner = start.owner;
    this.state = start.state;
    this.#scope = start.scope;
    this.loop = start.loop;
    this.ambient = start.outer?.ambient;
    this.#made = start.outer === undefined ? new MadeDeadlines() : start.outer.#made;
    this.#isSilent = start.outer === undefined ? false : start.outer.#isSilent;
    this.handler =
      start.handler ??
      (this.fn === undefined
        ? undefined
        : (shared.semantics.handler(this.fn, this.owner, shared.file) ?? start.outer?.handler));
    this.#evaluation = new Evaluation(this);
  }

  get inLoop(): boolean {
    return this.loop !== undefined;
  }

  get file(): FileFacts {
    return this.shared.file;
  }

  report(fact: Fact): void {
    if (!this.#isSilent) {
      this.#start.sink.add(fact);
    }
  }

  /** Whether this is the file's own code, or that of a class outside its methods. */
  get #isModule(): boolean {
    return this.fn === undefined && this.#start.outer === undefined;
  }

  /** After the last statement: walks the functions that were defined on the way, and reports what was made for nothing. */
  finish(): void {
    for (const walk of this.#later) {
      walk();
    }
    for (const { span, what } of this.#made.unused()) {
      this.report({ kind: 'discarded', span, what });
    }
  }

  parameters(fn: FunctionNode, args?: readonly (Value | undefined)[]): void {
    for (const [at, { name, type, value, isRest }] of fn.parameters.entries()) {
      const given = isRest === true ? undefined : args?.[at];
      const typed = type === undefined ? undefined : this.shared.typed(type, 'parameter');
      const known = given !== undefined && given.kind !== 'unknown' ? given : typed;
      const byDefault =
        known ?? (value === undefined ? undefined : this.#evaluation.evaluate(value));
      const isTold = known !== undefined || byDefault?.kind === 'instance';
      this.state.set(this.#scope.declare(name), (isTold ? byDefault : undefined) ?? unknown);
    }
  }

  /** What is known of a parameter now. */
  parameter(name: string): Value | undefined {
    const place = this.#start.scope.own(name);
    return place === undefined ? undefined : this.state.get(place);
  }

  /** By name: what a closure knows without a parameter. */
  bind(names: Readonly<Record<string, Value>>): void {
    for (const [name, value] of Object.entries(names)) {
      this.state.set(this.#scope.declare(name), value);
    }
  }

  /** What its `return`s give; the last path falls off the end and gives nothing. */
  returned(): Value {
    return this.#returned ?? unknown;
  }

  /** Everything that was assigned to this field of the object. */
  writtenFields(name: string): Value[] {
    return this.#writes.toMember(name, (object) => this.#isSelf(object));
  }

  /** A field of an object of this file's classes, where it is made. */
  fill(className: string, name: string, value: Value): void {
    this.#writes.fill(className, name, value);
  }

  /** Everything that this field got in an object that was made here. */
  filledFields(className: string, field: string): Value[] {
    return [
      ...this.#writes.filled(className, field),
      ...this.#writes.toMember(field, (object) => this.#isObjectOf(className, object)),
    ];
  }

  #isObjectOf(className: string, expression: Expression): boolean {
    const value = this.#evaluation.evaluate(expression);
    return value.kind === 'object of' && value.className === className;
  }

  /** Everything that was assigned to this variable of the file. */
  written(name: string, scope: Scope): Value[] {
    const place = scope.own(name);
    return place === undefined ? [] : this.#writes.to(place);
  }

  #isSelf(expression: Expression): boolean {
    const value = this.#evaluation.evaluate(expression);
    return (
      value.kind === 'object of' &&
      (this.owner === undefined || value.className === this.owner.name)
    );
  }

  evaluate(expression: Expression): Value {
    return this.#evaluation.evaluate(expression);
  }

  /** The initializer of a field, walked for its facts. */
  field(field: FieldNode, owner: ClassNode): void {
    if (field.value !== undefined) {
      this.statement = field.span;
      const inside = new Walk(this.shared, {
        ...this.#start,
        owner,
        scope: new Scope(this.#scope),
        outer: this,
      });
      inside.statement = field.span;
      const value = inside.#evaluation.evaluate(field.value);
      this.shared.semantics.stored?.('field', field.name, value, field.value.span, this);
    }
  }

  statements(body: readonly Statement[]): void {
    for (const statement of body) {
      this.#statement(statement);
    }
  }

  block(body: readonly Statement[]): void {
    this.scoped(() => this.statements(body));
  }

  /** What is declared meanwhile is gone afterwards. */
  scoped(run: () => void): void {
    const outside = this.#scope;
    this.#scope = new Scope(outside);
    run();
    this.#scope = outside;
  }

  #statement(statement: Statement): void {
    const around = this.statement;
    this.statement = statement.span;
    this.#run(statement);
    this.statement = around;
  }

  #run(statement: Statement): void {
    switch (statement.kind) {
      case 'expression':
        this.#evaluation.quietly(statement.value);
        break;
      case 'assign':
        this.#assign(statement.target, statement.value, statement.declares);
        break;
      case 'declare': {
        const where = this.#isModule ? 'field' : 'variable';
        const typed =
          statement.type === undefined ? undefined : this.shared.typed(statement.type, where);
        this.state.set(
          this.#scope.declare(statement.name),
          typed ?? { kind: 'constant', value: null, span: statement.span },
        );
        break;
      }
      case 'if':
        this.#evaluation.evaluate(statement.condition);
        this.#branches([statement.then, statement.otherwise], true);
        break;
      case 'branches':
        if (statement.value !== undefined) {
          this.#evaluation.evaluate(statement.value);
        }
        this.#branches(statement.branches, statement.isExhaustive);
        break;
      case 'loop':
        this.#loop(statement);
        break;
      case 'try':
        this.#try(statement);
        break;
      case 'block':
        this.block(statement.body);
        break;
      case 'return':
        this.#return(statement.value);
        break;
      case 'leave':
        if (statement.value !== undefined) {
          this.#evaluation.evaluate(statement.value);
        }
        this.#exits.push(this.state.fork());
        this.state.reachable = false;
        break;
      case 'define':
        this.#define(statement.definition);
        break;
    }
  }

  #return(expression: Expression | undefined): void {
    const value = expression === undefined ? unknown : this.#evaluation.evaluate(expression);
    this.#returned = this.#returned === undefined ? value : join(this.#returned, value);
    this.state.reachable = false;
  }

  #branches(branches: readonly (readonly Statement[])[], isExhaustive: boolean): void {
    const before = this.state.fork();
    let after: State | undefined = isExhaustive ? undefined : before.fork();
    for (const branch of branches) {
      this.state.become(before);
      this.block(branch);
      if (after === undefined) {
        after = this.state.fork();
      } else {
        after.become(after.fork(), this.state);
      }
    }
    this.state.become(after ?? before);
  }

  #loop({ head, variables, body, span }: Extract<Statement, { kind: 'loop' }>): void {
    const values = head.map((expression) => this.#evaluation.evaluate(expression));
    const [over] = values;
    const outside = this.#scope;
    const { loop } = this;
    const exits = this.#exits;
    this.#scope = new Scope(outside);
    this.loop ??= span;
    this.#loops += 1;
    this.#exits = [];
    const element =
      over?.kind === 'list' && !over.isOpen && over.items.length > 0
        ? over.items.reduce(join)
        : unknown;
    for (const variable of variables) {
      this.assignTo(variable, variables.length === 1 ? element : unknown, true);
    }
    const before = this.state.fork();
    // The first time for what the body changes, so that the second time starts with it. In deep nests once is enough.
    if (this.#loops <= 3) {
      const isSilent = this.#isSilent;
      this.#isSilent = true;
      this.block(body);
      this.#isSilent = isSilent;
      this.#joinExits();
      this.state.become(before.fork(), this.state.fork());
      this.state.reachable = before.reachable;
    }
    const start = this.state.fork();
    this.block(body);
    this.#joinExits();
    this.state.become(start, this.state.fork());
    this.#exits = exits;
    this.#loops -= 1;
    this.loop = loop;
    this.#scope = outside;
  }

  #joinExits(): void {
    for (const exit of this.#exits.splice(0)) {
      this.state.become(this.state.fork(), exit);
    }
  }

  #try({ body, handlers, last }: Extract<Statement, { kind: 'try' }>): void {
    const before = this.state.fork();
    this.block(body);
    const after = this.state.fork();
    // Anything of the body may have run before it failed.
    const failed = before.fork();
    failed.mayBecome(after);
    failed.reachable = before.reachable;
    let end = after;
    for (const handler of handlers) {
      this.state.become(failed);
      this.block(handler);
      const joined = end.fork();
      joined.become(end, this.state.fork());
      end = joined;
    }
    this.state.become(end);
    if (last.length > 0) {
      const { reachable } = this.state;
      this.state.reachable = true;
      this.block(last);
      this.state.reachable &&= reachable;
    }
  }

  #define(definition: FunctionNode | ClassNode): void {
    if (definition.kind === 'class') {
      const value: Value = { kind: 'object of', className: definition.name };
      this.state.set(this.#scope.declare(definition.name), value);
      for (const method of definition.methods) {
        this.#later.push(() => this.closure(method, {}, undefined, definition));
      }
      return;
    }
    const scope = this.#scope;
    const place = scope.declare(definition.name);
    const compute = () => this.#resultOf(definition, scope);
    this.state.set(place, {
      kind: 'function',
      definition,
      get result() {
        return compute();
      },
    });
    // It may use what is only assigned below it.
    this.#later.push(() => this.closure(definition, {}, undefined, undefined, scope));
  }

  readonly #computing = new Set<FunctionNode>();

  #resultOf(fn: FunctionNode, scope: Scope): Value {
    if (this.#computing.has(fn)) {
      return unknown;
    }
    this.#computing.add(fn);
    const isSilent = this.#isSilent;
    this.#isSilent = true;
    const value = this.closure(fn, {}, undefined, undefined, scope);
    this.#isSilent = isSilent;
    this.#computing.delete(fn);
    return value;
  }

  /** Walks a function that stands in this one, and gives what it returns. */
  closure(
    fn: FunctionNode,
    bindings: ClosureBindings,
    handler?: HandlerKind,
    owner?: ClassNode,
    scope = this.#scope,
  ): Value {
    const state = this.state.fork();
    state.reachable = true;
    const inner = new Walk(this.shared, {
      fn,
      owner: owner ?? this.owner,
      scope: new Scope(scope),
      state,
      sink: this.#start.sink,
      outer: this,
      loop: this.loop ?? (bindings.isLoop === true ? fn.span : undefined),
      ...(handler === undefined ? {} : { handler }),
    });
    inner.parameters(fn, bindings.positional);
    inner.bind(bindings.named ?? {});
    inner.statements(bodyOf(fn));
    for (const walk of inner.#later) {
      walk();
    }
    this.#writes.addAll(inner.#writes);
    this.ownCalls.push(...inner.ownCalls);
    this.state.mayBecome(inner.state);
    return inner.returned();
  }

  #assign(target: Target, expression: Expression, declares: boolean): void {
    const value =
      target.kind === 'name' || target.kind === 'ignored' || target.kind === 'list'
        ? this.#evaluation.quietly(expression)
        : this.#evaluation.evaluate(expression);
    this.assignTo(target, value, declares);
  }

  assignTo(target: Target, value: Value, declares: boolean): void {
    switch (target.kind) {
      case 'name':
        this.#assignName(target, value, declares);
        break;
      case 'member':
        this.use(value);
        this.#assignMember(target, value);
        break;
      case 'list':
        for (const [at, item] of target.items.entries()) {
          this.assignTo(item, elementOf(value, at), declares);
        }
        break;
      case 'object':
        for (const { key, target: inner } of target.entries) {
          this.assignTo(
            inner,
            this.#evaluation.memberOf(value, key, inner.span) ?? unknown,
            declares,
          );
        }
        break;
      case 'ignored':
        for (const part of target.parts) {
          this.#evaluation.evaluate(part);
        }
        break;
    }
  }

  #assignName(target: Extract<Target, { kind: 'name' }>, value: Value, declares: boolean): void {
    const found = declares ? undefined : this.#scope.find(target.name);
    const place = found ?? (declares ? this.#scope : this.#functionScope()).declare(target.name);
    const typed =
      value.kind === 'unknown' && target.type !== undefined
        ? this.shared.typed(target.type, this.#isModule ? 'field' : 'variable')
        : undefined;
    const known = typed ?? value;
    this.state.set(place, known);
    this.#writes.add(target, place, known);
    if (this.shared.isModulePlace(target.name, place)) {
      this.shared.semantics.stored?.('module', target.name, known, target.span, this);
    }
  }

  #assignMember(target: Extract<Target, { kind: 'member' }>, value: Value): void {
    const object = this.#evaluation.evaluate(target.object);
    this.#writes.add(target, undefined, value);
    if (object.kind === 'object of') {
      this.shared.semantics.stored?.('field', target.name, value, target.span, this);
    }
    const changed =
      object.kind === 'object'
        ? {
            ...object,
            entries: new Map([
              ...object.entries,
              [target.name, { value, keySpan: target.span, span: target.span }] as const,
            ]),
          }
        : this.shared.semantics.assignMember?.(object, target.name, value, target.span, this);
    const place = this.place(target.object);
    if (place === undefined) {
      return;
    }
    if (changed !== undefined) {
      this.state.set(place, changed);
    } else {
      this.state.set(`${place}.${target.name}`, value);
    }
  }

  #functionScope(): Scope {
    return this.#start.scope;
  }

  /** Where the value of this expression is kept, if it is a variable or a member of one. */
  place(expression: Expression): Place | undefined {
    switch (expression.kind) {
      case 'name':
        return expression.name === this.selfName ? 'this' : this.#scope.find(expression.name);
      case 'member': {
        const object = this.place(expression.object);
        return object === undefined ? undefined : `${object}.${expression.name}`;
      }
      case 'same':
        return this.place(expression.value);
      case 'unary':
        return expression.operator === '&' || expression.operator === '*'
          ? this.place(expression.value)
          : undefined;
      default:
        return undefined;
    }
  }

  /** The name by which the object of the innermost method is known. */
  get selfName(): string | undefined {
    return this.fn?.self ?? this.#start.outer?.selfName;
  }

  /** The class whose object `self` is. */
  get selfClass(): string | undefined {
    return this.fn?.owner ?? this.owner?.name ?? this.#start.outer?.selfClass;
  }

  /** What a name stands for here. */
  lookup(name: string): Value {
    const place = this.#scope.find(name);
    const value = place === undefined ? undefined : this.state.get(place);
    if (place !== undefined && this.shared.isModulePlace(name, place)) {
      const known = value ?? this.shared.moduleValue(place);
      return this.shared.variable(name, known) ?? this.shared.lookup(name);
    }
    if (value !== undefined) {
      return value;
    }
    if (place !== undefined) {
      return unknown;
    }
    if (name === this.selfName && this.selfClass !== undefined) {
      return { kind: 'object of', className: this.selfClass };
    }
    const known = this.shared.lookup(name);
    return known.kind === 'unknown' && this.owner !== undefined
      ? (this.shared.implicitMember(this.owner, name) ?? known)
      : known;
  }

  /** Remembers what was made to give a deadline. */
  madeBy(value: Value): void {
    this.#made.add(value);
  }

  /** Somebody looks at it. */
  use(value: Value): void {
    this.#made.use(value);
  }
}

function elementOf(value: Value, at: number): Value {
  if (value.kind === 'either') {
    return value.options.map((option) => elementOf(option, at)).reduce(join);
  }
  if (value.kind === 'tuple') {
    return value.items[at] ?? unknown;
  }
  if (value.kind === 'list' && !value.isOpen) {
    return value.items[at] ?? unknown;
  }
  return unknown;
}
