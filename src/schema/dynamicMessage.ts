/** Bytes to a message in memory, by the schema. What a server sends is bounded in depth and number. */
import { DecodeError } from './bodyError';
import { MAX_MESSAGE_DEPTH } from './bodyReport';
import type { ScalarValue } from './jsonScalars';
import { type Field, type MessageType, mapFields, type Oneof, type ScalarType } from './types';
import { scalarWireType, WireType } from './wire';
import { WireReader } from './wireReader';

export interface DynamicMessage {
  readonly type: MessageType;
  readonly values: Map<Field, Value>;
}

/** 64-bit integers are bigint, other numbers and enum values number. */
export type Single = ScalarValue | DynamicMessage;

/** Map entries by the text of their key. */
export type MapValue = Map<string, Single>;

export type Value = Single | Single[] | MapValue;

/** An empty message costs a server two bytes and us a hundred: so many values and no more. */
const MAX_VALUES = 1_000_000;

/**
 * Throws `DecodeError`. Fields that the type doesn't know are left out (see `Schema.fields`).
 * @param depth how deep the message stands in others
 */
export function decodeMessage(type: MessageType, bytes: Uint8Array, depth = 0): DynamicMessage {
  const reader = new WireReader(bytes);
  const decoder = new Decoder(reader);
  try {
    return decoder.message(type, bytes.length, depth);
  } catch (error) {
    if (error instanceof DecodeError) {
      throw error;
    }
    const reason = error instanceof Error ? error.message : String(error);
    throw new DecodeError(
      'malformed',
      `The bytes are no ${type.fullName}: ${reason} near byte ${reader.position}.`,
      { cause: error },
    );
  }
}

class Decoder {
  #left = MAX_VALUES;

  constructor(readonly reader: WireReader) {}

  message(type: MessageType, end: number, depth: number): DynamicMessage {
    const message: DynamicMessage = { type, values: new Map() };
    this.#into(message, end, depth, 0);
    return message;
  }

  /** Reads up to `end`, or to the end-group tag of `group` when it is not 0. */
  #into(message: DynamicMessage, end: number, depth: number, group: number): void {
    if (depth >= MAX_MESSAGE_DEPTH) {
      throw new DecodeError('too-deep', `Messages are nested deeper than ${MAX_MESSAGE_DEPTH}.`);
    }
    const reader = this.reader;
    while (reader.position < end) {
      const tag = reader.uint32();
      const number = tag >>> 3;
      const wireType = tag & 7;
      if (wireType === WireType.End) {
        if (number !== group || group === 0) {
          throw new Error(`end of a group (${number}) that did not start`);
        }
        return;
      }
      if (number === 0) {
        throw new Error('field number 0');
      }
      const field = message.type.byNumber.get(number);
      if (!field || !this.#field(message, field, wireType, depth, end)) {
        reader.skip(wireType, number, MAX_MESSAGE_DEPTH - depth);
      }
      if (reader.position > end) {
        throw new Error('a field goes past the end of its message');
      }
    }
    if (group !== 0) {
      throw new Error(`group ${group} does not end`);
    }
  }

  #spend(): void {
    if (--this.#left < 0) {
      throw new DecodeError(
        'too-long',
        `The message has more than ${MAX_VALUES.toLocaleString('en')} values; only its fields and bytes can be shown.`,
      );
    }
  }

  /** The end of a length-delimited value that starts here, after its length. */
  #length(end: number): number {
    const length = this.reader.uint32();
    const to = this.reader.position + length;
    if (to > end) {
      throw new Error('a length goes past the end of its message');
    }
    return to;
  }

  /** False when the wire type doesn't fit: then it is an unknown field. Nothing has been read. */
  #field(
    message: DynamicMessage,
    field: Field,
    wireType: number,
    depth: number,
    end: number,
  ): boolean {
    if (field.map && field.type.kind === 'message') {
      if (wireType !== WireType.Bytes) {
        return false;
      }
      this.#mapEntry(message, field, field.type.message, depth, end);
      return true;
    }
    const scalar = scalarOf(field);
    if (field.repeated && scalar && wireType === WireType.Bytes && isPackable(scalar)) {
      const to = this.#length(end);
      const list = listOf(message, field);
      while (this.reader.position < to) {
        this.#spend();
        list.push(this.#scalar(field, scalar));
      }
      return true;
    }
    const before = field.repeated ? undefined : message.values.get(field);
    const value = this.#single(field, scalar, wireType, depth, end, before);
    if (value === undefined) {
      return false;
    }
    this.#spend();
    if (field.repeated) {
      listOf(message, field).push(value);
      return true;
    }
    if (field.oneof !== undefined) {
      forgetOthers(message, field, field.oneof);
    }
    message.values.set(field, value);
    return true;
  }

  #single(
    field: Field,
    scalar: ScalarType | undefined,
    wireType: number,
    depth: number,
    end: number,
    before: Value | undefined,
  ): Single | undefined {
    if (scalar) {
      return wireType === scalarWireType(scalar) ? this.#scalar(field, scalar) : undefined;
    }
    if (field.type.kind === 'message') {
      if (wireType !== WireType.Bytes && wireType !== WireType.Start) {
        return undefined;
      }
      // Two occurrences of a singular message are merged ("Encoding: Last One Wins").
      const message: DynamicMessage = isMessage(before)
        ? before
        : { type: field.type.message, values: new Map() };
      if (wireType === WireType.Start) {
        this.#into(message, end, depth + 1, field.number);
      } else {
        this.#into(message, this.#length(end), depth + 1, 0);
      }
      return message;
    }
    // The type is missing: bytes stay bytes; a varint is most likely the number of an enum value.
    if (wireType === WireType.Bytes) {
      return this.reader.bytes();
    }
    return wireType === WireType.Varint ? this.reader.int32() : undefined;
  }

  #scalar(field: Field, scalar: ScalarType): ScalarValue {
    // The length of a string or of bytes is checked by the reader against the whole message, and against
    // the message around it when the field has been read.
    const value = this.reader[scalar]();
    return field.type.kind === 'enum' ? Number(value) : value;
  }

  #mapEntry(
    message: DynamicMessage,
    field: Field,
    entryType: MessageType,
    depth: number,
    end: number,
  ): void {
    const entry: DynamicMessage = { type: entryType, values: new Map() };
    this.#into(entry, this.#length(end), depth + 1, 0);
    const [keyField, valueField] = mapFields(entryType);
    if (!keyField || !valueField) {
      return;
    }
    this.#spend();
    const key = entry.values.get(keyField) ?? zero(keyField);
    const value = entry.values.get(valueField) ?? zero(valueField);
    let map = message.values.get(field);
    if (!(map instanceof Map)) {
      map = new Map<string, Single>();
      message.values.set(field, map);
    }
    if (!Array.isArray(value) && !(value instanceof Map)) {
      map.set(String(key), value);
    }
  }
}

function forgetOthers({ values }: DynamicMessage, field: Field, { fields }: Oneof): void {
  for (const other of fields) {
    if (other !== field) {
      values.delete(other);
    }
  }
}

function listOf(message: DynamicMessage, field: Field): Single[] {
  const list = message.values.get(field);
  if (Array.isArray(list)) {
    return list;
  }
  const made: Single[] = [];
  message.values.set(field, made);
  return made;
}

/** How the values of a field stand on the wire; undefined for messages, and for what has no type. */
export function scalarOf(field: Field): ScalarType | undefined {
  if (field.type.kind === 'enum') {
    return 'int32';
  }
  return field.type.kind === 'scalar' ? field.type.scalar : undefined;
}

export function isPackable(scalar: ScalarType): boolean {
  return scalar !== 'string' && scalar !== 'bytes';
}

export function isMessage(value: Value | undefined): value is DynamicMessage {
  return (
    typeof value === 'object' &&
    !(value instanceof Uint8Array) &&
    !(value instanceof Map) &&
    !Array.isArray(value)
  );
}

/** What an absent field without a default of its own reads as. */
export function zero(field: Field): Single {
  switch (field.type.kind) {
    case 'message':
      return { type: field.type.message, values: new Map() };
    case 'enum':
      return field.type.enum.closed ? (field.type.enum.values[0]?.number ?? 0) : 0;
    case 'unresolved':
      return new Uint8Array();
    case 'scalar':
      return zeroScalar(field.type.scalar);
  }
}

function zeroScalar(scalar: ScalarType): ScalarValue {
  switch (scalar) {
    case 'string':
      return '';
    case 'bytes':
      return new Uint8Array();
    case 'bool':
      return false;
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      return 0n;
    default:
      return 0;
  }
}
