import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { decodeSource } from './sourceText';

/** The text of a `frameline.json`; undefined when there is none. Rejects when it can't be read. */
export async function readConfigFile(path: string): Promise<string | undefined> {
  try {
    const { text, note } = decodeSource(await readFile(path));
    if (text === undefined) {
      throw new Error(`${basename(path)} ${note}`);
    }
    return text;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') {
      return undefined;
    }
    throw error;
  }
}
