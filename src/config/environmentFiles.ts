import { dirname, resolve } from 'node:path';
import { ConfigReader } from './configReader';
import type { EnvironmentFile } from './environments';
import { membersOf, parseJsonTree } from './jsonTree';
import { NearestFiles } from './nearestFiles';
import { readEnvironments } from './readEnvironments';

/**
 * What a `frameline.json` says of environments. What is wrong elsewhere in the file is left to its other readers.
 * @param path absolute, of the file: paths in it are relative to its folder
 */
export function parseEnvironments(text: string, path: string): EnvironmentFile {
  const folder = dirname(path);
  const none = { path, folder, environments: [], problems: [] };
  if (text.trim() === '') {
    return none;
  }
  const { root, mistake, repeated } = parseJsonTree(text, 'lenient');
  const node = root && membersOf(root).get('environments')?.value;
  if (node === undefined) {
    return mistake === undefined ? none : { ...none, problems: [mistake] };
  }
  const read = new ConfigReader(text);
  if (mistake !== undefined) {
    read.problems.push(mistake);
  }
  for (const key of repeated) {
    if (key.offset > node.offset && key.offset < node.offset + node.length) {
      read.repeated(key);
    }
  }
  const environments = readEnvironments(read, node, (written) => resolve(folder, written));
  const problems = read.problems.sort((a, b) => a.span.from - b.span.from);
  return { path, folder, environments, problems };
}

/** Finds the environments that hold for a file, and reads each `frameline.json` once. */
export class EnvironmentFiles {
  readonly #files: NearestFiles<EnvironmentFile>;

  /**
   * @param read gives a file's text, undefined when there is none; what it throws becomes a problem
   * @param roots absolute: no file inside one of these looks further up than that
   */
  constructor(read: (path: string) => Promise<string | undefined>, roots: readonly string[] = []) {
    this.#files = new NearestFiles(
      {
        read,
        parse: parseEnvironments,
        unreadable: (message, path) => {
          const problems = [{ span: { from: 0, to: 0 }, message }];
          return { path, folder: dirname(path), environments: [], problems };
        },
      },
      roots,
    );
  }

  /** Of the `frameline.json` nearest to a file, whether it has environments or not; the same object until it changes. */
  nearest(file: string): Promise<EnvironmentFile | undefined> {
    return this.#files.above(dirname(resolve(file)));
  }

  /** Of the `frameline.json` that stands in the folder itself. */
  in(folder: string): Promise<EnvironmentFile | undefined> {
    return this.#files.in(folder);
  }

  /** To be called when a `frameline.json`, or a folder that may have one, came, changed or went. */
  changed(path: string): void {
    this.#files.changed(path);
  }
}
