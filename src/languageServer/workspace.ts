import { readConfigFile } from '../config/readConfigFile';
import { type ConfigFile, ConfigFiles } from '../lint/config/configFiles';
import type { FileExports } from '../lint/index/exports';
import { languageFor } from '../lint/languages';
import type { LintContext, Linter } from '../lint/linter';
import { isGenerated } from '../lint/workspace/leftOut';
import { WorkspaceFiles } from '../lint/workspace/workspaceFiles';
import { isConfig, isIgnoreFile } from './watchedFiles';
import { type IndexHost, WorkspaceIndexes } from './workspaceIndexes';

/** The folders that are open: which of their files are linted, by which settings, and what is known there. */
export class Workspace {
  readonly #openText: IndexHost['openText'];
  readonly #configs: ConfigFiles;
  readonly #files: WorkspaceFiles;
  readonly #indexes: WorkspaceIndexes;

  /** @param folders absolute */
  constructor(
    folders: readonly string[],
    linter: Pick<Linter, 'exports'>,
    host: Omit<IndexHost, 'files' | 'exportsOf'>,
  ) {
    this.#openText = host.openText;
    this.#configs = new ConfigFiles(
      async (path) => host.openText(path) ?? (await readConfigFile(path)),
    );
    this.#files = new WorkspaceFiles(folders, this.#configs, languageFor);
    this.#indexes = new WorkspaceIndexes({
      ...host,
      files: this.#files,
      exportsOf: (path, text) => this.#exportsOf(linter, path, text),
    });
    this.#indexes.setFolders(folders);
  }

  async #exportsOf(
    linter: Pick<Linter, 'exports'>,
    path: string,
    text: string,
  ): Promise<FileExports | undefined> {
    const language = languageFor(path);
    const counts =
      language !== undefined &&
      !isGenerated(text, language) &&
      (await this.#files.leftOut(path)) === undefined;
    if (!counts) {
      return undefined;
    }
    const settings = await this.#configs.settingsFor(path);
    return await linter.exports(path, text, { settings, index: this.#indexes.indexFor(path) });
  }

  /** Nobody has typed in a file for a while: what it gives to others is read anew. */
  rested(path: string): void {
    this.#indexes.touch(path);
  }

  /** What a text is linted against; undefined when its file is left out. */
  async contextOf(path: string, text: string): Promise<LintContext | undefined> {
    const leftOut = await this.#files.leftOut(path);
    if (this.#openText(path) !== undefined) {
      this.#indexes.update({ path, ...(leftOut === undefined ? {} : { leftOut }) }, text);
    }
    const settings = await this.#configs.settingsFor(path);
    const language = languageFor(path);
    const isByProgram =
      language !== undefined &&
      !settings.include.includes('generated') &&
      isGenerated(text, language);
    return leftOut !== undefined || isByProgram
      ? undefined
      : { settings, index: this.#indexes.indexFor(path) };
  }

  /** The `frameline.json` that holds for a file, or for itself; the same object until it changes. */
  configFor(path: string): Promise<ConfigFile> {
    return this.#configs.nearest(path);
  }

  /** The text of a `frameline.json` changed, saved or not. */
  configChanged(path: string): void {
    this.#configs.changed(path);
    this.#files.forget();
  }

  /** A file or folder came, changed or went on disk, or was closed. */
  touch(path: string): void {
    this.#configs.changed(path);
    if (isConfig(path) || isIgnoreFile(path)) {
      this.#files.forget();
      this.#indexes.readAgain();
    } else {
      this.#indexes.touch(path);
    }
  }

  dispose(): void {
    this.#indexes.dispose();
  }
}
