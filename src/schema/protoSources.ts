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
): Promise<{ sources: ProtoSource[]; problems: Problem[] }> {
  const roots = importPaths.map((it) => resolve(it));
  for (const file of files) {
    const path = resolve(file);
    if (!roots.some((root) => inside(root, path))) {
      roots.push(dirname(path));
    }
  }
  const sources: ProtoSource[] = [];
  const problems: Problem[] = [];
  const queue = files.map((file) => {
    const path = resolve(file);
    const root = roots.find((it) => inside(it, path)) ?? dirname(path);
    return { name: relative(root, path).split(sep).join('/'), path };
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
        message: `${quote(next.path)} can't be read: ${reason}`,
      });
    }
  }
  return { sources, problems };
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
    try {
      await access(path);
      return path;
    } catch {
      // Not here: the next import path may have it.
    }
  }
  return undefined;
}

/** What a file imports; comments and strings elsewhere are passed over. */
function importsOf(text: string): string[] {
  const tokens =
    /\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|\bimport\s+(?:public\s+|weak\s+|option\s+)?(?:"([^"\n]*)"|'([^'\n]*)')|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g;
  return [...text.matchAll(tokens)].flatMap((it) => it[1] ?? it[2] ?? []);
}
