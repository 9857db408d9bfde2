import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach } from 'vitest';

/** Makes folders with files for tests, and removes them after each test. */
export function useTemporaryFolders(): (
  files?: Readonly<Record<string, string | Uint8Array>>,
) => Promise<string> {
  const made: string[] = [];
  afterEach(async () => {
    await Promise.all(made.splice(0).map((path) => rm(path, { recursive: true, force: true })));
  });
  return async (files = {}) => {
    const folder = await realpath(await mkdtemp(join(tmpdir(), 'frameline-test-')));
    made.push(folder);
    await putFiles(folder, files);
    return folder;
  };
}

/** Writes files by their paths relative to a folder. */
export async function putFiles(
  folder: string,
  files: Readonly<Record<string, string | Uint8Array>>,
): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, content);
  }
}
