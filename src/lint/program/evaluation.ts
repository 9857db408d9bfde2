import type { ClosureBindings, Site, SiteArgument } from './semantics';
import type { Argument, Call, Expression, Member, ObjectLiteral } from './syntax';
import {
  alternatives,
  bestDeadline,
  type Entry,
  join,
  type ObjectValue,
  unknown,
  type Value,
} from './value';
import { handy } from './valueSize';
import type { Walk } from './walk';

/** A call before its arguments have been evaluated. */
type CallParts = Pick<Site, 'call' | 'callee' | 'receiver' | 'method'>;

/** Methods whose closure runs for each element, in the languages' own libraries. */
const iterators = new Set([
  'forEach',
  'forEachIndexed',
  'map',
  'mapNotNull',
  'mapAsync',
  'flatMap',
  'filter',
  'each',
  'each_with_index',
  'each_slice',
  'times',
  'upto',
  'collect',
  'repeat',
  'for_each',
  'ForEach',
  'ForEachAsync',
  'Select',
]);

/** Source that is nested deeper is not written by people. */
const deepest = 400;

/** Gives expressions their values, and tells the adapter of every call. */
export class Evaluation {
  readonly #walk: Walk;
  #depth = 0;

  constructor(walk: Walk) {
    this.#walk = walk;
  }

  /** The value of an expression whose value is used. */
  evaluate(expression: Expression): Value {
    const value = this.quietly(expression);
    this.#walk.use(value);
    return value;
  }

  /** The value of an expression, when it isn't decided yet whether anybody uses it. */
  quietly(expression: Expression): Value {
    if (this.#depth > deepest) {
      return unknown;
    }
    this.#depth += 1;
    const value = handy(this.#value(expression));
    this.#depth -= 1;
    return value;
  }

  #value(expression: Expression): Value {
    switch (expression.kind) {
      case 'name': {
        const value = this.#walk.lookup(expression.name);
        this.#walk.use(value);
        return value.kind === 'symbol' ? this.#symbol(value.path) : value;
      }
      case 'member':
        return this.#member(expression);
      case 'call':
        return this.#call(expression);
      case 'literal': {
        const { value, span, plainFrom } = expression;
        return { kind: 'constant', value, span, ...(plainFrom === undefined ? {} : { plainFrom }) };
      }
      case 'object':
        return this.#object(expression);
      case 'list':
        return {
          kind: 'list',
          items: expression.items.map((item) => this.evaluate(item)),
          isOpen: false,
        };
      case 'closure':
        return this.#closure(expression.definition, {});
      case 'choice':
        return this.#choice(expression);
      case 'binary':
        return this.#binary(expression);
      case 'unary':
        return this.#unary(expression);
      case 'same':
        return this.quietly(expression.value);
      case 'assignment': {
        const value = this.evaluate(expression.value);
        this.#walk.assignTo(expression.target, value, false);
        return value;
      }
      case 'statements':
        return this.#statements(expression);
      case 'other':
        for (const part of expression.parts) {
          this.evaluate(part);
        }
        return unknown;
    }
  }

  #statements({ body }: Extract<Expression, { kind: 'statements' }>): Value {
    const last = body.at(-1);
    if (last?.kind !== 'expression') {
      this.#walk.block(body);
      return unknown;
    }
    let value: Value = unknown;
    this.#walk.scoped(() => {
      this.#walk.statements(body.slice(0, -1));
      value = this.quietly(last.value);
    });
    return value;
  }

  #choice({ condition, options }: Extract<Expression, { kind: 'choice' }>): Value {
    if (condition !== undefined) {
      this.evaluate(condition);
    }
    const values = options.map((option) => this.quietly(option));
    const [first = unknown, ...rest] = values;
    if (condition !== undefined) {
      return values.reduce(join, first);
    }
    // `a || b`: with nothing known of `a`, it is `a` that decides.
    const certain = present(first);
    return certain === undefined
      ? rest.reduce(join, rest[0] ?? unknown)
      : first.kind === 'unknown'
        ? first
        : certain;
  }

  #unary({ operator, value, span }: Extract<Expression, { kind: 'unary' }>): Value {
    const inner = this.quietly(value);
    if (operator === '-' && inner.kind === 'constant' && typeof inner.value === 'number') {
      return { kind: 'constant', value: -inner.value, span };
    }
    if (operator === '-' && inner.kind === 'duration') {
      return { ...inner, milliseconds: -inner.milliseconds, span };
    }
    return operator === '&' || operator === '*' ? inner : unknown;
  }

  #binary({ operator, left, right, span }: Extract<Expression, { kind: 'binary' }>): Value {
    const a = this.evaluate(left);
    const b = this.evaluate(right);
    const known = arithmetic(operator, a, b, span);
    return (
      known ?? this.#walk.shared.semantics.binary?.(operator, a, b, span, this.#walk) ?? unknown
    );
  }

  /** `about`: the call whose argument it is. */
  #object(expression: ObjectLiteral, about?: CallParts): Value {
    const value = this.#entries(expression, about);
    const made = this.#walk.shared.semantics.literal?.(value, expression, this.#walk) ?? value;
    if (made.kind === 'object of') {
      for (const [name, entry] of value.entries) {
        this.#walk.fill(made.className, name, entry.value);
      }
    }
    return made;
  }

  #entries(expression: ObjectLiteral, about?: CallParts): ObjectValue {
    const type = expression.type === undefined ? unknown : this.evaluate(expression.type);
    const entries = new Map<string, Entry>();
    let isOpen = expression.isOpen;
    for (const spread of expression.spreads) {
      const value = present(this.evaluate(spread)) ?? unknown;
      if (value.kind === 'object') {
        for (const [key, entry] of value.entries) {
          entries.set(key, entry);
        }
      }
      isOpen ||= value.kind !== 'object' || value.isOpen;
    }
    for (const { key, keySpan, value } of expression.entries) {
      const held =
        value.kind === 'closure' && about !== undefined
          ? this.#closure(value.definition, this.#said(value.definition, about) ?? {})
          : this.evaluate(value);
      entries.set(key, { value: held, keySpan, span: value.span });
    }
    return {
      kind: 'object',
      ...(type.kind === 'symbol' ? { type: type.path } : {}),
      entries,
      isOpen,
      span: expression.span,
    };
  }

  #member(expression: Member): Value {
    const { object, name, nameSpan } = expression;
    const known = this.#assigned(expression);
    const receiver = this.evaluate(object);
    if (known !== undefined) {
      this.#walk.use(known);
      return known;
    }
    return this.memberOf(receiver, name, nameSpan) ?? unknown;
  }

  /** What this function has assigned to the member. */
  #assigned(expression: Member): Value | undefined {
    const { state } = this.#walk;
    const place = state.knowsMembers ? this.#walk.place(expression) : undefined;
    return place === undefined ? undefined : state.get(place);
  }

  /** A member of a value; undefined when nothing says what it is. */
  memberOf(
    object: Value,
    name: string,
    span: { from: number; to: number },
    isCalled = false,
  ): Value | undefined {
    const certain = present(object) ?? unknown;
    if (certain.kind === 'either') {
      return certain.options
        .map((option) => this.memberOf(option, name, span, isCalled) ?? unknown)
        .reduce(join);
    }
    if (certain.kind === 'object') {
      return certain.entries.get(name)?.value;
    }
    if (certain.kind === 'object of') {
      const member = this.#walk.shared.memberOf(certain.className, name, isCalled);
      if (member !== undefined) {
        return member;
      }
    }
    const said = this.#walk.shared.semantics.member?.(certain, name, span, this.#walk);
    if (said !== undefined) {
      return said;
    }
    return certain.kind === 'symbol' ? this.#symbol(`${certain.path}.${name}`) : undefined;
  }

  /** What another file says that it is, or the symbol itself. */
  #symbol(path: string): Value {
    return this.#walk.shared.others.symbol(path) ?? { kind: 'symbol', path };
  }

  #closure(
    definition: Extract<Expression, { kind: 'closure' }>['definition'],
    bindings: ClosureBindings,
  ): Value {
    const result = this.#walk.closure(definition, bindings, bindings.handler);
    return { kind: 'function', definition, result };
  }

  #call(call: Call): Value {
    const walk = this.#walk;
    const target = call.callee.kind === 'same' ? call.callee.value : call.callee;
    const isMember = target.kind === 'member';
    const receiver = isMember ? (present(this.evaluate(target.object)) ?? unknown) : undefined;
    const callee = isMember
      ? this.#calleeMember(target, receiver ?? unknown)
      : this.evaluate(target);
    const method = isMember ? target.name : target.kind === 'name' ? target.name : '';
    const about = { call, callee, method, ...(receiver === undefined ? {} : { receiver }) };

    const { ambient } = walk;
    const bounds = walk.shared.semantics.bounds?.(about, walk);
    if (bounds !== undefined) {
      walk.ambient = ambient === undefined ? bounds : bestDeadline(ambient, bounds);
    }
    const args = call.arguments.map((argument) => this.#argument(argument, about));
    walk.ambient = ambient;
    const initializer =
      call.initializer === undefined ? undefined : this.#entries(call.initializer);

    const own = this.#ownResult(callee, args);
    if (own !== undefined) {
      this.#changeArguments(call, this.#afterOwnCall(callee, args));
      return own;
    }
    const site: Site = {
      ...about,
      nameSpan: isMember ? target.nameSpan : target.span,
      arguments: args,
      ...(initializer === undefined ? {} : { initializer }),
    };
    const outcome = walk.shared.semantics.call(site, walk);
    if (outcome.receiver !== undefined && isMember) {
      const place = walk.place(target.object);
      if (place !== undefined) {
        walk.state.set(place, outcome.receiver);
      }
    }
    this.#changeArguments(call, outcome.arguments ?? []);
    walk.madeBy(outcome.value);
    const made =
      outcome.value.kind === 'unknown' && callee.kind === 'symbol'
        ? walk.shared.others.object(callee.path)
        : undefined;
    return made ?? outcome.value;
  }

  #changeArguments({ arguments: args }: Call, values: readonly (Value | undefined)[]): void {
    for (const [at, value] of values.entries()) {
      const argument = args[at]?.value;
      const place = argument === undefined ? undefined : this.#walk.place(argument);
      if (place !== undefined && value !== undefined) {
        this.#walk.state.set(place, value);
      }
    }
  }

  /** What a function of this file leaves in the arguments that it can change. */
  #afterOwnCall(callee: Value, args: readonly SiteArgument[]): readonly (Value | undefined)[] {
    if (callee.kind !== 'function') {
      return [];
    }
    const { definition } = callee;
    const { shared } = this.#walk;
    const isChanged = args.some(
      ({ value }, at) =>
        value.kind === 'instance' && definition.parameters[at]?.isReference === true,
    );
    return isChanged && shared.owns(definition)
      ? shared.parametersAfter(
          definition,
          args.map(({ value }) => value),
        )
      : [];
  }

  #calleeMember(target: Member, receiver: Value): Value {
    const known = this.#assigned(target);
    return known ?? this.memberOf(receiver, target.name, target.nameSpan, true) ?? unknown;
  }

  /** What a function or class of this file gives; undefined for everything else. */
  #ownResult(callee: Value, args: readonly SiteArgument[]): Value | undefined {
    if (callee.kind === 'object of') {
      this.#fillFields(callee.className, args);
      return callee;
    }
    if (callee.kind !== 'function') {
      return undefined;
    }
    const { definition } = callee;
    this.#walk.ownCalls.push({ definition, arguments: args });
    const positional = args.every(({ name, spread }) => name === undefined && spread === undefined);
    const isTelling = args.some(({ value }) =>
      alternatives(value).some(({ kind }) => kind === 'instance' || kind === 'object'),
    );
    return positional && isTelling && this.#walk.shared.owns(definition)
      ? this.#walk.shared.resultOf(
          definition,
          args.map(({ value }) => value),
        )
      : callee.result;
  }

  /** `Upstreams(listings=stub)` of a class that takes its fields. */
  #fillFields(className: string, args: readonly SiteArgument[]): void {
    const fields = this.#walk.shared.fieldsTaken(className);
    for (const [at, { name = fields[at], value, spread }] of args.entries()) {
      if (name !== undefined && fields.includes(name) && spread === undefined) {
        this.#walk.fill(className, name, value);
      }
    }
  }

  #argument(argument: Argument, about: CallParts): SiteArgument {
    const { value: expression, name, spread, span } = argument;
    const value = this.#given(expression, about);
    return {
      value,
      span,
      ...(name === undefined ? {} : { name }),
      ...(spread === undefined ? {} : { spread }),
    };
  }

  /** What stands in a call's arguments: its functions may be called in a way that the call decides. */
  #given(expression: Expression, about: CallParts): Value {
    switch (expression.kind) {
      case 'closure': {
        const bindings =
          this.#said(expression.definition, about) ??
          (iterators.has(about.method) ? { isLoop: true } : {});
        return this.#closure(expression.definition, bindings);
      }
      case 'object': {
        const value = this.#object(expression, about);
        this.#walk.use(value);
        return value;
      }
      default:
        return this.evaluate(expression);
    }
  }

  #said(
    definition: Extract<Expression, { kind: 'closure' }>['definition'],
    about: CallParts,
  ): ClosureBindings | undefined {
    return this.#walk.shared.semantics.closureArguments?.(about, definition, this.#walk);
  }
}

/** Without the ways on which there is nothing: `null` has no members. Undefined when there is nothing at all. */
function present(value: Value): Value | undefined {
  const rest = alternatives(value).filter(
    (option) => !(option.kind === 'constant' && option.value === null),
  );
  const [first] = rest;
  return first === undefined ? undefined : rest.slice(1).reduce(join, first);
}

function arithmetic(
  operator: string,
  a: Value,
  b: Value,
  span: { from: number; to: number },
): Value | undefined {
  if (a.kind === 'constant' && b.kind === 'constant') {
    const value = constants(operator, a.value, b.value);
    return value === undefined ? undefined : { kind: 'constant', value, span };
  }
  if (a.kind === 'duration' && b.kind === 'constant' && typeof b.value === 'number') {
    const milliseconds = constants(operator, a.milliseconds, b.value);
    return typeof milliseconds === 'number' && (operator === '*' || operator === '/')
      ? { kind: 'duration', milliseconds, span }
      : undefined;
  }
  if (a.kind === 'constant' && b.kind === 'duration' && typeof a.value === 'number') {
    return operator === '*'
      ? { kind: 'duration', milliseconds: a.value * b.milliseconds, span }
      : undefined;
  }
  if (a.kind === 'duration' && b.kind === 'duration') {
    const milliseconds = constants(operator, a.milliseconds, b.milliseconds);
    return typeof milliseconds === 'number' && (operator === '+' || operator === '-')
      ? { kind: 'duration', milliseconds, span }
      : undefined;
  }
  if (a.kind === 'instant' && a.base === 'now' && (operator === '+' || operator === '-')) {
    const sign = operator === '+' ? 1 : -1;
    return {
      kind: 'instant',
      base: 'now',
      ...(b.kind === 'duration' ? { plus: (a.plus ?? 0) + sign * b.milliseconds } : {}),
      span,
    };
  }
  return undefined;
}

function constants(operator: string, a: unknown, b: unknown): number | string | undefined {
  if (typeof a === 'string' && typeof b === 'string') {
    return operator === '+' ? a + b : undefined;
  }
  if (typeof a !== 'number' || typeof b !== 'number') {
    return undefined;
  }
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return a / b;
    default:
      return undefined;
  }
}
