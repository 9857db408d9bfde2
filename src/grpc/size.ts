import { quote } from './quote';

/** Units from the largest to the smallest, with their size in bytes. `MB` is 10^6, `MiB` is 2^20. */
const units = [
  ['GiB', 2 ** 30],
  ['GB', 1e9],
  ['MiB', 2 ** 20],
  ['MB', 1e6],
  ['KiB', 2 ** 10],
  ['KB', 1e3],
  ['B', 1],
] as const;

/** What `parseSize` gives for `unlimited`, and what grpc-js takes for it. */
export const unlimitedSize = -1;

/** The length prefix of a gRPC message has 32 bits (gRPC over HTTP2, Length-Prefixed-Message). */
export const largestSize = 2 ** 32 - 1;

export type SizeProblem =
  | 'empty'
  | 'not-a-size'
  | 'unknown-unit'
  | 'negative'
  | 'fraction-of-byte'
  | 'too-large';

export type ParsedSize =
  | { readonly ok: true; readonly bytes: number }
  | { readonly ok: false; readonly problem: SizeProblem; readonly message: string };

const howToWrite = 'Write bytes (65536), a number with its unit (64KiB, 4MiB, 4MB) or unlimited.';

/** Reads `4MiB` (2^20), `4MB` (10^6), `64KiB`, `1.5MiB`, a bare number of bytes, or `unlimited` (-1). */
export function parseSize(text: string): ParsedSize {
  const written = text.trim();
  if (written === '') {
    return refuse('empty', `No size given. ${howToWrite}`);
  }
  if (written.toLowerCase() === 'unlimited') {
    return { ok: true, bytes: unlimitedSize };
  }
  const match = /^(-?)(\d+)(?:\.(\d+))?\s*([a-z]*)$/i.exec(written);
  if (match === null || written.length > 1_000) {
    return refuse('not-a-size', `${quote(written)} is not a size. ${howToWrite}`);
  }
  const [, sign = '', whole = '', fraction = '', unitText = ''] = match;
  if (sign !== '') {
    return refuse('negative', `${quote(written)} is negative. Write unlimited for no limit.`);
  }
  const unit = units.find(([name]) => name.toLowerCase() === (unitText || 'B').toLowerCase());
  if (unit === undefined) {
    return refuse('unknown-unit', `${quote(unitText)} is not a unit of size. ${howToWrite}`);
  }
  const scaled = BigInt(whole + fraction) * BigInt(unit[1]);
  const divisor = 10n ** BigInt(fraction.length);
  if (scaled % divisor !== 0n) {
    return refuse('fraction-of-byte', `${quote(written)} is not a whole number of bytes.`);
  }
  const bytes = scaled / divisor;
  if (bytes > BigInt(largestSize)) {
    return refuse(
      'too-large',
      `${quote(written)} is over 4 GiB, the largest message that gRPC can frame. Write unlimited for no limit.`,
    );
  }
  return { ok: true, bytes: Number(bytes) };
}

/** `4194304` is `4MiB`, `-1` is `unlimited`: exact, so that `parseSize` reads it back. */
export function formatSize(bytes: number): string {
  if (bytes === unlimitedSize) {
    return 'unlimited';
  }
  if (bytes === 0) {
    return '0B';
  }
  const [name, size] = units.find(([, size]) => bytes % size === 0) ?? ['B', 1];
  return `${bytes / size}${name}`;
}

/** For people: `4.2 MiB`, `37 bytes`. Not meant to be read back. */
export function describeSize(bytes: number): string {
  const binary = units.filter(([name, size]) => name.endsWith('iB') && bytes >= size)[0];
  if (binary === undefined) {
    return `${bytes} byte${bytes === 1 ? '' : 's'}`;
  }
  return `${Number((bytes / binary[1]).toPrecision(3))} ${binary[0]}`;
}

function refuse(problem: SizeProblem, message: string): ParsedSize {
  return { ok: false, problem, message };
}
