import type { Dirent } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { slashed } from '../../config/paths';
import type { LintSettings } from '../config/settings';
import type { Language } from '../languages/language';
import { IgnoreFiles, type SettingsIgnore } from './ignoreFiles';
import { isInstalled, type LeftOut, leftOutByName } from './leftOut';

/** The settings that decide which files there are. */
export interface FileSettings extends SettingsIgnore {
  /** What holds for the files in a folder. */
  includeIn(folder: string): Promise<LintSettings['include']>;
}

/** A file that isn't ignored. */
export interface WorkspaceFile {
  /** Absolute. */
  readonly path: string;
  /** Why its name keeps it from being linted; its text may do so too: see `isGenerated`. */
  readonly leftOut?: LeftOut;
}

/** Told what could not be looked at, for people: a path, and the end of the sentence. */
export type ReportNote = (path: string, note: string) => void;

/** Which files belong to the workspace, and which of them are linted. */
export class WorkspaceFiles {
  readonly #settings: FileSettings;
  readonly #ignores: IgnoreFiles;
  readonly #languageFor: (path: string) => Pick<Language, 'generated' | 'tests'> | undefined;

  /** @param roots absolute: what is opened, or the working directory */
  constructor(
    roots: readonly string[],
    settings: FileSettings,
    languageFor: (path: string) => Pick<Language, 'generated' | 'tests'> | undefined,
  ) {
    this.#settings = settings;
    this.#ignores = new IgnoreFiles(roots, settings);
    this.#languageFor = languageFor;
  }

  /** To be called when an ignore file or a `frameline.json` came, changed or went. */
  forget(): void {
    this.#ignores.forget();
  }

  /** Why a file isn't linted, whatever its text is; undefined when it is. */
  async leftOut(path: string): Promise<LeftOut | undefined> {
    const folder = dirname(path);
    const { base, rules } = await this.#ignores.rulesIn(folder);
    const place = slashed(relative(base, path));
    if (rules.ignores(place)) {
      return 'ignored';
    }
    const include = await this.#settings.includeIn(folder);
    return leftOutByName(place, this.#languageFor(path), { include });
  }

  /** Why nothing in a folder is linted. */
  async folderLeftOut(folder: string): Promise<LeftOut | undefined> {
    const { base, rules } = await this.#ignores.rulesIn(folder);
    const place = slashed(relative(base, folder));
    if (place === '') {
      return undefined;
    }
    return rules.ignores(`${place}/`)
      ? 'ignored'
      : leftOutByName(place, undefined, { include: await this.#settings.includeIn(folder) });
  }

  /**
   * The files in a folder and below that `wants` names, those of a folder before those of the folders in it, by
   * name. Symbolic links are not followed: what they show is found where it stands, or belongs to someone else.
   */
  async *walk(
    start: string,
    wants: (path: string) => boolean,
    report: ReportNote,
    signal?: AbortSignal,
  ): AsyncGenerator<WorkspaceFile, void, undefined> {
    const pending = [start];
    for (let folder = pending.pop(); folder !== undefined; folder = pending.pop()) {
      const { base, rules } = await this.#ignores.rulesIn(folder);
      const include = await this.#settings.includeIn(folder);
      const folders: string[] = [];
      for (const entry of await entriesOf(folder, report)) {
        if (signal?.aborted === true) {
          return;
        }
        const path = join(folder, entry.name);
        const place = slashed(relative(base, path));
        if (entry.isDirectory() && !isInstalled(place) && !rules.ignores(`${place}/`)) {
          folders.push(path);
        } else if (entry.isFile() && wants(path) && !rules.ignores(place)) {
          const leftOut = leftOutByName(place, this.#languageFor(path), { include });
          yield { path, ...(leftOut === undefined ? {} : { leftOut }) };
        }
      }
      pending.push(...folders.reverse());
    }
  }
}

/** By name; empty when the folder can't be read. */
async function entriesOf(folder: string, report: ReportNote): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    report(folder, `could not be read (${code ?? String(error)})`);
    return [];
  }
}
