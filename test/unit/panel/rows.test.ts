import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TimelineRow } from '../../../src/panel/protocol';
import { rowSource } from '../../../src/panel/rowSource';
import { contentLimit, timelineRow } from '../../../src/panel/rows';
import type { Entry } from '../../../src/transcript/entry';
import type { Transcript } from '../../../src/transcript/transcript';
import type { TimelineView } from '../../../src/transcript/view';
import { brokenCall, Conversation, ordinaryCall, schema, types } from './conversation';

function rowsOf(transcript: Transcript, view: TimelineView): TimelineRow[] {
  let previous = 0;
  return Array.from({ length: transcript.rowCount(view) }, (_, row) => {
    const entry = transcript.entry(transcript.entryNumber(view, row));
    const made = timelineRow(entry, row, previous, rowSource(transcript, schema, types));
    previous = entry.time;
    return made;
  });
}

const text = ({ direction, label, size, content, tone }: TimelineRow): string =>
  [direction?.[0] ?? '-', label, size, content, tone].filter((part) => part !== '').join(' | ');

function lookOf(entry: Entry): TimelineRow {
  return timelineRow(entry, 0, 0, {
    payload: () => new Uint8Array(0),
    preview: () => '',
    encoding: () => '',
  });
}

describe('timelineRow', () => {
  it('shows a conversation frame by frame', () => {
    const { transcript } = ordinaryCall();
    expect(rowsOf(transcript, 'frames').map(text)).toEqual([
      's | SETTINGS | 6 | INITIAL_WINDOW_SIZE=65535 | ',
      'r | SETTINGS | 6 | MAX_CONCURRENT_STREAMS=100 | ',
      'r | SETTINGS ACK | 0 | ',
      's | HEADERS | 1 | END_HEADERS | ',
      's | headers |  | :path: /market.v1.ListingService/Get · grpc-timeout: 14998m | ',
      's | DATA | 13 | message 1 | ',
      's | message 1 | 8 | { "id": "lamp-1" } | ',
      'r | HEADERS | 1 | END_HEADERS | ',
      'r | headers |  | :status: 200 · content-type: application/grpc | ',
      'r | DATA | 25 | message 1 | ',
      'r | message 1 | 20 | { "title": "Desk lamp", "price": "9007199254740993" } | ',
      'r | DATA | 17 | message 2 | ',
      'r | message 2 | 12 | { "title": "Floor lamp" } | ',
      's | PING | 8 | 0102030405060708 | ',
      'r | PING ACK | 8 | round trip 1 ms · 0102030405060708 | ',
      's | WINDOW_UPDATE | 4 | +68.4 KiB | ',
      'r | HEADERS | 1 | END_STREAM · END_HEADERS | ',
      'r | trailers |  | grpc-status: 0 | ok',
      '- | status |  | OK | ok',
    ]);
    transcript.dispose();
  });

  it('shows headers, messages, trailers and status in the messages view, with times between its own rows', () => {
    const { transcript } = ordinaryCall();
    const rows = rowsOf(transcript, 'messages');
    expect(rows.map((row) => row.label)).toEqual([
      'headers',
      'message 1',
      'headers',
      'message 1',
      'message 2',
      'trailers',
      'status',
    ]);
    expect(rows.map((row) => row.row)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    for (const [index, row] of rows.entries()) {
      expect(row.delta).toBe(row.time - (rows[index - 1]?.time ?? 0));
    }
    transcript.dispose();
  });

  it('marks what went wrong on the connection, and hostile debug data stays text of one line', () => {
    const { transcript } = brokenCall('too_many_pings\n\u001b[31m<b>');
    expect(rowsOf(transcript, 'frames').slice(2).map(text)).toEqual([
      'r | GOAWAY | 31 | ENHANCE_YOUR_CALM · last stream 1 · "too_many_pings↵\uFFFD[31m<b>" | error',
      'r | RST_STREAM | 4 | CANCEL | warning',
      'r | RST_STREAM | 4 | INTERNAL_ERROR | error',
      '- | status |  | UNAVAILABLE: too many pings | error',
    ]);
    transcript.dispose();
  });

  it('keeps a malformed frame visible with the reason', () => {
    const { transcript } = new Conversation().frame(
      'received',
      new Uint8Array([0, 0, 3, 6, 0, 0, 0, 0, 0, 1, 2, 3]),
    );
    const [row] = rowsOf(transcript, 'frames');
    expect(row).toMatchObject({ label: 'PING', tone: 'error' });
    expect(row?.content).not.toBe('');
    transcript.dispose();
  });

  it('says with what a message is compressed, whose size is that on the wire', () => {
    const zipped = gzipSync(schema.encode(types.responseType, '{"title":"Zipped"}'));
    const { transcript } = new Conversation()
      .headers('received', [['grpc-encoding', 'gzip']])
      .message('received', zipped, true)
      .listing({ title: 'Plain' });
    expect(rowsOf(transcript, 'messages').slice(1).map(text)).toEqual([
      `r | message 1 | ${zipped.length} | gzip · { "title": "Zipped" } | `,
      'r | message 2 | 7 | { "title": "Plain" } | ',
    ]);
    transcript.dispose();
  });

  it('keeps a made up name of a compression short', () => {
    const { transcript } = new Conversation()
      .headers('received', [['grpc-encoding', `br\n${'o'.repeat(500)}`]])
      .message('received', new Uint8Array([1]), true);
    const row = rowsOf(transcript, 'messages').at(1);
    expect(row?.content).toMatch(/^br↵o{17}… · It could not be decompressed: /);
    transcript.dispose();
  });

  it('tells a message that does not fit its type', () => {
    const { transcript } = new Conversation().message('received', new Uint8Array([0x0a, 0xff]));
    const row = rowsOf(transcript, 'messages').at(0);
    expect(row?.content).toMatch(/^Does not fit market\.v1\.Listing: /);
    transcript.dispose();
  });

  it('bounds what a huge message or header says', () => {
    const { transcript } = new Conversation()
      .listing({ title: 'x'.repeat(5_000_000), price: '1' })
      .listing({ price: '7', photo: Buffer.alloc(100_000).toString('base64') })
      .headers('received', [['grpc-message', 'y'.repeat(1_000_000)]]);
    const rows = rowsOf(transcript, 'messages');
    for (const row of rows) {
      expect(row.content.length).toBeLessThanOrEqual(contentLimit + 1);
    }
    expect(rows[0]?.content).toBe('4.77 MiB: open it to see what is in it');
    expect(rows[1]?.content).toBe('97.7 KiB: price: 7, …');
    transcript.dispose();
  });

  it('shows a grpc-message as the text that it encodes', () => {
    const { transcript } = new Conversation().headers(
      'received',
      [
        ['grpc-status', '5'],
        ['grpc-message', 'no%20such%20%E2%9A%99'],
      ],
      true,
    );
    expect(rowsOf(transcript, 'messages').map(text)).toEqual([
      'r | trailers-only |  | grpc-status: 5 · grpc-message: no such ⚙ | error',
    ]);
    transcript.dispose();
  });

  it('shows how the connection came about', () => {
    const base = { number: 0, time: 5 };
    const error = { code: 'ECONNREFUSED', message: 'connect ECONNREFUSED 127.0.0.1:1' };
    expect(
      [
        lookOf({
          ...base,
          kind: 'resolution',
          target: 'market.example',
          addresses: ['10.0.0.1', '10.0.0.2'],
          duration: 3200,
        }),
        lookOf({ ...base, kind: 'connect', address: '10.0.0.1:443', duration: 900 }),
        lookOf({
          ...base,
          kind: 'connect',
          address: '10.0.0.1:443',
          duration: 0,
          reused: { age: 2_000_000 },
        }),
        lookOf({ ...base, kind: 'connect', address: '127.0.0.1:1', duration: 1, error }),
        lookOf({
          ...base,
          kind: 'tls',
          protocol: 'TLSv1.3',
          alpn: 'h2',
          verified: false,
          duration: 1,
        }),
        lookOf({ ...base, kind: 'note', severity: 'warning', text: 'cut' }),
      ].map(text),
    ).toEqual([
      '- | name |  | market.example is 10.0.0.1, 10.0.0.2 (3.2 ms) | ',
      '- | connect |  | 10.0.0.1:443 (900 µs) | ',
      '- | connect |  | 10.0.0.1:443, open since 2 s | ',
      '- | connect |  | 127.0.0.1:1: ECONNREFUSED: connect ECONNREFUSED 127.0.0.1:1 | error',
      '- | TLS |  | TLSv1.3 · h2 · certificate NOT verified | warning',
      '- | note |  | cut | warning',
    ]);
  });
});
