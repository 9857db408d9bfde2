/** What the builds of all languages share. */
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from '../process.mjs';
import { root } from '../project.mjs';

export const home = join(root, 'test', 'interop');
export const protos = join(home, 'proto');

/**
 * How a server is started.
 * @typedef {object} Program
 * @property {string} file
 * @property {string[]} args
 * @property {Record<string, string>} env
 * @property {string} version of the library and of the language, for people: `grpc-go 1.84.0, go1.26.0`
 */

/**
 * @param {string} file
 * @param {readonly string[]} args
 * @returns {Promise<string | undefined>} undefined when it can't be started or fails
 */
export async function versionOf(file, args) {
  const finished = await run(file, args).catch(() => undefined);
  return finished?.code === 0 ? finished.output.trim() : undefined;
}

/**
 * Runs a program that has to succeed.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {Parameters<typeof run>[2]} [options]
 * @returns {Promise<string>} what it printed
 */
export async function must(file, args, options) {
  const { code, output } = await run(file, args, options);
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}:\n${output}`);
  return output;
}

/**
 * @param {string} version
 * @param {readonly string[]} paths files or folders
 */
export async function hash(version, ...paths) {
  const sum = createHash('sha256').update(`${version}\n`);
  for (const path of paths) {
    for (const file of await filesBelow(path)) {
      sum.update(`${file.slice(home.length)}\n`).update(await readFile(file));
    }
  }
  return sum.digest('hex').slice(0, 16);
}

/**
 * @param {string} path
 * @returns {Promise<string[]>} sorted; `path` itself when it is a file
 */
export async function filesBelow(path) {
  if ((await stat(path)).isFile()) return [path];
  const names = await readdir(path);
  const files = await Promise.all(names.map((name) => filesBelow(join(path, name))));
  return files.flat().sort();
}

/**
 * The version that a lock file or a list of packages pins.
 * @param {string} path
 * @param {RegExp} pattern its first group is the version
 */
export async function pinned(path, pattern) {
  const version = pattern.exec(await readFile(path, 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${path} pins nothing like ${pattern}.`);
  return version;
}
