/** ProtoJSON text of scalar values to their values, exact; the reason when it isn't one. */

import { nearest } from '../grpc/nearest';
import type { JsonNode } from './jsonText';
import type { EnumType, ScalarType } from './types';

export type Read<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly reason: string };

type IntegerType = Exclude<ScalarType, 'double' | 'float' | 'bool' | 'string' | 'bytes'>;

const MAX_32 = 2n ** 31n;
const MAX_64 = 2n ** 63n;
const RANGES: { readonly [T in IntegerType]: readonly [min: bigint, max: bigint] } = {
  int32: [-MAX_32, MAX_32 - 1n],
  sint32: [-MAX_32, MAX_32 - 1n],
  sfixed32: [-MAX_32, MAX_32 - 1n],
  uint32: [0n, 2n * MAX_32 - 1n],
  fixed32: [0n, 2n * MAX_32 - 1n],
  int64: [-MAX_64, MAX_64 - 1n],
  sint64: [-MAX_64, MAX_64 - 1n],
  sfixed64: [-MAX_64, MAX_64 - 1n],
  uint64: [0n, 2n * MAX_64 - 1n],
  fixed64: [0n, 2n * MAX_64 - 1n],
};

export type ScalarValue = bigint | number | boolean | string | Uint8Array;

/** Integers as bigint, whatever their width. */
export function readScalar(type: ScalarType, node: JsonNode): Read<ScalarValue> {
  switch (type) {
    case 'bool':
      return node.kind === 'boolean'
        ? ok(node.value)
        : fail(`Expected true or false, not ${describe(node)}.`);
    case 'string':
      return node.kind === 'string'
        ? wellFormed(node.value)
        : fail(`Expected a string, not ${describe(node)}.`);
    case 'bytes':
      return node.kind === 'string'
        ? readBase64(node.value)
        : fail(`Expected bytes as a base64 string, not ${describe(node)}.`);
    case 'double':
    case 'float':
      return readFloat(type, node);
    default:
      return readInteger(type, node);
  }
}

function readInteger(type: IntegerType, node: JsonNode): Read<bigint> {
  if (node.kind !== 'number' && node.kind !== 'string') {
    return fail(
      `Expected ${type === 'uint32' || type === 'uint64' ? 'a' : 'an'} ${type}, not ${describe(node)}.`,
    );
  }
  return integerFromText(type, node.kind === 'number' ? node.text : node.value);
}

/** Also the keys of maps. Decimals and exponents count when the value is whole (`1.0`, `1e3`). */
export function integerFromText(type: IntegerType, text: string): Read<bigint> {
  const value = exactInteger(text);
  if (value === undefined) {
    return fail(
      /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(text)
        ? `${shown(text)} is not a whole number in the range of ${type}.`
        : `${shown(text)} is not an integer.`,
    );
  }
  const [min, max] = RANGES[type];
  return value < min || value > max
    ? fail(`${shown(text)} is out of range for ${type}: ${min} to ${max}.`)
    : ok(value);
}

/** Undefined when the text is no whole number, or has so many digits that no type holds it. */
function exactInteger(text: string): bigint | undefined {
  const match = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text);
  if (!match || text.length > 400) {
    return undefined;
  }
  const fraction = (match[3] ?? '').replace(/0+$/, '');
  const digits = `${match[2]}${fraction}`;
  const shift = Number(match[4] ?? '0') - fraction.length;
  if (/^0+$/.test(digits)) {
    return 0n;
  }
  if (shift > 400 || shift < -400) {
    return undefined;
  }
  let whole = digits;
  if (shift >= 0) {
    whole += '0'.repeat(shift);
  } else {
    const cut = digits.length + shift;
    if (!/^0*$/.test(digits.slice(Math.max(0, cut)))) {
      return undefined;
    }
    whole = digits.slice(0, Math.max(0, cut)) || '0';
  }
  const value = BigInt(whole);
  return match[1] === '-' ? -value : value;
}

/** Largest finite float32. */
const MAX_FLOAT = 3.4028234663852886e38;

function readFloat(type: 'double' | 'float', node: JsonNode): Read<number> {
  if (node.kind !== 'number' && node.kind !== 'string') {
    return fail(`Expected a number, not ${describe(node)}.`);
  }
  if (node.kind === 'string') {
    const special = { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, '-Infinity': -Infinity };
    if (Object.hasOwn(special, node.value)) {
      return ok(special[node.value as keyof typeof special]);
    }
    if (!/^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(node.value)) {
      return fail(`${shown(node.value)} is not a number; "NaN", "Infinity" and "-Infinity" are.`);
    }
  }
  const text = node.kind === 'number' ? node.text : node.value;
  const value = Number(text);
  // A float just past the largest one still rounds to it.
  const fits = type === 'double' ? Number.isFinite(value) : Number.isFinite(Math.fround(value));
  if (!fits) {
    return fail(
      `${shown(text)} is out of range for ${type}${type === 'float' ? `: up to ±${MAX_FLOAT}` : ''}.`,
    );
  }
  return ok(value);
}

/** Standard or URL-safe alphabet, padded or not. */
export function readBase64(text: string): Read<Uint8Array> {
  const body = text.replace(/=+$/, '');
  const bad = /[^A-Za-z0-9+/_-]/.exec(body);
  if (bad) {
    return fail(
      `Not base64: ${JSON.stringify(bad[0])} at position ${bad.index + 1} is not in its alphabet.`,
    );
  }
  if (body.length % 4 === 1 || text.length - body.length > 2) {
    return fail('Not base64: characters are missing or left over at the end.');
  }
  return ok(new Uint8Array(Buffer.from(body, 'base64url')));
}

/** A protobuf string is Unicode text; half a surrogate pair can't be sent. */
export function wellFormed(text: string): Read<string> {
  return !/\p{Surrogate}/u.test(text)
    ? ok(text)
    : fail('The string holds half of a surrogate pair, which is no Unicode text.');
}

export function readMapKey(type: ScalarType, key: string): Read<ScalarValue> {
  switch (type) {
    case 'string':
      return wellFormed(key);
    case 'bool':
      return key === 'true' || key === 'false'
        ? ok(key === 'true')
        : fail(`The key ${shown(key)} is neither "true" nor "false".`);
    case 'double':
    case 'float':
    case 'bytes':
      return fail(`${type} can't be the key of a map.`);
    default: {
      const read = integerFromText(type, key);
      return read.ok ? read : fail(`As a key of the map: ${read.reason}`);
    }
  }
}

/** How many names an error lists. */
const MAX_NAMES = 20;

export function readEnum(type: EnumType, node: JsonNode): Read<number> {
  if (node.kind === 'null' && type.fullName === 'google.protobuf.NullValue') {
    return ok(0);
  }
  if (node.kind === 'string') {
    const value = type.byName.get(node.value);
    return value
      ? ok(value.number)
      : fail(
          `${type.fullName} has no value ${shown(node.value)}.${hint(node.value, [...type.byName.keys()])}`,
        );
  }
  if (node.kind === 'number') {
    const number = integerFromText('int32', node.text);
    if (!number.ok) {
      return number;
    }
    if (type.closed && !type.byNumber.has(Number(number.value))) {
      return fail(
        `${type.fullName} is closed and has no value ${number.value}.${hint('', [...type.byName.keys()])}`,
      );
    }
    return ok(Number(number.value));
  }
  return fail(
    `Expected a value of ${type.fullName}, not ${describe(node)}.${hint('', [...type.byName.keys()])}`,
  );
}

/** ` Did you mean …?` for a near miss, else ` Known: …`. */
export function hint(text: string, names: readonly string[]): string {
  const near = text === '' ? undefined : nearest(text, names);
  if (near !== undefined) {
    return ` Did you mean ${near}?`;
  }
  if (names.length === 0) {
    return '';
  }
  const more = names.length > MAX_NAMES ? `, … (${names.length} in all)` : '';
  return ` Known: ${names.slice(0, MAX_NAMES).join(', ')}${more}.`;
}

export function describe(node: JsonNode): string {
  switch (node.kind) {
    case 'object':
      return 'an object';
    case 'array':
      return 'an array';
    case 'string':
      return `the string ${shown(node.value)}`;
    case 'number':
      return `the number ${node.text.length > 40 ? `${node.text.slice(0, 40)}…` : node.text}`;
    case 'boolean':
      return String(node.value);
    default:
      return 'null';
  }
}

export function shown(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text);
}

export function ok<T>(value: T): Read<T> {
  return { ok: true, value };
}

export function fail(reason: string): { readonly ok: false; readonly reason: string } {
  return { ok: false, reason };
}
