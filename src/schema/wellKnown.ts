/** Which messages have a ProtoJSON form of their own ("ProtoJSON Format", table of well-known types). */
import type { Field, MessageType, WellKnown } from './types';

const PREFIX = 'google.protobuf.';

const WRAPPERS: ReadonlyMap<string, string> = new Map([
  ['DoubleValue', 'double'],
  ['FloatValue', 'float'],
  ['Int64Value', 'int64'],
  ['UInt64Value', 'uint64'],
  ['Int32Value', 'int32'],
  ['UInt32Value', 'uint32'],
  ['BoolValue', 'bool'],
  ['StringValue', 'string'],
  ['BytesValue', 'bytes'],
]);

type Shape = readonly (readonly [number: number, check: (field: Field) => boolean])[];

const SHAPES: ReadonlyMap<string, Shape> = new Map<string, Shape>([
  [
    'Any',
    [
      [1, scalar('string')],
      [2, scalar('bytes')],
    ],
  ],
  [
    'Timestamp',
    [
      [1, scalar('int64')],
      [2, scalar('int32')],
    ],
  ],
  [
    'Duration',
    [
      [1, scalar('int64')],
      [2, scalar('int32')],
    ],
  ],
  ['FieldMask', [[1, (it) => it.repeated && isScalar(it, 'string')]]],
  ['Struct', [[1, (it) => it.repeated && it.typeName.endsWith('FieldsEntry')]]],
  [
    'Value',
    [
      [1, (it) => !it.repeated && it.typeName.endsWith('NullValue')],
      [2, scalar('double')],
      [3, scalar('string')],
      [4, scalar('bool')],
      [5, (it) => !it.repeated && it.typeName.endsWith('Struct')],
      [6, (it) => !it.repeated && it.typeName.endsWith('ListValue')],
    ],
  ],
  ['ListValue', [[1, (it) => it.repeated && it.typeName.endsWith('Value')]]],
]);

/** A server can name any message `google.protobuf.Timestamp`: the fields must fit as well. */
export function wellKnownKind(message: MessageType): WellKnown | undefined {
  if (!message.fullName.startsWith(PREFIX)) {
    return undefined;
  }
  const name = message.fullName.slice(PREFIX.length);
  const wrapped = WRAPPERS.get(name);
  if (wrapped !== undefined) {
    return message.fields.length === 1 && fits(message, 1, scalar(wrapped)) ? 'wrapper' : undefined;
  }
  const shape = SHAPES.get(name);
  const known =
    shape !== undefined &&
    message.fields.length === shape.length &&
    shape.every(([number, check]) => fits(message, number, check));
  return known ? (name as WellKnown) : undefined;
}

function fits(message: MessageType, number: number, check: (field: Field) => boolean): boolean {
  const field = message.byNumber.get(number);
  return field !== undefined && check(field);
}

function isScalar(field: Field, name: string): boolean {
  return field.type.kind === 'scalar' && field.type.scalar === name;
}

function scalar(name: string): (field: Field) => boolean {
  return (field) => !field.repeated && isScalar(field, name);
}
