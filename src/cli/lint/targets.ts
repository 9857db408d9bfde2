import { realpath, stat } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isWithin } from '../../config/paths';
import { languageFor } from '../../lint/languages';
import { mayMatter } from '../../lint/workspace/fileUse';
import { workspaceOf } from '../../lint/workspace/ignoreFiles';
import { leftOutReasons } from '../../lint/workspace/leftOut';
import { type WorkspaceFile, WorkspaceFiles } from '../../lint/workspace/workspaceFiles';
import { Failure } from '../failure';
import type { ReportedNote } from './report';
import type { Settings } from './settings';

/** What the user named. */
interface Target {
  /** Absolute, without symbolic links. */
  readonly path: string;
  readonly isFolder: boolean;
}

/** What a run is about. */
export interface Chosen {
  /** Every file that is read, by path: those to lint and those that say something about them. */
  readonly files: readonly WorkspaceFile[];
  /** Those that are linted. */
  readonly toLint: readonly string[];
  /** Those that the user named. */
  readonly named: ReadonlySet<string>;
  /** The folders that were walked, absolute. */
  readonly roots: readonly string[];
  readonly notes: readonly ReportedNote[];
}

/**
 * Finds what there is to lint, and what to read for it: a file is judged by all of its workspace, however little
 * of that was named. The workspace of a path is its repository, or else the folder of its `frameline.json`, or
 * else what was named.
 */
export async function choose(
  paths: readonly string[],
  cwd: string,
  settings: Settings,
  found: (count: number) => void,
): Promise<Chosen> {
  const targets = await Promise.all(paths.map((path) => target(path, cwd)));
  const roots = outermost(
    await Promise.all(targets.map((named) => workspaceOf(folderOf(named), settings))),
  );
  const files = new WorkspaceFiles(roots, settings, languageFor);
  const notes: ReportedNote[] = [];
  const all: WorkspaceFile[] = [];
  for (const root of roots) {
    const report = (path: string, text: string) => notes.push({ path, text });
    for await (const file of files.walk(root, mayMatter, report)) {
      all.push(file);
      found(all.length);
    }
  }
  for (const named of targets) {
    notes.push(...(await whyNot(named, files)));
  }
  const isNamed = ({ path }: WorkspaceFile) =>
    targets.some((named) => (named.isFolder ? isWithin(path, named.path) : path === named.path));
  return {
    files: all,
    toLint: all
      .filter(
        (file) => file.leftOut === undefined && isNamed(file) && !file.path.endsWith('.proto'),
      )
      .map(({ path }) => path),
    named: new Set(targets.flatMap(({ path, isFolder }) => (isFolder ? [] : [path]))),
    roots,
    notes,
  };
}

async function target(path: string, cwd: string): Promise<Target> {
  try {
    const real = await realpath(resolve(cwd, path));
    return { path: real, isFolder: (await stat(real)).isDirectory() };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Failure(
      code === 'ENOENT' || code === 'ENOTDIR'
        ? `There is no file or folder ${path}.`
        : `${path} can't be read (${code ?? String(error)}).`,
    );
  }
}

/** What is named and not linted is said, so that nobody takes silence for praise. */
async function whyNot(
  { path, isFolder }: Target,
  files: WorkspaceFiles,
): Promise<readonly ReportedNote[]> {
  if (!isFolder && !mayMatter(path)) {
    return [{ path, text: 'not linted: no language that Frameline knows' }];
  }
  const why = await (isFolder ? files.folderLeftOut(path) : files.leftOut(path));
  return why === undefined ? [] : [{ path, text: `not linted: ${leftOutReasons[why]}` }];
}

function folderOf({ path, isFolder }: Target): string {
  return isFolder ? path : dirname(path);
}

/** Each folder once, without those inside others. */
function outermost(folders: readonly string[]): string[] {
  return [...new Set(folders)].filter(
    (folder) => !folders.some((other) => other !== folder && isWithin(folder, other)),
  );
}
