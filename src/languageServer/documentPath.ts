import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { languageForEditor } from '../lint/languages';

/**
 * The path of a document's file. For one that isn't saved yet, a path in `folder` that it could be saved as;
 * undefined for what can't be read as a file: it isn't linted.
 */
export function documentPath(uri: string, languageId: string, folder: string): string | undefined {
  if (uri.startsWith('untitled:')) {
    const [ending = ''] = languageForEditor(languageId)?.extensions ?? [];
    const name = uri.slice('untitled:'.length).replaceAll(/[^\w-]+/g, '-');
    return join(folder, `${name}${ending}`);
  }
  return filePath(uri);
}

/** Undefined for a URI that is no file. */
export function filePath(uri: string): string | undefined {
  try {
    const path = uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
    return path?.includes('\0') ? undefined : path;
  } catch {
    // A host name that this system has no files for, an escape that is none.
    return undefined;
  }
}
