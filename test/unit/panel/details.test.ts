import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { byteLimit, type DetailSource, entryDetail } from '../../../src/panel/details';
import type { EntryDetail } from '../../../src/panel/protocol';
import type { Transcript } from '../../../src/transcript/transcript';
import { brokenCall, Conversation, endedOk, ordinaryCall, schema, types } from './conversation';

const sourceOf = (transcript: Transcript, defaults = false): DetailSource => ({
  transcript,
  schema,
  types,
  defaults,
});

/** The detail of the nth row of the messages view. */
function messagesDetail(transcript: Transcript, row: number, defaults = false): EntryDetail {
  return entryDetail(transcript.entryNumber('messages', row), sourceOf(transcript, defaults));
}

function ofKind<K extends EntryDetail['kind']>(
  detail: EntryDetail,
  kind: K,
): Extract<EntryDetail, { kind: K }> {
  if (detail.kind !== kind) {
    throw new Error(`The detail is of kind ${detail.kind}, not ${kind}.`);
  }
  return detail as Extract<EntryDetail, { kind: K }>;
}

const pairs = (detail: EntryDetail): string[] =>
  ofKind(detail, 'fields').fields.map(({ name, value, note }) =>
    note === undefined ? `${name}: ${value}` : `${name}: ${value} (${note})`,
  );

describe('entryDetail of a message', () => {
  it('has JSON, the bytes with their prefix, and the fields that they hold', () => {
    const { transcript } = ordinaryCall();
    const detail = ofKind(messagesDetail(transcript, 3), 'message');
    expect(detail).toMatchObject({
      title: 'Message 1 received on stream 1',
      typeName: 'market.v1.Listing',
      truncated: false,
      prefixLength: 5,
    });
    expect(JSON.parse(detail.json ?? '')).toEqual({
      title: 'Desk lamp',
      price: '9007199254740993',
    });
    const bytes = Buffer.from(detail.bytes.base64, 'base64');
    expect(bytes).toHaveLength(detail.bytes.total);
    expect(bytes.readUInt32BE(1)).toBe(bytes.length - 5);
    const [title, price] = detail.fields;
    expect(title).toMatchObject({ number: 1, name: 'title', wireType: 'bytes' });
    expect(price).toMatchObject({ number: 2, name: 'price', wireType: 'varint' });
    // Offsets count from the end of the prefix.
    const message = bytes.subarray(5);
    expect(message.subarray(title?.valueStart, title?.end).toString()).toBe('Desk lamp');
    transcript.dispose();
  });

  it('shows default values when asked', () => {
    const { transcript } = ordinaryCall();
    const json = (defaults: boolean): unknown =>
      JSON.parse(ofKind(messagesDetail(transcript, 4, defaults), 'message').json ?? '');
    expect(json(false)).toEqual({ title: 'Floor lamp' });
    expect(json(true)).toEqual({ title: 'Floor lamp', price: '0', photo: '', tags: [] });
    transcript.dispose();
  });

  it('decompresses, and keeps the bytes as they were on the wire', () => {
    const plain = schema.encode(types.responseType, '{"title":"Zipped"}');
    const zipped = gzipSync(plain);
    const { transcript } = new Conversation()
      .headers('received', [
        [':status', '200'],
        ['grpc-encoding', 'gzip'],
      ])
      .message('received', zipped, true);
    const detail = ofKind(messagesDetail(transcript, 1), 'message');
    expect(JSON.parse(detail.json ?? '')).toEqual({ title: 'Zipped' });
    expect(detail.encoding).toBe('gzip');
    expect(Buffer.from(detail.bytes.base64, 'base64').subarray(5)).toEqual(zipped);
    expect(Buffer.from(detail.decompressed?.base64 ?? '', 'base64')).toEqual(Buffer.from(plain));
    transcript.dispose();
  });

  it('says why a message can not be decompressed or decoded, and shows its bytes', () => {
    const { transcript } = new Conversation()
      .headers('received', [['grpc-encoding', 'gzip']])
      .message('received', Buffer.from('no gzip at all'), true)
      .message('received', new Uint8Array([0x0a, 0x05, 0x41]));
    const compressed = ofKind(messagesDetail(transcript, 1), 'message');
    expect(compressed.json).toBeUndefined();
    expect(compressed.problem).toMatch(/^It could not be decompressed: /);
    const broken = ofKind(messagesDetail(transcript, 2), 'message');
    expect(broken.json).toBeUndefined();
    expect(broken.problem).toMatch(/^It does not fit market\.v1\.Listing: /);
    expect(broken.bytes.total).toBe(8);
    transcript.dispose();
  });

  it('is bounded for a huge message', () => {
    const { transcript } = new Conversation()
      .listing({ title: 'x'.repeat(3_000_000) })
      .listing({ tags: Array.from({ length: 30_000 }, () => 'a') });
    const huge = ofKind(messagesDetail(transcript, 0), 'message');
    expect(huge.truncated).toBe(true);
    expect(huge.json).toBeUndefined();
    expect(huge.problem).toBeUndefined();
    expect(huge.bytes.total).toBe(3_000_010);
    expect(Buffer.from(huge.bytes.base64, 'base64')).toHaveLength(byteLimit);
    expect(ofKind(messagesDetail(transcript, 1), 'message').fields.length).toBeLessThanOrEqual(
      2000,
    );
    transcript.dispose();
  });
});

describe('entryDetail of other entries', () => {
  it('reads headers a second time where a person can not', () => {
    const { transcript } = ordinaryCall();
    expect(pairs(messagesDetail(transcript, 0))).toEqual([
      ':path: /market.v1.ListingService/Get',
      'authorization: Bearer top-secret',
      'grpc-timeout: 14998m (14.998s)',
    ]);
    expect(pairs(messagesDetail(transcript, 5))).toEqual([
      'grpc-status: 0',
      'trace-bin: AQID (010203)',
    ]);
    transcript.dispose();
  });

  it('takes frames apart', () => {
    const { transcript } = ordinaryCall();
    const frame = (number: number): string[] =>
      pairs(entryDetail(number, sourceOf(transcript))).slice(1);
    expect(frame(1)).toEqual([
      'type: 0x4 (SETTINGS)',
      'flags: 0x0 (none)',
      'stream: 0 (the connection)',
      'MAX_CONCURRENT_STREAMS: 100',
    ]);
    expect(frame(3)).toContain(':path: /market.v1.ListingService/Get');
    expect(frame(5)).toContain('carries: message 1');
    expect(frame(14)).toEqual([
      'type: 0x6 (PING)',
      'flags: 0x1 (ACK)',
      'stream: 0 (the connection)',
      'round trip: 1 ms',
      'opaque data: 0102030405060708',
    ]);
    transcript.dispose();
    const { transcript: broken } = brokenCall('too_many_pings');
    expect(pairs(entryDetail(2, sourceOf(broken)))).toEqual(
      expect.arrayContaining([
        'error code: 11 (ENHANCE_YOUR_CALM)',
        'last stream: 1',
        'debug data: too_many_pings',
      ]),
    );
    broken.dispose();
  });

  it('decodes the details of a status', () => {
    const status = schema.encode(
      'google.rpc.Status',
      JSON.stringify({
        code: 5,
        message: 'gone',
        details: [
          { '@type': 'type.googleapis.com/market.v1.Listing', title: 'Lamp' },
          { '@type': 'type.googleapis.com/google.rpc.RequestInfo', requestId: 'r-1' },
        ],
      }),
    );
    const detailsBin = Buffer.from(status).toString('base64').replace(/=+$/, '');
    const { transcript } = new Conversation().end({ ...endedOk, code: 5, detailsBin });
    const { details } = ofKind(messagesDetail(transcript, 0), 'status');
    expect(details.map(({ type, json }) => [type, JSON.parse(json ?? '')])).toEqual([
      ['market.v1.Listing', { title: 'Lamp' }],
      ['google.rpc.RequestInfo', { requestId: 'r-1' }],
    ]);
    transcript.dispose();
  });

  it('shows malformed details as bytes', () => {
    const { transcript } = new Conversation().end({ ...endedOk, detailsBin: '!!!' });
    const [detail] = ofKind(messagesDetail(transcript, 0), 'status').details;
    expect(detail?.base64).not.toBe('');
    expect(detail?.problem).toContain('base64');
    transcript.dispose();
  });
});
