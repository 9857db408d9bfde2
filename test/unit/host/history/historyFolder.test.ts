import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { HistoryFolder } from '../../../../src/host/history/historyFolder';
import { packSchema, unpackSchema } from '../../../../src/host/history/schemaParts';
import { useTemporaryFolders } from '../../../tools/temporaryFolder';
import { newCall } from './calls';

const makeFolder = useTemporaryFolders();

async function opened() {
  const warnings: string[] = [];
  const root = path.join(await makeFolder(), 'history');
  const folder = () => new HistoryFolder(root, (message) => warnings.push(message));
  return { root, folder, history: folder(), warnings };
}

const minute = 60_000;
const at = (minutes: number) => Date.UTC(2026, 10, 22, 12) + minutes * minute;
const aSchema = () =>
  packSchema({
    reflection: { files: [new Uint8Array([1, 2, 3])], services: ['market.v1.ListingService'] },
    local: {
      sources: [{ name: 'a.proto', text: 'syntax = "proto3";' }],
      descriptors: [],
      problems: [],
    },
  });

describe('HistoryFolder', () => {
  it('gives back what was written, in another window too', async () => {
    const { folder, history } = await opened();
    const schema = await aSchema();
    const entry = await history.add(
      newCall(
        {
          environment: 'local',
          status: { code: 5, name: 'NOT_FOUND', message: 'no', origin: 'application' },
        },
        {
          request: '{"messages":["ä"]}',
          transcript: [Buffer.from('one '), Buffer.from('two')],
          schema,
        },
      ),
    );
    expect(entry).toMatchObject({ environment: 'local', schema: schema.digest });
    expect(await history.list()).toEqual([{ entry, pinned: false, size: expect.any(Number) }]);
    const other = folder();
    expect((await other.list()).map((call) => call.entry)).toEqual([entry]);
    const stored = await other.read(entry.id);
    expect(stored).toMatchObject({ entry, request: { messages: ['ä'] } });
    expect(Buffer.from(stored.transcript).toString()).toBe('one two');
    expect(await unpackSchema(await other.readSchema(schema.digest))).toEqual({
      reflection: {
        files: [Buffer.from([1, 2, 3])],
        services: ['market.v1.ListingService'],
      },
      local: {
        sources: [{ name: 'a.proto', text: 'syntax = "proto3";' }],
        descriptors: [],
        problems: [],
      },
    });
  });

  it('is private to the user', async () => {
    const { root, history } = await opened();
    const { id } = await history.add(newCall({}, { schema: await aSchema() }));
    await history.pin(id, true);
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    expect((await stat(path.join(root, 'schemas'))).mode & 0o777).toBe(0o700);
    for (const name of await readdir(root, { recursive: true })) {
      const info = await stat(path.join(root, name));
      expect(info.mode & 0o077, name).toBe(0);
    }
  });

  it('lists nothing where nothing was kept', async () => {
    const { history } = await opened();
    expect(await history.list()).toEqual([]);
    expect(await history.trim({ calls: 1, bytes: 1 })).toBe(0);
    await history.clear(true);
  });

  it('lists the newest first, whichever window wrote it', async () => {
    const { folder, history } = await opened();
    const other = folder();
    const [second, third, first] = await Promise.all([
      history.add(newCall({ startedAt: at(2) })),
      other.add(newCall({ startedAt: at(3) })),
      other.add(newCall({ startedAt: at(1) })),
    ]);
    const ids = [third, second, first].map(({ id }) => id);
    expect((await history.list()).map(({ entry }) => entry.id)).toEqual(ids);
    expect((await other.list()).map(({ entry }) => entry.id)).toEqual(ids);
  });

  it('removes the oldest above the bounds, and never a pinned one', async () => {
    const { history } = await opened();
    const calls = [];
    for (let minutes = 0; minutes < 6; minutes++) {
      calls.push(await history.add(newCall({ startedAt: at(minutes) })));
    }
    await history.pin(calls[0]?.id ?? '', true);
    expect(await history.trim({ calls: 3, bytes: 1e6 })).toBe(2);
    const left = () => history.list().then((list) => list.map(({ entry }) => entry.startedAt));
    expect(await left()).toEqual([at(5), at(4), at(3), at(0)]);
    const [{ size } = { size: 0 }] = await history.list();
    expect(await history.trim({ calls: 3, bytes: 2 * size })).toBe(1);
    expect(await left()).toEqual([at(5), at(4), at(0)]);
  });

  it('counts a schema once, and with the calls that use it', async () => {
    const { history } = await opened();
    const schema = await packSchema({
      local: { sources: [{ name: 'a', text: noise(50_000) }], descriptors: [], problems: [] },
    });
    await history.add(newCall({ startedAt: at(0) }, { schema }));
    await history.add(newCall({ startedAt: at(1) }, { schema }));
    expect(schema.bytes.length).toBeGreaterThan(20_000);
    expect(await history.trim({ calls: 9, bytes: schema.bytes.length + 5000 })).toBe(0);
    expect(await history.trim({ calls: 9, bytes: schema.bytes.length })).toBe(2);
  });

  it('shares a schema, and removes it with the last call that uses it', async () => {
    const { root, history } = await opened();
    const schema = await aSchema();
    const one = await history.add(newCall({ startedAt: at(0) }, { schema }));
    const two = await history.add(newCall({ startedAt: at(1) }, { schema }));
    const schemas = () => readdir(path.join(root, 'schemas'));
    expect(await schemas()).toEqual([schema.digest]);
    await history.remove([one.id]);
    expect(await schemas()).toEqual([schema.digest]);
    await history.remove([two.id]);
    expect(await schemas()).toEqual([]);
  });

  it('leaves a schema that another window may be about to use', async () => {
    const { root, history } = await opened();
    const schema = await aSchema();
    await history.add(newCall({}, { schema }));
    const file = path.join(root, 'schemas', schema.digest);
    await history.trim({ calls: 0, bytes: 0 });
    await expect(stat(file)).resolves.toBeDefined();
    const old = new Date(Date.now() - 10 * minute);
    await utimes(file, old, old);
    await history.trim({ calls: 0, bytes: 0 });
    await expect(stat(file)).rejects.toThrow(/ENOENT/);
  });

  it('leaves out what can not be read, says so once, and clears it all the same', async () => {
    const { root, folder, history, warnings } = await opened();
    const good = await history.add(newCall({ startedAt: at(9) }));
    const id = (minutes: number) => `${String(at(minutes)).padStart(15, '0')}-00000000`;
    await writeFile(path.join(root, `${id(1)}.call`), 'nothing that ends a line');
    await writeFile(path.join(root, `${id(2)}.call`), '{"version":1}\n');
    await writeFile(path.join(root, `${id(3)}.call`), '{"version":2,"path":"/a/b"}\n');
    await writeFile(path.join(root, `${id(4)}.call`), '');
    await writeFile(path.join(root, `../escape.call`), '');
    await writeFile(path.join(root, 'readme.txt'), 'not ours');
    for (const reader of [history, history, folder()]) {
      expect((await reader.list()).map(({ entry }) => entry.id)).toEqual([good.id]);
    }
    // Two windows, each once.
    expect(warnings).toHaveLength(8);
    expect(warnings.join()).toContain(`${id(3)} is left out: Another version of Frameline`);
    await history.clear(true);
    expect(await readdir(root)).toEqual(['readme.txt']);
  });

  it('says what is wrong with a call that is read', async () => {
    const { root, history } = await opened();
    const { id } = await history.add(newCall());
    const file = path.join(root, `${id}.call`);
    const whole = await readFile(file);
    await writeFile(file, whole.subarray(0, whole.indexOf('\n') + 5));
    await expect(history.read(id)).rejects.toThrow('Its file is cut off.');
    await history.remove([id]);
    await expect(history.read(id)).rejects.toThrow(/ENOENT/);
    await expect(history.read('../../etc/passwd')).rejects.toThrow('names no call');
  });

  it('keeps pinned calls when it is cleared, unless they are cleared too', async () => {
    const { root, history } = await opened();
    const one = await history.add(newCall({ startedAt: at(0) }));
    await history.add(newCall({ startedAt: at(1) }));
    await history.pin(one.id, true);
    await history.clear(false);
    expect(await history.list()).toMatchObject([{ entry: { id: one.id }, pinned: true }]);
    await history.pin(one.id, false);
    expect(await history.list()).toMatchObject([{ pinned: false }]);
    await history.pin(one.id, true);
    await history.clear(true);
    expect(await readdir(root)).toEqual([]);
  });

  it('leaves nothing behind when the transcript can not be written', async () => {
    const { root, history } = await opened();
    const failing = (function* () {
      yield Buffer.from('a part');
      throw new Error('The disk is full.');
    })();
    await expect(history.add(newCall({}, { transcript: failing }))).rejects.toThrow('disk is full');
    expect(await readdir(root)).toEqual([]);
  });
});

/** Text that does not compress well. */
function noise(length: number): string {
  let state = 1;
  return Array.from({ length }, () => {
    state = (state * 16_807) % 2_147_483_647;
    return String.fromCharCode(33 + (state % 90));
  }).join('');
}
