import { execFileSync } from 'node:child_process';
import { chmod, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { configFileName } from '../../../src/config/configFileName';
import { readConfigFile } from '../../../src/config/readConfigFile';
import { decodeSource, largestFile, readSource } from '../../../src/config/sourceText';
import { forSeeds } from '../../tools/random';
import { useTemporaryFolders } from '../../tools/temporaryFolder';

const temporaryFolder = useTemporaryFolders();
const utf8 = (text: string) => new TextEncoder().encode(text);

describe('decodeSource', () => {
  test('reads UTF-8 with and without a byte order mark, and UTF-16 by its mark', () => {
    expect(decodeSource(utf8('a € 😀'))).toEqual({ text: 'a € 😀' });
    expect(decodeSource(utf8('\uFEFFa'))).toEqual({ text: 'a' });
    const little = Buffer.from('\uFEFFa€', 'utf16le');
    expect(decodeSource(little)).toEqual({ text: 'a€' });
    expect(decodeSource(Buffer.from(little).swap16())).toEqual({ text: 'a€' });
    expect(decodeSource(new Uint8Array())).toEqual({ text: '' });
  });

  test('reads Latin-1 as well as it goes, and says so', () => {
    expect(decodeSource(Buffer.from('x // café\n', 'latin1'))).toEqual({
      text: 'x // caf\uFFFD\n',
      note: 'is not UTF-8: what could not be read was replaced',
    });
  });

  test('refuses what is not text', () => {
    expect(decodeSource(Uint8Array.of(0x7f, 0x45, 0x4c, 0x46, 0, 1)).note).toBe('is not text');
  });

  test('takes any bytes', () => {
    forSeeds(200, (random) => {
      const read = decodeSource(random.bytes(random.integer(0, 60)));
      expect(read.text === undefined ? read.note : read.text).toBeTypeOf('string');
    });
  });
});

describe('readSource', () => {
  test('reads a file', async () => {
    const folder = await temporaryFolder({ 'a.go': 'package a\n' });
    expect(await readSource(join(folder, 'a.go'))).toEqual({ text: 'package a\n' });
  });

  test('takes a file of exactly the limit, however long its characters are, and no longer one', async () => {
    const folder = await temporaryFolder({
      'most.go': '€'.repeat(largestFile),
      'more.go': '€'.repeat(largestFile + 1),
      'ascii.go': 'a'.repeat(largestFile + 1),
    });
    expect((await readSource(join(folder, 'most.go'))).text).toHaveLength(largestFile);
    for (const name of ['more.go', 'ascii.go']) {
      expect(await readSource(join(folder, name))).toEqual({
        text: undefined,
        note: 'is larger than 1 MiB',
      });
    }
  });

  test('a file that vanished, a folder, or no permission is a note', async () => {
    const folder = await temporaryFolder({ 'a.go': 'x' });
    expect((await readSource(join(folder, 'gone.go'))).note).toBe('is not there any more');
    expect((await readSource(folder)).note).toBe('is not a file');
    if (process.getuid?.() !== 0) {
      await chmod(join(folder, 'a.go'), 0);
      expect((await readSource(join(folder, 'a.go'))).note).toBe('may not be read');
    }
  });

  test.runIf(process.platform === 'linux')(
    'a pipe that nobody writes to, or an endless device, holds nobody up',
    async () => {
      const folder = await temporaryFolder();
      execFileSync('mkfifo', [join(folder, 'pipe.go')]);
      await symlink('/dev/zero', join(folder, configFileName));
      expect((await readSource(join(folder, 'pipe.go'))).note).toBe('is not a file');
      await expect(readConfigFile(join(folder, configFileName))).rejects.toThrow(
        'frameline.json is not a file',
      );
      expect(await readConfigFile(join(folder, 'none', configFileName))).toBeUndefined();
    },
  );
});
