import { relative, sep } from 'node:path';

/** With forward slashes, relative to `folder`; absolute on another drive. */
export function shownPath(path: string, folder: string): string {
  const shown = relative(folder, path) || '.';
  return sep === '/' ? shown : shown.replaceAll(sep, '/');
}
