/** A JSON value. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** Equal as ProtoJSON means it: a 64-bit integer may stand as text or as number, keys in any order. */
export function isEqual(a: Json, b: Json): boolean {
  if (isScalar(a) || isScalar(b)) {
    return a === b || (isScalar(a) && isScalar(b) && isSameNumber(a, b));
  }
  if (isList(a) || isList(b)) {
    return (
      isList(a) &&
      isList(b) &&
      a.length === b.length &&
      a.every((item, index) => isEqual(item, b[index] ?? null))
    );
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && hasMembers(b, a);
}

/** Whether a text has the part, a list the item, an object the members. */
export function contains(whole: Json, part: Json): boolean {
  if (typeof whole === 'string') {
    return whole.includes(typeof part === 'string' ? part : JSON.stringify(part));
  }
  if (isList(whole)) {
    return whole.some((item) => isEqual(item, part) || (isObject(item) && contains(item, part)));
  }
  return isObject(whole) && isObject(part) && hasMembers(whole, part);
}

/** Below 0, 0 or above 0 as `a` comes before `b`; undefined when they have no order. */
export function order(a: Json, b: Json): number | undefined {
  if (!isScalar(a) || !isScalar(b)) {
    return undefined;
  }
  const numbers = [a, b].map(numberOf);
  if (numbers[0] !== undefined && numbers[1] !== undefined) {
    return difference(numbers[0], numbers[1]);
  }
  if (typeof a !== 'string' || typeof b !== 'string') {
    return undefined;
  }
  const times = [a, b].map(timeOf);
  if (times[0] !== undefined && times[1] !== undefined) {
    return difference(times[0], times[1]);
  }
  return difference(a, b);
}

/** A bigint and a number are compared by value. */
function difference<T extends bigint | number | string>(a: T, b: T): number {
  if (a < b) {
    return -1;
  }
  return a > b ? 1 : 0;
}

type Scalar = null | boolean | number | string;

function isScalar(value: Json): value is Scalar {
  return typeof value !== 'object' || value === null;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function isObject(value: Json): value is { readonly [key: string]: Json } {
  return !isScalar(value) && !isList(value);
}

function hasMembers(
  whole: { readonly [key: string]: Json },
  part: { readonly [key: string]: Json },
): boolean {
  return Object.entries(part).every(([key, value]) => {
    const own = Object.hasOwn(whole, key) ? whole[key] : undefined;
    return own !== undefined && isEqual(own, value);
  });
}

function isSameNumber(a: Scalar, b: Scalar): boolean {
  const [left, right] = [numberOf(a), numberOf(b)];
  // Two texts are compared as texts: "1.0" and "1" are different strings.
  return (
    (typeof a === 'number' || typeof b === 'number') &&
    left !== undefined &&
    right !== undefined &&
    difference(left, right) === 0
  );
}

/** Exact for integers of any size. */
function numberOf(value: Scalar): bigint | number | undefined {
  if (typeof value === 'number') {
    return Number.isSafeInteger(value) ? BigInt(value) : value;
  }
  if (typeof value !== 'string') {
    return undefined;
  }
  if (/^-?\d{1,40}$/.test(value)) {
    return BigInt(value);
  }
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(value) ? Number(value) : undefined;
}

/** Nanoseconds of a Timestamp since the epoch, or of a Duration, as ProtoJSON writes them. */
function timeOf(text: string): bigint | undefined {
  const duration = /^(-?)(\d{1,12})(?:\.(\d{1,9}))?s$/.exec(text);
  if (duration) {
    const [, sign, seconds = '0', fraction = ''] = duration;
    const length = BigInt(seconds) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
    return sign === '-' ? -length : length;
  }
  const timestamp = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(
    text,
  );
  const [, seconds, fraction = '', zone] = timestamp ?? [];
  const milliseconds = seconds === undefined ? Number.NaN : Date.parse(`${seconds}${zone}`);
  return Number.isNaN(milliseconds)
    ? undefined
    : BigInt(milliseconds) * 1_000_000n + BigInt(fraction.padEnd(9, '0'));
}
