import type { Scene, Site } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import { type Instance, instance, unknown, type Value } from '../../program/value';
import { lengthText, looksLikeMilliseconds, millisecondsName } from '../shared/milliseconds';
import { isParameter, misread, type Reading, readEach, write } from '../shared/readings';

/** Kinds of numbers and objects that stand for a point in time, by `flavour`. */
const epoch = 'seconds since 1970';
const monotonic = 'monotonic clock';
const zoned = 'time with zone';

/** A later number is a time in seconds since 1970 that somebody meant: 2001. */
const firstEpoch = 1_000_000_000;

/** `deadline:` is a Time, or a number of seconds since 1970 (grpc gem, `grpc_rb_time_timeval` in rb_grpc.c). */
export function readDeadline(value: Value, written: Expression | undefined, scene: Scene): Reading {
  return readEach(value, (option) => deadlineOf(option, written, scene));
}

/** `timeout:` is a number of seconds (grpc gem, `TimeConsts.from_relative_time`: below 0 is for ever). */
export function readTimeout(value: Value, written: Expression | undefined, scene: Scene): Reading {
  const milliseconds = millisecondsName(written);
  if (milliseconds !== undefined && written !== undefined) {
    return misread(
      `timeout: is in seconds, and ${milliseconds} says milliseconds.`,
      write(written.span, `${textOf(written.span, scene)} / 1000.0`),
    );
  }
  return readEach(value, (option) => timeoutOf(option, written, scene));
}

function deadlineOf(value: Value, written: Expression | undefined, scene: Scene): Reading {
  const text = written === undefined ? undefined : textOf(written.span, scene);
  switch (value.kind) {
    case 'constant':
      return constantDeadline(value.value, written);
    case 'duration':
      return misread(
        'deadline: is a point in time: with a Duration the call raises TypeError.',
        written && write(written.span, `Time.now + ${text}`),
      );
    case 'instant':
      return value.plus === 0
        ? misread(
            'The deadline is now, which leaves the call no time: it fails with DEADLINE_EXCEEDED, or is answered by luck.',
          )
        : { deadline: 'safe' };
    case 'instance':
      return instanceDeadline(value, written, text);
    case 'symbol':
      return symbolDeadline(value.path);
    default:
      return isParameter(written, scene)
        ? { deadline: 'inherited', why: 'its deadline is a parameter' }
        : { deadline: 'unknown' };
  }
}

function constantDeadline(
  value: string | number | boolean | null,
  written: Expression | undefined,
): Reading {
  if (value === null) {
    return { deadline: 'missing', why: 'deadline: nil sets none' };
  }
  if (typeof value !== 'number') {
    return misread('deadline: is a Time: with anything else the call raises TypeError.');
  }
  return value >= firstEpoch
    ? { deadline: 'safe' }
    : misread(
        `deadline: is a point in time: ${value} is ${value} s after 1970, so the call fails with DEADLINE_EXCEEDED at once.`,
        written?.kind === 'literal' && value > 0
          ? write(written.span, `Time.now + ${value}`)
          : undefined,
      );
}

function instanceDeadline(
  { flavour }: Instance,
  written: Expression | undefined,
  text: string | undefined,
): Reading {
  switch (flavour) {
    case epoch:
      return { deadline: 'safe' };
    case monotonic:
      return misread(
        'deadline: is compared with the time of day: by the monotonic clock it has passed long ago, and the call fails with DEADLINE_EXCEEDED at once.',
      );
    case zoned:
      return misread(
        'deadline: takes a Time only: with an ActiveSupport::TimeWithZone or a DateTime the call raises TypeError.',
        written &&
          write(
            written.span,
            /^[\w.:@]+$/.test(text ?? '') ? `${text}.to_time` : `(${text}).to_time`,
          ),
      );
    default:
      return { deadline: 'unknown' };
  }
}

function symbolDeadline(path: string): Reading {
  if (path.endsWith('TimeConsts::INFINITE_FUTURE')) {
    return { deadline: 'missing', why: 'INFINITE_FUTURE is for ever' };
  }
  return /TimeConsts::(?:ZERO|INFINITE_PAST)$/.test(path)
    ? misread('This time has passed long ago: the call fails with DEADLINE_EXCEEDED at once.')
    : { deadline: 'safe' };
}

function timeoutOf(value: Value, written: Expression | undefined, scene: Scene): Reading {
  switch (value.kind) {
    case 'constant':
      return constantTimeout(value.value, written);
    case 'duration':
      return { deadline: 'safe' };
    case 'instant':
      return misread(
        'timeout: is a number of seconds: with a Time every call of the stub raises TypeError.',
      );
    case 'instance':
      return value.flavour === zoned || value.flavour === epoch || value.flavour === monotonic
        ? misread(
            'timeout: is a number of seconds from the start of each call, not a point in time.',
          )
        : { deadline: 'unknown' };
    case 'symbol':
      return symbolDeadline(value.path);
    default:
      return isParameter(written, scene)
        ? { deadline: 'inherited', why: 'the timeout of the stub is a parameter' }
        : { deadline: 'unknown' };
  }
}

function constantTimeout(
  value: string | number | boolean | null,
  written: Expression | undefined,
): Reading {
  if (value === null) {
    return { deadline: 'missing', why: 'timeout: nil is for ever' };
  }
  if (typeof value !== 'number') {
    return misread(
      'timeout: is a number of seconds: with anything else every call of the stub raises TypeError.',
    );
  }
  if (value < 0) {
    return { deadline: 'missing', why: 'a timeout below 0 is for ever' };
  }
  if (value === 0) {
    return misread(
      'A timeout of 0 has passed before the call starts: every call of the stub fails with DEADLINE_EXCEEDED at once.',
    );
  }
  return looksLikeMilliseconds(value)
    ? misread(
        `timeout: is in seconds: ${value} is ${lengthText(value)}.`,
        written?.kind === 'literal' ? write(written.span, String(value / 1_000)) : undefined,
      )
    : { deadline: 'safe' };
}

function textOf({ from, to }: Span, { file }: Scene): string {
  return file.text.slice(from, to);
}

const units: Readonly<Record<string, number>> = {
  second: 1_000,
  seconds: 1_000,
  minute: 60_000,
  minutes: 60_000,
  hour: 3_600_000,
  hours: 3_600_000,
  day: 86_400_000,
  days: 86_400_000,
};

/** Functions that give a point in time that is no Time. */
const zonedTimes = new Set(['Time.current', 'Time.zone.now', 'DateTime.now', 'DateTime.current']);

/** A time that a method of a constant gives: `Time.now`, `Process.clock_gettime(…)`. */
export function timeCall(path: string, site: Site): Value | undefined {
  const { span } = site.call;
  if (zonedTimes.has(path)) {
    return instance('other', 'unknown', { flavour: zoned });
  }
  switch (path) {
    case 'Time.now':
      return { kind: 'instant', base: 'now', plus: 0, span };
    case 'Time.at':
      return { kind: 'instant', base: 'epoch', span };
    case 'Time.zone':
      return { kind: 'symbol', path };
    case 'Process.clock_gettime':
      return processClock(site.arguments[0]?.value);
    default:
      return undefined;
  }
}

function processClock(clock: Value | undefined): Value {
  const path = clock?.kind === 'symbol' ? clock.path : '';
  if (/^Process::CLOCK_(?:MONOTONIC|BOOTTIME|UPTIME)/.test(path)) {
    return instance('other', 'unknown', { flavour: monotonic });
  }
  return path === 'Process::CLOCK_REALTIME'
    ? instance('other', 'unknown', { flavour: epoch })
    : unknown;
}

/** `GRPC::Core::TimeConsts.from_relative_time(seconds)` */
export function relativeTime({ arguments: [given], call: { span } }: Site): Value {
  const value = given?.value;
  if (value?.kind !== 'constant' || typeof value.value === 'string') {
    return value?.kind === 'unknown' ? unknown : { kind: 'instant', base: 'now', span };
  }
  const seconds = Number(value.value ?? 0);
  const name = seconds < 0 ? 'INFINITE_FUTURE' : 'ZERO';
  return seconds > 0
    ? { kind: 'instant', base: 'now', span }
    : { kind: 'symbol', path: `GRPC::Core::TimeConsts::${name}` };
}

/** A method of a number, a length or a time: `5.seconds`, `5.seconds.from_now`, `Time.now.to_f`. */
export function timeMethod({ receiver, method, call: { span } }: Site): Value | undefined {
  const unit = units[method];
  if (receiver?.kind === 'constant' && typeof receiver.value === 'number' && unit !== undefined) {
    return { kind: 'duration', milliseconds: receiver.value * unit, span };
  }
  if (receiver?.kind === 'duration') {
    if (/^(?:from_now|since|after|ago|before|until)$/.test(method)) {
      return instance('other', 'unknown', { flavour: zoned });
    }
    return /^to_[fi]$|^in_seconds$/.test(method)
      ? { kind: 'constant', value: receiver.milliseconds / 1_000, span }
      : undefined;
  }
  const isZoned = receiver?.kind === 'instance' && receiver.flavour === zoned;
  if (receiver?.kind === 'instant' || isZoned) {
    if (/^to_[fir]$/.test(method)) {
      return instance('other', 'unknown', { flavour: epoch });
    }
    return isZoned && /^(?:to_time|utc_time|to_datetime)$/.test(method)
      ? { kind: 'instant', base: 'now', span }
      : undefined;
  }
  return undefined;
}

/** A time plus a length is a later one of the same kind. */
export function timeArithmetic(operator: string, left: Value, right: Value): Value | undefined {
  const isTime = left.kind === 'instance' && [epoch, monotonic, zoned].includes(left.flavour ?? '');
  const isDifference = operator === '-' && right.kind !== 'constant' && right.kind !== 'duration';
  return isTime && (operator === '+' || operator === '-') && !isDifference ? left : undefined;
}
