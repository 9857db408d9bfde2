import { describe, expect, it } from 'vitest';
import { ByteMatcher } from '../../../src/transcript/masking/byteMatcher';
import { SecretMask } from '../../../src/transcript/masking/secretMask';
import { forSeeds, type Random } from '../../tools/random';

function maskOf(...secrets: string[]): SecretMask {
  const mask = SecretMask.of(secrets);
  if (!mask) {
    throw new Error('There is nothing to mask.');
  }
  return mask;
}

const alphabets = {
  plain: 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789',
  marks: 'ab"\\/<>&%+ \t\n=?~',
  wide: 'aé€🎈ß漢\u007f',
  base64: 'ABCDabcd0123+/',
};

function randomSecret(random: Random): string {
  const alphabet = [...random.pick(Object.values(alphabets))];
  return Array.from({ length: random.integer(4, 40) }, () => random.pick(alphabet)).join('');
}

/** Every way in which a secret is written into something longer, and how it is read back. */
const writings: Record<
  string,
  { write(text: Buffer): string | Buffer; read(shown: Buffer): Buffer }
> = {
  raw: { write: (text) => text, read: (shown) => shown },
  base64: {
    write: (text) => text.toString('base64'),
    read: (shown) => Buffer.from(shown.toString('latin1').replaceAll('*', 'A'), 'base64'),
  },
  base64url: {
    write: (text) => text.toString('base64url'),
    read: (shown) => Buffer.from(shown.toString('latin1').replaceAll('*', 'A'), 'base64'),
  },
  uri: {
    write: (text) => encodeURIComponent(text.toString('utf8')),
    read: (shown) => percentDecoded(shown),
  },
  form: {
    write: (text) => new URLSearchParams({ a: text.toString('utf8') }).toString().slice(2),
    read: (shown) =>
      percentDecoded(Buffer.from(shown.toString('latin1').replaceAll('+', ' '), 'latin1')),
  },
  json: {
    write: (text) => JSON.stringify(text.toString('utf8')),
    read: (shown) => Buffer.from(String(JSON.parse(shown.toString('utf8'))), 'utf8'),
  },
  asciiJson: {
    write: (text) =>
      JSON.stringify(text.toString('utf8')).replace(
        /[^\0-\x7e]/g,
        (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
      ),
    read: (shown) => Buffer.from(String(JSON.parse(shown.toString('utf8'))), 'utf8'),
  },
};

function percentDecoded(bytes: Buffer): Buffer {
  const text = bytes
    .toString('latin1')
    .replace(/%([\da-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

describe('ByteMatcher', () => {
  it('finds what a plain search finds, however the bytes are cut', () => {
    forSeeds(300, (random) => {
      const text = (longest: number) =>
        Buffer.from(
          Array.from({ length: random.integer(1, longest) }, () => random.pick([97, 98, 99])),
        );
      const patterns = Array.from({ length: random.integer(1, 6) }, () => text(5));
      const bytes = text(60);
      const expected = new Set<string>();
      for (const pattern of patterns) {
        for (let at = bytes.indexOf(pattern); at >= 0; at = bytes.indexOf(pattern, at + 1)) {
          const end = at + pattern.length;
          const longest = patterns
            .filter((one) => bytes.subarray(0, end).subarray(-one.length).equals(one))
            .reduce((length, one) => Math.max(length, one.length), 0);
          expected.add(`${end - longest} ${end}`);
        }
      }
      const matcher = new ByteMatcher(
        patterns.map((pattern) => ({ bytes: pattern, before: 0, after: 0 })),
      );
      const found = new Set<string>();
      let state = ByteMatcher.START;
      for (let from = 0; from < bytes.length; ) {
        const to = Math.min(bytes.length, from + random.integer(1, 7));
        state = matcher.scan(bytes, from, to, state, (end, back) => {
          found.add(`${end - back} ${end}`);
        });
        const seen = bytes.subarray(0, to);
        const longest = patterns.flatMap((pattern) =>
          Array.from(pattern, (_, index) => index + 1).filter(
            (length) =>
              seen.subarray(-length).equals(pattern.subarray(0, length)) && seen.length >= length,
          ),
        );
        expect(matcher.depth(state)).toBe(Math.max(0, ...longest));
        from = to;
      }
      expect(found).toEqual(expected);
    });
  });
});

describe('SecretMask', () => {
  it('finds a secret in every form, wherever it stands, and keeps the length', () => {
    forSeeds(150, (random) => {
      const secret = randomSecret(random);
      const mask = maskOf(randomSecret(random), secret);
      const around = () => Buffer.from('xyz0123456'.slice(0, random.integer(0, 10)));
      for (const [name, { write, read }] of Object.entries(writings)) {
        const plain = Buffer.concat([around(), Buffer.from(secret), around()]);
        const written = Buffer.from(write(plain));
        const shown = Buffer.from(mask.bytes(written));
        expect(shown.length, name).toBe(written.length);
        expect(read(written).includes(secret), name).toBe(true);
        expect(read(shown).includes(secret), `${name} of ${secret}: ${shown}`).toBe(false);
        expect(shown.includes(secret)).toBe(false);
      }
    });
  });

  it('leaves bytes without secrets alone, in the same array', () => {
    forSeeds(200, (random) => {
      const mask = maskOf('correct horse battery staple', 'c2VjcmV0LXRva2VuLTE=');
      const bytes = random.bytes(500);
      expect(mask.bytes(bytes)).toBe(bytes);
      expect(mask.isIn(bytes)).toBe(false);
    });
  });

  it('masks nothing but the secret', () => {
    const mask = maskOf('s3cr3t-token');
    expect(mask.text('Bearer s3cr3t-token, twice: s3cr3t-tokens3cr3t-token.')).toBe(
      'Bearer ************, twice: ************************.',
    );
    expect(mask.text('100% of s3cr3t%2Dtoken')).toBe('100% of **************');
    const basic = `Basic ${Buffer.from('user:s3cr3t-token').toString('base64')}`;
    expect(mask.text(basic)).toBe('Basic dXNlcj*****************=');
  });

  it('keeps binary metadata base64, with the mask in its bytes', () => {
    const mask = maskOf('s3cr3t-token');
    const bytes = Buffer.from('\u0000key=s3cr3t-token;');
    const [padded = '', bare = ''] = [
      bytes.toString('base64'),
      bytes.toString('base64').replace(/=+$/, ''),
    ];
    for (const value of [padded, bare]) {
      const [field] = mask.fields([['trace-bin', `AAEC,${value}`]]);
      const shown = field?.[1] ?? '';
      expect(shown.length).toBe(value.length + 5);
      expect(Buffer.from(shown.slice(5), 'base64').toString()).toBe('\u0000key=************;');
    }
  });

  it('masks what a secret that is base64 stands for', () => {
    const bytes = Buffer.from('00010203fafbfcfd', 'hex');
    for (const secret of [bytes.toString('base64'), bytes.toString('base64').replace(/=+$/, '')]) {
      const mask = maskOf(secret);
      expect(mask.isIn(Buffer.concat([Buffer.from([10, 8]), bytes]))).toBe(true);
      const [field] = mask.fields([['key-bin', bytes.toString('base64')]]);
      expect(Buffer.from(field?.[1] ?? '', 'base64')).toEqual(Buffer.alloc(8, '*'));
    }
  });

  it('reads a grpc-message as its reader does', () => {
    const mask = maskOf('päss wörd');
    for (const message of ['no: p%C3%A4ss w%C3%B6rd!', 'no: %70%c3%a4%73%73%20w%C3%B6rd!']) {
      const [field] = mask.fields([['grpc-message', message]]);
      const shown = field?.[1] ?? '';
      expect(shown.length).toBe(message.length);
      expect(shown).toMatch(/^no: \*+!$/);
    }
    // One byte each, as a header may have it.
    const [field] = mask.fields([['x', `a ${Buffer.from('päss wörd').toString('latin1')}`]]);
    expect(field?.[1]).toBe('a ***********');
    expect(mask.fields([['x', 'päss wörd']])).toEqual([['x', '*********']]);
  });

  it('masks a short secret only as the whole value of a header, and says so', () => {
    const mask = maskOf('abc');
    expect(mask.warning).toBe(
      'A secret of this call is shorter than 4 bytes: it is masked only where it is the whole value of a header, because it would be found in any text. Use a longer one.',
    );
    expect(
      mask.fields([
        ['authorization', 'Bearer abc'],
        ['x-key', 'abc'],
        ['x-other', 'abcd'],
        ['key-bin', 'YWJj'],
        [':path', 'abc'],
      ]),
    ).toEqual([
      ['authorization', 'Bearer ***'],
      ['x-key', '***'],
      ['x-other', 'abcd'],
      ['key-bin', 'Kioq'],
      [':path', 'abc'],
    ]);
    expect(mask.isIn(Buffer.from('abcabcabc'))).toBe(false);
    expect(maskOf('long enough').warning).toBeUndefined();
  });

  it('is nothing when there are no secrets', () => {
    expect(SecretMask.of(undefined)).toBeUndefined();
    expect(SecretMask.of([''])).toBeUndefined();
  });

  it('never changes the words that code depends on', () => {
    const mask = maskOf('note', 'warning', 'headers', 'received', 'application', 'observed');
    expect(mask.record({ kind: 'note', severity: 'warning', text: 'a warning' })).toEqual({
      kind: 'note',
      severity: 'warning',
      text: 'a *******',
    });
    expect(
      mask.record({ kind: 'headers', direction: 'received', streamId: 1, fields: [] }),
    ).toMatchObject({ kind: 'headers', direction: 'received' });
    const connect = { kind: 'connect', address: 'note:1', duration: 3 } as const;
    expect(mask.record(connect)).toEqual({ kind: 'connect', address: '****:1', duration: 3 });
  });

  it('takes long secrets', () => {
    forSeeds(1, (random) => {
      const secret = Buffer.from(random.bytes(20_000)).toString('base64');
      const mask = maskOf(secret);
      const shown = mask.text(`<${secret}>`);
      expect(shown.length).toBe(secret.length + 2);
      expect(/^<\*+>$/.test(shown)).toBe(true);
    });
  });
});
