/** `google/protobuf/descriptor.proto` described by itself. protobufjs ships it as data, not as text. */
import protobuf from 'protobufjs/minimal.js';
import { decodeFile, type FileDescriptor } from './descriptor';
import {
  descriptorDefinitions,
  isMessage,
  type JsonField,
  type JsonType,
  resolveName,
} from './descriptorDecoder';

const labels: Readonly<Record<string, number>> = { required: 2, repeated: 3 };
const LABEL_OPTIONAL = 1;
const TYPE_MESSAGE = 11;
const TYPE_ENUM = 14;

/** Field numbers are those of `descriptor.proto`. */
export function descriptorFile(name: string): FileDescriptor {
  const writer = protobuf.Writer.create();
  writer.uint32(tag(1)).string(name);
  writer.uint32(tag(2)).string('google.protobuf');
  writeTypes(writer, { nested: descriptorDefinitions }, '', 4, 5);
  return decodeFile(writer.finish());
}

/** @param messages field for the messages of `scope`, `enums` for its enums */
function writeTypes(
  writer: protobuf.Writer,
  scope: JsonType,
  scopeName: string,
  messages: number,
  enums: number,
): void {
  for (const [name, type] of Object.entries(scope.nested ?? {})) {
    const fullName = scopeName === '' ? name : `${scopeName}.${name}`;
    writer.uint32(tag(isMessage(type) ? messages : enums)).fork();
    writer.uint32(tag(1)).string(name);
    if (isMessage(type)) {
      writeMessage(writer, type, fullName);
    } else {
      for (const [value, number] of Object.entries(type.values ?? {})) {
        writer.uint32(tag(2)).fork();
        writer.uint32(tag(1)).string(value).uint32(tag(2, 0)).int32(number).ldelim();
      }
    }
    writer.ldelim();
  }
}

function writeMessage(writer: protobuf.Writer, type: JsonType, fullName: string): void {
  for (const [name, field] of Object.entries(type.fields ?? {})) {
    writer.uint32(tag(2)).fork();
    writeField(writer, name, field, fullName);
    writer.ldelim();
  }
  writeTypes(writer, type, fullName, 3, 4);
  for (const [first = 0, last = 0] of type.extensions ?? []) {
    // The end is exclusive in a descriptor.
    writer.uint32(tag(5)).fork();
    writer.uint32(tag(1, 0)).int32(first);
    writer.uint32(tag(2, 0)).int32(last + 1);
    writer.ldelim();
  }
}

const scalarTypes: Readonly<Record<string, number>> = {
  double: 1,
  int64: 3,
  uint64: 4,
  int32: 5,
  bool: 8,
  string: 9,
  bytes: 12,
};

function writeField(
  writer: protobuf.Writer,
  name: string,
  { id, type, rule = '', protoName, options }: JsonField,
  scope: string,
): void {
  writer.uint32(tag(1)).string(protoName ?? name);
  writer.uint32(tag(3, 0)).int32(id);
  writer.uint32(tag(4, 0)).int32(labels[rule] ?? LABEL_OPTIONAL);
  const scalar = scalarTypes[type];
  if (scalar === undefined) {
    const named = resolveName(type, scope);
    writer.uint32(tag(5, 0)).int32(isMessage(named.type) ? TYPE_MESSAGE : TYPE_ENUM);
    writer.uint32(tag(6)).string(`.google.protobuf.${named.name}`);
  } else {
    writer.uint32(tag(5, 0)).int32(scalar);
  }
  if (options?.default !== undefined) {
    writer.uint32(tag(7)).string(String(options.default));
  }
  writer.uint32(tag(10)).string(name);
  if (options?.packed === true || options?.deprecated === true) {
    writer.uint32(tag(8)).fork();
    // FieldOptions: packed = 2, deprecated = 3.
    if (options.packed === true) {
      writer.uint32(tag(2, 0)).bool(true);
    }
    if (options.deprecated === true) {
      writer.uint32(tag(3, 0)).bool(true);
    }
    writer.ldelim();
  }
}

function tag(number: number, wireType = 2): number {
  return (number << 3) | wireType;
}
