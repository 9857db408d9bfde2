/** Texts of Timestamp, Duration and FieldMask in ProtoJSON, both ways. */
import { fail, ok, type Read, shown } from './jsonScalars';

export interface Instant {
  readonly seconds: bigint;
  /** Same sign as `seconds` in a Duration, never negative in a Timestamp. */
  readonly nanos: number;
}

/** 0001-01-01T00:00:00Z and 9999-12-31T23:59:59Z. */
const MIN_SECONDS = -62_135_596_800n;
const MAX_SECONDS = 253_402_300_799n;
const MAX_DURATION = 315_576_000_000n;

const TIMESTAMP =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):(\d\d))$/;

export function readTimestamp(text: string): Read<Instant> {
  const match = TIMESTAMP.exec(text);
  if (!match) {
    return fail(`${shown(text)} is no timestamp, for example "2026-01-02T03:04:05.678Z".`);
  }
  const [year, month, day, hour, minute, second] = match.slice(1, 7).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const date = new Date(0);
  // setUTCFullYear, because Date.UTC takes the years 0 to 99 for 1900 to 1999.
  date.setUTCFullYear(year, month - 1, day);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && month > 0;
  const offsetHours = Number(match[9] ?? 0);
  const offsetMinutes = Number(match[10] ?? 0);
  if (!real || hour > 23 || minute > 59 || second > 59 || offsetHours > 23 || offsetMinutes > 59) {
    return fail(`${shown(text)} is no date and time that exists.`);
  }
  const offset = (match[8] === '-' ? -60 : 60) * (offsetHours * 60 + offsetMinutes);
  const seconds = BigInt(date.getTime() / 1000 + hour * 3600 + minute * 60 + second - offset);
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS) {
    return fail(`${shown(text)} is out of range: years 0001 to 9999.`);
  }
  return ok({ seconds, nanos: Number((match[7] ?? '').padEnd(9, '0')) });
}

/** Undefined when the values are out of range, and so have no text. */
export function timestampText({ seconds, nanos }: Instant): string | undefined {
  if (seconds < MIN_SECONDS || seconds > MAX_SECONDS || nanos < 0 || nanos > 999_999_999) {
    return undefined;
  }
  const date = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  return `${date}${fractionText(nanos)}Z`;
}

export function readDuration(text: string): Read<Instant> {
  const match = /^(-?)(\d+)(?:\.(\d{1,9}))?s$/.exec(text);
  if (!match || text.length > 40) {
    return fail(`${shown(text)} is no duration: seconds with the suffix s, for example "1.5s".`);
  }
  const sign = match[1] === '-' ? -1 : 1;
  const seconds = BigInt(match[2] ?? '0');
  const nanos = Number((match[3] ?? '').padEnd(9, '0'));
  if (seconds > MAX_DURATION || (seconds === MAX_DURATION && nanos > 0)) {
    return fail(`${shown(text)} is out of range: up to ±${MAX_DURATION}s.`);
  }
  return ok({ seconds: BigInt(sign) * seconds, nanos: nanos === 0 ? 0 : sign * nanos });
}

export function durationText({ seconds, nanos }: Instant): string | undefined {
  const limit = seconds > MAX_DURATION || seconds < -MAX_DURATION;
  const mixed = (seconds > 0n && nanos < 0) || (seconds < 0n && nanos > 0);
  if (limit || mixed || Math.abs(nanos) > 999_999_999) {
    return undefined;
  }
  const negative = seconds < 0n || nanos < 0;
  const whole = seconds < 0n ? -seconds : seconds;
  return `${negative ? '-' : ''}${whole}${fractionText(Math.abs(nanos))}s`;
}

/** 0, 3, 6 or 9 digits. */
function fractionText(nanos: number): string {
  if (nanos === 0) {
    return '';
  }
  const digits = String(nanos).padStart(9, '0');
  return `.${digits.replace(/(?:000){1,2}$/, '')}`;
}

export function readFieldMask(text: string): Read<string[]> {
  if (text === '') {
    return ok([]);
  }
  const bad = /[^A-Za-z0-9_.,]|_/.exec(text);
  if (bad) {
    return fail(
      `A field mask is written in lowerCamelCase with commas, for example "user.displayName,photo"; ${JSON.stringify(bad[0])} can't stand in it.`,
    );
  }
  return ok(text.split(',').map((path) => path.replace(/[A-Z]/g, (it) => `_${it.toLowerCase()}`)));
}

/** Undefined when a path would not come back as it was. */
export function fieldMaskText(paths: readonly string[]): string | undefined {
  const texts = paths.map((path) => path.replace(/_([a-z])/g, (_, it: string) => it.toUpperCase()));
  const back = readFieldMask(texts.join(','));
  return back.ok && back.value.join(',') === paths.join(',') ? texts.join(',') : undefined;
}
