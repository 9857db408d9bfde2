/**
 * The bytes of a `-bin` field, one member for each value that a proxy joined with commas; undefined where a
 * value is not base64. Padding may be there or not (gRPC over HTTP/2, "Custom-Metadata").
 */
export function decodeBinaryValues(value: string): (Uint8Array | undefined)[] {
  return value.split(',').map((part) => decodeBase64(part.trim()));
}

function decodeBase64(text: string): Uint8Array | undefined {
  const digits = text.replace(/={1,2}$/, '');
  // Padding, where it is, must fill the last group of four; a single digit is no byte.
  const wrongPadding = digits.length < text.length && text.length % 4 !== 0;
  if (wrongPadding || digits.length % 4 === 1 || !/^[A-Za-z0-9+/]*$/.test(digits)) return undefined;
  return new Uint8Array(Buffer.from(digits, 'base64'));
}

/**
 * The text of a `grpc-message` field: percent-encoded UTF-8 (gRPC over HTTP/2, "Status-Message"). What is
 * not valid stays as it came: a `%` without two hex digits, and bytes that are no UTF-8 as `%XX`.
 */
export function decodeGrpcMessage(value: string): string {
  return utf8OrPercent(percentDecoded(value));
}

function percentDecoded(value: string): Uint8Array {
  const bytes = new Uint8Array(value.length);
  let length = 0;
  for (let at = 0; at < value.length; at++) {
    const code = value.charCodeAt(at);
    const hex = code === percent ? value.slice(at + 1, at + 3) : '';
    const escaped = /^[0-9a-fA-F]{2}$/.test(hex);
    bytes[length++] = escaped ? Number.parseInt(hex, 16) : code;
    if (escaped) at += 2;
  }
  return bytes.subarray(0, length);
}

const percent = 0x25;

function utf8OrPercent(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  const text = decoder.decode(bytes);
  if (!text.includes(replacement)) return text;
  // Only in this rare case is it worth looking at each character.
  let kept = '';
  for (let at = 0; at < bytes.length; ) {
    const end = at + sequenceLength(bytes[at] ?? 0);
    const character = decoder.decode(bytes.subarray(at, end));
    // U+FFFD stands for something invalid, unless the server really sent one: then it is alone.
    if (character.includes(replacement) && !isReplacement(bytes, at)) {
      kept += `%${(bytes[at] ?? 0).toString(16).toUpperCase().padStart(2, '0')}`;
      at++;
    } else {
      kept += character;
      at = end;
    }
  }
  return kept;
}

const replacement = '\ufffd';

function isReplacement(bytes: Uint8Array, at: number): boolean {
  return bytes[at] === 0xef && bytes[at + 1] === 0xbf && bytes[at + 2] === 0xbd;
}

/** Length of the UTF-8 sequence that `first` begins; the decoder judges whether it is one. */
function sequenceLength(first: number): number {
  if (first < 0xc0) return 1;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

export interface GrpcTimeout {
  readonly milliseconds: number;
  /** In the largest unit that leaves a number of 1 or more: `14.998s`, `500ms`, `2m`. */
  readonly text: string;
}

/** Units of `grpc-timeout` in nanoseconds. */
const timeoutUnits: Readonly<Record<string, number>> = {
  H: 3600e9,
  M: 60e9,
  S: 1e9,
  m: 1e6,
  u: 1e3,
  n: 1,
};

const textUnits: readonly (readonly [nanoseconds: number, suffix: string])[] = [
  [3600e9, 'h'],
  [60e9, 'm'],
  [1e9, 's'],
  [1e6, 'ms'],
  [1e3, 'µs'],
];

/** A `grpc-timeout` value: 1 to 8 digits and a unit (gRPC over HTTP/2, "Timeout"); undefined for others. */
export function parseGrpcTimeout(value: string): GrpcTimeout | undefined {
  const match = /^(\d{1,8})([HMSmun])$/.exec(value);
  const unit = timeoutUnits[match?.[2] ?? ''];
  if (unit === undefined) return undefined;
  const nanoseconds = Number(match?.[1]) * unit;
  return { milliseconds: nanoseconds / 1e6, text: timeoutText(nanoseconds) };
}

function timeoutText(nanoseconds: number): string {
  // Hours and minutes only where they are whole: `1.5m` reads worse than `90s`.
  for (const [unit, suffix] of textUnits) {
    const amount = nanoseconds / unit;
    if (amount >= 1 && (unit <= 1e9 || Number.isInteger(amount))) return `${amount}${suffix}`;
  }
  return `${nanoseconds}ns`;
}
