import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';

export type SourceText =
  | {
      readonly text: string;
      /** What is wrong with it although it could be read; the end of a sentence that begins with the path. */
      readonly note?: string;
      readonly isMissing?: undefined;
    }
  | {
      readonly text: undefined;
      readonly note: string;
      /** There is no such file. */
      readonly isMissing?: true;
    };

/** Longer files are not read, in UTF-16 units: nobody writes them, and they would hold everything up. */
export const largestFile = 1_048_576;

/** A UTF-16 unit takes three bytes of UTF-8 at most: a longer file is too large however it is written. */
const mostBytes = 3 * largestFile;

/** Where binary files give themselves away, as for git: a NUL in the first 8000 bytes (buffer_is_binary). */
const binaryProbe = 8_000;

/** Times that a file is read anew when it changed meanwhile. */
const attempts = 3;

/**
 * Reads a file of source code. Never rejects: a file that vanished, can't be read, is too large or isn't text
 * gives a note.
 */
export async function readSource(path: string): Promise<SourceText> {
  let file: FileHandle | undefined;
  try {
    file = await openToRead(path);
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      const before = await file.stat();
      if (!before.isFile()) {
        return { text: undefined, note: 'is not a file' };
      }
      if (before.size > mostBytes) {
        return { text: undefined, note: tooLarge };
      }
      const bytes = await readAll(file, before.size);
      const after = await file.stat();
      if (after.mtimeMs === before.mtimeMs && bytes.length === after.size) {
        return decodeSource(bytes);
      }
    }
    return { text: undefined, note: 'changes while it is read' };
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return { text: undefined, note: reason(error), ...(isMissing ? { isMissing } : {}) };
  } finally {
    await file?.close().catch(() => undefined);
  }
}

/** Opens a file without waiting for anybody: a named pipe that nobody writes to would hold a thread for ever. */
export function openToRead(path: string): Promise<FileHandle> {
  return open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
}

const tooLarge = `is larger than ${largestFile / 1_048_576} MiB`;

/** One byte more than expected is asked for, so that a file that grew shows. */
async function readAll(file: FileHandle, size: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(size + 1);
  let length = 0;
  while (length < buffer.length) {
    const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
    if (bytesRead === 0) {
      break;
    }
    length += bytesRead;
  }
  return buffer.subarray(0, length);
}

/**
 * Bytes as text, without a byte order mark, which editors don't show either. UTF-16 is known by its mark; what
 * isn't UTF-8 is read as well as it goes, since code is ASCII nearly everywhere.
 */
export function decodeSource(bytes: Uint8Array): SourceText {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) {
    return withinLimit(new TextDecoder('utf-16le').decode(bytes));
  }
  if (bytes[0] === 0xfe && bytes[1] === 0xff) {
    return withinLimit(new TextDecoder('utf-16be').decode(bytes));
  }
  if (bytes.subarray(0, binaryProbe).includes(0)) {
    return { text: undefined, note: 'is not text' };
  }
  try {
    return withinLimit(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    const read = withinLimit(new TextDecoder('utf-8').decode(bytes));
    return read.text === undefined
      ? read
      : { ...read, note: 'is not UTF-8: what could not be read was replaced' };
  }
}

function withinLimit(text: string): SourceText {
  return text.length > largestFile ? { text: undefined, note: tooLarge } : { text };
}

function reason(error: unknown): string {
  const code = (error as NodeJS.ErrnoException | undefined)?.code;
  switch (code) {
    case 'ENOENT':
      return 'is not there any more';
    case 'EACCES':
    case 'EPERM':
      return 'may not be read';
    case 'EISDIR':
      return 'is not a file';
    default:
      return `could not be read (${code ?? String(error)})`;
  }
}
