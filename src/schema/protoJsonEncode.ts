/**
 * ProtoJSON to bytes ("ProtoJSON Format"), with the place of everything that doesn't fit. protobufjs' own
 * ext/protojson.js stops at the first error, has no places, and refuses a message when one `Any` in it is
 * of an unknown type; the tests hold the two against each other.
 */
import protobuf from 'protobufjs/minimal.js';
import { BodyReport, MAX_MESSAGE_DEPTH, type Place } from './bodyReport';
import {
  describe,
  hint,
  type Read,
  readBase64,
  readEnum,
  readMapKey,
  readScalar,
  type ScalarValue,
  shown,
} from './jsonScalars';
import type { JsonMember, JsonNode, JsonObject } from './jsonText';
import type { BodyProblem } from './schema';
import { writeList, writeStruct, writeValue } from './structEncode';
import {
  type Field,
  type MessageType,
  mapFields,
  type Oneof,
  type ScalarType,
  type TypeLookup,
} from './types';
import { readDuration, readFieldMask, readTimestamp } from './wellKnownText';
import { scalarWireType, WireType, writeScalar, writeTag } from './wire';

/** Writes what fits; everything that doesn't is in `problems`. */
export function encodeProtoJson(
  types: TypeLookup,
  type: MessageType,
  node: JsonNode,
  problems: BodyProblem[],
): Uint8Array {
  const writer = protobuf.Writer.create();
  new Encoder(types, new BodyReport(problems)).message(type, node, writer, 0);
  const bytes = writer.finish();
  // protobufjs gives a Buffer on Node; the contract says Uint8Array, and the two don't compare as equal.
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

class Encoder {
  constructor(
    readonly types: TypeLookup,
    readonly report: BodyReport,
  ) {}

  message(type: MessageType, node: JsonNode, writer: protobuf.Writer, depth: number): void {
    if (node.kind === 'invalid') {
      return;
    }
    if (depth >= MAX_MESSAGE_DEPTH) {
      this.report.problem(node, `Messages nested deeper than ${MAX_MESSAGE_DEPTH} are refused.`);
      return;
    }
    if (type.wellKnown) {
      this.#wellKnown(type, type.wellKnown, node, writer, depth);
    } else if (node.kind === 'object') {
      this.#fields(type, node.members, writer, depth, node);
    } else {
      this.report.problem(node, `Expected an object (${type.fullName}), not ${describe(node)}.`);
    }
  }

  #fields(
    type: MessageType,
    members: readonly JsonMember[],
    writer: protobuf.Writer,
    depth: number,
    whole: Place,
  ): void {
    const seen = new Map<Field, string>();
    const chosen = new Map<Oneof, string>();
    for (const member of members) {
      const at = { from: member.keyFrom, to: member.keyTo };
      const field = type.byJsonName.get(member.key);
      if (!field) {
        const names = type.fields.map((it) => it.jsonName);
        this.report.problem(
          at,
          `${type.fullName} has no field ${shown(member.key)}.${hint(member.key, names)}`,
        );
        continue;
      }
      const before = seen.get(field);
      if (before !== undefined) {
        const other = before === member.key ? '' : `, as ${shown(before)} before`;
        this.report.problem(at, `The field ${field.name} is given twice${other}.`);
        continue;
      }
      seen.set(field, member.key);
      if (member.value.kind === 'null' && !takesNull(field)) {
        continue;
      }
      if (field.oneof) {
        const other = chosen.get(field.oneof);
        if (other !== undefined) {
          this.report.problem(
            at,
            `${shown(other)} and ${shown(member.key)} exclude each other: both belong to the oneof ${field.oneof.name}.`,
          );
          continue;
        }
        chosen.set(field.oneof, member.key);
      }
      this.#field(field, member.value, writer, depth);
    }
    this.#checkRequired(type, seen, whole);
  }

  #checkRequired(type: MessageType, seen: ReadonlyMap<Field, string>, whole: Place): void {
    const missing = type.fields.filter((it) => it.required && !seen.has(it));
    if (missing.length > 0) {
      const names = missing.slice(0, 10).map((it) => it.jsonName);
      this.report.problem(
        whole,
        `Required in ${type.fullName}, and missing: ${names.join(', ')}.`,
        'warning',
      );
    }
  }

  #field(field: Field, node: JsonNode, writer: protobuf.Writer, depth: number): void {
    if (field.map && field.type.kind === 'message') {
      this.#map(field, field.type.message, node, writer, depth);
    } else if (field.repeated) {
      this.#repeated(field, node, writer, depth);
    } else {
      this.#single(field, node, writer, depth, !field.presence);
    }
  }

  #repeated(field: Field, node: JsonNode, writer: protobuf.Writer, depth: number): void {
    if (node.kind !== 'array') {
      if (node.kind !== 'invalid') {
        this.report.problem(
          node,
          `${field.name} is repeated: expected an array, not ${describe(node)}.`,
        );
      }
      return;
    }
    const scalar = packable(field);
    if (field.packed && scalar) {
      const values = node.items.map((item) => this.#scalar(field, item));
      if (values.length > 0) {
        writeTag(writer, field.number, WireType.Bytes);
        writer.fork();
        for (const value of values) {
          if (value !== undefined) {
            writeScalar(writer, scalar, value);
          }
        }
        writer.ldelim();
      }
      return;
    }
    for (const item of node.items) {
      if (item.kind === 'null' && !takesNull(field)) {
        this.report.problem(item, 'An element of a repeated field can not be null.');
      } else {
        this.#single(field, item, writer, depth, false);
      }
    }
  }

  /** A value with its tag. `skipDefault`: a zero is the same as absent, and absent is shorter. */
  #single(
    field: Field,
    node: JsonNode,
    writer: protobuf.Writer,
    depth: number,
    skipDefault: boolean,
  ): void {
    const type = field.type;
    if (type.kind === 'unresolved') {
      this.report.problem(
        node,
        `The type ${type.name} of ${field.name} is not in the schema, so it can't be written.`,
      );
      return;
    }
    if (type.kind === 'message') {
      if (field.delimited) {
        writeTag(writer, field.number, WireType.Start);
        this.message(type.message, node, writer, depth + 1);
        writeTag(writer, field.number, WireType.End);
      } else {
        writeTag(writer, field.number, WireType.Bytes);
        writer.fork();
        this.message(type.message, node, writer, depth + 1);
        writer.ldelim();
      }
      return;
    }
    const value = this.#scalar(field, node);
    if (value === undefined || (skipDefault && isZero(value))) {
      return;
    }
    const scalar = type.kind === 'enum' ? 'int32' : type.scalar;
    writeTag(writer, field.number, scalarWireType(scalar));
    writeScalar(writer, scalar, value);
  }

  #scalar(field: Field, node: JsonNode): ScalarValue | undefined {
    if (node.kind === 'invalid') {
      return undefined;
    }
    switch (field.type.kind) {
      case 'enum':
        return this.report.take(node, readEnum(field.type.enum, node));
      case 'scalar':
        return this.report.take(node, readScalar(field.type.scalar, node));
      default:
        return undefined;
    }
  }

  #map(
    field: Field,
    entry: MessageType,
    node: JsonNode,
    writer: protobuf.Writer,
    depth: number,
  ): void {
    if (node.kind !== 'object') {
      if (node.kind !== 'invalid') {
        this.report.problem(
          node,
          `${field.name} is a map: expected an object, not ${describe(node)}.`,
        );
      }
      return;
    }
    const [key, value] = mapFields(entry);
    if (!value || key?.type.kind !== 'scalar') {
      return;
    }
    const seen = new Set<string>();
    for (const member of node.members) {
      const at = { from: member.keyFrom, to: member.keyTo };
      const read = this.report.take(at, readMapKey(key.type.scalar, member.key));
      if (read === undefined) {
        continue;
      }
      if (seen.has(String(read))) {
        this.report.problem(at, `The key ${shown(member.key)} is given twice.`);
        continue;
      }
      seen.add(String(read));
      if (member.value.kind === 'null' && !takesNull(value)) {
        this.report.problem(member.value, 'A value of a map can not be null.');
        continue;
      }
      writeTag(writer, field.number, WireType.Bytes);
      writer.fork();
      writeTag(writer, 1, scalarWireType(key.type.scalar));
      writeScalar(writer, key.type.scalar, read);
      this.#single(value, member.value, writer, depth, false);
      writer.ldelim();
    }
  }

  #wellKnown(
    type: MessageType,
    known: NonNullable<MessageType['wellKnown']>,
    node: JsonNode,
    writer: protobuf.Writer,
    depth: number,
  ): void {
    switch (known) {
      case 'Any':
        this.#any(node, writer, depth);
        return;
      case 'Timestamp':
      case 'Duration': {
        const read = known === 'Timestamp' ? readTimestamp : readDuration;
        const parts = this.#text(node, known, read);
        if (parts && parts.seconds !== 0n) {
          writeTag(writer, 1, WireType.Varint);
          writeScalar(writer, 'int64', parts.seconds);
        }
        if (parts && parts.nanos !== 0) {
          writeTag(writer, 2, WireType.Varint);
          writeScalar(writer, 'int32', parts.nanos);
        }
        return;
      }
      case 'FieldMask':
        for (const path of this.#text(node, known, readFieldMask) ?? []) {
          writeTag(writer, 1, WireType.Bytes);
          writer.string(path);
        }
        return;
      case 'wrapper': {
        const field = type.byNumber.get(1);
        if (field) {
          this.#single(field, node, writer, depth, true);
        }
        return;
      }
      case 'Struct':
        writeStruct(this.report, node, writer, depth);
        return;
      case 'ListValue':
        writeList(this.report, node, writer, depth);
        return;
      case 'Value':
        writeValue(this.report, node, writer, depth);
    }
  }

  #text<T>(node: JsonNode, known: string, read: (text: string) => Read<T>): T | undefined {
    if (node.kind !== 'string') {
      this.report.problem(
        node,
        `Expected a string (google.protobuf.${known}), not ${describe(node)}.`,
      );
      return undefined;
    }
    return this.report.take(node, read(node.value));
  }

  #any(node: JsonNode, writer: protobuf.Writer, depth: number): void {
    if (node.kind !== 'object') {
      this.report.problem(
        node,
        `Expected an object with "@type" (google.protobuf.Any), not ${describe(node)}.`,
      );
      return;
    }
    if (node.members.length === 0) {
      return;
    }
    const marks = node.members.filter((it) => it.key === '@type');
    const mark = marks[0];
    if (mark?.value.kind !== 'string' || marks.length > 1) {
      this.report.problem(
        mark?.value ?? node,
        'An Any needs one "@type", for example "type.googleapis.com/google.protobuf.Empty".',
      );
      return;
    }
    const url = mark.value.value;
    const type = this.types.message(url.slice(url.lastIndexOf('/') + 1));
    const inner = protobuf.Writer.create();
    if (!type) {
      this.#unknownAny(node, mark, inner);
    } else if (type.wellKnown) {
      this.#wrappedAny(type, node, inner, depth);
    } else {
      // Go writes `"value": {}` for an Empty, the other libraries write nothing: both are read.
      const isEmpty = type.fullName === 'google.protobuf.Empty';
      const rest = node.members.filter(
        (it) => it.key !== '@type' && !(isEmpty && it.key === 'value' && isEmptyObject(it.value)),
      );
      this.#fields(type, rest, inner, depth + 1, node);
    }
    writeTag(writer, 1, WireType.Bytes);
    writer.string(url.includes('/') ? url : `/${url}`);
    const bytes = inner.finish();
    if (bytes.length > 0) {
      writeTag(writer, 2, WireType.Bytes);
      writer.bytes(bytes);
    }
  }

  /** A type with a JSON form of its own stands in "value". */
  #wrappedAny(type: MessageType, node: JsonObject, writer: protobuf.Writer, depth: number): void {
    for (const member of node.members) {
      if (member.key === 'value') {
        this.message(type, member.value, writer, depth + 1);
      } else if (member.key !== '@type') {
        const at = { from: member.keyFrom, to: member.keyTo };
        this.report.problem(at, `An Any of ${type.fullName} has only "@type" and "value".`);
      }
    }
  }

  /** The form in which `decode` shows an Any that it can't resolve goes back as it came. */
  #unknownAny(node: JsonObject, mark: JsonMember, writer: protobuf.Writer): void {
    const rest = node.members.filter((it) => it.key !== '@type');
    const value = rest.find((it) => it.key === 'value')?.value;
    const name = mark.value.kind === 'string' ? shown(mark.value.value) : '';
    if (rest.length !== 1 || value?.kind !== 'string') {
      this.report.problem(
        mark.value,
        `The type ${name} is not in the schema; only "value" with its bytes in base64 can stand beside it.`,
      );
      return;
    }
    this.report.problem(
      mark.value,
      `The type ${name} is not in the schema; "value" is sent as bytes.`,
      'warning',
    );
    const bytes = this.report.take(value, readBase64(value.value));
    if (bytes) {
      writer.raw(bytes);
    }
  }
}

function isEmptyObject(node: JsonNode): boolean {
  return node.kind === 'object' && node.members.length === 0;
}

/** `null` is a value of these; for every other field it means absent. */
function takesNull(field: Field): boolean {
  return (
    (field.type.kind === 'message' && field.type.message.wellKnown === 'Value') ||
    (field.type.kind === 'enum' && field.type.enum.fullName === 'google.protobuf.NullValue')
  );
}

/** The scalar that is written when the field is packed; undefined when it can't be. */
function packable(field: Field): ScalarType | undefined {
  if (field.type.kind === 'enum') {
    return 'int32';
  }
  return field.type.kind === 'scalar' &&
    field.type.scalar !== 'string' &&
    field.type.scalar !== 'bytes'
    ? field.type.scalar
    : undefined;
}

function isZero(value: ScalarValue): boolean {
  if (value instanceof Uint8Array) {
    return value.length === 0;
  }
  return value === 0n || value === false || value === '' || Object.is(value, 0);
}
