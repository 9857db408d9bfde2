/**
 * The types of a schema after names have been resolved. Built from descriptors (fromDescriptor.ts) or from
 * parsed `.proto` text (fromProtoText.ts), joined by typePool.ts. Names come from servers: they are kept in
 * `Map`s, never as keys of plain objects.
 */

/** Scalar value types, "Protocol Buffers Language Guide: Scalar Value Types". */
export const scalarTypes = [
  'double',
  'float',
  'int32',
  'int64',
  'uint32',
  'uint64',
  'sint32',
  'sint64',
  'fixed32',
  'fixed64',
  'sfixed32',
  'sfixed64',
  'bool',
  'string',
  'bytes',
] as const;

export type ScalarType = (typeof scalarTypes)[number];

const SCALARS: ReadonlySet<string> = new Set(scalarTypes);

export function isScalar(name: string): name is ScalarType {
  return SCALARS.has(name);
}

/**
 * What a field holds. `unresolved` is a name that no file defines: the field stays in its message, can be
 * shown as bytes and can't be written.
 */
export type ValueType =
  | { readonly kind: 'scalar'; readonly scalar: ScalarType }
  | { readonly kind: 'message'; readonly message: MessageType }
  | { readonly kind: 'enum'; readonly enum: EnumType }
  | { readonly kind: 'unresolved'; readonly name: string };

export interface Field {
  readonly name: string;
  readonly jsonName: string;
  readonly number: number;
  readonly repeated: boolean;
  readonly required: boolean;
  /** Set and unset differ (proto3 `optional`, proto2, messages, members of a oneof). The pool mends it for messages. */
  presence: boolean;
  /** Repeated scalars are written packed; both forms are read. */
  readonly packed: boolean;
  /** A group on the wire (proto2 `group`, editions `DELIMITED`). */
  readonly delimited: boolean;
  /** Cleared by the pool when the entry type is not one. */
  map: boolean;
  readonly oneof?: Oneof;
  /** proto2 or editions default as source text. */
  readonly default?: string;
  readonly comment?: string;
  readonly deprecated: boolean;
  /** Set for an extension: the type it extends, as written until the pool has resolved it. */
  readonly extendee?: string;
  /** Full name for an extension (`pkg.name`); its JSON key is `[pkg.name]`. */
  readonly fullName: string;
  /** As written in the file; may be relative to `scope`. */
  readonly typeName: string;
  /** Set by the pool. */
  type: ValueType;
}

export interface Oneof {
  readonly name: string;
  readonly comment?: string;
  readonly fields: Field[];
  /** Made up by the compiler for a proto3 `optional` field. */
  readonly synthetic: boolean;
}

export interface MessageType {
  readonly kind: 'message';
  readonly name: string;
  readonly fullName: string;
  readonly file: string;
  /** In the order of declaration. */
  readonly fields: Field[];
  readonly byNumber: Map<number, Field>;
  /** By JSON name and by the name in the file; extensions by `[full.name]`, added by the pool. */
  readonly byJsonName: Map<string, Field>;
  readonly oneofs: Oneof[];
  readonly nested: (MessageType | EnumType)[];
  readonly mapEntry: boolean;
  readonly comment?: string;
  readonly deprecated: boolean;
  /** Set by the pool when the type is a well-known one and has the fields that it must have. */
  wellKnown?: WellKnown;
}

/** Types with a ProtoJSON form of their own, "ProtoJSON Format". */
export type WellKnown =
  | 'Any'
  | 'Timestamp'
  | 'Duration'
  | 'FieldMask'
  | 'Struct'
  | 'Value'
  | 'ListValue'
  | 'wrapper';

export interface EnumValue {
  readonly name: string;
  readonly number: number;
  readonly comment?: string;
  readonly deprecated: boolean;
}

export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly fullName: string;
  readonly file: string;
  readonly values: readonly EnumValue[];
  readonly byName: ReadonlyMap<string, EnumValue>;
  /** Aliases: the first declared wins. */
  readonly byNumber: ReadonlyMap<number, EnumValue>;
  readonly closed: boolean;
  readonly comment?: string;
  readonly deprecated: boolean;
}

export interface Method {
  readonly name: string;
  /** As written; may be relative to the service. */
  readonly requestName: string;
  readonly responseName: string;
  readonly requestStream: boolean;
  readonly responseStream: boolean;
  readonly comment?: string;
  readonly deprecated: boolean;
  /** Set by the pool; absent when no file defines the type. */
  request?: MessageType;
  response?: MessageType;
}

export interface Service {
  readonly name: string;
  readonly fullName: string;
  readonly file: string;
  readonly methods: readonly Method[];
  readonly comment?: string;
}

/** Which source a file came from; also the order of precedence when two define the same symbol. */
export type Origin = 'reflection' | 'local' | 'builtin';

export interface FileTypes {
  readonly name: string;
  readonly package: string;
  readonly origin: Origin;
  readonly imports: readonly string[];
  readonly messages: readonly MessageType[];
  readonly enums: readonly EnumType[];
  readonly services: readonly Service[];
  /** Every extension of the file, wherever it is declared, with the scope that its names are relative to. */
  readonly extensions: readonly { readonly field: Field; readonly scope: string }[];
  /** `.proto` text of the file, made when first asked for. */
  readonly text: (pool: TypeLookup) => { readonly text: string; readonly lines: LineIndex };
}

/** Line (from 0) of the definition of a full name in a file's text. */
export type LineIndex = ReadonlyMap<string, number>;

/** What the printer needs of the pool. */
export interface TypeLookup {
  message(fullName: string): MessageType | undefined;
  extension(extendee: string, number: number): Field | undefined;
}

/** The text of a type as a person writes it: `repeated market.v1.Photo`, `map<string, int32>`. */
export function typeText(field: Field): string {
  if (field.map && field.type.kind === 'message') {
    const [key, value] = mapFields(field.type.message);
    if (key && value) {
      return `map<${valueTypeName(key)}, ${valueTypeName(value)}>`;
    }
  }
  const name = valueTypeName(field);
  return field.repeated ? `repeated ${name}` : name;
}

/** The name of what one value of the field is, without `repeated`. */
export function valueTypeName(field: Field): string {
  switch (field.type.kind) {
    case 'scalar':
      return field.type.scalar;
    case 'message':
      return field.type.message.fullName;
    case 'enum':
      return field.type.enum.fullName;
    case 'unresolved':
      return field.type.name;
  }
}

/** Key and value of a map entry type. */
export function mapFields(entry: MessageType): [key: Field | undefined, value: Field | undefined] {
  return [entry.byNumber.get(1), entry.byNumber.get(2)];
}

/** lowerCamelCase as protoc derives a JSON name: every `_` goes, the letter after it becomes a capital. */
export function toJsonName(name: string): string {
  return name.replace(/_+([a-z])?/g, (_, letter: string | undefined) =>
    (letter ?? '').toUpperCase(),
  );
}

/** Every message and enum of a file, nested ones included. */
export function* allTypes(file: FileTypes): Generator<MessageType | EnumType> {
  const stack: (MessageType | EnumType)[] = [...file.enums, ...file.messages].reverse();
  for (let type = stack.pop(); type; type = stack.pop()) {
    yield type;
    if (type.kind === 'message') {
      stack.push(...type.nested);
    }
  }
}
