import { describe, expect, test } from 'vitest';
import { connectionPreface, type FrameHeader, FrameType } from '../../../src/wire/frame';
import { FrameDecoder } from '../../../src/wire/frameDecoder';
import {
  continuationFrame,
  dataFrame,
  encodeFrame,
  goAwayFrame,
  headersFrame,
  pingFrame,
  priorityFrame,
  pushPromiseFrame,
  rstStreamFrame,
  settingsAckFrame,
  settingsFrame,
  windowUpdateFrame,
} from '../../../src/wire/frameEncoder';
import { forSeeds, randomChunks } from '../../tools/random';
import { ascii, everyByte, joined, readFrames, toHex } from './wireTools';

const everyType = [
  settingsFrame([{ id: 4, value: 65535 }]),
  settingsAckFrame(),
  headersFrame(1, ascii('block'), { endHeaders: false, padding: 3 }),
  continuationFrame(1, ascii('rest')),
  dataFrame(1, ascii('hello'), { padding: 0 }),
  dataFrame(1, new Uint8Array(0), { endStream: true }),
  priorityFrame(3, { dependsOn: 1, exclusive: true, weight: 256 }),
  pushPromiseFrame(1, 2, ascii('promise')),
  pingFrame(ascii('8 bytes!')),
  windowUpdateFrame(0, 1),
  rstStreamFrame(1, 8),
  encodeFrame(0x2a, 0xff, 0x7fffffff, new Uint8Array(40_000).fill(7)),
  goAwayFrame(1, 11, ascii('too_many_pings')),
];
const everyTypeHex = everyType.map(toHex);
const conversation = joined(everyType);

function expectEveryType(chunks: readonly Uint8Array[]): void {
  const { frames, problems, decoder } = readFrames(chunks);
  expect(problems).toEqual([]);
  expect(decoder.pendingBytes).toBe(0);
  const again = frames.map(({ header, payload }) =>
    encodeFrame(header.type, header.flags, header.streamId, payload),
  );
  // As text: comparing long arrays member by member is slow.
  expect(again.map(toHex)).toEqual(everyTypeHex);
  expect(frames.every(({ header, payload }) => header.length === payload.length)).toBe(true);
}

describe('frames in any chunks', () => {
  test('all at once', () => expectEveryType([conversation]));

  test('one byte at a time', () => expectEveryType(everyByte(conversation)));

  test('cut in two at every place around the small frames', () => {
    const small = joined(everyType.filter((frame) => frame.length < 1000));
    const expected = readFrames([small]).frames;
    for (let cut = 0; cut <= small.length; cut++) {
      const { frames } = readFrames([small.subarray(0, cut), small.subarray(cut)]);
      expect(frames, `cut at ${cut}`).toEqual(expected);
    }
  });

  test('random splits', () => {
    forSeeds(200, (random) => {
      expectEveryType(randomChunks(random, conversation, random.pick([3, 20, 300, 20_000])));
    });
  });

  test('the payload of a frame inside one chunk is a view, not a copy', () => {
    const chunk = joined([settingsFrame(), dataFrame(1, ascii('hello'))]);
    const buffers: ArrayBufferLike[] = [];
    const decoder = new FrameDecoder(
      { expectPreface: false },
      { frame: (_header, payload) => buffers.push(payload.buffer), malformed: () => {} },
    );
    decoder.push(chunk);
    expect(buffers).toEqual([chunk.buffer, chunk.buffer]);
    expect(buffers[1]).toBe(chunk.buffer);
  });

  test('a header may be kept while later frames are read', () => {
    const headers: FrameHeader[] = [];
    const decoder = new FrameDecoder(
      { expectPreface: false },
      { frame: (header) => headers.push(header), malformed: () => {} },
    );
    decoder.push(joined([settingsFrame(), pingFrame(), windowUpdateFrame(5, 1)]));
    expect(headers.map(({ type, streamId }) => [type, streamId])).toEqual([
      [FrameType.Settings, 0],
      [FrameType.Ping, 0],
      [FrameType.WindowUpdate, 5],
    ]);
  });

  test('a sink that throws does not make the next push read the frame again', () => {
    const types: number[] = [];
    const decoder = new FrameDecoder(
      { expectPreface: false },
      {
        frame: ({ type }) => {
          types.push(type);
          if (types.length === 1) throw new Error('sink');
        },
        malformed: () => {},
      },
    );
    const settings = settingsFrame([{ id: 1, value: 1 }]);
    decoder.push(settings.subarray(0, 10));
    expect(() => decoder.push(settings.subarray(10))).toThrow('sink');
    decoder.push(pingFrame());
    expect(types).toEqual([FrameType.Settings, FrameType.Ping]);
  });

  test('the reserved bit of the stream id is ignored', () => {
    const frame = encodeFrame(FrameType.WindowUpdate, 0, 0x80000003, new Uint8Array(4));
    expect(readFrames([settingsFrame(), frame]).frames[1]?.header.streamId).toBe(3);
  });

  test('a frame that was cut off shows as pending bytes', () => {
    const { decoder, frames } = readFrames([
      joined([settingsFrame(), pingFrame().subarray(0, 12)]),
    ]);
    expect(frames).toHaveLength(1);
    expect(decoder.pendingBytes).toBe(12);
  });

  test('a length that is only announced reserves no memory', () => {
    const { decoder } = readFrames([settingsFrame()]);
    const before = process.memoryUsage().arrayBuffers;
    decoder.push(Uint8Array.of(0xff, 0xff, 0xff, FrameType.Data, 0, 0, 0, 0, 1, 1, 2, 3));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    expect(decoder.pendingBytes).toBe(12);
  });
});

describe('the client preface', () => {
  const preface = ascii(connectionPreface);
  const bytes = joined([preface, settingsFrame(), pingFrame()]);

  test.each([
    ['at once', [bytes]],
    ['byte by byte', everyByte(bytes)],
  ])('is read %s', (_name, chunks) => {
    const { frames, prefaces, problems } = readFrames(chunks, { expectPreface: true });
    expect(prefaces).toBe(1);
    expect(problems).toEqual([]);
    expect(frames.map(({ header }) => header.type)).toEqual([FrameType.Settings, FrameType.Ping]);
  });

  test.each([
    ['GET / HTTP/1.1\r\n\r\n', 0],
    ['PRI * HTTP/1.1\r\n\r\n', 11],
  ])('%j is refused from byte %i on', (text, position) => {
    for (const chunks of [[ascii(text)], everyByte(ascii(text))]) {
      const { frames, prefaces, problems } = readFrames(chunks, { expectPreface: true });
      expect(frames).toEqual([]);
      expect(prefaces).toBe(0);
      expect(problems).toEqual([
        { code: 'preface', message: `the client preface differs from byte ${position} on` },
      ]);
    }
  });
});

describe('a server that does not speak HTTP/2', () => {
  const http1 = 'HTTP/1.1 400 Bad Request\r\nserver: nginx\r\n\r\n<html>';

  test('an HTTP/1 answer is told with its text', () => {
    const { frames, problems } = readFrames([ascii(http1), ascii('more')]);
    expect(frames).toEqual([]);
    expect(problems).toEqual([
      { code: 'http1', message: 'the server answered with HTTP/1', text: http1 },
    ]);
  });

  test('however it is cut, it is told once and the evidence is whole', () => {
    const { decoder, problems } = readFrames(everyByte(ascii(http1)));
    expect(problems.map(({ code }) => code)).toEqual(['http1']);
    expect(Buffer.from(decoder.rejected).toString('latin1')).toBe(http1);
    expect(decoder.pendingBytes).toBe(0);
  });

  test('the evidence stops at 1024 bytes', () => {
    const long = ascii(http1.padEnd(5000, 'x'));
    const { decoder, problems } = readFrames([long, long, long]);
    expect(problems[0]?.text).toHaveLength(1024);
    expect(decoder.rejected).toEqual(long.subarray(0, 1024));
  });

  test('a TLS alert, shorter than a frame header, is told', () => {
    const alert = Uint8Array.of(0x15, 0x03, 0x03, 0x00, 0x02, 0x02, 0x46);
    for (const chunks of [[alert], everyByte(alert)]) {
      const { decoder, problems } = readFrames(chunks);
      expect(problems.map(({ code }) => code)).toEqual(['tls-record']);
      expect(decoder.rejected).toEqual(alert);
    }
  });

  test.each([
    ['SSH', ascii('SSH-2.0-OpenSSH_9.6\r\n')],
    ['MySQL', Uint8Array.of(0x4a, 0, 0, 0, 0x0a, 0x38, 0x2e, 0x30, 0x2e, 0x33)],
    ['a DATA frame first', dataFrame(1, ascii('hello'))],
    ['SETTINGS on a stream', encodeFrame(FrameType.Settings, 0, 1)],
  ])('%s is told as a wrong preface', (_name, bytes) => {
    for (const chunks of [[bytes], everyByte(bytes)]) {
      const { frames, problems } = readFrames(chunks);
      expect(frames).toEqual([]);
      expect(problems.map(({ code }) => code)).toEqual(['preface']);
    }
  });

  test('GOAWAY as the first frame is shown', () => {
    const { frames, problems } = readFrames([goAwayFrame(0, 11)]);
    expect(problems).toEqual([]);
    expect(frames).toHaveLength(1);
  });

  test('text that looks like HTTP/1 later in the connection is payload', () => {
    const { problems, frames } = readFrames([settingsFrame(), dataFrame(1, ascii(http1))]);
    expect(problems).toEqual([]);
    expect(frames).toHaveLength(2);
  });

  test('a frame over the limit ends reading', () => {
    const bytes = joined([settingsFrame(), dataFrame(1, new Uint8Array(101)), pingFrame()]);
    for (const chunks of [[bytes], everyByte(bytes)]) {
      const { frames, problems } = readFrames(chunks, { expectPreface: false, maxFrameSize: 100 });
      expect(frames).toHaveLength(1);
      expect(problems).toEqual([
        { code: 'oversized', message: 'a frame of 101 bytes is longer than 100' },
      ]);
    }
  });
});

test('random bytes: no exception, at most one problem, at most 1024 bytes kept after it', () => {
  forSeeds(2000, (random) => {
    const start = random.chance(0.5) ? settingsFrame() : new Uint8Array(0);
    const bytes = joined([start, random.bytes(random.integer(0, 300))]);
    const expectPreface = random.chance(0.1);
    const { decoder, frames, problems } = readFrames(randomChunks(random, bytes, 40), {
      expectPreface,
    });
    expect(problems.length).toBeLessThanOrEqual(1);
    expect(decoder.rejected.length).toBeLessThanOrEqual(1024);
    const read = frames.reduce((sum, { payload }) => sum + 9 + payload.length, 0);
    expect(read + decoder.pendingBytes).toBeLessThanOrEqual(bytes.length);
    if (problems.length === 0 && !expectPreface) {
      expect(read + decoder.pendingBytes).toBe(bytes.length);
    }
  });
});
