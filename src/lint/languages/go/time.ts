/** Package `time`: lengths, and points counted from now. */
import type { Outcome, Site } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { type Milliseconds, unknown, type Value } from '../../program/value';

export const nanosecond: Milliseconds = 1e-6;

/** The constants of package time. */
const units: Readonly<Record<string, Milliseconds>> = {
  Nanosecond: nanosecond,
  Microsecond: 1e-3,
  Millisecond: 1,
  Second: 1_000,
  Minute: 60_000,
  Hour: 3_600_000,
};

/** `time.Second` */
export function timeMember(name: string, span: Span): Value | undefined {
  const milliseconds = units[name];
  return milliseconds === undefined ? undefined : { kind: 'duration', milliseconds, span };
}

/** A value that is used as a `time.Duration`: a number counts nanoseconds. */
export function durationOf(value: Value): Milliseconds | undefined {
  if (value.kind === 'duration') {
    return value.milliseconds;
  }
  return value.kind === 'constant' && typeof value.value === 'number'
    ? value.value * nanosecond
    : undefined;
}

/** Conversions to `time.Duration`, `time.Now`, and `Add` of a point in time. */
export function timeCall(site: Site): Outcome | undefined {
  const { callee, receiver, call } = site;
  const [first] = site.arguments;
  if (callee.kind === 'symbol' && callee.path === 'time.Now') {
    return { value: { kind: 'instant', base: 'now', plus: 0, span: call.span } };
  }
  if (callee.kind === 'symbol' && callee.path === 'time.Duration' && first !== undefined) {
    const milliseconds = durationOf(first.value);
    return {
      value:
        milliseconds === undefined ? unknown : { kind: 'duration', milliseconds, span: call.span },
    };
  }
  if (receiver?.kind === 'instant' && site.method === 'Add' && first !== undefined) {
    const by = durationOf(first.value);
    const { plus, ...rest } = receiver;
    return {
      value:
        by === undefined || plus === undefined
          ? { ...rest, span: call.span }
          : { ...rest, plus: plus + by, span: call.span },
    };
  }
  return undefined;
}

/** What the interpreter doesn't calculate: shifts, remainders, and a duration times a `time.Duration(n)`. */
export function arithmetic(
  operator: string,
  left: Value,
  right: Value,
  span: Span,
): Value | undefined {
  if (left.kind === 'duration' && right.kind === 'duration') {
    return operator === '*'
      ? {
          kind: 'duration',
          milliseconds: (left.milliseconds / nanosecond) * right.milliseconds,
          span,
        }
      : undefined;
  }
  if (left.kind !== 'constant' || right.kind !== 'constant') {
    return undefined;
  }
  const [a, b] = [left.value, right.value];
  if (typeof a !== 'number' || typeof b !== 'number') {
    return undefined;
  }
  switch (operator) {
    case '<<':
      return { kind: 'constant', value: a * 2 ** b, span };
    case '>>':
      return { kind: 'constant', value: Math.floor(a / 2 ** b), span };
    case '%':
      return b === 0 ? undefined : { kind: 'constant', value: a % b, span };
    default:
      return undefined;
  }
}
