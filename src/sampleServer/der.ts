/** The part of DER (ITU-T X.690) that an X.509 certificate is written in: each function gives whole values. */

function value(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.from([tag, ...lengthBytes(content.length)]), content]);
}

function lengthBytes(length: number): number[] {
  if (length < 0x80) {
    return [length];
  }
  return length < 0x100 ? [0x81, length] : [0x82, length >>> 8, length & 0xff];
}

export const sequence = (...parts: readonly Uint8Array[]) => value(0x30, ...parts);
export const set = (...parts: readonly Uint8Array[]) => value(0x31, ...parts);
export const octetString = (bytes: Uint8Array) => value(0x04, bytes);
export const utf8String = (text: string) => value(0x0c, Buffer.from(text));
export const booleanTrue = () => value(0x01, Buffer.from([0xff]));

/** `[number] EXPLICIT`. */
export const explicit = (number: number, ...parts: readonly Uint8Array[]) =>
  value(0xa0 | number, ...parts);

/** `[number] IMPLICIT` of a primitive type. */
export const implicit = (number: number, bytes: Uint8Array) => value(0x80 | number, bytes);

/** @param bytes A positive number, big-endian. */
export function integer(bytes: Uint8Array): Buffer {
  // A first bit of 1 would make it negative.
  const sign = (bytes[0] ?? 0) & 0x80 ? Buffer.from([0]) : Buffer.alloc(0);
  return value(0x02, sign, bytes);
}

/** @param unusedBits Bits of the last byte that don't count. */
export function bitString(bytes: Uint8Array, unusedBits = 0): Buffer {
  return value(0x03, Buffer.from([unusedBits]), bytes);
}

/** @param dotted E.g. `2.5.4.3`. */
export function objectIdentifier(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  const bytes = [first * 40 + second];
  for (const arc of rest) {
    const septets = [arc & 0x7f];
    for (let left = Math.floor(arc / 128); left > 0; left = Math.floor(left / 128)) {
      septets.unshift((left & 0x7f) | 0x80);
    }
    bytes.push(...septets);
  }
  return value(0x06, Buffer.from(bytes));
}

/** UTCTime up to 2049, GeneralizedTime after it, RFC 5280 section 4.1.2.5. */
export function time(date: Date): Buffer {
  const digits = `${date.toISOString().replace(/[-:T]|\..*/g, '')}Z`;
  return date.getUTCFullYear() < 2050
    ? value(0x17, Buffer.from(digits.slice(2)))
    : value(0x18, Buffer.from(digits));
}
