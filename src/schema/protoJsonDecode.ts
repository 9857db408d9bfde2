/** A message to indented ProtoJSON text ("ProtoJSON Format"). */
import { DecodeError } from './bodyError';
import { MAX_MESSAGE_DEPTH } from './bodyReport';
import {
  type DynamicMessage,
  decodeMessage,
  isMessage,
  type MapValue,
  type Single,
  type Value,
  zero,
} from './dynamicMessage';
import { type Field, type MessageType, mapFields, type TypeLookup } from './types';
import { durationText, fieldMaskText, timestampText } from './wellKnownText';

/** Characters of text; deep nesting makes many from few bytes. */
const MAX_LENGTH = 64 * 1024 * 1024;

export interface DecodeOptions {
  /** Also write fields without presence that are not set. Default false. */
  readonly defaults?: boolean;
}

/** Throws `DecodeError` when the bytes don't fit the type or the text would be too long. */
export function decodeProtoJson(
  types: TypeLookup,
  type: MessageType,
  bytes: Uint8Array,
  options: DecodeOptions = {},
): string {
  const printer = new Printer(types, options.defaults ?? false);
  printer.message(decodeMessage(type, bytes), 0);
  return printer.text();
}

class Printer {
  readonly #parts: string[] = [];
  #length = 0;
  #indent = 0;

  constructor(
    readonly types: TypeLookup,
    readonly defaults: boolean,
  ) {}

  text(): string {
    return this.#parts.join('');
  }

  #put(text: string): void {
    this.#length += text.length;
    if (this.#length > MAX_LENGTH) {
      throw new DecodeError('too-long', 'The message is too long to be shown as JSON.');
    }
    this.#parts.push(text);
  }

  #line(first: boolean): void {
    this.#put(`${first ? '' : ','}\n${'  '.repeat(this.#indent)}`);
  }

  /** `{…}` or `[…]` on lines of their own, or on one line when nothing stands in it. */
  #block(brackets: readonly [open: string, close: string], body: (part: () => void) => void): void {
    this.#put(brackets[0]);
    this.#indent++;
    let first = true;
    body(() => {
      this.#line(first);
      first = false;
    });
    this.#indent--;
    if (!first) {
      this.#put(`\n${'  '.repeat(this.#indent)}`);
    }
    this.#put(brackets[1]);
  }

  message(message: DynamicMessage, depth: number): void {
    if (!this.#wellKnown(message, depth)) {
      this.#block(['{', '}'], (part) => this.#members(message, part, depth));
    }
  }

  #members(message: DynamicMessage, part: () => void, depth: number): void {
    for (const field of message.type.fields) {
      const value = message.values.get(field) ?? this.#default(field);
      if (value !== undefined) {
        part();
        this.#put(`${JSON.stringify(field.jsonName)}: `);
        this.#value(field, value, depth);
      }
    }
    for (const [field, value] of message.values) {
      if (field.extendee !== undefined) {
        part();
        this.#put(`${JSON.stringify(`[${field.fullName}]`)}: `);
        this.#value(field, value, depth);
      }
    }
  }

  #default(field: Field): Value | undefined {
    if (!this.defaults || field.presence || field.oneof) {
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
      this.#block(['[', ']'], (part) => {
        for (const item of value) {
          part();
          this.#single(field, item, depth);
        }
      });
    } else {
      this.#single(field, value, depth);
    }
  }

  #map(field: Field, entries: MapValue, depth: number): void {
    const [, valueField] = field.type.kind === 'message' ? mapFields(field.type.message) : [];
    this.#block(['{', '}'], (part) => {
      for (const [key, value] of valueField ? entries : []) {
        part();
        this.#put(`${JSON.stringify(key)}: `);
        this.#single(valueField ?? field, value, depth);
      }
    });
  }

  #single(field: Field, value: Single, depth: number): void {
    if (isMessage(value)) {
      this.message(value, depth + 1);
    } else if (field.type.kind === 'enum' && typeof value === 'number') {
      const type = field.type.enum;
      const name = type.byNumber.get(value)?.name;
      this.#put(
        type.fullName === 'google.protobuf.NullValue'
          ? 'null'
          : name === undefined
            ? String(value)
            : JSON.stringify(name),
      );
    } else {
      this.#put(scalarText(value, field.type.kind === 'scalar' && field.type.scalar === 'float'));
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
        this.#put(JSON.stringify(text));
        return true;
      }
      case 'FieldMask': {
        const paths = get(1);
        const text = fieldMaskText(Array.isArray(paths) ? paths.map(String) : []);
        if (text === undefined) {
          return false;
        }
        this.#put(JSON.stringify(text));
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
    this.#block(['{', '}'], (part) => {
      for (const [key, value] of fields instanceof Map ? fields : []) {
        part();
        this.#put(`${JSON.stringify(key)}: `);
        if (isMessage(value)) {
          this.message(value, depth + 1);
        }
      }
    });
  }

  #listText(items: Value | undefined, depth: number): void {
    this.#block(['[', ']'], (part) => {
      for (const item of Array.isArray(items) ? items : []) {
        part();
        if (isMessage(item)) {
          this.message(item, depth + 1);
        }
      }
    });
  }

  #valueText(message: DynamicMessage, depth: number): void {
    // At most one, because they are members of a oneof.
    const [entry] = message.values;
    const value = entry?.[1];
    const isNull = value === undefined || entry?.[0].number === 1;
    if (isNull || Array.isArray(value) || value instanceof Map) {
      this.#put('null');
    } else if (isMessage(value)) {
      this.message(value, depth + 1);
    } else {
      this.#put(scalarText(value, false));
    }
  }

  #any(url: Value | undefined, value: Value | undefined, depth: number): void {
    const bytes = value instanceof Uint8Array ? value : new Uint8Array();
    const typeUrl = typeof url === 'string' ? url : '';
    if (typeUrl === '' && bytes.length === 0) {
      this.#put('{}');
      return;
    }
    const inner = depth < MAX_MESSAGE_DEPTH ? this.#resolve(typeUrl, bytes) : undefined;
    this.#block(['{', '}'], (part) => {
      part();
      this.#put(`"@type": ${JSON.stringify(typeUrl)}`);
      if (!inner) {
        part();
        this.#put(`"value": ${scalarText(bytes, false)}`);
      } else if (inner.type.wellKnown) {
        part();
        this.#put('"value": ');
        this.message(inner, depth + 1);
      } else {
        this.#members(inner, part, depth + 1);
      }
    });
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

/** JSON of a scalar: 64-bit integers and non-finite numbers as strings, bytes as base64. */
export function scalarText(value: Single, float: boolean): string {
  switch (typeof value) {
    case 'bigint':
      return `"${value}"`;
    case 'number':
      if (!Number.isFinite(value)) {
        return `"${value}"`;
      }
      return Object.is(value, -0) ? '-0' : String(float ? shortestFloat(value) : value);
    case 'boolean':
      return String(value);
    case 'string':
      return JSON.stringify(value);
    default:
      return value instanceof Uint8Array
        ? `"${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')}"`
        : 'null';
  }
}

/** The shortest decimal that reads back as the same float32: 0.1, not 0.10000000149011612. */
export function shortestFloat(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) {
      return short;
    }
  }
  return Number(value.toPrecision(9));
}
