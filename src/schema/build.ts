/** Makes the types of types.ts out of parts, whatever the source, and says what doesn't fit together. */
import type { Problem } from './schema';
import {
  type EnumType,
  type EnumValue,
  type Field,
  isScalar,
  type MessageType,
  type Oneof,
  toJsonName,
  type ValueType,
} from './types';

/** "Language Guide: Assigning Field Numbers". */
const MAX_FIELD_NUMBER = 536_870_911;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** True for a name that the language allows; names in descriptors come unchecked from the server. */
export function isIdentifier(name: string): boolean {
  return name.length <= 1000 && IDENTIFIER.test(name);
}

/** Dotted identifiers, as in a package; '' is allowed. */
export function isPackage(name: string): boolean {
  return name === '' || (name.length <= 2000 && name.split('.').every(isIdentifier));
}

/** Comments go into hovers and tooltips: this many characters are enough, whatever a server sends. */
const MAX_COMMENT = 4000;

export function boundComment(text: string): string {
  return text.length > MAX_COMMENT ? `${text.slice(0, MAX_COMMENT)}…` : text;
}

/** Longest full name that is taken; a server can nest names without end. */
export const MAX_FULL_NAME = 4000;
const MAX_JSON_NAME = 1000;

export function join(scope: string, name: string): string {
  return scope === '' ? name : `${scope}.${name}`;
}

export interface FieldParts {
  readonly name: string;
  readonly number: number;
  readonly typeName: string;
  readonly scope: string;
  readonly jsonName?: string | undefined;
  readonly repeated: boolean;
  readonly required: boolean;
  readonly presence: boolean;
  readonly packed: boolean;
  readonly delimited: boolean;
  readonly map?: boolean;
  readonly oneof?: Oneof | undefined;
  readonly default?: string | undefined;
  readonly comment?: string | undefined;
  readonly deprecated: boolean;
  readonly extendee?: string | undefined;
}

export function makeField(parts: FieldParts): Field {
  return {
    name: parts.name,
    fullName: join(parts.scope, parts.name),
    jsonName:
      parts.jsonName && parts.jsonName.length <= MAX_JSON_NAME
        ? parts.jsonName
        : toJsonName(parts.name),
    number: parts.number,
    repeated: parts.repeated,
    required: parts.required,
    presence: parts.presence,
    packed: parts.packed,
    delimited: parts.delimited,
    map: parts.map ?? false,
    deprecated: parts.deprecated,
    typeName: parts.typeName,
    type: startType(parts.typeName),
    ...(parts.oneof === undefined ? {} : { oneof: parts.oneof }),
    ...(parts.default === undefined ? {} : { default: parts.default }),
    ...(parts.comment === undefined ? {} : { comment: parts.comment }),
    ...(parts.extendee === undefined ? {} : { extendee: parts.extendee }),
  };
}

function startType(typeName: string): ValueType {
  return isScalar(typeName)
    ? { kind: 'scalar', scalar: typeName }
    : { kind: 'unresolved', name: bareName(typeName) };
}

/** A type's name as the server wrote it, without the leading dot and bounded. */
export function bareName(typeName: string): string {
  return typeName.slice(0, MAX_FULL_NAME).replace(/^\./, '');
}

/** Why a field can't stand in its message, or undefined. */
function fieldFault(message: MessageType, field: Field): string | undefined {
  if (!isIdentifier(field.name)) {
    return `the field name ${quote(field.name)} is not an identifier`;
  }
  if (!Number.isInteger(field.number) || field.number < 1 || field.number > MAX_FIELD_NUMBER) {
    return `field ${field.name} has the number ${field.number}`;
  }
  const other = message.byNumber.get(field.number);
  if (other) {
    return `fields ${other.name} and ${field.name} have the same number ${field.number}`;
  }
  return message.byJsonName.get(field.name)?.name === field.name
    ? `two fields are named ${field.name}`
    : undefined;
}

/** Adds the field, or says in `problems` why not. */
export function addField(message: MessageType, field: Field, problems: Problem[]): void {
  const fault = fieldFault(message, field);
  if (fault !== undefined) {
    problems.push({
      code: 'malformed-descriptor',
      subject: message.fullName,
      message: `${message.fullName} in ${message.file}: ${fault}; the field is left out.`,
    });
    return;
  }
  message.fields.push(field);
  message.byNumber.set(field.number, field);
  // The name in the file is always accepted (ProtoJSON); a JSON name never takes it from another field.
  message.byJsonName.set(field.name, field);
  if (!message.byJsonName.has(field.jsonName)) {
    message.byJsonName.set(field.jsonName, field);
  }
  field.oneof?.fields.push(field);
}

/** The name of the message that a map field stands for. */
export function mapEntryName(field: string): string {
  return `${field.replace(/(?:^|_)([A-Za-z0-9])/g, (_, it: string) => it.toUpperCase())}Entry`;
}

/** The message that a map field stands for on the wire ("Language Guide: Maps, Backwards compatibility"). */
export function makeMapEntry(parts: {
  readonly field: string;
  readonly key: string;
  readonly value: string;
  /** Full name of the message that has the field. */
  readonly scope: string;
  readonly file: string;
  readonly presence: boolean;
}): MessageType {
  const name = mapEntryName(parts.field);
  const fullName = join(parts.scope, name);
  const entry: MessageType = {
    kind: 'message',
    name,
    fullName,
    file: parts.file,
    fields: [],
    byNumber: new Map(),
    byJsonName: new Map(),
    oneofs: [],
    nested: [],
    mapEntry: true,
    deprecated: false,
  };
  for (const [number, part, typeName] of [
    [1, 'key', parts.key],
    [2, 'value', parts.value],
  ] as const) {
    const made = makeField({
      name: part,
      number,
      typeName,
      scope: fullName,
      repeated: false,
      required: false,
      presence: parts.presence,
      packed: false,
      delimited: false,
      deprecated: false,
    });
    addField(entry, made, []);
  }
  return entry;
}

export function makeEnum(parts: {
  readonly name: string;
  readonly fullName: string;
  readonly file: string;
  readonly values: readonly EnumValue[];
  readonly closed: boolean;
  readonly comment?: string | undefined;
  readonly deprecated: boolean;
}): EnumType {
  const byName = new Map<string, EnumValue>();
  const byNumber = new Map<number, EnumValue>();
  for (const value of parts.values) {
    if (!byName.has(value.name)) {
      byName.set(value.name, value);
    }
    if (!byNumber.has(value.number)) {
      byNumber.set(value.number, value);
    }
  }
  return {
    kind: 'enum',
    name: parts.name,
    fullName: parts.fullName,
    file: parts.file,
    values: parts.values,
    byName,
    byNumber,
    closed: parts.closed,
    deprecated: parts.deprecated,
    ...(parts.comment === undefined ? {} : { comment: parts.comment }),
  };
}

/** A server's text in a sentence: quoted, bounded, control characters escaped. */
export function quote(text: string): string {
  return JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text);
}
