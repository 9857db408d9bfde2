import type { Site } from '../../program/semantics';
import { instance, type Milliseconds, unknown, type Value } from '../../program/value';

const unitLengths: Readonly<Record<string, Milliseconds>> = {
  nanoseconds: 1e-6,
  microseconds: 1e-3,
  milliseconds: 1,
  seconds: 1_000,
  minutes: 60_000,
  hours: 3_600_000,
};

/** `GPR_TIMESPAN` lengths: `gpr_time_from_seconds(5, GPR_TIMESPAN)`. */
const gprLengths: Readonly<Record<string, Milliseconds>> = {
  gpr_time_from_nanos: 1e-6,
  gpr_time_from_micros: 1e-3,
  gpr_time_from_millis: 1,
  gpr_time_from_seconds: 1_000,
  gpr_time_from_minutes: 60_000,
  gpr_time_from_hours: 3_600_000,
};

/** What functions of `<chrono>` and `grpc/support/time.h` give; undefined for others. */
export function timeCall({ method, arguments: args, call }: Site, path: string): Value | undefined {
  const { span } = call;
  const isChrono = path === '' || /(?:^|chrono\.)\w+$/.test(path);
  const unit = (isChrono ? unitLengths[method] : undefined) ?? gprLengths[method];
  const [first, second] = args;
  if (unit !== undefined) {
    const count = first?.value ?? unknown;
    return count.kind === 'constant' && typeof count.value === 'number'
      ? { kind: 'duration', milliseconds: count.value * unit, span }
      : unknown;
  }
  if (/(?:^|\.)system_clock\.now$/.test(path) || method === 'gpr_now') {
    return { kind: 'instant', base: 'now', plus: 0, span };
  }
  if (method === 'gpr_time_add') {
    const length = second?.value;
    return first?.value.kind === 'instant' && length?.kind === 'duration'
      ? { ...first.value, plus: (first.value.plus ?? 0) + length.milliseconds }
      : first?.value;
  }
  return endless(method, path);
}

/** Points in time that never come. */
function endless(method: string, path: string): Value | undefined {
  if (method === 'gpr_inf_future') {
    return instance('other', 'missing', {
      flavour: 'time',
      why: 'gpr_inf_future never comes',
    });
  }
  return /(?:^|\.)time_point\.max$/.test(path)
    ? instance('other', 'missing', { flavour: 'time', why: 'time_point::max() never comes' })
    : undefined;
}
