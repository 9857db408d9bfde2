import type { FileFacts } from '../../program/semantics';

const known = new WeakMap<FileFacts, ReadonlySet<string>>();

/** Whether the file has `name::`: a namespace, a crate, a type, and no variable. */
export function isPathRoot(name: string, file: FileFacts): boolean {
  let names = known.get(file);
  if (names === undefined) {
    names = new Set([...file.text.matchAll(/\b(\w+)\s*::/g)].map(([, each = '']) => each));
    known.set(file, names);
  }
  return names.has(name);
}
