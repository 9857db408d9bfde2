/** The fields in a message's bytes with names and types from the schema: what the detail pane links to bytes. */
import { type RawField, readFields } from '../wire/protobufFields';
import { shortestFloat } from './jsonWriter';
import type { WireField } from './schema';
import type { Field, MessageType, ScalarType } from './types';
import { typeText } from './types';

const MAX_FIELDS = 10_000;
const MAX_DEPTH = 100;
const MAX_TEXT = 200;

/** Never throws; bytes that are no protobuf end the list, with the reason as the last field's value. */
export function fieldMap(type: MessageType | undefined, bytes: Uint8Array): WireField[] {
  return new FieldMapper(bytes).range(type, 0, bytes.length, 0);
}

class FieldMapper {
  #left = MAX_FIELDS;

  constructor(readonly bytes: Uint8Array) {}

  range(type: MessageType | undefined, start: number, end: number, depth: number): WireField[] {
    const read = readFields(this.bytes, start, end, { fields: Math.max(1, this.#left) });
    const fields = this.#all(type, read.fields, depth);
    const problem = read.problem;
    if (problem && depth === 0) {
      const at = Math.min(problem.offset, end);
      fields.push({
        number: 0,
        wireType: 'bytes',
        value: `Not readable from byte ${problem.offset} on: ${problem.reason}`,
        start: at,
        valueStart: at,
        end,
      });
    }
    return fields;
  }

  #all(type: MessageType | undefined, raw: readonly RawField[], depth: number): WireField[] {
    const fields: WireField[] = [];
    for (const it of raw) {
      if (--this.#left < 0) {
        break;
      }
      fields.push(this.#field(type, it, depth));
    }
    return fields;
  }

  #field(type: MessageType | undefined, raw: RawField, depth: number): WireField {
    const field = type?.byNumber.get(raw.number);
    const place = {
      number: raw.number,
      wireType: raw.wireType,
      start: raw.start,
      valueStart: raw.valueStart,
      end: raw.end,
      ...(field ? { name: field.name, type: typeText(field) } : {}),
    };
    const message = field?.type.kind === 'message' ? field.type.message : undefined;
    if (raw.wireType === 'group') {
      const children = this.#all(message, raw.children, depth + 1);
      return { ...place, value: countText(children.length), children };
    }
    if (raw.wireType === 'bytes') {
      const inner = this.#inner(field, message, raw, depth);
      if (inner) {
        return { ...place, value: countText(inner.length), children: inner };
      }
      return { ...place, value: bytesText(field, raw.value) };
    }
    return { ...place, value: numberText(field, raw) };
  }

  /** The fields of a message inside; of an unknown field only when its bytes look like one. */
  #inner(
    field: Field | undefined,
    message: MessageType | undefined,
    raw: RawField,
    depth: number,
  ): WireField[] | undefined {
    if (depth >= MAX_DEPTH || (field && !message)) {
      return undefined;
    }
    if (message) {
      const read = readFields(this.bytes, raw.valueStart, raw.end, { fields: 1 });
      return read.fields.length > 0 || raw.valueStart === raw.end
        ? this.range(message, raw.valueStart, raw.end, depth + 1)
        : undefined;
    }
    if (raw.valueStart === raw.end || isText(this.bytes.subarray(raw.valueStart, raw.end))) {
      return undefined;
    }
    const read = readFields(this.bytes, raw.valueStart, raw.end, {
      fields: Math.max(1, this.#left),
    });
    return read.problem || read.fields.length === 0
      ? undefined
      : this.#all(undefined, read.fields, depth + 1);
  }
}

function countText(count: number): string {
  return count === 1 ? '1 field' : `${count} fields`;
}

function isText(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * MAX_TEXT));
  // A replacement character at the very end may come from the cut.
  return !/[\p{Cc}\ufffd]/u.test(text.replace(/[\t\r\n]/g, '').replace(/\ufffd$/, ''));
}

function bytesText(field: Field | undefined, bytes: Uint8Array): string {
  if (field?.type.kind === 'scalar' && field.type.scalar === 'string') {
    return quoted(bytes);
  }
  const packed = field && packedText(field, bytes);
  if (packed !== undefined) {
    return packed;
  }
  return field === undefined && bytes.length > 0 && isText(bytes) ? quoted(bytes) : hexText(bytes);
}

function quoted(bytes: Uint8Array): string {
  const text = new TextDecoder().decode(bytes.subarray(0, 4 * MAX_TEXT));
  const cut = text.length > MAX_TEXT || bytes.length > 4 * MAX_TEXT;
  return JSON.stringify(text.slice(0, MAX_TEXT)) + (cut ? ` … ${bytes.length} bytes` : '');
}

function hexText(bytes: Uint8Array): string {
  if (bytes.length === 0) {
    return '(empty)';
  }
  const hex = Buffer.from(bytes.subarray(0, 32)).toString('hex').replace(/../g, '$& ').trim();
  return bytes.length > 32 ? `${hex} … ${bytes.length} bytes` : hex;
}

/** The values of a packed field; undefined when the field is none or the bytes don't come out even. */
function packedText(field: Field, bytes: Uint8Array): string | undefined {
  const scalar: ScalarType | undefined =
    field.type.kind === 'enum'
      ? 'int32'
      : field.type.kind === 'scalar'
        ? field.type.scalar
        : undefined;
  if (!field.repeated || !scalar || scalar === 'string' || scalar === 'bytes') {
    return undefined;
  }
  const texts: string[] = [];
  let length = 0;
  let at = 0;
  while (at < bytes.length && length < MAX_TEXT) {
    const next = packedValue(scalar, bytes, at);
    if (!next) {
      return undefined;
    }
    const text = numberText(field, next.raw);
    texts.push(text);
    length += text.length + 2;
    at = next.end;
  }
  return `[${texts.join(', ')}${at < bytes.length ? ', …' : ''}]`;
}

type NumberField = Extract<RawField, { readonly wireType: 'varint' | 'fixed64' | 'fixed32' }>;

function packedValue(
  scalar: ScalarType,
  bytes: Uint8Array,
  at: number,
): { raw: NumberField; end: number } | undefined {
  const place = { number: 0, start: at, valueStart: at };
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = fixedWidth(scalar);
  if (width > 0) {
    if (at + width > bytes.length) {
      return undefined;
    }
    const end = at + width;
    return width === 8
      ? { raw: { ...place, end, wireType: 'fixed64', value: view.getBigUint64(at, true) }, end }
      : { raw: { ...place, end, wireType: 'fixed32', value: view.getUint32(at, true) }, end };
  }
  let value = 0n;
  for (let i = 0; i < 10 && at + i < bytes.length; i++) {
    const byte = view.getUint8(at + i);
    value |= BigInt(byte & 0x7f) << BigInt(7 * i);
    if (byte < 0x80) {
      const end = at + i + 1;
      return { raw: { ...place, end, wireType: 'varint', value: BigInt.asUintN(64, value) }, end };
    }
  }
  return undefined;
}

function fixedWidth(scalar: ScalarType): 0 | 4 | 8 {
  switch (scalar) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return 8;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return 4;
    default:
      return 0;
  }
}

/** The number as its type reads it; without a type as an unsigned integer. */
function numberText(field: Field | undefined, raw: NumberField): string {
  const bits = BigInt(raw.value);
  if (field?.type.kind === 'enum') {
    const number = Number(BigInt.asIntN(32, bits));
    const name = field.type.enum.byNumber.get(number)?.name;
    return name === undefined ? String(number) : `${name} (${number})`;
  }
  const scalar = field?.type.kind === 'scalar' ? field.type.scalar : undefined;
  switch (scalar) {
    case 'bool':
      return String(bits !== 0n);
    case 'int32':
    case 'sfixed32':
      return String(BigInt.asIntN(32, bits));
    case 'int64':
    case 'sfixed64':
      return String(BigInt.asIntN(64, bits));
    case 'sint32':
    case 'sint64':
      return String((bits >> 1n) ^ -(bits & 1n));
    case 'double':
      return raw.wireType === 'fixed64' ? String(doubleOf(bits)) : String(bits);
    case 'float':
      return raw.wireType === 'fixed32' ? String(shortestFloat(floatOf(raw.value))) : String(bits);
    default:
      return String(bits);
  }
}

function doubleOf(bits: bigint): number {
  const view = new DataView(new ArrayBuffer(8));
  view.setBigUint64(0, bits);
  return view.getFloat64(0);
}

function floatOf(bits: number): number {
  const view = new DataView(new ArrayBuffer(4));
  view.setUint32(0, bits);
  return view.getFloat32(0);
}
