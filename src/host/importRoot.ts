import path from 'node:path';

/**
 * The folder that imports of a `.proto` file most likely start at: a file of package `market.v1` that lies in
 * `/repo/proto/market/v1` is imported from `/repo/proto`. Otherwise the file's own folder.
 */
export function importRoot(file: string, text: string): string {
  const folder = path.dirname(file);
  const code = text.replace(/\/\*[\s\S]*?(?:\*\/|$)|\/\/[^\n]*/g, ' ');
  const packageName = /(?:^|[;\s])package\s+([A-Za-z_][\w.]*)\s*;/.exec(code)?.[1];
  if (packageName === undefined) {
    return folder;
  }
  const parts = packageName.split('.');
  const folders = folder.split(path.sep);
  const tail = folders.slice(-parts.length);
  return tail.length === parts.length && tail.every((name, index) => name === parts[index])
    ? folders.slice(0, -parts.length).join(path.sep) || path.parse(folder).root
    : folder;
}
