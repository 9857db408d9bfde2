/** What the flood server serves: messages of 64 bytes that say their number, so that any of them can be checked. */
export const floodPath = '/bench.Bench/Flood';

export const floodProto = `
  syntax = "proto3";
  package bench;
  message Order { fixed32 count = 1; }
  message Item { fixed32 index = 1; string text = 2; }
  service Bench { rpc Flood(Order) returns (stream Item); }`;

const size = 64;
/** The tag and the value of `index`, then tag and length of `text`. */
const textStart = 1 + 4 + 1 + 1;

/** A `bench.Order`. */
export function order(count: number): Buffer {
  const bytes = Buffer.alloc(5);
  bytes[0] = (1 << 3) | 5;
  bytes.writeUInt32LE(count, 1);
  return bytes;
}

export function readOrder(bytes: Buffer): number {
  return bytes.readUInt32LE(1);
}

/** A `bench.Item`. */
export function item(index: number): Buffer {
  const bytes = Buffer.alloc(size, 'x');
  bytes[0] = (1 << 3) | 5;
  bytes.writeUInt32LE(index, 1);
  bytes[5] = (2 << 3) | 2;
  bytes[6] = size - textStart;
  return bytes;
}

export function isItem(bytes: Buffer, index: number): boolean {
  return bytes.length === size && bytes.readUInt32LE(1) === index;
}
