import { dirname, resolve } from 'node:path';
import { NearestFiles } from '../../config/nearestFiles';
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
  readonly #files: NearestFiles<ConfigFile>;

  /**
   * @param read gives a file's text, undefined when there is none; what it throws becomes a problem
   * @param roots absolute: no file inside one of these looks further up than that
   */
  constructor(read: (path: string) => Promise<string | undefined>, roots: readonly string[] = []) {
    this.#files = new NearestFiles(
      {
        read,
        parse: (text, path) => ({ path, folder: dirname(path), ...parseConfig(text) }),
        unreadable: (reason, path) => {
          const message = `${reason} The defaults hold.`;
          const problems = [{ span: { from: 0, to: 0 }, message }];
          return { path, folder: dirname(path), settings: defaultSettings, problems };
        },
      },
      roots,
    );
  }

  /** What holds for a file. */
  async nearest(file: string): Promise<ConfigFile> {
    return (await this.#files.above(dirname(resolve(file)))) ?? none;
  }

  async settingsFor(file: string): Promise<LintSettings> {
    return (await this.nearest(file)).settings;
  }

  /** What of the files left out by default is taken in, for those in a folder. */
  async includeIn(folder: string): Promise<LintSettings['include']> {
    return ((await this.#files.above(folder)) ?? none).settings.include;
  }

  /** Where the `frameline.json` stands that holds in a folder; undefined when there is none. */
  async folderOf(folder: string): Promise<string | undefined> {
    return (await this.#files.above(folder))?.folder;
  }

  /** `ignore` of the `frameline.json` that stands in the folder itself; empty when there is none. */
  async patternsIn(folder: string): Promise<readonly string[]> {
    return (await this.#files.in(folder))?.settings.ignore ?? [];
  }

  /** To be called when a `frameline.json`, or a folder that may have one, came, changed or went. */
  changed(path: string): void {
    this.#files.changed(path);
  }
}
