import { microseconds, oneLine, plural } from '../../panel/text';
import type { CheckResult } from '../../request/expect/expectation';
import type { RequestResult } from '../../request/run/result';

/** Whether all that is expected of the answer holds. */
export function passed(result: RequestResult): boolean {
  return result.kind === 'called' && result.checks.every((check) => check.passed);
}

/** What does not hold of the answer; nothing is expected of a call that somebody ended. */
export function failedChecks(result: RequestResult): CheckResult[] {
  return result.kind === 'called' && result.status.cause !== 'cancelled-here'
    ? result.checks.filter((check) => !check.passed)
    : [];
}

/** How a request went, in a few words: `OK · 12 ms`, `1 of 2 expectations failed · NOT_FOUND · 3.1 ms`. */
export function resultText(result: RequestResult): string {
  if (result.kind === 'refused') {
    return `Not sent: ${oneLine(result.problems[0]?.message ?? '', 80)}`;
  }
  const { status, transcript, request, checks } = result;
  const { ended } = transcript.timing;
  const checked =
    request.expectations.length + request.captures.length === 0 ? [] : [checksText(checks)];
  const happened = [status.name, ...(ended === undefined ? [] : [microseconds(ended)])];
  // What failed stands first: the rest of a long lens is cut off.
  return (passed(result) ? [...happened, ...checked] : [...checked, ...happened]).join(' · ');
}

function checksText(checks: readonly { readonly passed: boolean }[]): string {
  const failed = checks.filter((check) => !check.passed).length;
  return failed === 0
    ? `${plural(checks.length, 'expectation')} met`
    : `${failed} of ${plural(checks.length, 'expectation')} failed`;
}
