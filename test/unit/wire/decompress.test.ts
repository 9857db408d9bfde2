import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { DecompressError, decompressMessage, decompressWithin } from '../../../src/wire/decompress';
import { forSeeds } from '../../tools/random';
import { ascii } from './wireTools';

function errorCode(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof DecompressError) return error.code;
    throw error;
  }
  return 'no error';
}

const message = ascii('hello hello hello hello');

describe('decompressMessage', () => {
  test.each([
    ['gzip', gzipSync(message)],
    ['deflate', deflateSync(message)],
    ['identity', message],
  ])('%s', (encoding, bytes) => {
    const { bytes: output, truncated } = decompressMessage(encoding, bytes, message.length);
    expect(Buffer.from(output).toString()).toBe('hello hello hello hello');
    expect(truncated).toBe(false);
  });

  test('a compressed empty message', () => {
    const { bytes, truncated } = decompressMessage('gzip', gzipSync(''), 0);
    expect(bytes).toHaveLength(0);
    expect(truncated).toBe(false);
  });

  test.each(['gzip', 'deflate', 'identity'])('%s over the limit gives a beginning', (encoding) => {
    const text = Buffer.from(
      Array.from({ length: 20_000 }, (_, line) => `line ${line}\n`).join(''),
    );
    const compress =
      { gzip: gzipSync, deflate: deflateSync }[encoding] ?? ((bytes: Buffer) => bytes);
    for (const limit of [0, 1, 10, 1000, 100_000, text.length - 1]) {
      const { bytes, truncated } = decompressMessage(encoding, compress(text), limit);
      expect(truncated).toBe(true);
      expect(bytes.length).toBeLessThanOrEqual(limit);
      expect(text.subarray(0, bytes.length).equals(bytes)).toBe(true);
      if (limit >= 1000) expect(bytes.length).toBeGreaterThan(limit / 2);
    }
  });

  test('a bomb of 100 MB is held to the limit', () => {
    const bomb = gzipSync(Buffer.alloc(100_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const before = process.memoryUsage().arrayBuffers;
    const { bytes, truncated } = decompressMessage('gzip', bomb, 1_000_000);
    expect(truncated).toBe(true);
    expect(bytes.length).toBeLessThanOrEqual(1_000_000);
    expect(bytes.length).toBeGreaterThan(900_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(60_000_000);
  });

  test('an encoding that is not known', () => {
    for (const encoding of ['snappy', 'br', 'constructor', '']) {
      expect(errorCode(() => decompressMessage(encoding, message, 100))).toBe(
        'unsupported-encoding',
      );
    }
  });

  test.each([
    ['not compressed at all', message],
    ['nothing', new Uint8Array(0)],
    ['cut off', gzipSync(message).subarray(0, 15)],
    ['a wrong checksum', Uint8Array.from(gzipSync(message)).fill(0, -8, -4)],
  ])('malformed: %s', (_name, bytes) => {
    expect(errorCode(() => decompressMessage('gzip', bytes, 1000))).toBe('malformed');
  });

  test('random damage: a DecompressError or output within the limit', () => {
    const whole = gzipSync(Buffer.alloc(5000, 'abcdefgh'));
    forSeeds(300, (random) => {
      const damaged = Uint8Array.from(whole);
      for (let hits = random.integer(1, 4); hits > 0; hits--) {
        damaged[random.integer(0, damaged.length - 1)] = random.integer(0, 255);
      }
      const encoding = random.pick(['gzip', 'deflate']);
      errorCode(() => {
        expect(decompressMessage(encoding, damaged, 3000).bytes.length).toBeLessThanOrEqual(3000);
      });
    });
  });
});

describe('decompressWithin', () => {
  test.each([
    ['gzip', gzipSync(message)],
    ['deflate', deflateSync(message)],
    ['identity', message],
  ])('%s gives all or nothing', (encoding, bytes) => {
    const whole = decompressWithin(encoding, bytes, message.length);
    expect(Buffer.from(whole ?? []).toString()).toBe('hello hello hello hello');
    expect(decompressWithin(encoding, bytes, message.length - 1)).toBeUndefined();
  });

  test('refuses what it can not read', () => {
    expect(errorCode(() => decompressWithin('gzip', message, 100))).toBe('malformed');
    expect(errorCode(() => decompressWithin('snappy', message, 100))).toBe('unsupported-encoding');
  });
});
