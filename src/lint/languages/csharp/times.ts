import type { Scene, Site } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  instance,
  joinDeadlines,
  type Milliseconds,
  unknown,
  type Value,
} from '../../program/value';
import { isSymbol } from './types';

const unitLengths: Readonly<Record<string, Milliseconds>> = {
  Ticks: 0.0001,
  Microseconds: 0.001,
  Milliseconds: 1,
  Seconds: 1_000,
  Minutes: 60_000,
  Hours: 3_600_000,
  Days: 86_400_000,
};

/** `DateTime.UtcNow`, `TimeSpan.Zero`, `x.UtcDateTime`; undefined for what is no time. */
export function timeMember(object: Value, name: string, span: Span): Value | undefined {
  if (isSymbol(object, 'DateTime')) {
    return staticDate(name, span);
  }
  if (isSymbol(object, 'DateTimeOffset') && (name === 'UtcNow' || name === 'Now')) {
    return instance('other', 'safe', { flavour: 'offset' });
  }
  if (isSymbol(object, 'TimeSpan')) {
    if (name === 'Zero') {
      return { kind: 'duration', milliseconds: 0, span };
    }
    return name === 'MaxValue'
      ? { kind: 'duration', milliseconds: Number.POSITIVE_INFINITY, span }
      : undefined;
  }
  if (isSymbol(object, 'Timeout') && name === 'InfiniteTimeSpan') {
    return { kind: 'duration', milliseconds: Number.POSITIVE_INFINITY, span };
  }
  if (object.kind === 'instance' && object.flavour === 'offset') {
    return name === 'UtcDateTime'
      ? { kind: 'instant', base: 'now', span }
      : /^(Local)?DateTime$/.test(name)
        ? { kind: 'instant', base: 'local', span }
        : undefined;
  }
  // Of a nullable one.
  return object.kind === 'instant' && name === 'Value' ? object : undefined;
}

function staticDate(name: string, span: Span): Value | undefined {
  switch (name) {
    case 'UtcNow':
      return { kind: 'instant', base: 'now', plus: 0, span };
    case 'Now':
    case 'Today':
      return { kind: 'instant', base: 'local', span };
    default:
      return undefined;
  }
}

/** What a method of a time or of its type gives; undefined for what is none. */
export function timeCall({
  callee,
  receiver = unknown,
  method,
  call,
  arguments: args,
}: Site): Value | undefined {
  const { span } = call;
  const first = args[0]?.value ?? unknown;
  if (call.creates === true) {
    if (isSymbol(callee, 'DateTime')) {
      const isUtc = args.some(({ value }) => isSymbol(value, 'DateTimeKind.Utc'));
      return { kind: 'instant', base: isUtc ? 'epoch' : 'local', span };
    }
    return isSymbol(callee, 'TimeSpan')
      ? newSpan(
          args.map(({ value }) => value),
          span,
        )
      : undefined;
  }
  if (isSymbol(receiver, 'TimeSpan')) {
    const unit = unitLengths[method.replace(/^From/, '')];
    return unit === undefined ? undefined : duration(first, unit, span);
  }
  if (isSymbol(callee, 'DateTime.SpecifyKind')) {
    return isSymbol(args[1]?.value ?? unknown, 'DateTimeKind.Utc')
      ? { kind: 'instant', base: 'now', span }
      : { kind: 'instant', base: 'local', span };
  }
  if (receiver.kind === 'instance' && receiver.flavour === 'offset') {
    return /^(Add|Subtract|To)/.test(method) ? receiver : undefined;
  }
  return receiver.kind === 'instant' ? laterInstant(receiver, method, first) : undefined;
}

function laterInstant(
  receiver: Extract<Value, { kind: 'instant' }>,
  method: string,
  by: Value,
): Value | undefined {
  if (method === 'ToUniversalTime') {
    return { kind: 'instant', base: 'now', span: receiver.span };
  }
  if (method === 'ToLocalTime') {
    return { kind: 'instant', base: 'local', span: receiver.span };
  }
  const unit = unitLengths[method.replace(/^Add/, '')];
  const length =
    method === 'Add' ? by : unit === undefined ? undefined : duration(by, unit, receiver.span);
  return length === undefined ? undefined : moved(receiver, length);
}

/** `instant + length`. A local time stays what it is. */
function moved(instant: Extract<Value, { kind: 'instant' }>, length: Value): Value {
  const { plus, ...rest } = instant;
  return plus !== undefined && length.kind === 'duration'
    ? { ...rest, plus: plus + length.milliseconds }
    : rest;
}

/** `DateTime.Now + TimeSpan.FromSeconds(5)`, and of an offset. */
export function timeSum(left: Value, right: Value): Value | undefined {
  if (left.kind === 'instant') {
    return moved(left, right);
  }
  return left.kind === 'instance' && left.flavour === 'offset' ? left : undefined;
}

function duration(count: Value, unit: Milliseconds, span: Span): Value {
  return count.kind === 'constant' && typeof count.value === 'number'
    ? { kind: 'duration', milliseconds: count.value * unit, span }
    : unknown;
}

/** `new TimeSpan(h, m, s)`, `new TimeSpan(d, h, m, s, ms)`, `new TimeSpan(ticks)`. */
function newSpan(values: readonly Value[], span: Span): Value {
  const numbers = values.map((value) =>
    value.kind === 'constant' && typeof value.value === 'number' ? value.value : Number.NaN,
  );
  const [a = 0, b = 0, c = 0, d = 0, e = 0] = numbers;
  const milliseconds =
    numbers.length === 1
      ? a / 10_000
      : numbers.length === 3
        ? ((a * 60 + b) * 60 + c) * 1_000
        : (((a * 24 + b) * 60 + c) * 60 + d) * 1_000 + e;
  return Number.isNaN(milliseconds) ? unknown : { kind: 'duration', milliseconds, span };
}

/** What a deadline does for a call, and why. */
export interface DeadlineReading {
  readonly deadline: Deadline;
  readonly why?: string;
}

/**
 * What the value of `deadline:` does. grpc-dotnet (`GrpcCall.ValidateDeadline`) and Grpc.Core
 * (`Timespec.FromDateTime`) refuse every time that isn't UTC, and take `DateTime.MaxValue` for none.
 */
export function readDeadline(value: Value, scene: Scene): DeadlineReading {
  return alternatives(value)
    .map((option) => readOne(option, scene))
    .reduce((a, b) => (joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b));
}

function readOne(value: Value, scene: Scene): DeadlineReading {
  switch (value.kind) {
    case 'constant':
      return value.value === null
        ? { deadline: 'missing', why: 'the deadline is null' }
        : { deadline: 'unknown' };
    case 'instant':
      if (value.base === 'local') {
        reportLocal(value.span, scene);
      }
      return { deadline: 'safe' };
    case 'instance':
      return { deadline: value.deadline, ...(value.why === undefined ? {} : { why: value.why }) };
    case 'symbol':
      return isSymbol(value, 'DateTime.MaxValue')
        ? { deadline: 'missing', why: 'DateTime.MaxValue stands for no deadline' }
        : { deadline: 'unknown' };
    default:
      return { deadline: 'unknown' };
  }
}

/** The names behind which UTC can be had, and how. */
const utc: Readonly<Record<string, string>> = {
  Now: 'UtcNow',
  DateTime: 'UtcDateTime',
  LocalDateTime: 'UtcDateTime',
};

function reportLocal(span: Span, scene: Scene): void {
  const text = utc[scene.file.text.slice(span.from, span.to)];
  scene.report({
    kind: 'misread',
    span,
    message:
      'The deadline is not in UTC: the call throws before it starts (InvalidOperationException in grpc-dotnet, ArgumentException in Grpc.Core).',
    ...(text === undefined ? {} : { replacement: { title: `Use ${text}`, span, text } }),
  });
}
