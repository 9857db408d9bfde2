/**
 * JSON Schema (draft 2020-12) of a message's ProtoJSON form, for completion, hover and validation.
 *
 * ```
 * { "$schema": "https://json-schema.org/draft/2020-12/schema",
 *   "$ref": "#/$defs/market.v1.SearchRequest",
 *   "$defs": {
 *     "market.v1.SearchRequest": {
 *       "type": "object", "additionalProperties": false,
 *       "description": "comment of the message",            // absent without one
 *       "x-type": "market.v1.SearchRequest",
 *       "x-oneofs": { "kind": { "members": ["a", "b"], "description": "…" } },  // absent without oneofs
 *       "properties": {
 *         "pageSize": {                                     // JSON name (lowerCamelCase)
 *           "description": "comment of the field",          // absent without one
 *           "x-type": "int64",                              // `repeated market.v1.Photo`, `map<string, int32>`
 *           "x-number": 3,
 *           "x-name": "page_size",                          // only when it differs from the JSON name
 *           "x-oneof": "kind",                              // only for a member of a oneof
 *           "x-required": true, "x-deprecated": true,       // only when true
 *           "x-default": "10",                              // only with an explicit default
 *           "x-problem": "…",                               // only when the type is missing
 *           …value schema
 *     } } },
 *     "market.v1.Color": { "type": "string", "enum": ["RED", …], "description": "…",
 *       "x-type": "market.v1.Color", "x-enum-comments": { "RED": "…" }, "x-enum-numbers": { "RED": 0 },
 *       "x-enum-deprecated": ["RED"] } } }                  // only when some are
 * ```
 * Value schemas: a message `{ "$ref": "#/$defs/<full name>" }`; an enum `{ "$ref": … }`; repeated
 * `{ "type": "array", "items": <value> }`; a map `{ "type": "object", "additionalProperties": <value>,
 * "x-key-type": "int32" }`; 64-bit integers `{ "type": ["string", "integer"] }`; other integers
 * `{ "type": "integer", "minimum", "maximum" }`; float and double `{ "type": ["number", "string"] }`; bytes
 * `{ "type": "string", "contentEncoding": "base64" }`. Well-known types stand in `$defs` in their JSON form
 * (`google.protobuf.Timestamp` is `{ "type": "string", "format": "date-time" }`); `Any` is an object with a
 * required `"@type"`. Properties stand in the order of declaration. Fields also take `null` (absent) and the
 * name in the file; for the sake of completion the schema names neither.
 *
 * Past 2,000 types or 20,000 properties and enum values a message is `{ "type": "object", "x-truncated":
 * true }`, an enum `{ "type": "string", "x-truncated": true }`, and the root has `x-truncated` too.
 */
import type { JsonSchema } from './schema';
import {
  type EnumType,
  type Field,
  type MessageType,
  mapFields,
  typeText,
  valueTypeName,
} from './types';

const MAX_TYPES = 2000;
const MAX_PROPERTIES = 20_000;

type Json = { [key: string]: unknown };

export function messageJsonSchema(root: MessageType): JsonSchema {
  const definitions = new Map<string, Json>();
  const queue: (MessageType | EnumType)[] = [root];
  const seen = new Set<MessageType | EnumType>(queue);
  let properties = 0;
  let truncated = false;
  for (let i = 0; i < queue.length; i++) {
    const type = queue[i];
    if (!type) {
      break;
    }
    properties += type.kind === 'enum' ? type.values.length : type.fields.length;
    if (i >= MAX_TYPES || (properties > MAX_PROPERTIES && i > 0)) {
      truncated = true;
      const kind = type.kind === 'enum' ? 'string' : 'object';
      definitions.set(type.fullName, { type: kind, 'x-truncated': true });
      continue;
    }
    if (type.kind === 'enum') {
      definitions.set(type.fullName, enumSchema(type));
      continue;
    }
    const known = wellKnownSchema(type);
    definitions.set(type.fullName, known ?? messageSchema(type));
    for (const used of known ? [] : usedTypes(type)) {
      if (!seen.has(used)) {
        seen.add(used);
        queue.push(used);
      }
    }
  }
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $ref: reference(root.fullName),
    ...(truncated ? { 'x-truncated': true } : {}),
    $defs: ownKeys(definitions),
  };
}

/** `fromEntries` defines members, so a type named `__proto__` is a member like any other. */
function ownKeys(entries: Iterable<readonly [string, unknown]>): Json {
  return Object.fromEntries(entries);
}

function reference(fullName: string): string {
  return `#/$defs/${fullName}`;
}

function usedTypes(message: MessageType): (MessageType | EnumType)[] {
  return message.fields.flatMap((field): (MessageType | EnumType)[] => {
    const value =
      field.map && field.type.kind === 'message' ? mapFields(field.type.message)[1] : field;
    if (value?.type.kind === 'message') {
      return [value.type.message];
    }
    return value?.type.kind === 'enum' ? [value.type.enum] : [];
  });
}

function messageSchema(message: MessageType): Json {
  const oneofs = message.oneofs.filter((it) => it.fields.length > 0);
  return {
    type: 'object',
    additionalProperties: false,
    ...described(message.comment),
    'x-type': message.fullName,
    ...(message.deprecated ? { 'x-deprecated': true } : {}),
    ...(oneofs.length === 0
      ? {}
      : {
          'x-oneofs': ownKeys(
            oneofs.map((it) => [
              it.name,
              { members: it.fields.map((f) => f.jsonName), ...described(it.comment) },
            ]),
          ),
        }),
    properties: ownKeys(message.fields.map((it) => [it.jsonName, propertySchema(it)])),
    // An extension's key is its full name in brackets; they are accepted, not listed.
    patternProperties: { '^\\[.+\\]$': {} },
  };
}

function propertySchema(field: Field): Json {
  return {
    ...described(field.comment),
    'x-type': typeText(field),
    'x-number': field.number,
    ...(field.name === field.jsonName ? {} : { 'x-name': field.name }),
    ...(field.oneof ? { 'x-oneof': field.oneof.name } : {}),
    ...(field.required ? { 'x-required': true } : {}),
    ...(field.deprecated ? { 'x-deprecated': true } : {}),
    ...(field.default === undefined ? {} : { 'x-default': field.default }),
    ...(field.type.kind === 'unresolved'
      ? { 'x-problem': `The type ${field.type.name} is not in the schema.` }
      : {}),
    ...fieldSchema(field),
  };
}

function fieldSchema(field: Field): Json {
  if (field.map && field.type.kind === 'message') {
    const [key, value] = mapFields(field.type.message);
    return {
      type: 'object',
      additionalProperties: value ? valueSchema(value) : {},
      ...(key ? { 'x-key-type': valueTypeName(key) } : {}),
    };
  }
  return field.repeated ? { type: 'array', items: valueSchema(field) } : valueSchema(field);
}

function valueSchema(field: Field): Json {
  switch (field.type.kind) {
    case 'message':
      return { $ref: reference(field.type.message.fullName) };
    case 'enum':
      return { $ref: reference(field.type.enum.fullName) };
    case 'unresolved':
      return {};
    case 'scalar':
      return scalarSchema(field.type.scalar);
  }
}

function scalarSchema(scalar: string): Json {
  switch (scalar) {
    case 'bool':
      return { type: 'boolean' };
    case 'string':
      return { type: 'string' };
    case 'bytes':
      return { type: 'string', contentEncoding: 'base64' };
    case 'float':
    case 'double':
      return { type: ['number', 'string'] };
    case 'uint32':
    case 'fixed32':
      return { type: 'integer', minimum: 0, maximum: 4_294_967_295 };
    case 'int32':
    case 'sint32':
    case 'sfixed32':
      return { type: 'integer', minimum: -2_147_483_648, maximum: 2_147_483_647 };
    default:
      return { type: ['string', 'integer'] };
  }
}

function enumSchema(type: EnumType): Json {
  const commented = type.values.flatMap((it) =>
    it.comment === undefined ? [] : [[it.name, it.comment] as const],
  );
  const deprecated = type.values.filter((it) => it.deprecated).map((it) => it.name);
  return {
    type: 'string',
    enum: [...type.byName.keys()],
    ...described(type.comment),
    'x-type': type.fullName,
    'x-enum-comments': ownKeys(commented),
    'x-enum-numbers': ownKeys(type.values.map((it) => [it.name, it.number])),
    ...(deprecated.length === 0 ? {} : { 'x-enum-deprecated': deprecated }),
  };
}

function described(comment: string | undefined): Json {
  return comment === undefined ? {} : { description: comment };
}

function wellKnownSchema(message: MessageType): Json | undefined {
  const base = { ...described(message.comment), 'x-type': message.fullName };
  switch (message.wellKnown) {
    case 'Timestamp':
      return { type: 'string', format: 'date-time', ...base };
    case 'Duration':
      return { type: 'string', pattern: '^-?\\d+(\\.\\d{1,9})?s$', ...base };
    case 'FieldMask':
      return { type: 'string', ...base };
    case 'Struct':
      return { type: 'object', ...base };
    case 'ListValue':
      return { type: 'array', ...base };
    case 'Value':
      return base;
    case 'Any':
      return {
        type: 'object',
        required: ['@type'],
        properties: {
          '@type': {
            type: 'string',
            description:
              'The type of the message, for example type.googleapis.com/google.protobuf.Empty.',
            'x-type': 'string',
          },
        },
        ...base,
      };
    case 'wrapper': {
      const field = message.byNumber.get(1);
      return { ...(field ? valueSchema(field) : {}), ...base };
    }
    default:
      return undefined;
  }
}
