import { dirname, join, resolve, sep } from 'node:path';
import { configFileName } from '../editorLanguages';
import { defaultSettings } from './defaultSettings';
import { type ParsedConfig, parseConfig } from './parseConfig';
import type { LintSettings } from './settings';

/** The settings for a file, and where they come from. */
export interface ConfigFile extends ParsedConfig {
  /** Of `frameline.json`; undefined when there is none, and the defaults hold. */
  readonly path: string | undefined;
  /** Where it stands: what `ignore` is relative to. */
  readonly folder: string | undefined;
}

const none: ConfigFile = {
  path: undefined,
  folder: undefined,
  settings: defaultSettings,
  problems: [],
};

/**
 * Finds the `frameline.json` that holds for a file: the nearest one in its folder or above. It replaces those
 * further up, but for `ignore`, where each adds to those above. Each file is read once, so its settings are the
 * same object until it changes.
 */
export class ConfigFiles {
  readonly #read: (path: string) => Promise<string | undefined>;
  readonly #roots: ReadonlySet<string>;
  /** By path; undefined where there is no file. */
  readonly #known = new Map<string, Promise<ConfigFile | undefined>>();

  /**
   * @param read gives a file's text, undefined when there is none; what it throws becomes a problem
   * @param roots absolute: no file inside one of these looks further up than that
   */
  constructor(read: (path: string) => Promise<string | undefined>, roots: readonly string[] = []) {
    this.#read = read;
    this.#roots = new Set(roots.map((root) => resolve(root)));
  }

  /** What holds for a file. */
  nearest(file: string): Promise<ConfigFile> {
    return this.#above(dirname(resolve(file)));
  }

  async settingsFor(file: string): Promise<LintSettings> {
    return (await this.nearest(file)).settings;
  }

  /** What of the files left out by default is taken in, for those in a folder. */
  async includeIn(folder: string): Promise<LintSettings['include']> {
    return (await this.#above(resolve(folder))).settings.include;
  }

  /** Where the `frameline.json` stands that holds in a folder; undefined when there is none. */
  async folderOf(folder: string): Promise<string | undefined> {
    return (await this.#above(resolve(folder))).folder;
  }

  /** `ignore` of the `frameline.json` that stands in the folder itself; empty when there is none. */
  async patternsIn(folder: string): Promise<readonly string[]> {
    return (await this.#at(join(resolve(folder), configFileName)))?.settings.ignore ?? [];
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

  async #above(start: string): Promise<ConfigFile> {
    let folder = start;
    for (;;) {
      const found = await this.#at(join(folder, configFileName));
      if (found !== undefined) {
        return found;
      }
      const above = dirname(folder);
      if (this.#roots.has(folder) || above === folder) {
        return none;
      }
      folder = above;
    }
  }

  #at(path: string): Promise<ConfigFile | undefined> {
    const known = this.#known.get(path) ?? this.#load(path);
    this.#known.set(path, known);
    return known;
  }

  async #load(path: string): Promise<ConfigFile | undefined> {
    const folder = dirname(path);
    try {
      const text = await this.#read(path);
      return text === undefined ? undefined : { path, folder, ...parseConfig(text) };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const message = `This file can't be read: ${reason}. The defaults hold.`;
      const problems = [{ span: { from: 0, to: 0 }, message }];
      return { path, folder, settings: defaultSettings, problems };
    }
  }
}
