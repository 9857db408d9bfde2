import type { Expression } from '../../program/syntax';

/** Names of variables that hold milliseconds. */
const named =
  /_(?:ms|msecs?|millis(?:econds)?|MS|MSECS?|MILLIS(?:ECONDS)?)$|[a-z](?:Ms|Millis|Milliseconds)$|^(?:ms|millis(?:econds)?)$/;

/** The name, when what is written is a variable that says milliseconds: `TIMEOUT_MS`, `self.timeout_ms`. */
export function millisecondsName(expression: Expression | undefined): string | undefined {
  switch (expression?.kind) {
    case 'name':
    case 'member': {
      const { name } = expression;
      return named.test(name) ? name : undefined;
    }
    case 'same':
      return millisecondsName(expression.value);
    default:
      return undefined;
  }
}

const hour = 3600;

/**
 * Whether a number of seconds looks like one of milliseconds: whole thousands that are more than an hour, and no
 * number of hours. Nobody waits 5000 seconds for one answer.
 */
export function looksLikeMilliseconds(seconds: number): boolean {
  return seconds > hour && seconds % 1_000 === 0 && seconds % hour !== 0;
}

/** A length for a person: `1 h 23 min`. */
export function lengthText(seconds: number): string {
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const rest = minutes % 60;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}
