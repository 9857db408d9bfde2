import type { Site, SiteArgument } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  type Instance,
  join,
  type Role,
  type Value,
} from '../../program/value';

/** The instance of this role among what a value can be; of several the one with the worst deadline. */
export function instanceIn(value: Value | undefined, role: Role): Instance | undefined {
  const found = (value === undefined ? [] : alternatives(value)).filter(
    (option): option is Instance => option.kind === 'instance' && option.role === role,
  );
  const worst = found.reduce<Value | undefined>(
    (known, next) => (known === undefined ? next : join(known, next)),
    undefined,
  );
  return worst?.kind === 'instance' ? worst : undefined;
}

/** The argument at this place, or of this name (Kotlin). */
export function argumentOf(site: Site, at: number, name: string): SiteArgument | undefined {
  const named = site.arguments.find((argument) => argument.name === name);
  const positional = site.arguments[at];
  return named ?? (positional?.name === undefined ? positional : undefined);
}

export function isNull(value: Value | undefined): boolean {
  return (
    value !== undefined &&
    alternatives(value).some((option) => option.kind === 'constant' && option.value === null)
  );
}

/** Null on each way. */
export function isAlwaysNull(value: Value | undefined): boolean {
  return value?.kind === 'constant' && value.value === null;
}

/** The path of a symbol. */
export function pathOf(value: Value | undefined): string | undefined {
  return value?.kind === 'symbol' ? value.path : undefined;
}

/** Remembers a place of the source among an instance's properties. */
export function placeMark(span: Span, value: string | number | boolean = true): Value {
  return { kind: 'constant', value, span };
}

export function markedPlace(value: Value | undefined): Span | undefined {
  return value?.kind === 'constant' ? value.span : undefined;
}

/**
 * With a deadline that was just set by the method at `span`. It expires at one point in time, for every call
 * that is made with it.
 */
export function limited(of: Instance, span: Span, method: string): Instance {
  return {
    ...of,
    deadline: 'safe',
    why: method,
    made: span,
    properties: { ...of.properties, expires: placeMark(span, method) },
  };
}

/** With another deadline than it had, which nobody set here. */
export function withDeadline(of: Instance, deadline: Deadline, why?: string): Instance {
  const { made: _, why: __, ...rest } = of;
  const { expires: ___, ...properties } = of.properties;
  return { ...rest, deadline, ...(why === undefined ? {} : { why }), properties };
}

/** What a method gives that changes something else: it must be used too. */
export function derived(of: Instance, span: Span): Instance {
  return of.made === undefined ? of : { ...of, made: span };
}

/** The names in `contexts.build(user)`. */
export function namesIn(expression: Expression): string {
  switch (expression.kind) {
    case 'name':
      return expression.name;
    case 'member':
      return `${namesIn(expression.object)}.${expression.name}`;
    case 'call':
      return namesIn(expression.callee);
    case 'same':
      return namesIn(expression.value);
    default:
      return '';
  }
}
