import { readFile, realpath, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { configFileName } from '../../config/configFileName';
import { Lines } from '../../config/lines';
import { shownPath } from '../../config/paths';
import { parseRequestFile } from '../../request/file/parse';
import type { RequestFile } from '../../request/file/syntax';
import { localRequestFiles, type RequestFiles } from '../../request/files';
import type { RequestProblem } from '../../request/resolve/resolved';
import { Failure, reasonOf } from '../failure';
import { inOptionWords } from './requestOptions';

/** A request file that was read. */
export interface LoadedFile {
  readonly path: string;
  /** As it is shown: relative to the working directory. */
  readonly shown: string;
  readonly file: RequestFile;
  readonly lines: Lines;
  readonly files: RequestFiles;
}

export async function loadRequestFile(path: string, cwd: string): Promise<LoadedFile> {
  const shown = shownPath(resolve(cwd, path), cwd);
  try {
    const real = await realpath(resolve(cwd, path));
    const file = parseRequestFile(await readFile(real, 'utf8'));
    const root = await rootOf(dirname(real));
    const files = localRequestFiles({ file: real, root, isTrusted: true });
    return { path: real, shown, file, lines: new Lines(file.text), files };
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    throw new Failure(
      code === 'ENOENT'
        ? `There is no file ${shown}.`
        : `${shown} can't be read: ${reasonOf(error)}.`,
      { cause: error },
    );
  }
}

/** The folder that messages may be read from: the repository, or where there is none that of the nearest `frameline.json`. */
async function rootOf(folder: string): Promise<string> {
  let config: string | undefined;
  for (let at = folder; ; at = dirname(at)) {
    if (await exists(join(at, '.git'))) {
      return at;
    }
    if (config === undefined && (await exists(join(at, configFileName)))) {
      config = at;
    }
    if (dirname(at) === at) {
      return config ?? folder;
    }
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** A problem as a line: with its place in the file, or in the words of the command line when it came from there. */
export function problemLine(
  { span, message }: RequestProblem,
  loaded: Pick<LoadedFile, 'shown' | 'lines'> | undefined,
): string {
  if (loaded === undefined || span.from < 0) {
    return inOptionWords(message);
  }
  const { line, column } = loaded.lines.place(span.from);
  return `${loaded.shown}:${line}:${column}: ${message}`;
}
