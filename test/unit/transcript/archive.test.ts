import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readArchive, writeArchive } from '../../../src/transcript/archive';
import { ArchiveError, writeBlocks } from '../../../src/transcript/archive/blocks';
import { now, Transcript } from '../../../src/transcript/transcript';
import { FrameFlag, FrameType } from '../../../src/wire/frame';
import { forSeeds, type Random, randomChunks, seededRandom } from '../../tools/random';
import { randomTranscript, randomUntapped, readOut } from '../../tools/randomTranscript';
import { endedOk } from '../panel/conversation';

const seeds = 60;

function archived(transcript: Transcript, limit?: number): Buffer {
  return Buffer.concat([...writeArchive(transcript, limit)]);
}

/** Like `forSeeds`, for checks that take their turns. */
async function forSeedsInTurn(
  count: number,
  check: (random: Random) => Promise<void>,
): Promise<void> {
  const checks: [number, () => Promise<void>][] = [];
  forSeeds(count, (random, seed) => checks.push([seed, () => check(random)]));
  for (const [seed, run] of checks) {
    await run().catch((error: unknown) => {
      throw new Error(`failed with seed ${seed} (FRAMELINE_SEED=${seed})`, { cause: error });
    });
  }
}

function endedCall(messages: number, size = 100): Transcript {
  const transcript = new Transcript();
  let time = now();
  const data = Buffer.alloc(5 + size, 'a');
  data.writeUInt8(0);
  data.writeUInt32BE(size, 1);
  const header = { length: data.length, type: FrameType.Data, flags: 0, streamId: 1 };
  for (let index = 0; index < messages; index++) {
    time += 10;
    transcript.appendFrame(1, 'received', header, data, time);
  }
  transcript.end(endedOk, time + 10);
  return transcript;
}

async function failure(bytes: Uint8Array): Promise<ArchiveError> {
  const error = await readArchive(bytes).then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ArchiveError);
  return error as ArchiveError;
}

describe('an archived transcript', () => {
  it('reads the same as the one that was written', async () => {
    await forSeedsInTurn(seeds, async (random) => {
      const transcript = randomTranscript(random);
      const opened = await readArchive(archived(transcript));
      expect(readOut(opened)).toEqual(readOut(transcript));
      opened.dispose();
      transcript.dispose();
    });
  });

  it('reads the same when the connection was not tapped', async () => {
    await forSeedsInTurn(seeds, async (random) => {
      const transcript = randomUntapped(random);
      expect(readOut(await readArchive(archived(transcript)))).toEqual(readOut(transcript));
    });
  });

  it('can be archived again, byte for byte, and read in pieces of any length', async () => {
    await forSeedsInTurn(seeds, async (random) => {
      const bytes = archived(randomTranscript(random));
      const opened = await readArchive(randomChunks(random, bytes, 50));
      expect(archived(opened).equals(bytes)).toBe(true);
    });
  });

  it('keeps frames and messages that are longer than a block', async () => {
    const transcript = new Transcript();
    const { bytes } = seededRandom(1);
    const data = Buffer.concat([Buffer.from([0, 0, 3, 0x0d, 0x40]), bytes(200_000)]);
    const payload = Buffer.concat([Buffer.from([255]), data, Buffer.alloc(255)]);
    const header = { length: payload.length, type: FrameType.Data, streamId: 1 };
    transcript.appendFrame(1, 'sent', { ...header, flags: FrameFlag.Padded }, payload, now());
    transcript.appendMessage('received', bytes(300_000), now());
    const opened = await readArchive(archived(transcript));
    expect(readOut(opened)).toEqual(readOut(transcript));
    expect(opened.payloadLength(1)).toBe(200_005);
  });

  it('can be opened from the pieces of a file', async () => {
    const transcript = endedCall(3000);
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (const piece of writeArchive(transcript)) {
        expect(piece.length).toBeLessThanOrEqual(16 * 1024 + 12);
        await Promise.resolve();
        yield piece;
      }
    }
    expect(readOut(await readArchive(pieces()))).toEqual(readOut(transcript));
  });
});

describe('an archive with a limit', () => {
  it('keeps the first entries, says how many are missing, and ends with the status', async () => {
    const transcript = endedCall(5000);
    const limit = 200_000;
    const bytes = archived(transcript, limit);
    expect(bytes.length).toBeLessThanOrEqual(limit);
    expect(bytes.length).toBeGreaterThan(limit - 1000);
    const opened = readOut(await readArchive(bytes));
    const whole = readOut(transcript);
    const kept = opened.entries.length - 2;
    expect(kept).toBeGreaterThan(2000);
    expect(opened.entries.slice(0, kept)).toEqual(whole.entries.slice(0, kept));
    expect(opened.payloads.slice(0, kept)).toEqual(whole.payloads.slice(0, kept));
    const missing = whole.entries.length - 1 - kept;
    expect(opened.entries[kept]).toMatchObject({
      kind: 'note',
      severity: 'warning',
      text: `${missing} entries are missing here: this transcript was saved with a limit to its size.`,
    });
    const status = whole.entries.at(-1);
    expect(opened.entries.at(-1)).toEqual({ ...status, number: kept + 1 });
    expect(opened.timing).toEqual(whole.timing);
  });

  it('is kept to, whatever was recorded', async () => {
    await forSeedsInTurn(seeds, async (random) => {
      const transcript = randomTranscript(random);
      const smallest = archived(transcript, 0).length;
      const limit = smallest + random.integer(0, 3000);
      const bytes = archived(transcript, limit);
      expect(bytes.length).toBeLessThanOrEqual(limit);
      const opened = await readArchive(bytes);
      expect(opened.status).toEqual(transcript.status);
    });
  });

  it('keeps head, note and status when there is room for nothing', async () => {
    const opened = await readArchive(archived(endedCall(7), 0));
    const kinds = readOut(opened).entries.map(({ kind }) => kind);
    expect(kinds).toEqual(['note', 'status']);
  });
});

describe('a file that is no whole archive', () => {
  it('says that it is something else', async () => {
    for (const text of [
      '',
      '{"json": true}',
      'Frameline transcript x\n',
      'Frameline transcripts',
    ]) {
      const error = await failure(Buffer.from(text));
      expect(error.code).toBe('not-an-archive');
      expect(error.message).toBe('This is not a transcript that Frameline saved.');
    }
  });

  it('says that a newer version wrote it', async () => {
    const error = await failure(Buffer.from('Frameline transcript 2\nwhatever comes then'));
    expect(error.code).toBe('newer');
    expect(error.message).toContain('Update Frameline to open it.');
  });

  it('says that it was cut off, wherever that was', async () => {
    const bytes = archived(endedCall(5));
    for (let length = 1; length < bytes.length; length++) {
      expect((await failure(bytes.subarray(0, length))).code).toBe('truncated');
    }
  });

  it('says that its bytes were changed', async () => {
    const bytes = archived(endedCall(20));
    await forSeedsInTurn(seeds, async (random) => {
      const damaged = Buffer.from(bytes);
      const at = random.integer(0, damaged.length - 1);
      damaged[at] = (damaged[at] ?? 0) ^ random.integer(1, 255);
      const error = await failure(damaged);
      expect(['corrupt', 'truncated', 'not-an-archive', 'newer']).toContain(error.code);
    });
    const extended = Buffer.concat([bytes, Buffer.from('more')]);
    expect((await failure(extended)).code).toBe('corrupt');
  });

  it('is refused when its checksums are right and its content is not', async () => {
    await forSeedsInTurn(200, async (random) => {
      const content = contentOf(archived(randomTranscript(random)));
      for (let changes = random.integer(1, 3); changes > 0; changes--) {
        content[random.integer(0, content.length - 1)] = random.pick([
          0,
          1,
          0x7f,
          0x80,
          0xff,
          random.integer(0, 255),
        ]);
      }
      const cut = content.subarray(
        0,
        random.chance(0.2) ? random.integer(0, content.length) : undefined,
      );
      const opened = await readArchive(writeBlocks([cut])).catch((error: unknown) => {
        expect(error).toBeInstanceOf(ArchiveError);
        return undefined;
      });
      if (opened) {
        // What can still be read as a transcript is one.
        readOut(opened);
        opened.dispose();
      }
    });
  });

  it('costs no memory for lengths that it only claims', async () => {
    // A frame of 16 MB, of which 3 bytes are there.
    const head = jsonItem(0, '{"startedAt":0,"timing":{}}');
    const frame = Buffer.from([13, 1, 0, 0, 0, 1, 0, 0, 0, 0xff, 0xff, 0xff, 0x07, 0, 1, 2, 3]);
    const before = process.memoryUsage().arrayBuffers;
    const error = await failure(Buffer.concat([...writeBlocks([head, frame])]));
    expect(error.message).toBe('The saved transcript is damaged: an entry is not whole.');
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  });

  it('is refused when a number has no end', async () => {
    const head = jsonItem(0, '{"startedAt":0,"timing":{}}');
    const number = [...Array.from({ length: 200 }, () => 0x80), 0];
    const frame = Buffer.from([1 + number.length, 1, ...number]);
    const error = await failure(Buffer.concat([...writeBlocks([head, frame])]));
    expect(error.message).toContain('a number is out of its range');
  });

  it('is refused when a record is not one', async () => {
    for (const record of [
      '{"kind":"note"}',
      '{"kind":"toString"}',
      'null',
      '[]',
      '{"kind":"headers","direction":"sent","streamId":1,"fields":[["a"]]}',
      '{"kind":"connect","address":{},"duration":0}',
    ]) {
      const head = jsonItem(0, '{"startedAt":0,"timing":{}}');
      const error = await failure(Buffer.concat([...writeBlocks([head, jsonItem(4, record, 0)])]));
      expect(error.message).toContain('an entry is not one that a transcript has');
    }
  });
});

function jsonItem(kind: number, text: string, ...numbers: number[]): Buffer {
  const bytes = [kind, ...numbers, text.length];
  return Buffer.concat([Buffer.from([bytes.length, ...bytes]), Buffer.from(text)]);
}

/** What stands in the blocks of an archive. */
function contentOf(archive: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = archive.indexOf('\n') + 1; at < archive.length; ) {
    const length = archive.readUInt32BE(at);
    const part = archive.subarray(at + 12, at + 12 + length);
    const sum = createHash('sha256').update(part).digest().subarray(0, 8);
    expect(sum.equals(archive.subarray(at + 4, at + 12))).toBe(true);
    parts.push(part);
    at += 12 + length;
  }
  return Buffer.concat(parts);
}
