import { formatDuration, parseDuration } from '../../grpc/duration';
import { type Answer, type Found, lookAt } from './answer';
import { contains, isEqual, type Json, order } from './compare';
import type { Capture, CheckResult, Expectation } from './expectation';
import { regularExpression } from './parseExpectation';

/** What holds of a request that expects nothing itself. */
export const statusIsOk: Omit<Expectation, 'span'> = {
  subject: { kind: 'status' },
  operator: '==',
  value: 'OK',
  text: 'status OK',
};

/** Longest text of a value that a result shows, in UTF-16 units. */
const shownLimit = 10_000;

/** Longest text that a regular expression is tried on, in UTF-16 units. */
const matchedLimit = 64 * 1024;

/** Whether an expectation holds of an answer. */
export function evaluate(expectation: Expectation, answer: Answer): CheckResult {
  const { subject, operator, value, text, span } = expectation;
  const actual = lookAt(subject, answer);
  const outcome =
    subject.kind === 'latency'
      ? latencyOutcome(expectation, actual, answer.deadline)
      : outcomeOf(expectation, actual);
  return {
    text,
    span,
    passed: outcome.passed,
    message: outcome.passed ? '' : outcome.message,
    expected: expectedText(operator, outcome.expected ?? value),
    actual: outcome.actual ?? shown(actual),
  };
}

/** The captured values; a capture without one is a check that failed. */
export function capture(
  captures: readonly Capture[],
  answer: Answer,
): { readonly captured: ReadonlyMap<string, string>; readonly failed: readonly CheckResult[] } {
  const captured = new Map<string, string>();
  const failed: CheckResult[] = [];
  for (const { name, subject, text, span } of captures) {
    const actual = lookAt(subject, answer);
    if (actual.found) {
      captured.set(name, asText(actual.value));
    } else {
      const message = `${name} was not captured. ${actual.why}`;
      failed.push({ text, span, passed: false, message, expected: 'exists', actual: actual.why });
    }
  }
  return { captured, failed };
}

/** The value alone where it is to be equal: a diff then shows what differs. */
function expectedText(operator: Expectation['operator'], value: string): string {
  return operator === '==' ? value : `${operator} ${value}`.trimEnd();
}

interface Outcome {
  readonly passed: boolean;
  readonly message: string;
  readonly expected?: string;
  readonly actual?: string;
}

function outcomeOf({ operator, value, text }: Expectation, actual: Found): Outcome {
  if (operator === 'exists' || operator === 'absent') {
    const passed = actual.found === (operator === 'exists');
    const message = actual.found ? `It is ${told(actual.value)}.` : actual.why;
    return { passed, message: `Expected ${text}. ${message}` };
  }
  if (!actual.found) {
    return { passed: false, message: `Expected ${text}. ${actual.why}` };
  }
  const passed = holds(operator, actual.value, value);
  const message = `Expected ${text}, and it is ${told(actual.value)}.`;
  return { passed, message, expected: shownExpected(value) };
}

function holds(operator: Expectation['operator'], actual: Json, written: string): boolean {
  if (operator === 'matches') {
    const expression = regularExpression(written);
    const text = asText(actual);
    return expression instanceof RegExp && text.length <= matchedLimit && expression.test(text);
  }
  const expected = readValue(written);
  switch (operator) {
    case '==':
      return isEqual(actual, expected);
    case '!=':
      return !isEqual(actual, expected);
    case 'contains':
      return contains(actual, expected);
    default: {
      const difference = order(actual, expected);
      return difference !== undefined && compares(operator, difference);
    }
  }
}

function compares(operator: Expectation['operator'], difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '<=':
      return difference <= 0;
    case '>':
      return difference > 0;
    default:
      return difference >= 0;
  }
}

function latencyOutcome(
  { operator, value, text }: Expectation,
  actual: Found,
  deadline: number | undefined,
): Outcome {
  const taken = actual.found ? Number(actual.value) : 0;
  const [, share] = /^(\d+(?:\.\d+)?)\s*%$/.exec(value) ?? [];
  const parsed = share === undefined ? parseDuration(value) : undefined;
  if (share !== undefined && deadline === undefined) {
    const message = `Expected ${text}, and the call has no deadline to compare with.`;
    return { passed: false, message };
  }
  const limit = parsed?.ok
    ? parsed.milliseconds
    : ((deadline ?? 0) * Number(share ?? Number.NaN)) / 100;
  const took = `${taken.toFixed(1)}ms`;
  const ofDeadline =
    deadline === undefined
      ? ''
      : `, ${((100 * taken) / deadline).toFixed(1)}% of the deadline of ${formatDuration(deadline)}`;
  return {
    passed: compares(operator, taken - limit),
    message: `Expected ${text}, and it took ${took}${ofDeadline}.`,
    actual: `${took}${ofDeadline}`,
  };
}

/** JSON; whatever is none is a bare word. An integer that JavaScript can't hold stays text. */
function readValue(written: string): Json {
  // Most values are bare words, and to fail is what costs JSON.parse most.
  if (/^-?\d{16,}$/.test(written) || !/^[-\d"[{]|^(?:true|false|null)$/.test(written)) {
    return written;
  }
  try {
    return JSON.parse(written) as Json;
  } catch {
    return written;
  }
}

/** A text as it is, anything else as JSON: what a capture keeps. */
function asText(value: Json): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A text without its quotes, as the actual one is shown. */
function shownExpected(written: string): string {
  const value = readValue(written);
  return typeof value === 'string' || (typeof value === 'object' && value !== null)
    ? shownValue(value)
    : written;
}

function shown(actual: Found): string {
  if (!actual.found) {
    return actual.why;
  }
  return shownValue(actual.value);
}

function shownValue(value: Json): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value, undefined, 2));
}

/** As a part of a sentence. */
function told(value: Json): string {
  return cut(/^[A-Z_]+$/.test(String(value)) ? String(value) : JSON.stringify(value));
}

function cut(text: string): string {
  return text.length > shownLimit ? `${text.slice(0, shownLimit)}…` : text;
}
