/** Finds and reads `.proto` files and everything they import. */
import { access, readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { quote } from './build';
import type { Problem } from './schema';

export interface ProtoSource {
  /** As an import would name it. */
  readonly name: string;
  readonly text: string;
}

const MAX_FILES = 5000;
const MAX_TOTAL_LENGTH = 64 * 1024 * 1024;

export async function readProtoSources(
  files: readonly string[],
  importPaths: readonly string[],
  folder?: string,
): Promise<{ sources: ProtoSource[]; problems: Problem[] }> {
  const roots = importPaths.map((it) => resolve(it));
  const named = await Promise.all(files.map((file) => locate(resolve(file), roots, folder)));
  for (const { path } of named) {
    if (!roots.some((root) => inside(root, path))) {
      roots.push(dirname(path));
    }
  }
  const sources: ProtoSource[] = [];
  const problems: Problem[] = [];
  const queue: Queued[] = named.map(({ path, lookedFor }) => {
    const root = roots.find((it) => inside(it, path)) ?? dirname(path);
    return { name: relative(root, path).split(sep).join('/'), path, lookedFor };
  });
  const seen = new Set(queue.map((it) => it.name));
  let length = 0;
  for (let i = 0; i < queue.length; i++) {
    const next = queue[i];
    if (!next || sources.length >= MAX_FILES || length > MAX_TOTAL_LENGTH) {
      problems.push(tooMany(queue.length));
      break;
    }
    try {
      const text = await readFile(next.path, 'utf8');
      length += text.length;
      sources.push({ name: next.name, text });
      for (const name of importsOf(text)) {
        if (!seen.has(name)) {
          seen.add(name);
          const path = await find(name, roots);
          // One that isn't found is reported where it is missed, unless reflection or a built-in has it.
          if (path !== undefined) {
            queue.push({ name, path });
          }
        }
      }
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      problems.push({
        code: 'missing-import',
        subject: next.path,
        message: `${quote(next.path)} can't be read: ${reason}${elsewhere(next)}`,
      });
    }
  }
  return { sources, problems };
}

interface Queued {
  readonly name: string;
  readonly path: string;
  /** Where else it was looked for, and is not. */
  readonly lookedFor?: readonly string[];
}

/** A file that was named: where it is, or where it should be and the other places that were looked at. */
async function locate(
  path: string,
  roots: readonly string[],
  folder: string | undefined,
): Promise<{ readonly path: string; readonly lookedFor: readonly string[] }> {
  if (folder === undefined || !inside(resolve(folder), path) || (await exists(path))) {
    return { path, lookedFor: [] };
  }
  const written = relative(resolve(folder), path);
  const others = roots.map((root) => join(root, written)).filter((other) => other !== path);
  for (const other of others) {
    if (await exists(other)) {
      return { path: other, lookedFor: [] };
    }
  }
  return { path, lookedFor: others };
}

function elsewhere({ lookedFor = [] }: Queued): string {
  return lookedFor.length === 0
    ? ''
    : `. It was looked for in the import paths too: ${lookedFor.map(quote).join(', ')}`;
}

function tooMany(count: number): Problem {
  return {
    code: 'limit',
    subject: 'import paths',
    message: `Stopped after ${MAX_FILES} files or ${MAX_TOTAL_LENGTH >> 20} MiB of .proto text; ${count} files were found. Name fewer files or narrower import paths.`,
  };
}

function inside(root: string, path: string): boolean {
  const way = relative(root, path);
  return way !== '' && !way.startsWith('..') && !isAbsolute(way);
}

/** The first import path that has the file. protoc refuses `..` and backslashes in an import, and so does this. */
async function find(name: string, roots: readonly string[]): Promise<string | undefined> {
  // On Windows a backslash would be one more way to write `..`.
  if (isAbsolute(name) || name.includes('\\') || name.split('/').includes('..')) {
    return undefined;
  }
  for (const root of roots) {
    const path = join(root, name);
    if (await exists(path)) {
      return path;
    }
  }
  return undefined;
}

async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** What a file imports; comments and strings elsewhere are passed over. */
function importsOf(text: string): string[] {
  const tokens =
    /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\bimport\s+(?:public\s+|weak\s+|option\s+)?(?:"([^"\n]*)"|'([^'\n]*)')|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return [...text.matchAll(tokens)].flatMap((it) => it[1] ?? it[2] ?? []);
}
