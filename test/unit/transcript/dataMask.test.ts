import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readArchive, writeArchive } from '../../../src/transcript/archive';
import type { MessageEntry } from '../../../src/transcript/entry';
import { SecretMask } from '../../../src/transcript/masking/secretMask';
import { messageBytes } from '../../../src/transcript/messageBytes';
import { now, Transcript } from '../../../src/transcript/transcript';
import { type Direction, FrameFlag, FrameType } from '../../../src/wire/frame';
import { forSeeds, type Random, seededRandom } from '../../tools/random';
import { readOut } from '../../tools/randomTranscript';

const secrets = ['s3cr3t-token-of-mine', 'aaab', 'c2VjcmV0IGJ5dGVz'];
const mask = SecretMask.of(secrets) as SecretMask;

function framed(bytes: Uint8Array, compressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt8(compressed ? 1 : 0);
  prefix.writeUInt32BE(bytes.length, 1);
  return Buffer.concat([prefix, bytes]);
}

/** Text with secrets, beginnings of secrets and characters that they begin with. */
function randomText(random: Random): Buffer {
  const parts = Array.from({ length: random.integer(0, 8) }, () => {
    const secret = random.pick(secrets);
    return random.pick([
      secret,
      secret.slice(0, random.integer(1, secret.length)),
      Buffer.from(`u:${secret}`).toString('base64'),
      'aaaa',
      's3',
      ' ',
    ]);
  });
  return Buffer.from(parts.join(''));
}

/** Appends DATA in frames that are cut at random, and looks after each whether a secret can be seen. */
function appendCut(
  transcript: Transcript,
  random: Random,
  data: Buffer,
  direction: Direction = 'received',
): void {
  for (let at = 0; at < data.length; ) {
    const part = data.subarray(at, at + random.integer(1, random.pick([3, 20, 200])));
    at += part.length;
    const isPadded = random.chance(0.2);
    const payload = isPadded
      ? Buffer.concat([Buffer.from([2]), part, Buffer.alloc(2)])
      : Buffer.from(part);
    const flags = isPadded ? FrameFlag.Padded : 0;
    const header = { length: payload.length, type: FrameType.Data, flags, streamId: 1 };
    transcript.appendFrame(1, direction, header, payload, now());
    expect(mask.isIn(wholeData(transcript, direction))).toBe(false);
  }
}

/** The DATA bytes of a direction, put together from its frames. */
function wholeData(transcript: Transcript, direction: Direction): Buffer {
  const parts: Uint8Array[] = [];
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (
      entry.kind === 'frame' &&
      entry.header.type === FrameType.Data &&
      entry.direction === direction
    ) {
      parts.push(transcript.payload(number));
    }
  }
  return Buffer.concat(parts);
}

function messages(transcript: Transcript, direction: Direction = 'received'): Buffer[] {
  return Array.from({ length: transcript.messageCount(direction) }, (_, index) => {
    const number = transcript.messageEntry(direction, index) ?? -1;
    return Buffer.from(transcript.payload(number, 5));
  });
}

describe('DATA of a call with secrets', () => {
  it('shows each message as it is but for its secrets, however the frames are cut', () => {
    forSeeds(80, (random) => {
      const transcript = new Transcript({ secrets });
      const sent = Array.from({ length: random.integer(1, 5) }, () => randomText(random));
      appendCut(transcript, random, Buffer.concat(sent.map((text) => framed(text))));
      expect(messages(transcript)).toEqual(sent.map((text) => Buffer.from(mask.bytes(text))));
      transcript.dispose();
    });
  });

  it('shows no beginning of a secret while the rest may still come', () => {
    const transcript = new Transcript({ secrets });
    const header = { length: 0, type: FrameType.Data, flags: 0, streamId: 1 };
    const data = framed(Buffer.from('id s3cr3t-token-of-others'));
    const append = (part: Buffer) => transcript.appendFrame(1, 'sent', header, part, now());
    append(data.subarray(0, 5 + 11));
    expect(Buffer.from(transcript.payload(0, 5)).toString()).toBe('id ********');
    append(data.subarray(5 + 11));
    expect(Buffer.from(transcript.payload(0, 5)).toString()).toBe('id s3cr3t-t');
    expect(messages(transcript, 'sent').map(String)).toEqual(['id s3cr3t-token-of-others']);
  });

  it('masks what is no gRPC message, whatever length its first bytes seem to be', async () => {
    for (const text of [
      `<html>${secrets[0]}</html>`,
      `${secrets[0]} is wrong`,
      `a${secrets[0]}`,
      `\0${secrets[0]}`,
    ]) {
      await Promise.all(
        Array.from({ length: 15 }, async (_, seed) => {
          const transcript = new Transcript({ secrets });
          appendCut(transcript, seededRandom(seed + 1), Buffer.from(text));
          const shown = wholeData(transcript, 'received').toString();
          expect(shown.length).toBe(text.length);
          expect(shown).not.toContain('t-token');
          const opened = await readArchive([...writeArchive(transcript)]);
          expect(readOut(opened)).toEqual(readOut(transcript));
        }),
      );
    }
  });

  it('takes any bytes, and an archive of what it shows opens the same', async () => {
    for (let seed = 1; seed <= 50; seed++) {
      const random = seededRandom(seed);
      const transcript = new Transcript({ secrets });
      const parts = Array.from({ length: random.integer(1, 6) }, () =>
        random.pick([
          Buffer.from(random.bytes(random.integer(0, 30))),
          framed(randomText(random), random.chance(0.3)),
          randomText(random),
        ]),
      );
      const data = Buffer.concat(parts);
      appendCut(transcript, random, data);
      expect(wholeData(transcript, 'received').length).toBe(data.length);
      const opened = await readArchive([...writeArchive(transcript)]);
      expect(readOut(opened)).toEqual(readOut(transcript));
      opened.dispose();
      transcript.dispose();
    }
  });

  it('shows compressed messages without secrets, and hides the others whole', () => {
    forSeeds(60, (random) => {
      const transcript = new Transcript({ secrets });
      const encoding = random.pick(['gzip', 'deflate']);
      const compress = encoding === 'gzip' ? gzipSync : deflateSync;
      transcript.appendFields(1, 'received', 1, [['grpc-encoding', encoding]], false, now());
      const texts = Array.from({ length: random.integer(1, 4) }, () => randomText(random));
      const packed = texts.map((text) => compress(text));
      appendCut(transcript, random, Buffer.concat(packed.map((bytes) => framed(bytes, true))));
      const expected = packed.map((bytes, index) =>
        mask.isIn(texts[index] as Buffer) ? Buffer.alloc(bytes.length, '*') : bytes,
      );
      expect(messages(transcript)).toEqual(expected);
      const notes = readOut(transcript).entries.filter(({ kind }) => kind === 'note');
      expect(notes.length).toBe(texts.some((text) => mask.isIn(text)) ? 1 : 0);
    });
  });

  it('hides compressed messages that it can not look into, and knows why', () => {
    const bomb = gzipSync(Buffer.alloc(5 * 1024 * 1024));
    const cases: [string, Buffer, string | undefined][] = [
      ['gzip', Buffer.from('not gzip'), 'incorrect header check'],
      ['snappy', Buffer.from('whatever'), 'the encoding "snappy" is not supported'],
      ['gzip', bomb, undefined],
      ['gzip', Buffer.alloc(5 * 1024 * 1024), undefined],
    ];
    for (const [encoding, bytes, problem] of cases) {
      const transcript = new Transcript({ secrets });
      transcript.appendFields(1, 'received', 1, [['grpc-encoding', encoding]], false, now());
      const data = framed(bytes, true);
      for (let at = 0; at < data.length; at += 1024 * 1024) {
        const part = data.subarray(at, at + 1024 * 1024);
        const header = { length: part.length, type: FrameType.Data, flags: 0, streamId: 1 };
        transcript.appendFrame(1, 'received', header, part, now());
      }
      const number = transcript.messageEntry('received', 0) ?? -1;
      expect(transcript.payload(number, 5).every((byte) => byte === 0x2a)).toBe(true);
      expect(transcript.hiddenMessage(number)?.problem).toBe(problem);
      const entry = transcript.entry(number) as MessageEntry;
      expect(messageBytes(transcript, entry, 100).problem).toBe(
        'It is compressed, and hidden because a secret of the call stands in it, or may.',
      );
    }
  });

  it('masks in what has been written to disk already', () => {
    const transcript = new Transcript({ secrets, memoryBudget: 0 });
    transcript.appendFields(1, 'received', 1, [['grpc-encoding', 'gzip']], false, now());
    const random = seededRandom(3);
    const plain = Buffer.from(random.bytes(700_000));
    const compressed = gzipSync(plain);
    const data = framed(compressed, true);
    for (let at = 0; at < data.length; at += 16_384) {
      const part = data.subarray(at, at + 16_384);
      const header = { length: part.length, type: FrameType.Data, flags: 0, streamId: 1 };
      transcript.appendFrame(1, 'received', header, part, now());
    }
    expect(transcript.usage.disk).toBeGreaterThan(500_000);
    expect(messages(transcript)[0]?.equals(compressed)).toBe(true);
    expect(transcript.hiddenMessage(transcript.messageEntry('received', 0) ?? -1)).toBeUndefined();
  });

  it('masks messages of a connection that is not tapped', () => {
    const transcript = new Transcript({ secrets });
    transcript.appendMessage('sent', Buffer.from(`key ${secrets[0]}.`), now());
    expect(messages(transcript, 'sent').map(String)).toEqual([`key ${'*'.repeat(20)}.`]);
  });
});

describe('frames and records of a call with secrets', () => {
  it('shows header blocks as zeros, and other payloads but for their secrets', () => {
    const transcript = new Transcript({ secrets });
    const append = (type: number, payload: Buffer) =>
      transcript.appendFrame(
        1,
        'received',
        { length: 0, type, flags: 0, streamId: 1 },
        payload,
        now(),
      );
    for (const type of [FrameType.Headers, FrameType.Continuation, FrameType.PushPromise]) {
      append(type, Buffer.from('huffman'));
    }
    append(FrameType.GoAway, Buffer.from(`\0\0\0\0\0\0\0\u000bno ${secrets[0]}`));
    append(0x42, Buffer.from(secrets[0] ?? ''));
    const shown = [0, 1, 2, 3, 4].map((number) =>
      Buffer.from(transcript.payload(number)).toString(),
    );
    expect(shown.slice(0, 3)).toEqual(['\0'.repeat(7), '\0'.repeat(7), '\0'.repeat(7)]);
    expect(shown[3]).toBe(`\0\0\0\0\0\0\0\u000bno ${'*'.repeat(20)}`);
    expect(shown[4]).toBe('*'.repeat(20));
  });

  it('says when a secret is too short to be masked everywhere', () => {
    const transcript = new Transcript({ secrets: ['abc'] });
    expect(transcript.entry(0)).toMatchObject({ kind: 'note', severity: 'warning', time: 0 });
  });

  it('keeps the status without secrets', () => {
    const transcript = new Transcript({ secrets });
    const status = {
      code: 16,
      name: 'UNAUTHENTICATED',
      message: `no ${secrets[0]}`,
      origin: 'application',
      certainty: 'observed',
      cause: 'application',
      explanation: `The handler refused ${secrets[0]}.`,
      evidence: [`grpc-message: ${secrets[0]}`],
      nextActions: [`Replace ${secrets[0]}.`],
      detailsBin: Buffer.from(`\n\u0014${secrets[0]}`).toString('base64'),
    } as const;
    transcript.end(status, now());
    expect(transcript.status).toEqual({
      ...status,
      message: `no ${'*'.repeat(20)}`,
      explanation: `The handler refused ${'*'.repeat(20)}.`,
      evidence: [`grpc-message: ${'*'.repeat(20)}`],
      nextActions: [`Replace ${'*'.repeat(20)}.`],
      detailsBin: Buffer.from(`\n\u0014${'*'.repeat(20)}`).toString('base64'),
    });
    expect(transcript.entry(0)).toMatchObject({ kind: 'status', status: transcript.status });
  });
});
