import { quote } from './quote';

/** A length of time in whole milliseconds. Written `500ms`, `5s`, `2m` on every surface. */
export type Milliseconds = number;

/** Units from the longest to the shortest, with their length in milliseconds. */
const units = [
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const;

/**
 * The longest timer that Node keeps, 2^31 - 1 ms (24.8 days): a longer one would fire at once. Nothing
 * that Frameline counts may be longer.
 */
export const longestDuration: Milliseconds = 2_147_483_647;

export type DurationProblem =
  | 'empty'
  | 'no-unit'
  | 'unknown-unit'
  | 'not-a-duration'
  | 'negative'
  | 'fraction-of-millisecond'
  | 'too-short'
  | 'too-long';

export type ParsedDuration =
  | { readonly ok: true; readonly milliseconds: Milliseconds }
  | { readonly ok: false; readonly problem: DurationProblem; readonly message: string };

/** Bounds in milliseconds, both included. */
export interface DurationBounds {
  /** Default 0. */
  readonly min?: Milliseconds;
  /** Default `longestDuration`. */
  readonly max?: Milliseconds;
}

const howToWrite = 'Write a number and its unit: 500ms, 5s, 2m or 1h.';

/**
 * Reads `500ms`, `5s`, `1.5s`, `2m`, `1h`: one number, one unit. The result is exact: `0.5ms` is refused
 * rather than rounded.
 */
export function parseDuration(text: string, bounds: DurationBounds = {}): ParsedDuration {
  const written = text.trim();
  if (written === '') {
    return refuse('empty', `No duration given. ${howToWrite}`);
  }
  const match = /^(-?)(\d+)(?:\.(\d+))?\s*([a-zµμ]*)$/iu.exec(written);
  if (match === null) {
    return refuse('not-a-duration', `${quote(written)} is not a duration. ${howToWrite}`);
  }
  const [, sign = '', whole = '', fraction = '', unitText = ''] = match;
  if (sign !== '') {
    return refuse('negative', `${quote(written)} is negative: a duration is 0 or more.`);
  }
  if (unitText === '') {
    const number = fraction === '' ? whole : `${whole}.${fraction}`;
    return refuse(
      'no-unit',
      `${quote(written)} has no unit. Write ${number}s for seconds or ${number}ms for milliseconds.`,
    );
  }
  const unit = units.find(([name]) => name === unitText.toLowerCase());
  if (unit === undefined) {
    return refuse(
      'unknown-unit',
      `${quote(unitText)} is not a unit that is known here. ${howToWrite}`,
    );
  }
  // Digits may be any number: BigInt keeps the result exact, and nothing is slow at 1,000 digits.
  if (whole.length + fraction.length > 1_000) {
    return refuse('not-a-duration', `The number has too many digits. ${howToWrite}`);
  }
  const scaled = BigInt(whole + fraction) * BigInt(unit[1]);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) {
    return refuse(
      'fraction-of-millisecond',
      `${quote(written)} is not a whole number of milliseconds.`,
    );
  }
  const exact = scaled / divisor;
  const max = bounds.max ?? longestDuration;
  if (exact > BigInt(max)) {
    return refuse(
      'too-long',
      `${quote(written)} is longer than ${formatLimit(max)}, the longest that is allowed.`,
    );
  }
  const milliseconds = Number(exact);
  const min = bounds.min ?? 0;
  if (milliseconds < min) {
    return refuse(
      'too-short',
      `${quote(written)} is shorter than ${formatDuration(min)}, the shortest that is allowed.`,
    );
  }
  return { ok: true, milliseconds };
}

/** `90000` is `90s`, `120000` is `2m`: the longest unit that divides it; `parseDuration` reads it back. */
export function formatDuration(milliseconds: Milliseconds): string {
  if (milliseconds === 0) {
    return '0s';
  }
  const whole = Math.round(milliseconds);
  const unit = units.find(([, length]) => whole % length === 0);
  return unit === undefined ? `${whole}ms` : `${whole / unit[1]}${unit[0]}`;
}

/** For people: three significant digits at most, `1.23s`, `45ms`, `2.5m`. Not meant to be read back. */
export function describeDuration(milliseconds: Milliseconds): string {
  const unit = units.find(([, length]) => milliseconds >= length) ?? units[units.length - 1];
  const [name, length] = unit ?? ['ms', 1];
  return `${Number((milliseconds / length).toPrecision(3))}${name}`;
}

function formatLimit(milliseconds: Milliseconds): string {
  return milliseconds === longestDuration ? '24.8 days (596h)' : formatDuration(milliseconds);
}

function refuse(problem: DurationProblem, message: string): ParsedDuration {
  return { ok: false, problem, message };
}
