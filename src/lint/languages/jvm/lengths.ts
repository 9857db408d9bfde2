import type { Scene, Site, SiteArgument } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { alternatives, instance, type Milliseconds, type Value } from '../../program/value';
import { writtenName } from '../shared/writtenName';
import { pathOf } from './values';

/** java.util.concurrent.TimeUnit in milliseconds. */
const units: Readonly<Record<string, Milliseconds>> = {
  NANOSECONDS: 1e-6,
  MICROSECONDS: 1e-3,
  MILLISECONDS: 1,
  SECONDS: 1_000,
  MINUTES: 60_000,
  HOURS: 3_600_000,
  DAYS: 86_400_000,
};

/** Methods of java.time.Duration that make one. */
const makers: Readonly<Record<string, string>> = {
  ofNanos: 'NANOSECONDS',
  ofMillis: 'MILLISECONDS',
  ofSeconds: 'SECONDS',
  ofMinutes: 'MINUTES',
  ofHours: 'HOURS',
  ofDays: 'DAYS',
};

/** Properties of numbers in Kotlin, and what a length is turned into. */
const kotlinUnits: Readonly<Record<string, string>> = {
  nanoseconds: 'NANOSECONDS',
  microseconds: 'MICROSECONDS',
  milliseconds: 'MILLISECONDS',
  seconds: 'SECONDS',
  minutes: 'MINUTES',
  hours: 'HOURS',
  days: 'DAYS',
};

const converters: Readonly<Record<string, string>> = {
  toNanos: 'NANOSECONDS',
  toMillis: 'MILLISECONDS',
  toSeconds: 'SECONDS',
  getSeconds: 'SECONDS',
  toMinutes: 'MINUTES',
  inWholeNanoseconds: 'NANOSECONDS',
  inWholeMilliseconds: 'MILLISECONDS',
  inWholeSeconds: 'SECONDS',
};

/** The clock's time as a number: no length, and no `Deadline` either. */
const clock = 'clock';
const clocks = new Set([
  'java.lang.System.currentTimeMillis',
  'java.lang.System.nanoTime',
  'java.time.Instant.now.toEpochMilli',
]);

/** Calls that give a length of time, or turn one into a number. */
export function lengthCall(site: Site): Value | undefined {
  const path = pathOf(site.callee);
  const [first] = site.arguments;
  if (path !== undefined) {
    if (clocks.has(path)) {
      return instance('other', 'unknown', { flavour: clock });
    }
    const dot = path.lastIndexOf('.');
    const [owner, method] = [path.slice(0, dot), path.slice(dot + 1)];
    if (owner === 'java.time.Duration') {
      return durationOf(numberIn(first?.value), makers[method], site.call.span);
    }
    const unit = /(?:^|\.)TimeUnit\.([A-Z]+)$/.exec(owner)?.[1];
    return unit === undefined
      ? undefined
      : converted(durationOf(numberIn(first?.value), unit, site.call.span), method, site.call.span);
  }
  return site.receiver?.kind === 'duration'
    ? converted(site.receiver, site.method, site.call.span)
    : undefined;
}

/** `5.seconds`, `timeout.inWholeMilliseconds`. */
export function lengthMember(object: Value, name: string, span: Span): Value | undefined {
  return object.kind === 'constant'
    ? durationOf(numberIn(object), kotlinUnits[name], span)
    : converted(object, name, span);
}

function durationOf(
  count: number | undefined,
  unit: string | undefined,
  span: Span,
): Value | undefined {
  const milliseconds = units[unit ?? ''];
  return count === undefined || milliseconds === undefined
    ? undefined
    : { kind: 'duration', milliseconds: count * milliseconds, span };
}

function converted(value: Value | undefined, method: string, span: Span): Value | undefined {
  if (value?.kind !== 'duration') {
    return undefined;
  }
  if (method === 'toJavaDuration' || method === 'toKotlinDuration') {
    return value;
  }
  const unit = units[converters[method] ?? ''];
  return unit === undefined
    ? undefined
    : { kind: 'constant', value: Math.trunc(value.milliseconds / unit), span };
}

/** The clock and a number are still a point in time; two of these are a length that isn't known. */
export function clockArithmetic(operator: string, left: Value, right: Value): Value | undefined {
  const isMoved = operator === '+' || operator === '-';
  return isMoved && isClock(left) && !isClock(right)
    ? left
    : operator === '+' && isClock(right)
      ? right
      : undefined;
}

function isClock(value: Value): boolean {
  return value.kind === 'instance' && value.flavour === clock;
}

function numberIn(value: Value | undefined): number | undefined {
  return value?.kind === 'constant' && typeof value.value === 'number' ? value.value : undefined;
}

/** `(5, TimeUnit.SECONDS)` or `(Duration.ofSeconds(5))`; undefined when it can't be read. */
export function lengthOf(args: readonly SiteArgument[]): Milliseconds | undefined {
  const [first, second] = args;
  if (first?.value.kind === 'duration') {
    return first.value.milliseconds;
  }
  const unit = units[unitOf(second?.value) ?? ''];
  const count = numberIn(first?.value);
  if (count !== undefined && unit !== undefined) {
    return count * unit;
  }
  return pathOf(first?.value) === 'java.lang.Long.MAX_VALUE' && unit !== undefined
    ? Number.POSITIVE_INFINITY
    : undefined;
}

function unitOf(value: Value | undefined): string | undefined {
  return /(?:^|\.)TimeUnit\.([A-Z]+)$/.exec(pathOf(value) ?? '')?.[1];
}

/** Reports a length that is none, or that says another unit than it is given with. */
export function checkLength(site: Site, scene: Scene): void {
  const [first] = site.arguments;
  if (first === undefined) {
    return;
  }
  const message = pastLength(site) ?? clockLength(first.value) ?? otherUnit(site) ?? undefined;
  if (message !== undefined) {
    scene.report({ kind: 'misread', span: first.span, message });
  }
}

function pastLength({ arguments: args, method }: Site): string | undefined {
  const [first, second] = args;
  const counts = first === undefined ? [] : alternatives(first.value);
  const isPast = counts.every((count) => {
    const number = count.kind === 'duration' ? count.milliseconds : numberIn(count);
    return (
      number !== undefined && number <= 0 && (count.kind === 'duration' || second !== undefined)
    );
  });
  return isPast
    ? `This deadline is over when it is set: ${method} counts from now, so every call fails at once with DEADLINE_EXCEEDED.`
    : undefined;
}

function clockLength(value: Value): string | undefined {
  return alternatives(value).some(isClock)
    ? 'This is a point in time where a length is wanted: counted from now, the deadline is decades away.'
    : undefined;
}

const endings: readonly { readonly pattern: RegExp; readonly unit: string }[] = [
  {
    pattern: /(?:nanos|nanoseconds|Nanos|NANOS|Nanoseconds|NANOSECONDS|_ns|_NS|Ns)$/,
    unit: 'NANOSECONDS',
  },
  { pattern: /(?:[mM]icros|MICROS|[mM]icroseconds|MICROSECONDS)$/, unit: 'MICROSECONDS' },
  {
    pattern: /(?:[mM]illis|MILLIS|[mM]illiseconds|MILLISECONDS|^ms|_ms|_MS|Ms)$/,
    unit: 'MILLISECONDS',
  },
  { pattern: /(?:[sS]econds|SECONDS|_secs?|_SECS?|Secs?)$/, unit: 'SECONDS' },
  { pattern: /(?:[mM]inutes|MINUTES|_mins|_MINS|Mins)$/, unit: 'MINUTES' },
];

/** `withDeadlineAfter(timeoutMillis, TimeUnit.SECONDS)`: the name says one unit, the call another. */
function otherUnit({ call, arguments: args }: Site): string | undefined {
  const unit = unitOf(args[1]?.value);
  const name = writtenName(call.arguments[0]?.value);
  const said = endings.find(({ pattern }) => pattern.test(name))?.unit;
  return unit === undefined || said === undefined || said === unit
    ? undefined
    : `${name} is in ${said.toLowerCase()} by its name, and counted in ${unit.toLowerCase()} here.`;
}
