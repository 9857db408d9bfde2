import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `folder` or stands in it. */
export function isWithin(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

/** With forward slashes, as patterns are written. */
export function slashed(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

/** With forward slashes, relative to `folder`; absolute on another drive. */
export function shownPath(path: string, folder: string): string {
  return slashed(relative(folder, path) || '.');
}
