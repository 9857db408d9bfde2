import { basename } from 'node:path';
import { readSource } from './sourceText';

/** The text of a `frameline.json`; undefined when there is none. Rejects when it can't be read. */
export async function readConfigFile(path: string): Promise<string | undefined> {
  const { text, note, isMissing } = await readSource(path);
  if (text === undefined && isMissing !== true) {
    throw new Error(`${basename(path)} ${note}`);
  }
  return text;
}
