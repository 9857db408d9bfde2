import type { MisreadDeadlineFact } from '../../facts';
import type { Scene, Site } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import { type Instance, instance, unknown, type Value } from '../../program/value';
import { lengthText, looksLikeMilliseconds, millisecondsName } from '../shared/milliseconds';
import { isParameter, misread, type Reading, readEach, write } from '../shared/readings';

/** A longer one overflows in C core: its times are nanoseconds in 64 bits. Seconds. */
const longest = 2 ** 63 / 1e9;

/**
 * Reads a timeout: a number of seconds from now (grpc Python API, "timeout: An optional duration of time in
 * seconds").
 */
export function readTimeout(
  value: Value,
  written: Expression | undefined,
  hasOneAnswer: boolean,
  scene: Scene,
): Reading {
  const milliseconds = millisecondsName(written);
  if (milliseconds !== undefined && written !== undefined) {
    const replacement = replaced(written.span, scene, (text) => `${text} / 1000`);
    return misread(`timeout is in seconds, and ${milliseconds} says milliseconds.`, replacement);
  }
  return readEach(value, (option) => readOne(option, written, hasOneAnswer, scene));
}

function readOne(
  value: Value,
  written: Expression | undefined,
  hasOneAnswer: boolean,
  scene: Scene,
): Reading {
  switch (value.kind) {
    case 'constant':
      return readConstant(value.value, written, hasOneAnswer);
    case 'duration':
      return misread(
        'timeout is a number of seconds: with a timedelta the call raises TypeError.',
        written && replaced(written.span, scene, (text) => `${text}.total_seconds()`),
      );
    case 'instant':
      return misread(
        'timeout is a number of seconds from now: with a datetime the call raises TypeError.',
      );
    case 'instance':
      return value.flavour === clock
        ? misread(
            'timeout is a number of seconds from now, and this is a point in time: the call waits as long as the clock says, for years.',
          )
        : { deadline: 'unknown' };
    case 'symbol':
      // A setting of another module: somebody thought of a timeout.
      return { deadline: 'safe' };
    default:
      return isParameter(written, scene)
        ? { deadline: 'inherited', why: 'its timeout is a parameter' }
        : { deadline: 'unknown' };
  }
}

function readConstant(
  value: string | number | boolean | null,
  written: Expression | undefined,
  hasOneAnswer: boolean,
): Reading {
  if (value === null) {
    return { deadline: 'missing', why: 'timeout=None sets none' };
  }
  if (typeof value === 'string') {
    const isNumber = value.trim() !== '' && Number.isFinite(Number(value));
    return misread(
      'timeout is a number of seconds: with a string the call raises TypeError.',
      isNumber && written?.kind === 'literal' ? write(written.span, value.trim()) : undefined,
    );
  }
  const seconds = Number(value);
  if (seconds < 0) {
    return misread(
      `A timeout of ${seconds} s is over before the call starts: it fails with DEADLINE_EXCEEDED at once.`,
    );
  }
  if (seconds === 0) {
    return misread(
      'A timeout of 0 s leaves the call no time: it fails with DEADLINE_EXCEEDED, or is answered by luck.',
    );
  }
  if (seconds >= longest) {
    return misread(
      'A timeout of more than 292 years overflows: the call fails with DEADLINE_EXCEEDED at once.',
    );
  }
  if (hasOneAnswer && looksLikeMilliseconds(seconds)) {
    return misread(
      `timeout is in seconds: ${seconds} is ${lengthText(seconds)}.`,
      written?.kind === 'literal' ? write(written.span, String(seconds / 1_000)) : undefined,
    );
  }
  return { deadline: 'safe' };
}

/** What is written, changed; only where it is one name or call, so that no parentheses are missing. */
function replaced(
  span: Span,
  { file }: Scene,
  change: (text: string) => string,
): MisreadDeadlineFact['replacement'] {
  const text = file.text.slice(span.from, span.to);
  return /^[\w.]+(?:\([^()]*\))?$/.test(text) ? write(span, change(text)) : undefined;
}

/** A reading of a clock, in seconds. */
const clock = 'clock';

const clocks = new Set(['time.time', 'time.monotonic', 'time.perf_counter']);
const dates = new Set([
  'datetime.datetime.now',
  'datetime.datetime.utcnow',
  'datetime.datetime.today',
  'django.utils.timezone.now',
]);

const units: Readonly<Record<string, number>> = {
  days: 86_400_000,
  seconds: 1_000,
  microseconds: 0.001,
  milliseconds: 1,
  minutes: 60_000,
  hours: 3_600_000,
  weeks: 604_800_000,
};

/** A function of Python's own that gives a time; undefined for every other. */
export function timeCall(path: string, site: Site): Value | undefined {
  const { span } = site.call;
  if (clocks.has(path)) {
    return instance('other', 'unknown', { flavour: clock });
  }
  if (dates.has(path)) {
    return { kind: 'instant', base: 'now', span };
  }
  if (path === 'datetime.timedelta') {
    return timedelta(site);
  }
  if (path === 'builtins.float') {
    const given = site.arguments[0]?.value;
    const number = given?.kind === 'constant' ? numberOf(given.value) : Number.NaN;
    return Number.isNaN(number) ? unknown : { kind: 'constant', value: number, span };
  }
  return undefined;
}

/** What Python's `float` makes of it. */
function numberOf(value: string | number | boolean | null): number {
  if (typeof value === 'string') {
    const infinite = /^\s*([+-]?)inf(?:inity)?\s*$/i.exec(value);
    return infinite === null ? Number(value) : Number(`${infinite[1]}Infinity`);
  }
  return value === null ? Number.NaN : Number(value);
}

/** `timedelta(days, seconds, microseconds, milliseconds, minutes, hours, weeks)` */
function timedelta(site: Site): Value {
  const names = Object.keys(units);
  let milliseconds = 0;
  for (const [at, { name, value }] of site.arguments.entries()) {
    const unit = units[name ?? names[at] ?? ''];
    if (unit === undefined || value.kind !== 'constant' || typeof value.value !== 'number') {
      return { kind: 'duration', milliseconds: Number.NaN, span: site.call.span };
    }
    milliseconds += value.value * unit;
  }
  return { kind: 'duration', milliseconds, span: site.call.span };
}

/** A method of a length of time. */
export function durationCall(site: Site): Value | undefined {
  const { receiver, method, call } = site;
  return receiver?.kind === 'duration' && method === 'total_seconds'
    ? Number.isNaN(receiver.milliseconds)
      ? unknown
      : { kind: 'constant', value: receiver.milliseconds / 1_000, span: call.span }
    : undefined;
}

/** Adding to a reading of a clock gives a later one; taking one from another gives a length. */
export function clockArithmetic(operator: string, left: Value, right: Value): Value | undefined {
  if (operator === '+') {
    return isClock(left) ? left : isClock(right) ? right : undefined;
  }
  return operator === '-' && isClock(left) && right.kind === 'constant' ? left : undefined;
}

function isClock(value: Value): value is Instance {
  return value.kind === 'instance' && value.flavour === clock;
}
