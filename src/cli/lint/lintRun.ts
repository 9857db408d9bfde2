import { dirname } from 'node:path';
import type { LintSettings } from '../../lint/config/settings';
import type { IndexedFile } from '../../lint/index/indexBuilder';
import { isIndexed } from '../../lint/workspace/fileUse';
import { isWithin } from '../../lint/workspace/ignoreFiles';
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
  const { files, all } = await withSettings(chosen, settings);
  const toRead = files.length === 0 ? [] : chosen.files.filter(isIndexed).map(({ path }) => path);
  const threads = new LintThreads(places, Math.max(toRead.length, files.length));
  try {
    const indexed = await readIndex(threads, toRead, notes, progress);
    const indexes = chosen.roots.map((root) => indexed.filter(([path]) => isWithin(path, root)));
    await threads.begin({ indexes, settings: all });

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

/** The files with their settings, each of which is sent to the threads once. */
async function withSettings(
  { toLint, named, roots }: Chosen,
  settings: Settings,
): Promise<{ files: FileToLint[]; all: LintSettings[] }> {
  const numbers = new Map<LintSettings, number>();
  const folders = new Map<string, Pick<FileToLint, 'settings' | 'index'>>();
  const files: FileToLint[] = [];
  for (const path of toLint) {
    const folder = dirname(path);
    let place = folders.get(folder);
    if (place === undefined) {
      const found = await settings.settingsFor(path);
      const number = numbers.get(found) ?? numbers.size;
      numbers.set(found, number);
      place = { settings: number, index: roots.findIndex((root) => isWithin(folder, root)) };
      folders.set(folder, place);
    }
    files.push({ path, ...place, isNamed: named.has(path) });
  }
  return { files, all: [...numbers.keys()] };
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
