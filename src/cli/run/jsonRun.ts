import { safeJson } from '../jsonOutput';
import type { FileOutcome, Outcome } from './outcome';
import { countsOf } from './readableRun';

/** The report for programs; docs/command-line.md says what its fields mean. @param time in milliseconds */
export function jsonRun(files: readonly FileOutcome[], time: number, version: string): string {
  const { passed, failed, skipped, 'not-sent': notSent } = countsOf(files);
  const report = {
    format: 1,
    tool: { name: 'frameline', version },
    summary: { passed, failed, notSent, skipped, milliseconds: rounded(time) },
    files: files.map(({ path, startedAt, outcomes }) => ({
      path,
      startedAt: startedAt.toISOString(),
      requests: outcomes.map(request),
    })),
  };
  return `${safeJson(JSON.stringify(report, undefined, 2))}\n`;
}

function request({ name, place, result, call, checks, problems }: Outcome): object {
  return {
    name,
    ...place,
    result,
    ...(call === undefined
      ? {}
      : {
          target: call.target,
          method: call.method,
          milliseconds: rounded(call.time),
          status: statusOf(call.status),
          ...(call.timeline.length === 0 ? {} : { timeline: call.timeline }),
        }),
    checks: checks.map(({ text, passed, place: at, message, expected, actual }) => ({
      text,
      ...at,
      passed,
      ...(passed ? {} : { message, expected, actual }),
    })),
    problems: problems.map(({ place: at, message }) => ({ ...at, message })),
  };
}

function statusOf(status: NonNullable<Outcome['call']>['status']): object {
  const { code, name, message, origin, certainty, cause, explanation, nextActions } = status;
  return { code, name, message, origin, certainty, cause, explanation, nextActions };
}

function rounded(time: number): number {
  return Math.round(time * 1000) / 1000;
}
