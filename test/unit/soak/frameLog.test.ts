import { expect, test } from 'vitest';
import { checksum, FrameLog } from '../../soak/frameLog';
import { forSeeds, randomChunks } from '../../tools/random';

const preface = Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n');

function frame(type: number, flags: number, streamId: number, payload: Uint8Array): Buffer {
  const header = Buffer.alloc(9);
  header.writeUIntBE(payload.length, 0, 3);
  header.writeUInt8(type, 3);
  header.writeUInt8(flags, 4);
  header.writeUInt32BE(streamId, 5);
  return Buffer.concat([header, payload]);
}

function message(bytes: Uint8Array): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

const whole = message(Buffer.from('whole'));
const padded = Buffer.concat([Buffer.from([3]), whole, Buffer.alloc(3)]);
const conversation = Buffer.concat([
  preface,
  frame(4, 0, 0, Buffer.alloc(0)),
  frame(0, 0, 1, Buffer.concat([whole, whole.subarray(0, 3)])),
  frame(0, 0, 3, whole),
  frame(0, 8, 1, Buffer.concat([Buffer.from([2]), whole.subarray(3), Buffer.alloc(2)])),
  frame(0, 8, 5, padded),
  frame(3, 0, 5, Buffer.from([0, 0, 0, 8])),
]);

test('counts frames, and the messages of each stream, in any chunks', () => {
  forSeeds(50, (random) => {
    const log = new FrameLog('http2', true);
    for (const chunk of randomChunks(random, conversation, 12)) {
      log.push(chunk);
    }
    expect(log.position).toBe(conversation.length);
    expect(log.begun).toBe(0);
    expect(log.frames.map(({ type, streamId, messages }) => [type, streamId, messages])).toEqual([
      [4, 0, 0],
      [0, 1, 1],
      [0, 3, 1],
      [0, 1, 2],
      [0, 5, 1],
      [3, 5, 0],
    ]);
    expect(log.frames[4]).toMatchObject({ length: padded.length, sum: checksum(whole) });
    expect(log.frames.at(-1)).toMatchObject({ end: conversation.length, errorCode: 8 });
  });
});

test('knows the next border at each byte', () => {
  const log = new FrameLog('http2', true);
  const borders: number[] = [];
  for (const byte of conversation.subarray(0, 24 + 9 + 9 + 13)) {
    if (log.untilBorder === 1) {
      borders.push(log.position + 1);
    }
    log.push(Buffer.from([byte]));
  }
  // The preface, the header of an empty frame, the header of DATA, its end.
  expect(borders).toEqual([24, 33, 42, 55]);
});

test('counts the records of TLS', () => {
  const record = Buffer.concat([Buffer.from([22, 3, 1, 0, 4]), Buffer.from('data')]);
  const log = new FrameLog('tls', true);
  log.push(record.subarray(0, 7));
  expect([log.begun, log.untilBorder, log.frames.length]).toEqual([7, 2, 0]);
  log.push(Buffer.concat([record.subarray(7), record]));
  expect(log.frames.map(({ type, length, end }) => [type, length, end])).toEqual([
    [22, 4, 9],
    [22, 4, 18],
  ]);
});
