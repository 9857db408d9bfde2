import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

const unfinished = '.installing-';
const dayInMilliseconds = 24 * 60 * 60 * 1000;

/** The folder that keeps downloads between runs: `$FRAMELINE_CACHE`, else `~/.cache/frameline`. */
export function cacheFolder() {
  const base = process.env.XDG_CACHE_HOME || join(homedir(), '.cache');
  return process.env.FRAMELINE_CACHE || join(base, 'frameline');
}

/**
 * The folder `name` in the cache, made by `install` when it isn't there yet. A folder that exists is whole:
 * it is made under another name and then renamed, so a run that was stopped leaves nothing half done, and of
 * two runs at once the second finds what the first one made.
 * @param {string} name holds the version of what is in it
 * @param {(folder: string) => Promise<void>} install
 * @returns {Promise<string>} absolute path
 */
export async function cached(name, install) {
  const root = cacheFolder();
  const folder = join(root, name);
  if (existsSync(folder)) return folder;
  await mkdir(root, { recursive: true });
  await removeLeftovers(root);
  const temporary = await mkdtemp(join(root, unfinished));
  try {
    await install(temporary);
    await rename(temporary, folder);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

/**
 * A day is longer than any install: what is older was left by a run that was killed.
 * @param {string} root
 */
async function removeLeftovers(root) {
  for (const name of await readdir(root)) {
    if (!name.startsWith(unfinished)) continue;
    const folder = join(root, name);
    const { mtimeMs } = await stat(folder).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > dayInMilliseconds)
      await rm(folder, { recursive: true, force: true });
  }
}
