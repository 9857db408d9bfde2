import { describe, expect, test } from 'vitest';
import { type FramedMessage, MessageReader } from '../../../src/wire/messageReader';
import { forSeeds, type Random, randomChunks } from '../../tools/random';
import { everyByte, joined } from './wireTools';

function framed(length: number, flag = 0): Uint8Array {
  const bytes = new Uint8Array(5 + length).fill(0xee);
  bytes[0] = flag;
  new DataView(bytes.buffer).setUint32(1, length);
  return bytes;
}

function readAll(chunks: readonly Uint8Array[]): {
  messages: FramedMessage[];
  reader: MessageReader;
} {
  const reader = new MessageReader();
  const messages: FramedMessage[] = [];
  for (const chunk of chunks) reader.push(chunk, (message) => messages.push(message));
  return { messages, reader };
}

const stream = joined([framed(3), framed(0), framed(300, 1), framed(0, 1)]);
const expected: FramedMessage[] = [
  { start: 0, length: 3, compressed: false },
  { start: 8, length: 0, compressed: false },
  { start: 13, length: 300, compressed: true },
  { start: 318, length: 0, compressed: true },
];

describe('MessageReader', () => {
  test.each([
    ['several messages in one DATA frame', [stream]],
    ['one byte a DATA frame', everyByte(stream)],
    [
      'empty DATA frames between',
      [new Uint8Array(0), stream.subarray(0, 5), new Uint8Array(0), stream.subarray(5)],
    ],
  ])('%s', (_name, chunks) => {
    const { messages, reader } = readAll(chunks);
    expect(messages).toEqual(expected);
    expect(reader.completed).toBe(4);
    expect(reader.offset).toBe(stream.length);
    expect(reader.pending).toBe(0);
    expect(reader.unfinished).toBeUndefined();
    expect(reader.invalidFlag).toBeUndefined();
  });

  test('a message is told by the frame that completes it, and counts for all that carry a part', () => {
    const reader = new MessageReader();
    const ranges = [stream.subarray(0, 6), stream.subarray(6, 10), stream.subarray(10)].map(
      (chunk) => {
        const first = reader.completed;
        reader.push(chunk, () => {});
        return [first, reader.completed + (reader.pending > 0 ? 1 : 0)];
      },
    );
    expect(ranges).toEqual([
      [0, 1],
      [0, 2],
      [1, 4],
    ]);
  });

  test('what is left of a cut-off stream', () => {
    const inPrefix = readAll([stream.subarray(0, 16)]).reader;
    expect(inPrefix.pending).toBe(3);
    expect(inPrefix.unfinished).toEqual({ start: 13, received: 3 });
    const inBody = readAll([stream.subarray(0, 20)]).reader;
    expect(inBody.pending).toBe(7);
    expect(inBody.unfinished).toEqual({ start: 13, received: 7, length: 300, compressed: true });
  });

  test('a prefix alone is an unfinished message', () => {
    const { messages, reader } = readAll([framed(10).subarray(0, 5)]);
    expect(messages).toEqual([]);
    expect(reader.unfinished).toEqual({ start: 0, received: 5, length: 10, compressed: false });
  });

  test('the largest length is exact', () => {
    const { reader } = readAll([Uint8Array.of(0, 0xff, 0xff, 0xff, 0xff, 1)]);
    expect(reader.unfinished).toEqual({
      start: 0,
      received: 6,
      length: 0xffffffff,
      compressed: false,
    });
  });

  test('bytes that are no gRPC messages show by their flag', () => {
    const html = Uint8Array.from(Buffer.from('<html>'));
    expect(readAll([html]).reader.invalidFlag).toEqual({ start: 0, flag: 0x3c });
    const later = readAll([joined([framed(3), framed(1, 2), framed(1, 7)])]);
    expect(later.reader.invalidFlag).toEqual({ start: 8, flag: 2 });
    expect(later.messages.map(({ compressed }) => compressed)).toEqual([false, false, true]);
  });

  test('random messages in random frames', () => {
    forSeeds(300, (random) => {
      const parts = randomMessages(random);
      const bytes = joined(parts);
      const cut = random.integer(0, bytes.length);
      const { messages, reader } = readAll(randomChunks(random, bytes.subarray(0, cut), 50));
      let start = 0;
      const whole: FramedMessage[] = [];
      for (const part of parts) {
        if (start + part.length > cut) break;
        whole.push({ start, length: part.length - 5, compressed: part[0] === 1 });
        start += part.length;
      }
      expect(messages).toEqual(whole);
      expect(reader.pending).toBe(cut - start);
      expect(reader.offset).toBe(cut);
    });
  });

  test('random bytes: no exception, offsets that never run backwards', () => {
    forSeeds(1000, (random) => {
      const bytes = random.bytes(random.integer(0, 200));
      // Small lengths, so that more than one message is read.
      for (let at = 0; at < bytes.length; at += 7) bytes.fill(0, at, at + 4);
      const { messages, reader } = readAll(randomChunks(random, bytes, 30));
      let end = 0;
      for (const { start, length } of messages) {
        expect(start).toBe(end);
        end = start + 5 + length;
      }
      expect(end + reader.pending).toBe(bytes.length);
    });
  });
});

function randomMessages(random: Random): Uint8Array[] {
  return Array.from({ length: random.integer(0, 20) }, () =>
    framed(random.pick([0, 1, 4, 60, 500]), random.integer(0, 1)),
  );
}
