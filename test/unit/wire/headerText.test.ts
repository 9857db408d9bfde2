import { describe, expect, test } from 'vitest';
import {
  decodeBinaryValues,
  decodeGrpcMessage,
  parseGrpcTimeout,
} from '../../../src/wire/headerText';
import { forSeeds } from '../../tools/random';

describe('decodeBinaryValues', () => {
  test.each<[string, (number[] | undefined)[]]>([
    ['AAEC', [[0, 1, 2]]],
    ['/w==', [[255]]],
    ['/w', [[255]]],
    ['AAE=', [[0, 1]]],
    ['AAE', [[0, 1]]],
    ['', [[]]],
    ['AAE,/w==, AAEC', [[0, 1], [255], [0, 1, 2]]],
    ['AAE,,AAEC', [[0, 1], [], [0, 1, 2]]],
    ['A', [undefined]],
    ['AAE==', [undefined]],
    ['A=AE', [undefined]],
    ['====', [undefined]],
    ['_-8', [undefined]],
    ['AAEC,no base64!', [[0, 1, 2], undefined]],
  ])('%j', (value, expected) => {
    expect(decodeBinaryValues(value).map((bytes) => bytes && [...bytes])).toEqual(expected);
  });

  test('random bytes come back, padded or not', () => {
    forSeeds(200, (random) => {
      const values = Array.from({ length: random.integer(1, 4) }, () =>
        random.bytes(random.integer(0, 20)),
      );
      const text = values
        .map((bytes) => {
          const padded = Buffer.from(bytes).toString('base64');
          return random.chance(0.5) ? padded : padded.replaceAll('=', '');
        })
        .join(',');
      expect(decodeBinaryValues(text)).toEqual(values);
    });
  });
});

describe('decodeGrpcMessage', () => {
  test.each([
    ['plain text', 'plain text'],
    ['50%25 off', '50% off'],
    ['line%0Abreak', 'line\nbreak'],
    ['%e2%82%AC', '€'],
    ['%F0%9F%98%80', '😀'],
    ['100%', '100%'],
    ['%zz and %4', '%zz and %4'],
    ['%%41', '%A'],
    ['bad %FF byte', 'bad %FF byte'],
    ['cut %E2%82', 'cut %E2%82'],
    ['%E2%82%AC then %C3%28', '€ then %C3('],
    ['%EF%BF%BD and %80', '\ufffd and %80'],
    // Raw UTF-8 from a server that doesn't encode, as latin-1 text.
    ['\u00c3\u00bc', 'ü'],
    ['\u00fc', '%FC'],
    ['', ''],
  ])('%j is %j', (value, text) => {
    expect(decodeGrpcMessage(value)).toBe(text);
  });

  test('random text comes back, random bytes never throw', () => {
    forSeeds(500, (random) => {
      const text = String.fromCodePoint(
        ...Array.from({ length: 12 }, () => random.pick([65, 37, 0xfc, 0x20ac, 0x1f600, 0xfffd])),
      );
      const encoded = Array.from(Buffer.from(text), (byte) =>
        byte > 0x7e || byte === 37 || random.chance(0.2)
          ? `%${byte.toString(16).padStart(2, '0')}`
          : String.fromCharCode(byte),
      ).join('');
      expect(decodeGrpcMessage(encoded)).toBe(text);
      const noise = Buffer.from(random.bytes(40)).toString('latin1');
      const readable = decodeGrpcMessage(noise);
      expect(Buffer.from(readable).toString()).toBe(readable);
    });
  });
});

describe('parseGrpcTimeout', () => {
  test.each([
    ['15S', 15_000, '15s'],
    ['14998m', 14_998, '14.998s'],
    ['500m', 500, '500ms'],
    ['2M', 120_000, '2m'],
    ['90S', 90_000, '90s'],
    ['3600S', 3_600_000, '1h'],
    ['99999999H', 359_999_996_400_000, '99999999h'],
    ['1500u', 1.5, '1.5ms'],
    ['250u', 0.25, '250µs'],
    ['1n', 0.000001, '1ns'],
    ['0m', 0, '0ns'],
  ])('%s', (value, milliseconds, text) => {
    expect(parseGrpcTimeout(value)).toEqual({ milliseconds, text });
  });

  test.each(['', 'S', '5', '5s', '-5S', '1.5S', '123456789S', '5 S', '5SS'])(
    '%j is none',
    (value) => {
      expect(parseGrpcTimeout(value)).toBeUndefined();
    },
  );
});
