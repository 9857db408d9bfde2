import { dirname } from 'node:path';
import { isWithin } from '../../config/paths';
import type { LintSettings } from '../../lint/config/settings';
import type { FileExports } from '../../lint/index/exports';
import type { IndexedFile } from '../../lint/index/indexBuilder';
import { languageFor } from '../../lint/languages';
import { isIndexed } from '../../lint/workspace/fileUse';
import type { Places } from '../environment';
import { LintThreads } from './lintThreads';
import type { FileToLint } from './lintWork';
import type { Progress } from './progress';
import type { Report, ReportedFile, ReportedNote } from './report';
import type { Settings } from './settings';
import type { Chosen } from './targets';

/** Reads everything that says something about the chosen files, and then lints them. */
export async function lintRun(
  chosen: Chosen,
  settings: Settings,
  places: Places,
  progress: Progress,
): Promise<Pick<Report, 'files' | 'notes' | 'linted'>> {
  const notes = new Notes(chosen.notes);
  const withSettings = new FilesWithSettings(chosen, settings);
  const files = await withSettings.of(chosen.toLint);
  const sources = files.length === 0 ? [] : await withSettings.of(sourcesOf(chosen));
  const toRead = files.length === 0 ? [] : chosen.files.filter(isIndexed).map(({ path }) => path);
  const threads = new LintThreads(places, Math.max(toRead.length, files.length));
  try {
    const indexed = await readIndex(threads, toRead, notes, progress);
    const indexes = chosen.roots.map((root) => ({
      files: indexed.filter(([path]) => isWithin(path, root)),
      exports: [],
    }));
    await threads.begin({ indexes, settings: withSettings.all });
    const exported = await readExports(threads, sources, progress);
    await threads.begin({
      indexes: indexes.map(({ files: known }, at) => {
        const root = chosen.roots[at] ?? '';
        return { files: known, exports: exported.filter(([path]) => isWithin(path, root)) };
      }),
      settings: withSettings.all,
    });

    const found: ReportedFile[] = [];
    let linted = 0;
    let done = 0;
    await threads.lint(files, (batch) => {
      for (const { path, findings, notes: said } of batch) {
        notes.add(path, said);
        linted += findings === undefined ? 0 : 1;
        if (findings !== undefined && findings.length > 0) {
          found.push({ path, findings });
        }
      }
      done += batch.length;
      progress.show('Linting', done, files.length);
    });
    return { files: found.sort(byPath), notes: notes.sorted(), linted };
  } finally {
    await threads.stop();
  }
}

async function readIndex(
  threads: LintThreads,
  paths: readonly string[],
  notes: Notes,
  progress: Progress,
): Promise<readonly (readonly [string, IndexedFile])[]> {
  const indexed: (readonly [string, IndexedFile])[] = [];
  let done = 0;
  await threads.index(paths, (batch) => {
    for (const { path, file, notes: said } of batch) {
      notes.add(path, said);
      if (file !== undefined) {
        indexed.push([path, file]);
      }
    }
    done += batch.length;
    progress.show('Reading', done, paths.length);
  });
  // Where two files contradict each other, it must not depend on the threads which one counts.
  return indexed.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Sources of the workspace whose variables and functions others can use. */
function sourcesOf({ files }: Chosen): string[] {
  return files.flatMap(({ path, leftOut }) =>
    leftOut === undefined && languageFor(path) !== undefined ? [path] : [],
  );
}

async function readExports(
  threads: LintThreads,
  sources: readonly FileToLint[],
  progress: Progress,
): Promise<readonly (readonly [string, FileExports])[]> {
  const exported: (readonly [string, FileExports])[] = [];
  let done = 0;
  await threads.exports(sources, (batch) => {
    for (const { path, exports } of batch) {
      if (exports !== undefined) {
        exported.push([path, exports]);
      }
    }
    done += batch.length;
    progress.show('Indexing', done, sources.length);
  });
  return exported.sort(([a], [b]) => (a < b ? -1 : 1));
}

/** Finds the settings of files, each of which is sent to the threads once. */
class FilesWithSettings {
  readonly #numbers = new Map<LintSettings, number>();
  readonly #folders = new Map<string, Pick<FileToLint, 'settings' | 'index'>>();

  constructor(
    readonly chosen: Chosen,
    readonly settings: Settings,
  ) {}

  /** Everything that a file was found to have. */
  get all(): readonly LintSettings[] {
    return [...this.#numbers.keys()];
  }

  async of(paths: readonly string[]): Promise<readonly FileToLint[]> {
    const files: FileToLint[] = [];
    for (const path of paths) {
      const place = await this.#placeOf(path);
      files.push({ path, ...place, isNamed: this.chosen.named.has(path) });
    }
    return files;
  }

  async #placeOf(path: string): Promise<Pick<FileToLint, 'settings' | 'index'>> {
    const folder = dirname(path);
    const known = this.#folders.get(folder);
    if (known !== undefined) {
      return known;
    }
    const found = await this.settings.settingsFor(path);
    const number = this.#numbers.get(found) ?? this.#numbers.size;
    this.#numbers.set(found, number);
    const index = this.chosen.roots.findIndex((root) => isWithin(folder, root));
    const place = { settings: number, index };
    this.#folders.set(folder, place);
    return place;
  }
}

/** Each note once: a file may be read for the index and to be linted. */
class Notes {
  readonly #notes = new Map<string, ReportedNote>();

  constructor(notes: readonly ReportedNote[]) {
    for (const { path, text } of notes) {
      this.add(path, [text]);
    }
  }

  add(path: string, texts: readonly string[]): void {
    for (const text of texts) {
      this.#notes.set(`${path}\0${text}`, { path, text });
    }
  }

  sorted(): readonly ReportedNote[] {
    return [...this.#notes.values()].sort(byPath);
  }
}

function byPath(a: { readonly path: string }, b: { readonly path: string }): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}
