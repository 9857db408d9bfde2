/**
 * Reads the messages of `google/protobuf/descriptor.proto` by a table of their fields. protobufjs would make code for
 * each of them when it is first used, which takes longer than all else that a short command does with a schema.
 */

import descriptorJson from 'protobufjs/google/protobuf/descriptor.json' with { type: 'json' };
import protobuf from 'protobufjs/minimal.js';

/** A message or an enum in protobufjs's JSON. */
export interface JsonType {
  readonly fields?: Readonly<Record<string, JsonField>>;
  readonly values?: Readonly<Record<string, number>>;
  readonly nested?: Readonly<Record<string, JsonType>>;
  /** First and last. */
  readonly extensions?: readonly (readonly number[])[];
}

export interface JsonField {
  readonly id: number;
  readonly type: string;
  readonly rule?: string;
  /** As it is written in the file, where that differs. */
  readonly protoName?: string;
  readonly options?: {
    readonly default?: unknown;
    readonly packed?: boolean;
    readonly deprecated?: boolean;
  };
}

interface FieldTable {
  readonly name: string;
  readonly repeated: boolean;
  readonly wireType: number;
  readonly read: (reader: protobuf.Reader) => unknown;
  /** Of a field that is a message. */
  readonly message: string | undefined;
}

interface MessageTable {
  readonly fields: ReadonlyMap<number, FieldTable>;
  /** A member that the bytes don't have reads as its default; `hasOwnProperty` tells them apart. */
  readonly defaults: object;
}

type Message = Record<string, unknown>;

/** The types of `google.protobuf` in `descriptor.proto`, by name. TypeScript would see a type of its own in each. */
export const descriptorDefinitions = descriptorJson.nested.google.nested.protobuf
  .nested as unknown as Readonly<Record<string, JsonType>>;

const LENGTH = 2;
/** Deeper than anybody nests messages. */
const depthLimit = 100;

type Scalar = readonly [
  wireType: number,
  zero: unknown,
  read: (reader: protobuf.Reader) => unknown,
];
const enumeration: Scalar = [0, 0, (reader) => reader.int32()];
const embedded: Scalar = [LENGTH, new Uint8Array(), (reader) => reader.bytes()];
const scalars: Readonly<Record<string, Scalar>> = {
  string: [LENGTH, '', (reader) => reader.string()],
  bytes: embedded,
  bool: [0, false, (reader) => reader.bool()],
  int32: enumeration,
  int64: [0, 0, (reader) => reader.int64()],
  uint64: [0, 0, (reader) => reader.uint64()],
  double: [1, 0, (reader) => reader.double()],
};

const tables = new Map<string, MessageTable>();

/** Throws protobufjs' error when the bytes are no such message. */
export function decodeDescriptor(type: string, bytes: Uint8Array): object {
  return decode(protobuf.Reader.create(bytes), type, undefined, 0);
}

/** Reads up to `reader.len`. */
function decode(
  reader: protobuf.Reader,
  type: string,
  into: Message | undefined,
  depth: number,
): Message {
  if (depth > depthLimit) {
    throw new Error('max depth exceeded');
  }
  const { fields, defaults } = tableOf(type);
  const message: Message = into ?? Object.create(defaults);
  while (reader.pos < reader.len) {
    const start = reader.pos;
    const tag = reader.uint32();
    const field = fields.get(tag >>> 3);
    const wireType = tag & 7;
    const isPacked = field?.repeated === true && wireType === LENGTH && field.wireType !== LENGTH;
    if (field === undefined || (field.wireType !== wireType && !isPacked)) {
      reader.skipType(wireType, 0, tag >>> 3);
      keepUnknown(message, reader.buf.subarray(start, reader.pos));
    } else if (field.message === undefined && !isPacked) {
      add(message, field, field.read(reader));
    } else {
      const length = reader.uint32();
      const end = reader.pos + length;
      const outer = reader.len;
      if (end > outer) {
        throw new RangeError(`index out of range: ${reader.pos} + ${length} > ${outer}`);
      }
      reader.len = end;
      if (field.message === undefined) {
        while (reader.pos < end) {
          add(message, field, field.read(reader));
        }
      } else {
        const isAgain = !field.repeated && Object.hasOwn(message, field.name);
        const before = isAgain ? (message[field.name] as Message) : undefined;
        add(message, field, decode(reader, field.message, before, depth + 1));
      }
      reader.len = outer;
    }
  }
  return message;
}

function add(message: Message, { name, repeated }: FieldTable, value: unknown): void {
  if (!repeated) {
    message[name] = value;
  } else if (Object.hasOwn(message, name)) {
    (message[name] as unknown[]).push(value);
  } else {
    message[name] = [value];
  }
}

/** Options that are extensions are read when their definitions are known. */
function keepUnknown(message: Message, bytes: Uint8Array): void {
  if (Object.hasOwn(message, '$unknowns')) {
    (message.$unknowns as Uint8Array[]).push(bytes);
  } else {
    Object.defineProperty(message, '$unknowns', { value: [bytes], enumerable: false });
  }
}

function tableOf(type: string): MessageTable {
  const known = tables.get(type);
  if (known !== undefined) {
    return known;
  }
  const fields = new Map<number, FieldTable>();
  const defaults: Message = Object.create(null);
  for (const [name, { id, type: written, rule }] of Object.entries(definition(type).fields ?? {})) {
    const repeated = rule === 'repeated';
    const named = scalars[written] ? undefined : resolveName(written, type);
    const message = named && isMessage(named.type) ? named.name : undefined;
    const [wireType, zero, read] = scalars[written] ?? (message ? embedded : enumeration);
    defaults[name] = repeated ? Object.freeze([]) : message ? null : zero;
    fields.set(id, { name, repeated, wireType, read, message });
  }
  const table = { fields, defaults };
  tables.set(type, table);
  return table;
}

export function isScalarName(name: string): boolean {
  return Object.hasOwn(scalars, name);
}

export function isMessage(type: JsonType): boolean {
  return type.values === undefined;
}

/** A type by its name below `google.protobuf`. */
export function definition(type: string): JsonType {
  const found = find(type);
  if (found === undefined) {
    throw new Error(`descriptor.json has no ${type}`);
  }
  return found;
}

function find(name: string): JsonType | undefined {
  let found: JsonType | undefined = { nested: descriptorDefinitions };
  for (const part of name.split('.')) {
    found = found?.nested?.[part];
  }
  return found;
}

/** A type as it is named inside another one, with its full name below `google.protobuf`. */
export function resolveName(
  name: string,
  scope: string,
): { readonly name: string; readonly type: JsonType } {
  const inside = `${scope}.${name}`;
  const nested = find(inside);
  if (nested !== undefined) {
    return { name: inside, type: nested };
  }
  const dot = scope.lastIndexOf('.');
  return dot < 0 ? { name, type: definition(name) } : resolveName(name, scope.slice(0, dot));
}
