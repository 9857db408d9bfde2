/** google.protobuf.Struct, Value and ListValue: any JSON, as protobuf. */
import type protobuf from 'protobufjs/minimal.js';
import { type BodyReport, MAX_MESSAGE_DEPTH } from './bodyReport';
import { describe, readScalar, shown, wellFormed } from './jsonScalars';
import type { JsonNode } from './jsonText';
import { WireType, writeScalar, writeTag } from './wire';

export function writeStruct(
  report: BodyReport,
  node: JsonNode,
  writer: protobuf.Writer,
  depth: number,
): void {
  if (node.kind !== 'object') {
    report.problem(node, `Expected an object (google.protobuf.Struct), not ${describe(node)}.`);
    return;
  }
  const seen = new Set<string>();
  for (const member of node.members) {
    const at = { from: member.keyFrom, to: member.keyTo };
    const key = report.take(at, wellFormed(member.key));
    if (key === undefined || seen.has(key)) {
      if (key !== undefined) {
        report.problem(at, `The key ${shown(key)} is given twice.`);
      }
      continue;
    }
    seen.add(key);
    writeTag(writer, 1, WireType.Bytes);
    writer.fork();
    writeTag(writer, 1, WireType.Bytes);
    writer.string(key);
    nested(writer, 2, () => writeValue(report, member.value, writer, depth + 1));
    writer.ldelim();
  }
}

export function writeList(
  report: BodyReport,
  node: JsonNode,
  writer: protobuf.Writer,
  depth: number,
): void {
  if (node.kind !== 'array') {
    report.problem(node, `Expected an array (google.protobuf.ListValue), not ${describe(node)}.`);
    return;
  }
  for (const item of node.items) {
    nested(writer, 1, () => writeValue(report, item, writer, depth + 1));
  }
}

export function writeValue(
  report: BodyReport,
  node: JsonNode,
  writer: protobuf.Writer,
  depth: number,
): void {
  if (depth >= MAX_MESSAGE_DEPTH) {
    report.problem(node, `Values nested deeper than ${MAX_MESSAGE_DEPTH} are refused.`);
    return;
  }
  switch (node.kind) {
    case 'null':
      writeTag(writer, 1, WireType.Varint);
      writer.uint32(0);
      return;
    case 'number': {
      const number = report.take(node, readScalar('double', node));
      if (number !== undefined) {
        writeTag(writer, 2, WireType.Fixed64);
        writeScalar(writer, 'double', number);
      }
      return;
    }
    case 'string': {
      const text = report.take(node, wellFormed(node.value));
      if (text !== undefined) {
        writeTag(writer, 3, WireType.Bytes);
        writer.string(text);
      }
      return;
    }
    case 'boolean':
      writeTag(writer, 4, WireType.Varint);
      writer.bool(node.value);
      return;
    case 'object':
      nested(writer, 5, () => writeStruct(report, node, writer, depth + 1));
      return;
    case 'array':
      nested(writer, 6, () => writeList(report, node, writer, depth + 1));
      return;
    default:
  }
}

function nested(writer: protobuf.Writer, number: number, write: () => void): void {
  writeTag(writer, number, WireType.Bytes);
  writer.fork();
  write();
  writer.ldelim();
}
