import type { Outcome, Scene, Site } from '../../program/semantics';
import {
  alternatives,
  type Instance,
  instance,
  join,
  type Milliseconds,
  unknown,
  type Value,
} from '../../program/value';

/** What a point in time is written in. A `Date` with something added to it is text. */
export type TimeForm = 'date' | 'milliseconds' | 'seconds' | 'text';

const forms: ReadonlySet<string> = new Set<TimeForm>(['date', 'milliseconds', 'seconds', 'text']);

/** One of the ways that a point in time can be. */
export interface At {
  /** Counted from the clock, from 1970, or no date (NaN). */
  readonly base: 'now' | 'epoch' | 'invalid';
  /** Undefined when it can't be seen. */
  readonly plus?: Milliseconds;
}

/** A point in time, as a `Date` or as a number. */
export interface Time {
  readonly form: TimeForm;
  readonly ways: readonly At[];
  /** Read from the clock once, when the file is loaded or an object is made. */
  readonly isOnce: boolean;
}

export function timeOf(value: Value): Time | undefined {
  if (value.kind !== 'instance' || value.flavour === undefined || !forms.has(value.flavour)) {
    return undefined;
  }
  const { base = unknown, plus = unknown, once } = value.properties;
  const ways = alternatives(base).flatMap((each) =>
    alternatives(plus).map((length) => ({ ...baseOf(each), ...plusOf(length) })),
  );
  return { form: value.flavour as TimeForm, ways, isOnce: once !== undefined };
}

function baseOf(value: Value): Pick<At, 'base'> {
  const known = value.kind === 'constant' ? value.value : undefined;
  return { base: known === 'epoch' || known === 'invalid' ? known : 'now' };
}

function plusOf(value: Value): Pick<At, 'plus'> {
  return value.kind === 'constant' && typeof value.value === 'number' ? { plus: value.value } : {};
}

/** Kept in parts, so that what differs on two ways is still known of each. */
function time(form: TimeForm, { base, plus }: At, isOnce: boolean): Instance {
  return instance('other', 'unknown', {
    flavour: form,
    properties: {
      base: constant(base),
      plus: plus === undefined ? unknown : constant(plus),
      ...(isOnce ? { once: constant(true) } : {}),
    },
  });
}

function constant(value: string | number | boolean): Value {
  return { kind: 'constant', value, span: { from: 0, to: 0 } };
}

/** The same ways in another form. */
function changed(known: Time, form: TimeForm, move: (at: At) => At = (at) => at): Value {
  return known.ways.map((at): Value => time(form, move(at), known.isOnce)).reduce(join);
}

/** Where code runs once for many calls: while the file is loaded, and while an object is made. */
function runsOnce({ fn }: Scene): boolean {
  return fn === undefined || fn.isConstructor === true;
}

/** `new Date(…)`, `Date.now()`, `performance.now()`, `Math.floor(…)`, methods of a Date. */
export function callOfTime(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver, method, call } = site;
  const [first] = site.arguments;
  if (callee.kind === 'symbol') {
    switch (callee.path) {
      case 'Date':
        return call.creates === true ? { value: newDate(site, scene) } : undefined;
      case 'Date.now':
        return { value: time('milliseconds', { base: 'now', plus: 0 }, runsOnce(scene)) };
      case 'performance.now':
      case 'perf_hooks.performance.now':
      case 'node:perf_hooks.performance.now':
        // Counted from the start of the process.
        return {
          value: time('milliseconds', { base: 'epoch', plus: 0 }, false),
        };
      case 'Math.floor':
      case 'Math.round':
      case 'Math.ceil':
      case 'Math.trunc':
      case 'Number':
        return first === undefined ? undefined : { value: asNumber(first.value) };
    }
  }
  const known = receiver === undefined ? undefined : timeOf(receiver);
  return known?.form === 'date' ? callOnDate(known, method, site, scene) : undefined;
}

function asNumber(value: Value): Value {
  const known = timeOf(value);
  if (known !== undefined) {
    return changed(known, known.form === 'date' ? 'milliseconds' : known.form);
  }
  return value.kind === 'constant' && typeof value.value === 'number' ? value : unknown;
}

function newDate({ arguments: args }: Site, scene: Scene): Value {
  const [first, ...rest] = args;
  if (first === undefined) {
    return time('date', { base: 'now', plus: 0 }, runsOnce(scene));
  }
  const known = timeOf(first.value);
  if (known !== undefined) {
    return changed(known, 'date');
  }
  if (rest.length > 0 || first.value.kind !== 'constant') {
    return unknown;
  }
  const { value, span } = first.value;
  const isUndefined =
    value === null && scene.file.text.slice(span.from, span.to).startsWith('undefined');
  const epoch = isUndefined
    ? Number.NaN
    : new Date(typeof value === 'string' ? value : Number(value)).getTime();
  return time(
    'date',
    Number.isNaN(epoch) ? { base: 'invalid' } : { base: 'epoch', plus: epoch },
    false,
  );
}

/** ECMA-262, Properties of the Date Prototype Object: setters change the Date and give its number. */
function callOnDate(known: Time, method: string, site: Site, scene: Scene): Outcome {
  if (method === 'getTime' || method === 'valueOf') {
    return { value: changed(known, 'milliseconds') };
  }
  if (!method.startsWith('set')) {
    return { value: unknown };
  }
  const [first] = site.arguments;
  const given = first === undefined || method !== 'setTime' ? undefined : timeOf(first.value);
  if (given === undefined && known.ways.some(({ base }) => base !== 'now')) {
    return { value: unknown, receiver: unknown };
  }
  // What `setSeconds(getSeconds() + 5)` moves a clock's time to is not counted here; it is moved.
  const moved = {
    ...(given ?? { ...known, ways: [{ base: 'now' } as const] }),
    isOnce: known.isOnce || runsOnce(scene),
  };
  return { value: changed(moved, 'milliseconds'), receiver: changed(moved, 'date') };
}

/** Arithmetic with points in time. */
export function binaryOfTime(operator: string, left: Value, right: Value): Value | undefined {
  const a = timeOf(left);
  const b = timeOf(right);
  if (a !== undefined && b !== undefined) {
    return unknown;
  }
  const known = a ?? b;
  if (known === undefined) {
    return undefined;
  }
  const other = a === undefined ? left : right;
  const amount =
    other.kind === 'constant' && typeof other.value === 'number' ? other.value : undefined;
  switch (operator) {
    case '+':
      return known.form === 'date'
        ? time('text', { base: 'invalid' }, false)
        : moved(known, known.form, amount);
    case '-':
      // A Date minus a number is a number.
      return a === undefined
        ? unknown
        : moved(
            known,
            known.form === 'date' ? 'milliseconds' : known.form,
            amount === undefined ? undefined : -amount,
          );
    case '/':
      return amount === 1000 && a?.form === 'milliseconds' ? changed(known, 'seconds') : unknown;
    case '*':
      return amount === 1000 && known.form === 'seconds' ? changed(known, 'milliseconds') : unknown;
    default:
      return unknown;
  }
}

function moved(known: Time, form: TimeForm, amount: number | undefined): Value {
  const unit = form === 'seconds' ? 1000 : 1;
  return changed(known, form, ({ base, plus }) =>
    plus === undefined || amount === undefined ? { base } : { base, plus: plus + amount * unit },
  );
}
