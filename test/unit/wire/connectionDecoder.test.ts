import { describe, expect, test } from 'vitest';
import { ConnectionDecoder, type ConnectionLimits } from '../../../src/wire/connectionDecoder';
import {
  connectionPreface,
  type Direction,
  type HeaderField,
  SettingId,
} from '../../../src/wire/frame';
import {
  continuationFrame,
  dataFrame,
  headersFrame,
  pingFrame,
  pushPromiseFrame,
  settingsAckFrame,
  settingsFrame,
} from '../../../src/wire/frameEncoder';
import { frameTypeName } from '../../../src/wire/frameNames';
import { HpackEncoder } from '../../../src/wire/hpackEncoder';
import { forSeeds, randomChunks } from '../../tools/random';
import { ascii, everyByte, joined } from './wireTools';

/** What the sink was told, in order, as short text; long enough to see what is wrong. */
function watch(limits: ConnectionLimits = {}): {
  push: (direction: Direction, ...chunks: Uint8Array[]) => void;
  events: string[];
  decoder: ConnectionDecoder;
} {
  const events: string[] = [];
  const decoder = new ConnectionDecoder(
    {
      frame: (direction, { type, streamId }) =>
        events.push(`${direction} ${frameTypeName(type)} ${streamId}`),
      fields: (direction, streamId, fields, endStream, truncated) =>
        events.push(
          [
            `${direction} fields ${streamId}`,
            fields.map(([name, value]) => `${name}=${value}`).join('&'),
            endStream ? 'end' : 'open',
            ...(truncated ? ['truncated'] : []),
          ].join(' '),
        ),
      undecodableFields: (direction, streamId, reason) =>
        events.push(`${direction} undecodable ${streamId}: ${reason}`),
      malformed: (direction, problem) => events.push(`${direction} malformed ${problem.code}`),
    },
    limits,
  );
  return {
    events,
    decoder,
    push: (direction, ...chunks) => {
      for (const chunk of chunks) decoder.push(direction, chunk);
    },
  };
}

const opening = joined([ascii(connectionPreface), settingsFrame()]);
const path: HeaderField = [':path', '/market.v1.Market/Get'];
const custom: HeaderField = ['key', 'value'];

describe('header blocks', () => {
  test('a whole call: fields come right after the frame that completes them', () => {
    const { events, push } = watch();
    const request = new HpackEncoder();
    const response = new HpackEncoder();
    push('sent', opening, headersFrame(1, request.encode([path])));
    push('sent', dataFrame(1, ascii('x'), { endStream: true }));
    push('received', settingsFrame(), settingsAckFrame());
    push('received', headersFrame(1, response.encode([[':status', '200']])));
    push('received', dataFrame(1, ascii('y')));
    push(
      'received',
      headersFrame(1, response.encode([['grpc-status', '0']]), { endStream: true, padding: 9 }),
    );
    expect(events).toEqual([
      'sent SETTINGS 0',
      'sent HEADERS 1',
      'sent fields 1 :path=/market.v1.Market/Get open',
      'sent DATA 1',
      'received SETTINGS 0',
      'received SETTINGS 0',
      'received HEADERS 1',
      'received fields 1 :status=200 open',
      'received DATA 1',
      'received HEADERS 1',
      'received fields 1 grpc-status=0 end',
    ]);
  });

  test('a block over HEADERS and CONTINUATION frames, END_STREAM on the first', () => {
    const block = new HpackEncoder({ huffman: false }).encode([path, custom]);
    const bytes = joined([
      settingsFrame(),
      headersFrame(1, block.subarray(0, 1), { endHeaders: false, endStream: true, padding: 3 }),
      continuationFrame(1, new Uint8Array(0), { endHeaders: false }),
      continuationFrame(1, block.subarray(1, 9), { endHeaders: false }),
      continuationFrame(1, block.subarray(9)),
      headersFrame(3, new HpackEncoder({ tableSize: 0 }).encode([])),
    ]);
    for (const chunks of [[bytes], everyByte(bytes)]) {
      const { events, push } = watch();
      push('received', ...chunks);
      expect(events).toEqual([
        'received SETTINGS 0',
        'received HEADERS 1',
        'received CONTINUATION 1',
        'received CONTINUATION 1',
        'received CONTINUATION 1',
        'received fields 1 :path=/market.v1.Market/Get&key=value end',
        'received HEADERS 3',
        'received fields 3  open',
      ]);
    }
  });

  test('the fields of a PUSH_PROMISE belong to the promised stream', () => {
    const block = new HpackEncoder().encode([path]);
    const { events, push } = watch();
    push('received', settingsFrame());
    push('received', pushPromiseFrame(1, 2, block.subarray(0, 3), { endHeaders: false }));
    push('received', continuationFrame(1, block.subarray(3)));
    expect(events.at(-1)).toBe('received fields 2 :path=/market.v1.Market/Get open');
  });

  test('each direction has its own table', () => {
    const { events, push } = watch();
    const request = new HpackEncoder();
    push('sent', opening, headersFrame(1, request.encode([custom])));
    push('received', settingsFrame(), headersFrame(1, Uint8Array.of(0xbe)));
    push('sent', headersFrame(3, request.encode([custom])));
    expect(events.filter((event) => !event.includes('HEADERS'))).toEqual([
      'sent SETTINGS 0',
      'sent fields 1 key=value open',
      'received SETTINGS 0',
      'received undecodable 1: the tables have no entry 62',
      'sent fields 3 key=value open',
    ]);
  });
});

describe('SETTINGS_HEADER_TABLE_SIZE', () => {
  const tableSize = (value: number) => settingsFrame([{ id: SettingId.HeaderTableSize, value }]);

  test('from the server counts for what the client sends, before its ACK too', () => {
    const { events, push } = watch();
    push('sent', opening);
    push('received', tableSize(65536));
    push('sent', headersFrame(1, new HpackEncoder({ tableSize: 65536 }).encode([custom])));
    expect(events.at(-1)).toBe('sent fields 1 key=value open');
  });

  test('a smaller one takes effect when the encoder says so', () => {
    const { events, push } = watch();
    const request = new HpackEncoder();
    push('sent', opening, headersFrame(1, request.encode([custom])));
    push('received', tableSize(0));
    push('sent', headersFrame(3, request.encode([custom])), settingsAckFrame());
    request.setTableSize(0);
    push('sent', headersFrame(5, request.encode([custom])));
    push('sent', headersFrame(7, Uint8Array.of(0xbe)));
    expect(events.filter((event) => /fields|undecodable/.test(event))).toEqual([
      'sent fields 1 key=value open',
      'sent fields 3 key=value open',
      'sent fields 5 key=value open',
      'sent undecodable 7: the tables have no entry 62',
    ]);
  });

  test('larger than announced is refused', () => {
    const { events, push } = watch();
    push('sent', opening);
    push('sent', headersFrame(1, new HpackEncoder({ tableSize: 65536 }).encode([custom])));
    expect(events.at(-1)).toBe(
      'sent undecodable 1: a table size of 65536 is over the 4096 that was allowed',
    );
  });
});

describe('blocks that can not be read', () => {
  test('frames go on; later blocks are not guessed at', () => {
    const { events, push } = watch();
    push('received', settingsFrame(), headersFrame(1, Uint8Array.of(0xff, 0xff)));
    push('received', pingFrame(), headersFrame(3, Uint8Array.of(0x88)));
    expect(events).toEqual([
      'received SETTINGS 0',
      'received HEADERS 1',
      'received undecodable 1: the header block ends inside a number',
      'received PING 0',
      'received HEADERS 3',
      'received undecodable 3: header compression was lost on stream 1: the header block ends inside a number',
    ]);
  });

  test('another frame inside a block loses it, and counts itself', () => {
    const reason = 'another frame came between the parts of the header block';
    const lost = `header compression was lost on stream 1: ${reason}`;
    const stray: [Uint8Array, string[]][] = [
      [pingFrame(), []],
      [continuationFrame(3, new Uint8Array(0)), [`received undecodable 3: ${lost}`]],
      [headersFrame(7, Uint8Array.of(0x88)), [`received undecodable 7: ${lost}`]],
    ];
    for (const [frame, told] of stray) {
      const { events, push } = watch();
      push('received', settingsFrame());
      push('received', headersFrame(1, Uint8Array.of(0x88), { endHeaders: false }), frame);
      push('received', headersFrame(5, Uint8Array.of(0x88)));
      expect(events.filter((event) => /fields|undecodable/.test(event))).toEqual([
        `received undecodable 1: ${reason}`,
        ...told,
        `received undecodable 5: ${lost}`,
      ]);
    }
  });

  test('a CONTINUATION frame out of nowhere, and broken padding', () => {
    const { events, push } = watch();
    push('received', settingsFrame(), continuationFrame(1, Uint8Array.of(0x88)));
    expect(events.at(-1)).toBe(
      'received undecodable 1: a CONTINUATION frame without a HEADERS frame before it',
    );
    const padded = watch();
    const frame = headersFrame(1, new Uint8Array(0), { padding: 0 });
    frame[9] = 1;
    padded.push('received', settingsFrame(), frame);
    expect(padded.events.at(-1)).toBe(
      'received undecodable 1: 1 bytes of padding do not fit a payload of 1 bytes',
    );
  });

  test('a flood of CONTINUATION frames keeps a bounded block', () => {
    const { events, push } = watch({ headerBlockSize: 10_000 });
    push('received', settingsFrame());
    push('received', headersFrame(1, new Uint8Array(0), { endHeaders: false }));
    const part = continuationFrame(1, new Uint8Array(1000).fill(0x88), { endHeaders: false });
    for (let count = 0; count < 1000; count++) push('received', part);
    push('received', continuationFrame(1, new Uint8Array(0)));
    expect(events).toHaveLength(1004);
    expect(events.at(-1)).toBe(
      'received undecodable 1: the header block of stream 1 is over 10000 bytes',
    );
  });

  test('a header list over the limit is truncated and says so', () => {
    const { events, push } = watch({ headerListSize: 100 });
    push('received', settingsFrame());
    push(
      'received',
      headersFrame(1, new Uint8Array(5).fill(0x88)),
      headersFrame(3, Uint8Array.of(0x88)),
    );
    expect(events.filter((event) => event.includes('fields'))).toEqual([
      'received fields 1 :status=200&:status=200 open truncated',
      'received fields 3 :status=200 open',
    ]);
  });
});

test('what is not HTTP/2 ends its own direction only', () => {
  const { decoder, events, push } = watch();
  push('sent', opening);
  push('received', ascii('HTTP/1.1 400 '), ascii('Bad Request'));
  push('sent', pingFrame());
  expect(events).toEqual(['sent SETTINGS 0', 'received malformed http1', 'sent PING 0']);
  expect(Buffer.from(decoder.rejected('received')).toString()).toBe('HTTP/1.1 400 Bad Request');
  expect(decoder.rejected('sent')).toHaveLength(0);
});

test('a frame over the limit ends its direction', () => {
  const { decoder, events, push } = watch({ frameSize: 100 });
  push('received', settingsFrame(), dataFrame(1, new Uint8Array(60)).subarray(0, 20));
  expect(decoder.pendingBytes('received')).toBe(20);
  const other = watch({ frameSize: 100 });
  other.push('received', settingsFrame(), dataFrame(1, new Uint8Array(101)));
  expect(events).toEqual(['received SETTINGS 0']);
  expect(other.events).toEqual(['received SETTINGS 0', 'received malformed oversized']);
});

test('random conversations with damage: no exception, the same events in any chunks', () => {
  forSeeds(500, (random) => {
    const encoder = new HpackEncoder();
    const frames = Array.from({ length: 12 }, () => {
      const stream = random.pick([1, 3]);
      const block = encoder.encode([custom, ['n', String(random.integer(0, 3))]]);
      return random.pick([
        headersFrame(stream, block),
        headersFrame(stream, block.subarray(0, 1), { endHeaders: false }),
        continuationFrame(stream, block.subarray(1)),
        dataFrame(stream, random.bytes(20), { padding: 2 }),
        settingsFrame([{ id: random.integer(0, 6), value: random.integer(0, 10_000) }]),
        pushPromiseFrame(stream, 2, block),
      ]);
    });
    const bytes = joined([settingsFrame(), ...frames]);
    for (let hits = random.integer(0, 3); hits > 0; hits--) {
      bytes[random.integer(9, bytes.length - 1)] = random.integer(0, 255);
    }
    const whole = watch();
    whole.push('received', bytes);
    const cut = watch();
    cut.push('received', ...randomChunks(random, bytes, 15));
    expect(cut.events).toEqual(whole.events);
    expect(whole.events.length).toBeGreaterThan(0);
  });
});
