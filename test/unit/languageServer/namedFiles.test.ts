import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { NamedFiles } from '../../../src/languageServer/requests/namedFiles';

let folder: string;
let root: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'frameline-named-')));
  root = join(folder, 'shop');
  await mkdir(join(root, 'messages'), { recursive: true });
  await writeFile(join(root, 'get.json'), '{}');
  await writeFile(join(root, 'long.json'), ' '.repeat(2 * 1024 * 1024));
  await writeFile(join(folder, 'secret.json'), '"secret"');
  await symlink(join(folder, 'secret.json'), join(root, 'link.json'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

function named(open: Readonly<Record<string, string>> = {}) {
  let changes = 0;
  const files = new NamedFiles(
    (path) => open[path],
    () => changes++,
  );
  /** What is known once it was looked at. */
  const look = async (path: string) => {
    const before = files.at(path, root);
    await vi.waitFor(() => expect(files.at(path, root)).not.toBe(before));
    return files.at(path, root);
  };
  return { files, look, changes: () => changes };
}

describe('files that requests name', () => {
  it('are read inside the folder only, links followed', async () => {
    const { look } = named();
    expect(await look(join(root, 'get.json'))).toEqual({ kind: 'file', text: '{}' });
    expect(await look(join(root, 'messages'))).toEqual({ kind: 'folder' });
    expect(await look(join(root, 'none.json'))).toEqual({ kind: 'missing' });
    expect(await look(join(folder, 'secret.json'))).toEqual({ kind: 'outside' });
    expect(await look(join(root, 'link.json'))).toEqual({ kind: 'outside' });
    expect(await look(join(root, 'long.json'))).toEqual({ kind: 'file', text: undefined });
  });

  it('are looked at again, and told of when they are others', async () => {
    const { files, look, changes } = named();
    const path = join(root, 'new.json');
    expect(await look(path)).toEqual({ kind: 'missing' });
    await files.refresh();
    expect(changes()).toBe(1);
    await writeFile(path, '{ "a": 1 }');
    await files.refresh();
    expect(files.at(path, root)).toEqual({ kind: 'file', text: '{ "a": 1 }' });
    expect(changes()).toBe(2);
    expect([files.has(path), files.has(join(root, 'other.json'))]).toEqual([true, false]);
  });

  it('are what the editor has open', async () => {
    const path = join(root, 'get.json');
    const { look } = named({ [path]: '{ "unsaved": true }' });
    expect(await look(path)).toEqual({ kind: 'file', text: '{ "unsaved": true }' });
  });
});
