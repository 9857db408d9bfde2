import { mkdtempSync, readdirSync, rmdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { now, Transcript } from '../../../src/transcript/transcript';
import { FrameFlag, FrameType } from '../../../src/wire/frame';

function dataHeader(length: number, flags = 0, streamId = 1) {
  return { length, type: FrameType.Data, flags, streamId };
}

function framed(...messages: string[]): Buffer {
  return Buffer.concat(
    messages.map((text) => {
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(Buffer.byteLength(text), 1);
      return Buffer.concat([prefix, Buffer.from(text)]);
    }),
  );
}

function text(transcript: Transcript, number: number): string {
  return Buffer.from(transcript.payload(number, 5)).toString();
}

describe('Transcript', () => {
  it('reads any entry back by number', () => {
    const transcript = new Transcript();
    transcript.appendRecord({ kind: 'note', severity: 'info', text: 'hello' }, now());
    const data = framed('one', 'two');
    transcript.appendFrame(1, 'received', dataHeader(data.length), data, now());
    expect([0, 1, 2, 3].map((number) => transcript.entry(number))).toMatchObject([
      { kind: 'note', text: 'hello', number: 0 },
      {
        kind: 'frame',
        direction: 'received',
        header: { type: FrameType.Data, length: 16, streamId: 1 },
        messages: { first: 0, end: 2 },
      },
      { kind: 'message', index: 0, length: 3, compressed: false },
      { kind: 'message', index: 1, length: 3 },
    ]);
    expect(text(transcript, 2)).toBe('one');
    expect(text(transcript, 3)).toBe('two');
    expect(() => transcript.entry(4)).toThrow(RangeError);
    transcript.dispose();
  });

  it('knows the unfinished message of the call when frames of the connection came after it began', () => {
    const transcript = new Transcript();
    const part = framed('a message of which a part came').subarray(0, 9);
    transcript.appendFrame(1, 'received', dataHeader(part.length, 0, 5), part, now());
    const ping = { length: 8, type: FrameType.Ping, flags: 0, streamId: 0 };
    transcript.appendFrame(1, 'received', ping, Buffer.alloc(8), now());
    expect(transcript.unfinishedMessage('received')).toMatchObject({ received: 9, length: 30 });
    transcript.dispose();
  });

  it('joins a message that is split over frames and ties each frame to it', () => {
    const transcript = new Transcript();
    const data = framed('split message', 'tail');
    const cuts = [0, 2, 7, 20, data.length];
    for (let i = 0; i + 1 < cuts.length; i++) {
      const part = data.subarray(cuts[i], cuts[i + 1]);
      transcript.appendFrame(1, 'sent', dataHeader(part.length), part, now());
    }
    const frames = [];
    for (let number = 0; number < transcript.length; number++) {
      const entry = transcript.entry(number);
      if (entry.kind === 'frame') {
        frames.push(entry.messages);
      } else if (entry.kind === 'message') {
        frames.push(text(transcript, number));
      }
    }
    expect(frames).toEqual([
      { first: 0, end: 1 },
      { first: 0, end: 1 },
      { first: 0, end: 2 },
      'split message',
      { first: 1, end: 2 },
      'tail',
    ]);
    expect(transcript.messageCount('sent')).toBe(2);
    expect(transcript.messageCount('received')).toBe(0);
  });

  it('keeps padding out of the message and in the frame length', () => {
    const transcript = new Transcript();
    const padded = Buffer.concat([Buffer.from([4]), framed('padded'), Buffer.alloc(4)]);
    const header = dataHeader(padded.length, FrameFlag.Padded);
    transcript.appendFrame(1, 'received', header, padded, now());
    expect(transcript.entry(0)).toMatchObject({ header: { length: padded.length } });
    expect(Buffer.from(transcript.payload(0))).toEqual(framed('padded'));
    expect(text(transcript, 1)).toBe('padded');
  });

  it('links an ACK to its PING, with the round-trip time when it was received', () => {
    const transcript = new Transcript();
    const opaque = Buffer.from('12345678');
    const ping = { length: 8, type: FrameType.Ping, flags: 0, streamId: 0 };
    const start = now();
    transcript.appendFrame(1, 'sent', ping, opaque, start);
    transcript.appendFrame(1, 'received', ping, opaque, start + 100);
    transcript.appendFrame(1, 'received', { ...ping, flags: FrameFlag.Ack }, opaque, start + 1500);
    expect(transcript.entry(2)).toMatchObject({ linked: 0, roundTrip: 1500 });
    transcript.appendFrame(1, 'sent', { ...ping, flags: FrameFlag.Ack }, opaque, start + 1600);
    expect(transcript.entry(3)).toMatchObject({ linked: 1 });
    expect(transcript.entry(3)).not.toHaveProperty('roundTrip');
  });

  it('tells trailers-only from trailers, and links the frame to its fields', () => {
    const transcript = new Transcript();
    const headers = { length: 3, type: FrameType.Headers, flags: 5, streamId: 1 };
    transcript.appendFrame(1, 'received', headers, Buffer.from('abc'), now());
    transcript.appendFields(1, 'received', 1, [['grpc-status', '5']], true, now());
    expect(transcript.entry(0)).toMatchObject({ kind: 'frame', linked: 1 });
    expect(transcript.entry(1)).toMatchObject({ kind: 'trailers', trailersOnly: true });
    transcript.appendFields(1, 'received', 3, [['grpc-encoding', 'gzip']], false, now());
    transcript.appendFields(1, 'received', 3, [['grpc-status', '0']], true, now());
    expect(transcript.entry(2)).toMatchObject({ kind: 'headers' });
    expect(transcript.entry(3)).not.toHaveProperty('trailersOnly');
  });

  it('keeps streams of a retried call apart', () => {
    const transcript = new Transcript();
    const half = framed('first try').subarray(0, 8);
    transcript.appendFrame(1, 'received', dataHeader(half.length, 0, 1), half, now());
    const whole = framed('second');
    transcript.appendFrame(1, 'received', dataHeader(whole.length, 0, 3), whole, now());
    expect(transcript.messageCount('received')).toBe(1);
    expect(text(transcript, 2)).toBe('second');
    expect(transcript.entry(0)).toMatchObject({ messages: { first: 0, end: 0 } });
  });

  it('spills to disk over its budget and still reads every message', () => {
    const transcript = new Transcript({ memoryBudget: 512 * 1024 });
    const count = 40_000;
    for (let i = 0; i < count; i++) {
      const data = framed(`message ${i} ${'x'.repeat(50)}`);
      transcript.appendFrame(1, 'received', dataHeader(data.length), data, now());
    }
    expect(transcript.usage.disk).toBeGreaterThan(1024 * 1024);
    expect(transcript.usage.memory).toBeLessThan(1024 * 1024);
    for (const index of [0, 1, 777, 20_000, count - 1]) {
      const number = transcript.messageEntry('received', index);
      expect(number).toBeDefined();
      expect(text(transcript, number ?? -1)).toMatch(new RegExp(`^message ${index} `));
    }
    transcript.dispose();
  });

  it('leaves no spilled bytes behind in a folder, and never gives zeros for bytes that are gone', () => {
    const folder = mkdtempSync(join(tmpdir(), 'transcript-test-'));
    vi.stubEnv(process.platform === 'win32' ? 'TEMP' : 'TMPDIR', folder);
    const transcript = new Transcript({ memoryBudget: 64 * 1024 });
    for (let i = 0; i < 20_000; i++) {
      const data = framed(`message ${i} ${'x'.repeat(50)}`);
      transcript.appendFrame(1, 'received', dataHeader(data.length), data, now());
    }
    expect(transcript.usage.disk).toBeGreaterThan(0);
    // A process that is killed removes nothing: the file must have no name while it is in use.
    if (process.platform !== 'win32') {
      expect(readdirSync(folder)).toEqual([]);
    }
    expect(text(transcript, transcript.messageEntry('received', 0) ?? -1)).toMatch(/^message 0 /);
    transcript.dispose();
    expect(() => transcript.payload(0)).toThrow('given up');
    expect(readdirSync(folder)).toEqual([]);
    vi.unstubAllEnvs();
    rmdirSync(folder);
  });

  it('shows rows of the messages view by position', () => {
    const transcript = new Transcript();
    const data = framed('a');
    transcript.appendRecord({ kind: 'connect', address: '127.0.0.1:1', duration: 3 }, now());
    transcript.appendFields(1, 'sent', 1, [[':path', '/a/B']], false, now());
    transcript.appendFrame(1, 'sent', dataHeader(data.length), data, now());
    expect(transcript.rowCount('frames')).toBe(4);
    expect(transcript.rowCount('messages')).toBe(2);
    expect(transcript.entryNumber('messages', 1)).toBe(3);
    expect(transcript.rowOf('messages', 2)).toBe(0);
    expect(transcript.rowOf('messages', 3)).toBe(1);
    expect(transcript.timing).toMatchObject({ connected: expect.any(Number) });
  });
});
