import { readFile, realpath, stat } from 'node:fs/promises';
import { isWithin } from '../../config/paths';
import type { FileState } from '../../request/check/surroundings';

/** Longest text that is looked at, in bytes. */
const longest = 1024 * 1024;

/** Paths that are remembered. */
const limit = 1000;

interface Entry {
  state: FileState;
  /** Of the file when it was read. */
  stamp: string;
}

/** What stands at the paths that request files name. */
export class NamedFiles {
  readonly #changed: () => void;
  readonly #textOf: (path: string) => string | undefined;
  readonly #entries = new Map<string, Entry>();

  /**
   * @param textOf the text of a file that is open
   * @param changed called when something else is known of a path
   */
  constructor(textOf: (path: string) => string | undefined, changed: () => void) {
    this.#textOf = textOf;
    this.#changed = changed;
  }

  /**
   * What is known; looks, when it is asked for the first time.
   * @param root folder that texts may be read from
   */
  at(path: string, root: string): FileState {
    const key = `${root}\n${path}`;
    const entry = this.#entries.get(key);
    if (entry) {
      return entry.state;
    }
    if (this.#entries.size >= limit) {
      this.#entries.clear();
    }
    const fresh: Entry = { state: { kind: 'unknown' }, stamp: '' };
    this.#entries.set(key, fresh);
    void this.#look(path, root, fresh);
    return fresh.state;
  }

  /** Whether a request file names it. */
  has(path: string): boolean {
    return [...this.#entries.keys()].some((key) => key.endsWith(`\n${path}`));
  }

  /** Looks again at everything: files come, change and go without a word. */
  async refresh(): Promise<void> {
    await Promise.all(
      [...this.#entries].map(([key, entry]) => {
        const [root = '', path = ''] = key.split('\n');
        return this.#look(path, root, entry);
      }),
    );
  }

  async #look(path: string, root: string, entry: Entry): Promise<void> {
    const { state, stamp } = await this.#read(path, root, entry.stamp);
    if (state !== undefined && stamp !== entry.stamp) {
      entry.state = state;
      entry.stamp = stamp;
      this.#changed();
    }
  }

  /** @returns no state when the stamp is still the same */
  async #read(
    path: string,
    root: string,
    before: string,
  ): Promise<{ readonly state?: FileState; readonly stamp: string }> {
    try {
      const realRoot = await realpath(root);
      // Of a path that leads elsewhere by its name alone, perhaps to a share on the network, the disk is asked nothing.
      const isOutside = !isWithin(path, root) && !isWithin(path, realRoot);
      const real = isOutside ? path : await realpath(path);
      if (isOutside || !isWithin(real, realRoot)) {
        return { state: { kind: 'outside' }, stamp: 'outside' };
      }
      const status = await stat(real);
      if (status.isDirectory()) {
        return { state: { kind: 'folder' }, stamp: 'folder' };
      }
      const open = this.#textOf(path);
      if (open !== undefined) {
        return { state: { kind: 'file', text: open }, stamp: `open ${open}` };
      }
      const stamp = `${status.mtimeMs} ${status.size}`;
      if (stamp === before) {
        return { stamp };
      }
      const isShort = status.isFile() && status.size <= longest;
      const text = isShort ? await readFile(real, 'utf8') : undefined;
      return { state: { kind: 'file', text }, stamp };
    } catch {
      return { state: { kind: 'missing' }, stamp: 'missing' };
    }
  }
}
