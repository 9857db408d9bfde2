import { isWithin } from '../config/paths';
import { readSource } from '../config/sourceText';
import type { FileExports } from '../lint/index/exports';
import { IndexBuilder } from '../lint/index/indexBuilder';
import type { WorkspaceIndex } from '../lint/index/workspaceIndex';
import { isIndexed, mayMatter } from '../lint/workspace/fileUse';
import type { ReportNote, WorkspaceFile, WorkspaceFiles } from '../lint/workspace/workspaceFiles';

/** Files that are read at the same time. */
const readers = 4;

/** What the indexes need from around them. */
export interface IndexHost {
  readonly files: WorkspaceFiles;
  /** What other files can use of a file, by its text. */
  exportsOf(path: string, text: string): Promise<FileExports | undefined>;
  /** The text of a file that is open, saved or not. */
  openText(path: string): string | undefined;
  /** Called when what is known of a folder has changed; not while it is read for the first time. */
  changed(folder: string): void;
  /** Told how far the reading of folders is. */
  readonly progress: IndexProgress;
  readonly report: ReportNote;
}

export interface IndexProgress {
  begin(): void;
  /** @param share of the files that are read, from 0 to 1 */
  report(share: number, count: number): void;
  end(): void;
}

/** One index for each workspace folder, read in the background and kept current. */
export class WorkspaceIndexes {
  readonly #host: IndexHost;
  readonly #folders = new Map<string, FolderIndex>();
  readonly #none = new IndexBuilder();
  /** To be read anew. */
  readonly #touched = new Set<string>();
  #reading: Promise<void> = Promise.resolve();

  constructor(host: IndexHost) {
    this.#host = host;
  }

  /** Reads folders that are new and forgets those that are gone. */
  setFolders(paths: readonly string[]): void {
    for (const [path, folder] of this.#folders) {
      if (!paths.includes(path)) {
        folder.dispose();
        this.#folders.delete(path);
      }
    }
    for (const path of paths) {
      if (!this.#folders.has(path)) {
        this.#folders.set(path, new FolderIndex(path, this.#host));
        this.#read(path);
      }
    }
  }

  /** Resolves when nothing is being read. */
  settled(): Promise<void> {
    return this.#reading;
  }

  /** Reads everything anew: other files belong to the workspace now. */
  readAgain(): void {
    for (const path of this.#folders.keys()) {
      this.#read(path);
    }
  }

  /** What is known where a file stands: in the innermost folder around it. */
  indexFor(path: string): WorkspaceIndex {
    return (this.#folderOf(path)?.builder ?? this.#none).index();
  }

  /** Takes in the text of a file that is open. */
  update(file: WorkspaceFile, text: string): void {
    if (mayMatter(file.path)) {
      this.#folderOf(file.path)?.take(file.path, isIndexed(file) ? text : undefined);
    }
  }

  /** Reads a file anew, soon: it came, changed or went on disk, or it was closed. */
  touch(path: string): void {
    if (!mayMatter(path)) {
      return;
    }
    this.#touched.add(path);
    if (this.#touched.size === 1) {
      this.#schedule(path, () => this.#readTouched());
    }
  }

  async #readTouched(): Promise<void> {
    for (const path of this.#touched) {
      this.#touched.delete(path);
      await this.#folderOf(path)?.read(path);
    }
  }

  dispose(): void {
    this.setFolders([]);
  }

  #folderOf(path: string): FolderIndex | undefined {
    let innermost: FolderIndex | undefined;
    for (const folder of this.#folders.values()) {
      if (isWithin(path, folder.path) && folder.path.length > (innermost?.path.length ?? -1)) {
        innermost = folder;
      }
    }
    return innermost;
  }

  #read(path: string): void {
    this.#schedule(path, async () => {
      await this.#folders.get(path)?.readAll((file) => this.#folderOf(file)?.path === path);
    });
  }

  /** One after the other; what fails doesn't keep the next from being read. */
  #schedule(path: string, work: () => Promise<void>): void {
    this.#reading = this.#reading
      .then(work)
      .catch((error: unknown) => this.#host.report(path, `could not be read: ${error}`));
  }
}

class FolderIndex {
  readonly builder = new IndexBuilder();
  readonly #host: IndexHost;
  readonly #disposed = new AbortController();
  #isReading = false;
  /** Whether anything became known since the last `changed`. */
  #hasNews = false;

  constructor(
    readonly path: string,
    host: IndexHost,
  ) {
    this.#host = host;
  }

  dispose(): void {
    this.#disposed.abort();
  }

  /** Reads every file of the folder; what is waited for between two files is everybody else's turn. */
  async readAll(owns: (path: string) => boolean): Promise<void> {
    const { files, progress, report } = this.#host;
    const { signal } = this.#disposed;
    this.#isReading = true;
    progress.begin();
    try {
      const paths: string[] = [];
      const wants = (path: string) => mayMatter(path) && owns(path);
      for await (const file of files.walk(this.path, wants, report, signal)) {
        if (isIndexed(file)) {
          paths.push(file.path);
        }
      }
      const found = new Set(paths);
      for (const [path] of [...this.builder.files(), ...this.builder.exports()]) {
        if (!found.has(path)) {
          this.take(path, undefined);
        }
      }
      let done = 0;
      const each = async (read: (path: string) => Promise<unknown>) => {
        const left = [...paths].reverse();
        const reader = async () => {
          for (let path = left.pop(); path !== undefined; path = left.pop()) {
            if (signal.aborted) {
              return;
            }
            progress.report(done / (2 * paths.length), paths.length);
            done += 1;
            await read(path);
          }
        };
        await Promise.all(Array.from({ length: readers }, reader));
      };
      // What a file gives to others can depend on the services of all.
      await each((path) => this.#read(path));
      await each((path) => this.#readExports(path));
    } finally {
      this.#isReading = false;
      progress.end();
    }
    this.#tell();
  }

  /** Reads one file. */
  async read(path: string): Promise<void> {
    const leftOut = await this.#host.files.leftOut(path);
    if (isIndexed({ path, ...(leftOut === undefined ? {} : { leftOut }) })) {
      await this.#read(path);
      await this.#readExports(path);
    } else {
      this.take(path, undefined);
    }
  }

  /** @param text undefined when there is none, or what it says does not count */
  take(path: string, text: string | undefined): void {
    const isNew = text === undefined ? this.builder.remove(path) : this.builder.update(path, text);
    if (isNew) {
      this.#hasNews = true;
      this.#tell();
    }
  }

  async #read(path: string): Promise<void> {
    this.take(path, await this.#textOf(path));
  }

  async #readExports(path: string): Promise<void> {
    const text = await this.#textOf(path);
    const exports = text === undefined ? undefined : await this.#host.exportsOf(path, text);
    if (this.builder.addExports(path, exports)) {
      this.#hasNews = true;
      this.#tell();
    }
  }

  async #textOf(path: string): Promise<string | undefined> {
    const { openText } = this.#host;
    const read = openText(path) === undefined ? await readSource(path) : undefined;
    // It may have been opened meanwhile.
    return openText(path) ?? read?.text;
  }

  #tell(): void {
    if (this.#hasNews && !this.#isReading && !this.#disposed.signal.aborted) {
      this.#hasNews = false;
      this.#host.changed(this.path);
    }
  }
}
