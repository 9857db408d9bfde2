/** A message to ProtoJSON text ("ProtoJSON Format"). */
import { DecodeError } from './bodyError';
import { MAX_MESSAGE_DEPTH } from './bodyReport';
import { isShort, printAsExpected, printDirectly } from './directPrint';
import {
  type DynamicMessage,
  decodeMessage,
  isMessage,
  type MapValue,
  type Single,
  type Value,
  zero,
} from './dynamicMessage';
import { enumText, type Member, membersOf } from './jsonMembers';
import { JsonWriter } from './jsonWriter';
import type { DecodeOptions } from './schema';
import { type Field, type MessageType, mapFields, type TypeLookup } from './types';
import { durationText, fieldMaskText, timestampText } from './wellKnownText';

/** Characters of text; deep nesting makes many from few bytes. */
const MAX_LENGTH = 64 * 1024 * 1024;

/** Throws `DecodeError` when the bytes don't fit the type or the text would be too long. */
export function decodeProtoJson(
  types: TypeLookup,
  type: MessageType,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): string {
  const pieces: string[] = [];
  let length = 0;
  const take = (piece: string): void => {
    length += piece.length;
    if (length > MAX_LENGTH) {
      throw new DecodeError('too-long', 'The message is too long to be shown as JSON.');
    }
    pieces.push(piece);
  };
  // One that is long is bounded in its values too before anything is made of it.
  if (!isShort(bytes) || !printedDirectly(types, type, bytes, take, options)) {
    printWhole(types, type, bytes, take, options);
  }
  return pieces.join('');
}

/**
 * The same text in pieces, however long it is. Throws `DecodeError` before the first piece when the bytes don't fit the
 * type.
 * @param take gets pieces of which none ends inside a character
 */
export function printProtoJson(
  types: TypeLookup,
  type: MessageType,
  bytes: Uint8Array,
  take: (piece: string) => void,
  options: DecodeOptions = {},
): void {
  if (!printedDirectly(types, type, bytes, take, options)) {
    printWhole(types, type, bytes, take, options);
  }
}

/** False when the message is not as most are: nothing is printed then. */
function printedDirectly(
  types: TypeLookup,
  type: MessageType,
  bytes: Uint8Array,
  take: (piece: string) => void,
  { defaults = false, oneLine = false }: DecodeOptions,
): boolean {
  if (defaults) {
    return false;
  }
  const knownBy =
    (out: JsonWriter) =>
    (message: DynamicMessage, depth: number): void =>
      new Printer(types, out, false).message(message, depth);
  if (isShort(bytes)) {
    // Kept until it is known to be right.
    const out = new JsonWriter(take, oneLine, Number.POSITIVE_INFINITY);
    const isPrinted = printDirectly(type, bytes, out, knownBy(out));
    if (isPrinted) {
      out.flush();
    }
    return isPrinted;
  }
  // Printed for nobody first.
  const nobody = new JsonWriter(() => {}, oneLine);
  if (!printDirectly(type, bytes, nobody, knownBy(nobody))) {
    return false;
  }
  const out = new JsonWriter(take, oneLine);
  printAsExpected(type, bytes, out, knownBy(out));
  out.flush();
  return true;
}

function printWhole(
  types: TypeLookup,
  type: MessageType,
  bytes: Uint8Array,
  take: (piece: string) => void,
  { defaults = false, oneLine = false }: DecodeOptions,
): void {
  const out = new JsonWriter(take, oneLine);
  new Printer(types, out, defaults).message(decodeMessage(type, bytes), 0);
  out.flush();
}

class Printer {
  constructor(
    readonly types: TypeLookup,
    readonly out: JsonWriter,
    readonly defaults: boolean,
  ) {}

  message(message: DynamicMessage, depth: number): void {
    if (message.type.wellKnown === undefined || !this.#wellKnown(message, depth)) {
      this.out.open('{');
      this.#members(message, depth);
      this.out.close('}');
    }
  }

  #members(message: DynamicMessage, depth: number): void {
    const members = membersOf(message.type);
    const values = this.defaults ? this.#withDefaults(message) : message.values;
    for (const [field, value] of inOrder(values, members)) {
      this.out.item();
      this.out.put(members.get(field)?.label ?? extensionLabel(field));
      this.#value(field, value, depth);
    }
  }

  #withDefaults({ type, values }: DynamicMessage): Map<Field, Value> {
    const all = new Map(values);
    for (const field of type.fields) {
      const value = values.get(field) ?? this.#default(field);
      if (value !== undefined) {
        all.set(field, value);
      }
    }
    return all;
  }

  #default(field: Field): Value | undefined {
    if (field.presence || field.oneof) {
      return undefined;
    }
    if (field.map) {
      return new Map<string, Single>();
    }
    return field.repeated ? [] : zero(field);
  }

  #value(field: Field, value: Value, depth: number): void {
    if (value instanceof Map) {
      this.#map(field, value, depth);
    } else if (Array.isArray(value)) {
      this.out.open('[');
      for (const item of value) {
        this.out.item();
        this.#single(field, item, depth);
      }
      this.out.close(']');
    } else {
      this.#single(field, value, depth);
    }
  }

  #map(field: Field, entries: MapValue, depth: number): void {
    const [, valueField] = field.type.kind === 'message' ? mapFields(field.type.message) : [];
    this.out.open('{');
    for (const [key, value] of valueField ? entries : []) {
      this.out.item();
      this.out.put(`${JSON.stringify(key)}: `);
      this.#single(valueField ?? field, value, depth);
    }
    this.out.close('}');
  }

  #single(field: Field, value: Single, depth: number): void {
    if (isMessage(value)) {
      this.message(value, depth + 1);
    } else if (field.type.kind === 'enum' && typeof value === 'number') {
      this.out.put(enumText(field.type.enum, value));
    } else {
      this.out.scalar(value, field.type.kind === 'scalar' && field.type.scalar === 'float');
    }
  }

  /** False when the message has no form of its own, or a value for which that form has no text. */
  #wellKnown(message: DynamicMessage, depth: number): boolean {
    const get = (number: number): Value | undefined => {
      const field = message.type.byNumber.get(number);
      return field && message.values.get(field);
    };
    switch (message.type.wellKnown) {
      case 'Timestamp':
      case 'Duration': {
        const instant = { seconds: big(get(1)), nanos: Number(get(2) ?? 0) };
        const isTimestamp = message.type.wellKnown === 'Timestamp';
        const text = isTimestamp ? timestampText(instant) : durationText(instant);
        if (text === undefined) {
          return false;
        }
        this.out.put(JSON.stringify(text));
        return true;
      }
      case 'FieldMask': {
        const paths = get(1);
        const text = fieldMaskText(Array.isArray(paths) ? paths.map(String) : []);
        if (text === undefined) {
          return false;
        }
        this.out.put(JSON.stringify(text));
        return true;
      }
      case 'wrapper': {
        const field = message.type.byNumber.get(1);
        if (!field) {
          return false;
        }
        this.#value(field, get(1) ?? zero(field), depth);
        return true;
      }
      case 'Struct':
        this.#structText(get(1), depth);
        return true;
      case 'ListValue':
        this.#listText(get(1), depth);
        return true;
      case 'Value':
        this.#valueText(message, depth);
        return true;
      case 'Any':
        this.#any(get(1), get(2), depth);
        return true;
      default:
        return false;
    }
  }

  #structText(fields: Value | undefined, depth: number): void {
    this.out.open('{');
    for (const [key, value] of fields instanceof Map ? fields : []) {
      this.out.item();
      this.out.put(`${JSON.stringify(key)}: `);
      if (isMessage(value)) {
        this.message(value, depth + 1);
      }
    }
    this.out.close('}');
  }

  #listText(items: Value | undefined, depth: number): void {
    this.out.open('[');
    for (const item of Array.isArray(items) ? items : []) {
      this.out.item();
      if (isMessage(item)) {
        this.message(item, depth + 1);
      }
    }
    this.out.close(']');
  }

  #valueText(message: DynamicMessage, depth: number): void {
    // At most one, because they are members of a oneof.
    const [entry] = message.values;
    const value = entry?.[1];
    const isNull = value === undefined || entry?.[0].number === 1;
    if (isNull || Array.isArray(value) || value instanceof Map) {
      this.out.put('null');
    } else if (isMessage(value)) {
      this.message(value, depth + 1);
    } else {
      this.out.scalar(value, false);
    }
  }

  #any(url: Value | undefined, value: Value | undefined, depth: number): void {
    const bytes = value instanceof Uint8Array ? value : new Uint8Array();
    const typeUrl = typeof url === 'string' ? url : '';
    if (typeUrl === '' && bytes.length === 0) {
      this.out.put('{}');
      return;
    }
    const inner = depth < MAX_MESSAGE_DEPTH ? this.#resolve(typeUrl, bytes) : undefined;
    this.out.open('{');
    this.out.item();
    this.out.put(`"@type": ${JSON.stringify(typeUrl)}`);
    if (inner !== undefined && inner.type.wellKnown === undefined) {
      this.#members(inner, depth + 1);
    } else {
      this.out.item();
      this.out.put('"value": ');
      if (inner === undefined) {
        this.out.scalar(bytes, false);
      } else {
        this.message(inner, depth + 1);
      }
    }
    this.out.close('}');
  }

  /** Undefined when the type is unknown or the bytes don't fit it: then they are shown as they are. */
  #resolve(typeUrl: string, bytes: Uint8Array): DynamicMessage | undefined {
    const type = this.types.message(typeUrl.slice(typeUrl.lastIndexOf('/') + 1));
    if (!type) {
      return undefined;
    }
    try {
      return decodeMessage(type, bytes);
    } catch (error) {
      if (error instanceof DecodeError) {
        return undefined;
      }
      throw error;
    }
  }
}

function big(value: Value | undefined): bigint {
  return typeof value === 'bigint' ? value : 0n;
}

function extensionLabel({ fullName }: Field): string {
  return `${JSON.stringify(`[${fullName}]`)}: `;
}

/** Values as their fields are declared, extensions behind them as they came. Most messages are written so. */
function inOrder(
  values: ReadonlyMap<Field, Value>,
  members: ReadonlyMap<Field, Member>,
): Iterable<[Field, Value]> {
  const placeOf = (field: Field): number => members.get(field)?.place ?? members.size;
  let last = -1;
  for (const field of values.keys()) {
    const place = placeOf(field);
    if (place < last) {
      return [...values].sort(([one], [other]) => placeOf(one) - placeOf(other));
    }
    last = place;
  }
  return values;
}
