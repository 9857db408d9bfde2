import { readdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { slashed } from '../../config/paths';
import { Failure } from '../failure';

const extension = '.grpc';
/** Folders that hold what others wrote. */
const leftOut = new Set(['node_modules']);

/** The files that paths, folders and patterns name: each once, those of a folder in the order of their names. */
export async function findRequestFiles(paths: readonly string[], cwd: string): Promise<string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const files = await filesOf(path, cwd);
    if (files.length === 0) {
      throw new Failure(
        `There is no request file ${isPattern(path) ? 'that fits' : 'in'} ${path}.`,
      );
    }
    for (const file of files) {
      found.add(file);
    }
  }
  return [...found];
}

async function filesOf(path: string, cwd: string): Promise<string[]> {
  const place = resolve(cwd, path);
  const known = await stat(place).catch(() => undefined);
  if (known?.isDirectory()) {
    return below(place);
  }
  if (known !== undefined || !isPattern(path)) {
    // One that isn't there is told of when it is read.
    return [place];
  }
  const pattern = patternOf(path);
  const root = resolve(cwd, path.slice(0, path.search(special)).replace(/[^/]*$/, '') || '.');
  const files = await below(root);
  return files.filter((file) => pattern.test(slashed(file.slice(resolve(cwd).length + 1))));
}

async function below(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const files: string[] = [];
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory() && !entry.name.startsWith('.') && !leftOut.has(entry.name)) {
      files.push(...(await below(path)));
    } else if (entry.isFile() && entry.name.endsWith(extension)) {
      files.push(path);
    }
  }
  return files;
}

const special = /[*?{]/;

function isPattern(path: string): boolean {
  return special.test(path);
}

/** `*` and `?` stay in a folder, `**` goes through any number of them, `{a,b}` is either. */
function patternOf(glob: string): RegExp {
  const source = slashed(glob)
    .replace(/^\.\//, '')
    .replace(/\*\*\/|\*\*|[*?{},]|[\\^$.|+()[\]]/g, (part) => {
      switch (part) {
        case '**/':
          return '(?:[^/]+/)*';
        case '**':
          return '.*';
        case '*':
          return '[^/]*';
        case '?':
          return '[^/]';
        case '{':
          return '(?:';
        case '}':
          return ')';
        case ',':
          return '|';
        default:
          return `\\${part}`;
      }
    });
  return new RegExp(`^${source}$`);
}
