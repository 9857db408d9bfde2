/** Tags and scalar values on the wire ("Encoding"), by protobufjs' writer. */
import type protobuf from 'protobufjs/minimal.js';
import type { ScalarValue } from './jsonScalars';
import type { ScalarType } from './types';

export const WireType = { Varint: 0, Fixed64: 1, Bytes: 2, Start: 3, End: 4, Fixed32: 5 } as const;

export function scalarWireType(type: ScalarType): number {
  switch (type) {
    case 'double':
    case 'fixed64':
    case 'sfixed64':
      return WireType.Fixed64;
    case 'float':
    case 'fixed32':
    case 'sfixed32':
      return WireType.Fixed32;
    case 'string':
    case 'bytes':
      return WireType.Bytes;
    default:
      return WireType.Varint;
  }
}

export function writeTag(writer: protobuf.Writer, number: number, wireType: number): void {
  writer.uint32(((number << 3) | wireType) >>> 0);
}

/** The value only, without a tag. Integers are bigint. */
export function writeScalar(writer: protobuf.Writer, type: ScalarType, value: ScalarValue): void {
  switch (type) {
    case 'bool':
      writer.bool(value === true);
      return;
    case 'string':
      writer.string(String(value));
      return;
    case 'bytes':
      writer.bytes(value instanceof Uint8Array ? value : new Uint8Array());
      return;
    case 'double':
    case 'float':
      writer[type](Number(value));
      return;
    case 'int64':
    case 'uint64':
    case 'sint64':
    case 'fixed64':
    case 'sfixed64':
      // As text, never through a JavaScript number: that keeps 53 bits only.
      writer[type](String(value));
      return;
    default:
      writer[type](Number(value));
  }
}
