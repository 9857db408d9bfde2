import { createHash } from 'node:crypto';
import {
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  statSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { createRequire, wrap } from 'node:module';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join } from 'node:path';
import { Script } from 'node:vm';

/**
 * Loads a CommonJS file with the code that V8 compiled of it in an earlier run: compiling is what a short command
 * would spend most of its time with. The code stands in the user's cache folder, one file for each `name`. Without such
 * a folder, or with the environment variable NODE_DISABLE_COMPILE_CACHE, the file is compiled anew each time.
 *
 * Node has the same built in from 22.1 on (`module.enableCompileCache`), but 20 is promised.
 *
 * @param path absolute
 * @returns what the file exports
 */
export function loadCached(path: string, name: string): unknown {
  const source = readFileSync(path);
  const cache = process.env.NODE_DISABLE_COMPILE_CACHE ? undefined : openCache(source, name);
  const script = new Script(wrap(source.toString()), {
    filename: path,
    ...(cache?.code && { cachedData: cache.code }),
  });
  if (cache && (cache.code === undefined || script.cachedDataRejected)) {
    // At the end it has all functions that a run needs.
    process.once('exit', () => cache.write(script.createCachedData()));
  }
  const module = { exports: {} as unknown };
  const load = script.runInThisContext() as (
    exports: unknown,
    require: NodeJS.Require,
    module: { exports: unknown },
    filename: string,
    folder: string,
  ) => void;
  load(module.exports, createRequire(path), module, path, dirname(path));
  return module.exports;
}

interface Cache {
  /** Absent when there is none for this source. V8 itself looks for its version and flags in it. */
  readonly code: Buffer | undefined;
  write(code: Buffer): void;
}

function openCache(source: Buffer, name: string): Cache | undefined {
  try {
    const path = join(privateFolder(), name);
    // V8 compares the length of the source only.
    const digest = createHash('sha1').update(source).digest();
    return { code: readCode(path, digest), write: (code) => writeCode(path, digest, code) };
  } catch {
    return undefined;
  }
}

/** Throws when there is none that is this user's own: whoever can write code there would have it run. */
function privateFolder(): string {
  const folder = join(userCacheFolder(), 'frameline', 'code');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const { uid, mode } = statSync(folder);
  if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) {
    throw new Error(`${folder} may be written by others.`);
  }
  return folder;
}

/** As the XDG Base Directory Specification, Apple's File System Programming Guide and Windows have it. */
function userCacheFolder(): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = process.env;
  switch (process.platform) {
    case 'win32':
      return LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
    case 'darwin':
      return join(homedir(), 'Library', 'Caches');
    default:
      return XDG_CACHE_HOME && isAbsolute(XDG_CACHE_HOME)
        ? XDG_CACHE_HOME
        : join(homedir(), '.cache');
  }
}

function readCode(path: string, digest: Buffer): Buffer | undefined {
  try {
    const bytes = lstatSync(path).isFile() ? readFileSync(path) : undefined;
    return bytes?.subarray(0, digest.length).equals(digest)
      ? bytes.subarray(digest.length)
      : undefined;
  } catch {
    return undefined;
  }
}

/** Under another name first: a command that starts meanwhile finds the old one or the new one whole. */
function writeCode(path: string, digest: Buffer, code: Buffer): void {
  const unfinished = `${path}.${process.pid}`;
  try {
    writeFileSync(unfinished, Buffer.concat([digest, code]), { mode: 0o600, flag: 'wx' });
    renameSync(unfinished, path);
  } catch {
    // A full or read-only disk: the next run compiles again.
    try {
      unlinkSync(unfinished);
    } catch {
      // It isn't there.
    }
  }
}
