import { longestDuration } from '../duration';
import type { Implementation } from '../implementation';
import { nearest } from '../nearest';
import { quote } from '../quote';
import { statusNames } from '../statusCodes';
import type { Issues, JsonPath } from './issues';

/** A proto3 JSON Duration of 0 or more, as gRFC A6 demands it. */
const durationPattern = /^\d+(\.\d{1,9})?s$/;

/** What Go reads besides: no digits before the point, or none after it. */
const goDurationPattern = /^(\d+\.?|\d*\.\d{1,9})s$/;

/** Nanoseconds of the units that people write by habit. */
const units: Readonly<Record<string, bigint>> = {
  ns: 1n,
  us: 1_000n,
  µs: 1_000n,
  ms: 1_000_000n,
  s: 1_000_000_000n,
  sec: 1_000_000_000n,
  m: 60_000_000_000n,
  min: 60_000_000_000n,
  h: 3_600_000_000_000n,
};

/** The length in seconds; undefined when it isn't one, which is reported. */
export function checkDuration(issues: Issues, path: JsonPath, value: unknown): number | undefined {
  if (typeof value === 'string' && durationPattern.test(value)) {
    const seconds = Number(value.slice(0, -1));
    if (seconds * 1_000 > longestDuration) {
      issues.differs(
        ['grpc-js'],
        'invalid',
        'service-config-too-long',
        path,
        (names) => `Longer than 24.8 days: timers in ${names} can not count that.`,
      );
      return issues.implementation === 'grpc-js' ? undefined : seconds;
    }
    return seconds;
  }
  if (
    issues.implementation === 'grpc-go' &&
    typeof value === 'string' &&
    goDurationPattern.test(value)
  ) {
    return Number(value.slice(0, -1));
  }
  const meant = typeof value === 'string' ? inSeconds(value) : undefined;
  const example = meant === undefined ? '"0.1s", never "100ms"' : `"${meant}"`;
  issues.invalid(path, `A duration is text in seconds that ends in s: ${example}.`, {
    fix: meant === undefined ? undefined : { value: meant },
  });
  return undefined;
}

/** `100ms` is `0.1s`; undefined without a unit, or when it takes more than nanoseconds. */
function inSeconds(text: string): string | undefined {
  const match = /^\s*(\d{0,12})(?:\.(\d{0,12}))?\s*([a-zµ]+)\s*$/i.exec(text);
  const [, whole = '', fraction = '', unit = ''] = match ?? [];
  const length = units[unit.toLowerCase()];
  if (length === undefined || whole + fraction === '') {
    return undefined;
  }
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * length;
  if (scaled % scale !== 0n) {
    return undefined;
  }
  const digits = (scaled / scale).toString().padStart(10, '0');
  const decimals = digits.slice(-9).replace(/0+$/, '');
  return `${digits.slice(0, -9)}${decimals === '' ? '' : `.${decimals}`}s`;
}

/** grpc-js takes names in any case; Status.Code.valueOf of Java, strToCode of Go and C core the exact one only. */
const anyCase: readonly Implementation[] = ['grpc-js'];

export function checkStatusCodes(issues: Issues, path: JsonPath, codes: readonly unknown[]): void {
  for (const [index, code] of codes.entries()) {
    checkStatusCode(issues, [...path, index], code);
  }
}

function checkStatusCode(issues: Issues, path: JsonPath, code: unknown): void {
  const name = statusNames.find((each, number) => code === each || code === number);
  if (name === undefined) {
    const meant = meantCode(code);
    const isCase = typeof code === 'string' && meant === code.toUpperCase();
    const hint = meant === undefined ? '' : ` Did you mean "${meant}"?`;
    issues.invalid(
      path,
      `${quote(String(code))} is not a status code: a name such as "UNAVAILABLE" or a number from 0 to 16.${hint}`,
      { fix: meant === undefined ? undefined : { value: meant }, except: isCase ? anyCase : [] },
    );
    return;
  }
  if (typeof code === 'number') {
    issues.differs(
      ['grpc-core'],
      'invalid',
      'service-config-code-number',
      path,
      (names) => `${names} take names of status codes only: "${name}".`,
      { value: name },
    );
  }
  if (name === 'OK') {
    issues.differs(
      ['grpc-java'],
      'invalid',
      'service-config-code-ok',
      path,
      (names) => `${names} refuses OK here: it is no failure.`,
    );
  }
}

function meantCode(code: unknown): string | undefined {
  if (typeof code !== 'string') {
    return undefined;
  }
  return /^\d{1,2}$/.test(code)
    ? statusNames[Number(code)]
    : nearest(code.trim().toUpperCase(), statusNames, 2);
}
