import { dirname, join, resolve, sep } from 'node:path';
import { configFileName } from './configFileName';

/** How a `frameline.json` is read. */
export interface FileReader<Parsed> {
  /** Gives a file's text, undefined when there is none; may throw. */
  readonly read: (path: string) => Promise<string | undefined>;
  readonly parse: (text: string, path: string) => Parsed;
  /** @param message why it can't be read, for people, with a full stop */
  readonly unreadable: (message: string, path: string) => Parsed;
}

/** Finds the `frameline.json` that holds for a file: the nearest one in its folder or above. Each is read once. */
export class NearestFiles<Parsed> {
  readonly #reader: FileReader<Parsed>;
  readonly #roots: ReadonlySet<string>;
  /** By path; undefined where there is no file. */
  readonly #known = new Map<string, Promise<Parsed | undefined>>();

  /** @param roots absolute: no file inside one of these looks further up than that */
  constructor(reader: FileReader<Parsed>, roots: readonly string[] = []) {
    this.#reader = reader;
    this.#roots = new Set(roots.map((root) => resolve(root)));
  }

  /** What holds in a folder: of its own file, or of one above. The same object until it changes. */
  async above(start: string): Promise<Parsed | undefined> {
    let folder = resolve(start);
    for (;;) {
      const found = await this.in(folder);
      if (found !== undefined) {
        return found;
      }
      const above = dirname(folder);
      if (this.#roots.has(folder) || above === folder) {
        return undefined;
      }
      folder = above;
    }
  }

  /** Of the file that stands in the folder itself. */
  in(folder: string): Promise<Parsed | undefined> {
    const path = join(resolve(folder), configFileName);
    const known = this.#known.get(path) ?? this.#load(path);
    this.#known.set(path, known);
    return known;
  }

  /** To be called when a `frameline.json`, or a folder that may have one, came, changed or went. */
  changed(path: string): void {
    const place = resolve(path);
    for (const known of [...this.#known.keys()]) {
      if (known === place || known.startsWith(place + sep)) {
        this.#known.delete(known);
      }
    }
  }

  async #load(path: string): Promise<Parsed | undefined> {
    try {
      const text = await this.#reader.read(path);
      return text === undefined ? undefined : this.#reader.parse(text, path);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      return this.#reader.unreadable(`This file can't be read: ${reason}.`, path);
    }
  }
}
