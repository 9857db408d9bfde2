/** A request to start from: ProtoJSON text that `encode` takes. */
import { zero } from './dynamicMessage';
import { integerFromText } from './jsonScalars';
import { scalarText } from './jsonWriter';
import { type Field, type MessageType, mapFields, type ScalarType } from './types';

/** Fields in the whole text; a type with thousands of fields stays readable. */
const MAX_FIELDS = 500;
const MAX_DEPTH = 6;

/**
 * Every field with a zero value; one member of each oneof; `null` (which is: absent) where a type would
 * contain itself or the text would grow too large. Messages in lists and maps get one element.
 */
export function template(type: MessageType): string {
  return new Template().message(type, '');
}

class Template {
  #left = MAX_FIELDS;
  readonly #path: MessageType[] = [];

  message(type: MessageType, indent: string): string {
    const known = wellKnownSample(type);
    if (known !== undefined) {
      return known;
    }
    const inner = `${indent}  `;
    const lines: string[] = [];
    this.#path.push(type);
    for (const field of type.fields) {
      const first = field.oneof?.fields.find((it) => it.type.kind !== 'unresolved');
      if (field.type.kind === 'unresolved' || (first && first !== field)) {
        continue;
      }
      if (--this.#left < 0) {
        break;
      }
      lines.push(`${inner}${JSON.stringify(field.jsonName)}: ${this.#field(field, inner)}`);
    }
    this.#path.pop();
    return lines.length === 0 ? '{}' : `{\n${lines.join(',\n')}\n${indent}}`;
  }

  #field(field: Field, indent: string): string {
    if (field.map && field.type.kind === 'message') {
      const [key, value] = mapFields(field.type.message);
      const sample = value && this.#element(value, `${indent}  `);
      return key && sample !== undefined
        ? `{\n${indent}  ${JSON.stringify(sampleKey(key))}: ${sample}\n${indent}}`
        : '{}';
    }
    if (field.repeated) {
      const sample = this.#element(field, `${indent}  `);
      return sample === undefined ? '[]' : `[\n${indent}  ${sample}\n${indent}]`;
    }
    return this.#single(field, indent) ?? 'null';
  }

  /** One element helps where it shows fields to fill in; an empty string or a 0 would only be in the way. */
  #element(field: Field, indent: string): string | undefined {
    return field.type.kind === 'message' && field.type.message.fields.length > 0
      ? this.#single(field, indent)
      : undefined;
  }

  #single(field: Field, indent: string): string | undefined {
    switch (field.type.kind) {
      case 'message': {
        const type = field.type.message;
        const cut = this.#path.includes(type) || this.#path.length >= MAX_DEPTH || this.#left <= 0;
        return cut ? undefined : this.message(type, indent);
      }
      case 'enum': {
        const type = field.type.enum;
        const value =
          type.byName.get(field.default ?? '') ?? type.byNumber.get(0) ?? type.values[0];
        if (type.fullName === 'google.protobuf.NullValue') {
          return 'null';
        }
        return value ? JSON.stringify(value.name) : 'null';
      }
      case 'scalar':
        return field.default === undefined
          ? scalarText(zero(field), false)
          : defaultText(field, field.default, field.type.scalar);
      case 'unresolved':
        return undefined;
    }
  }
}

/** proto2 and editions: the default that an absent field has is the natural start, when it is a value. */
function defaultText(field: Field, text: string, scalar: ScalarType): string {
  const otherwise = scalarText(zero(field), false);
  switch (scalar) {
    case 'bytes':
      return otherwise;
    case 'string':
      return JSON.stringify(text);
    case 'bool':
      return text === 'true' ? 'true' : 'false';
    case 'float':
    case 'double':
      return Number.isFinite(Math.fround(Number(text))) ? String(Number(text)) : otherwise;
    default: {
      const read = integerFromText(scalar, text);
      return read.ok
        ? scalarText(scalar.endsWith('64') ? read.value : Number(read.value), false)
        : otherwise;
    }
  }
}

function sampleKey(key: Field): string {
  if (key.type.kind !== 'scalar' || key.type.scalar === 'string') {
    return 'key';
  }
  return key.type.scalar === 'bool' ? 'true' : '0';
}

function wellKnownSample(type: MessageType): string | undefined {
  switch (type.wellKnown) {
    case 'Timestamp':
      return '"1970-01-01T00:00:00Z"';
    case 'Duration':
      return '"0s"';
    case 'FieldMask':
      return '""';
    case 'Struct':
      return '{}';
    case 'ListValue':
      return '[]';
    case 'Value':
      return 'null';
    case 'Any':
      return '{ "@type": "type.googleapis.com/google.protobuf.Empty" }';
    case 'wrapper': {
      const field = type.byNumber.get(1);
      return field ? scalarText(zero(field), false) : undefined;
    }
    default:
      return undefined;
  }
}
