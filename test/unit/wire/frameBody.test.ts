import { describe, expect, test } from 'vitest';
import { type FrameBody, FrameFlag, type FrameHeader, FrameType } from '../../../src/wire/frame';
import { decodeFrameBody } from '../../../src/wire/frameBody';
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
import { errorCodeName, flagNames, frameTypeName, settingName } from '../../../src/wire/frameNames';
import { forSeeds } from '../../tools/random';
import { ascii, readFrames } from './wireTools';

function bodyOf(frame: Uint8Array): FrameBody {
  const [, read] = readFrames([settingsFrame(), frame]).frames;
  if (read === undefined) throw new Error('no frame');
  return decodeFrameBody(read.header, read.payload);
}

const priority = { dependsOn: 0x7fffffff, exclusive: true, weight: 256 };

describe('decodeFrameBody', () => {
  test.each<[string, Uint8Array, FrameBody]>([
    ['DATA', dataFrame(1, ascii('hi')), { kind: 'data', padding: 0, data: ascii('hi') }],
    [
      'DATA with padding',
      dataFrame(1, ascii('hi'), { padding: 255 }),
      { kind: 'data', padding: 255, data: ascii('hi') },
    ],
    [
      'DATA that is padding only',
      dataFrame(1, new Uint8Array(0), { padding: 4 }),
      { kind: 'data', padding: 4, data: new Uint8Array(0) },
    ],
    ['HEADERS', headersFrame(1, ascii('b')), { kind: 'headers', padding: 0, block: ascii('b') }],
    [
      'HEADERS with padding and priority',
      headersFrame(1, ascii('b'), { padding: 2, priority }),
      { kind: 'headers', padding: 2, priority, block: ascii('b') },
    ],
    [
      'PRIORITY',
      priorityFrame(1, { dependsOn: 3, exclusive: false, weight: 1 }),
      { kind: 'priority', dependsOn: 3, exclusive: false, weight: 1 },
    ],
    ['RST_STREAM', rstStreamFrame(1, 0xffffffff), { kind: 'rstStream', errorCode: 0xffffffff }],
    [
      'SETTINGS',
      settingsFrame([
        { id: 3, value: 100 },
        { id: 0xffff, value: 0xffffffff },
      ]),
      {
        kind: 'settings',
        settings: [
          { id: 3, value: 100 },
          { id: 0xffff, value: 0xffffffff },
        ],
      },
    ],
    ['SETTINGS ACK', settingsAckFrame(), { kind: 'settings', settings: [] }],
    [
      'PUSH_PROMISE with padding',
      pushPromiseFrame(1, 2, ascii('b'), { padding: 1 }),
      { kind: 'pushPromise', padding: 1, promisedStreamId: 2, block: ascii('b') },
    ],
    ['PING', pingFrame(ascii('12345678')), { kind: 'ping', opaque: ascii('12345678') }],
    [
      'GOAWAY',
      goAwayFrame(5, 11, ascii('too_many_pings')),
      { kind: 'goAway', lastStreamId: 5, errorCode: 11, debugData: ascii('too_many_pings') },
    ],
    [
      'WINDOW_UPDATE',
      windowUpdateFrame(1, 0x7fffffff),
      { kind: 'windowUpdate', increment: 0x7fffffff },
    ],
    ['CONTINUATION', continuationFrame(1, ascii('b')), { kind: 'continuation', block: ascii('b') }],
    [
      'an unknown type',
      encodeFrame(0xfe, 1, 1, ascii('x')),
      { kind: 'unknown', payload: ascii('x') },
    ],
  ])('%s', (_name, frame, body) => {
    expect(bodyOf(frame)).toEqual(body);
  });

  test.each<[string, number, number, Uint8Array, string]>([
    [
      'padding as long as the payload',
      FrameType.Data,
      FrameFlag.Padded,
      Uint8Array.of(2, 0),
      '2 bytes of padding do not fit a payload of 2 bytes',
    ],
    [
      'no padding length',
      FrameType.Data,
      FrameFlag.Padded,
      Uint8Array.of(),
      'a payload of 0 bytes has no room for the padding length',
    ],
    [
      'priority fields cut off',
      FrameType.Headers,
      FrameFlag.Priority,
      Uint8Array.of(0, 0, 0, 0),
      'a payload of 4 bytes has no room for the priority fields',
    ],
    [
      'PRIORITY of 4 bytes',
      FrameType.Priority,
      0,
      new Uint8Array(4),
      'the payload has 4 bytes instead of 5',
    ],
    [
      'RST_STREAM of 5 bytes',
      FrameType.RstStream,
      0,
      new Uint8Array(5),
      'the payload has 5 bytes instead of 4',
    ],
    [
      'SETTINGS of 7 bytes',
      FrameType.Settings,
      0,
      new Uint8Array(7),
      '7 bytes are not a whole number of 6-byte settings',
    ],
    [
      'SETTINGS ACK with settings',
      FrameType.Settings,
      FrameFlag.Ack,
      new Uint8Array(6),
      'the payload has 6 bytes instead of 0',
    ],
    [
      'PUSH_PROMISE without a stream',
      FrameType.PushPromise,
      0,
      new Uint8Array(3),
      'a payload of 3 bytes has no room for the promised stream id',
    ],
    [
      'PING of 7 bytes',
      FrameType.Ping,
      0,
      new Uint8Array(7),
      'the payload has 7 bytes instead of 8',
    ],
    [
      'GOAWAY of 7 bytes',
      FrameType.GoAway,
      0,
      new Uint8Array(7),
      'a payload of 7 bytes has no room for the last stream id and the error code',
    ],
    [
      'WINDOW_UPDATE of 3 bytes',
      FrameType.WindowUpdate,
      0,
      new Uint8Array(3),
      'the payload has 3 bytes instead of 4',
    ],
  ])('%s stays visible with the reason', (_name, type, flags, payload, reason) => {
    const header: FrameHeader = { length: payload.length, type, flags, streamId: 1 };
    expect(decodeFrameBody(header, payload)).toEqual({ kind: 'undecodable', payload, reason });
  });

  test('random payloads: no exception, and views inside the payload only', () => {
    forSeeds(5000, (random) => {
      const payload = random.bytes(random.integer(0, 40));
      const header = {
        length: payload.length,
        type: random.integer(0, 11),
        flags: random.integer(0, 255),
        streamId: 1,
      };
      const body = decodeFrameBody(header, payload);
      for (const value of Object.values(body)) {
        if (value instanceof Uint8Array) {
          expect(value.buffer).toBe(payload.buffer);
          expect(value.length).toBeLessThanOrEqual(payload.length);
        }
      }
    });
  });
});

describe('names', () => {
  test('frame types', () => {
    expect(Object.values(FrameType).map(frameTypeName)).toEqual([
      'DATA',
      'HEADERS',
      'PRIORITY',
      'RST_STREAM',
      'SETTINGS',
      'PUSH_PROMISE',
      'PING',
      'GOAWAY',
      'WINDOW_UPDATE',
      'CONTINUATION',
    ]);
    expect(frameTypeName(0x10)).toBe('UNKNOWN(0x10)');
  });

  test('the same bit is END_STREAM or ACK by the type', () => {
    expect(flagNames(FrameType.Headers, 0x2d)).toEqual([
      'END_STREAM',
      'END_HEADERS',
      'PADDED',
      'PRIORITY',
    ]);
    expect(flagNames(FrameType.Ping, 0x1)).toEqual(['ACK']);
    expect(flagNames(FrameType.Data, 0)).toEqual([]);
    expect(flagNames(FrameType.Settings, 0x41)).toEqual(['ACK', '0x40']);
    expect(flagNames(FrameType.GoAway, 0x5)).toEqual(['0x5']);
    expect(flagNames(0x77, 0x1)).toEqual(['0x1']);
  });

  test('error codes', () => {
    expect([0, 1, 2, 7, 8, 11, 13, 14].map(errorCodeName)).toEqual([
      'NO_ERROR',
      'PROTOCOL_ERROR',
      'INTERNAL_ERROR',
      'REFUSED_STREAM',
      'CANCEL',
      'ENHANCE_YOUR_CALM',
      'HTTP_1_1_REQUIRED',
      'UNKNOWN(0xe)',
    ]);
  });

  test('settings', () => {
    expect([1, 2, 3, 4, 5, 6, 7, 8, 9].map(settingName)).toEqual([
      'HEADER_TABLE_SIZE',
      'ENABLE_PUSH',
      'MAX_CONCURRENT_STREAMS',
      'INITIAL_WINDOW_SIZE',
      'MAX_FRAME_SIZE',
      'MAX_HEADER_LIST_SIZE',
      'UNKNOWN(0x7)',
      'ENABLE_CONNECT_PROTOCOL',
      'NO_RFC7540_PRIORITIES',
    ]);
  });
});

test('a frame over 2^24 - 1 bytes is refused', () => {
  expect(() => encodeFrame(FrameType.Data, 0, 1, new Uint8Array(0x1000000))).toThrow(RangeError);
});
