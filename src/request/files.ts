import { type FileHandle, realpath } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { isWithin } from '../config/paths';
import { openToRead } from '../config/sourceText';

export type FileAnswer<T> =
  | ({ readonly ok: true } & T)
  /** A sentence: what can't be read, why, and what to do. */
  | { readonly ok: false; readonly message: string };

/** What a request file may read. Paths are as they are written in it. */
export interface RequestFiles {
  /** The text of a message: inside the root only. */
  message(path: string): Promise<FileAnswer<{ readonly text: string }>>;
  /** Where a certificate, key or schema stands. */
  path(path: string): Promise<FileAnswer<{ readonly path: string }>>;
}

export interface RequestFilesPlace {
  /** Absolute path of the request file, or of where it will stand. */
  readonly file: string;
  /** Folder that messages may be read from: the workspace folder. */
  readonly root: string;
  /** False for a folder that the user doesn't trust: then certificates and schemas have to be inside the root too. */
  readonly isTrusted: boolean;
}

/** Longest message that is read from a file, in bytes. */
const messageLimit = 64 * 1024 * 1024;

/** Files of this machine's disk, with links followed before it is decided what is inside. */
export function localRequestFiles({ file, root, isTrusted }: RequestFilesPlace): RequestFiles {
  const folder = dirname(file);
  return {
    message: async (path) => {
      const place = await placeOf(path, folder, root);
      if (!place.ok) {
        return place;
      }
      if (!place.isInside) {
        const message = `${path} is outside ${root}: a message is read from inside the folder only. Put the file there.`;
        return { ok: false, message };
      }
      return readMessage(path, place.path);
    },
    path: async (path) => {
      if (isTrusted) {
        return { ok: true, path: resolve(folder, path) };
      }
      const place = await placeOf(path, folder, root);
      if (!place.ok || place.isInside) {
        return place;
      }
      const message = `${path} is outside ${root}, and this folder is not trusted: in Restricted Mode a request file can't read outside it. Trust the folder to use the file.`;
      return { ok: false, message };
    },
  };
}

async function placeOf(
  path: string,
  folder: string,
  root: string,
): Promise<FileAnswer<{ readonly path: string; readonly isInside: boolean }>> {
  const written = resolve(folder, path);
  try {
    const realRoot = await realpath(root);
    if (!isWithin(written, root) && !isWithin(written, realRoot)) {
      // Nothing is asked of the disk: the name of a share on the network would be called with the user's credentials.
      return { ok: true, path: written, isInside: false };
    }
    const real = await realpath(written);
    return { ok: true, path: real, isInside: isWithin(real, realRoot) };
  } catch (error) {
    return { ok: false, message: unreadable(path, error) };
  }
}

async function readMessage(
  written: string,
  path: string,
): Promise<FileAnswer<{ readonly text: string }>> {
  let file: FileHandle | undefined;
  try {
    file = await openToRead(path);
    const status = await file.stat();
    if (status.isDirectory()) {
      return { ok: false, message: `${written} is a folder. Write the path of a file.` };
    }
    if (!status.isFile()) {
      return { ok: false, message: `${written} is no file but a device or a pipe.` };
    }
    if (status.size > messageLimit) {
      const message = `${written} has ${status.size} bytes; ${messageLimit} are read at most.`;
      return { ok: false, message };
    }
    return { ok: true, text: await file.readFile('utf8') };
  } catch (error) {
    return { ok: false, message: unreadable(written, error) };
  } finally {
    await file?.close().catch(() => undefined);
  }
}

function unreadable(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no file ${path}. The path is relative to the request file.`;
    case 'EISDIR':
      return `${path} is a folder. Write the path of a file.`;
    default:
      return `${path} can't be read${code === undefined ? '' : ` (${code})`}. Check its permissions.`;
  }
}
