import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { npm } from './process.mjs';

/** The project's folder. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/**
 * Installs the project's packages when they are missing or not those of the lock file, so that `npm start` and
 * `npm test` can be the first command in a fresh clone.
 * @param {(line: string) => void} report
 */
export async function ensureDependencies(report) {
  if (await dependenciesMatch()) return;
  report('Installing packages (npm ci)…');
  await cleanInstall();
}

/** `npm ci`, with what development needs even where NODE_ENV says production. */
export async function cleanInstall() {
  const { code, output } = await npm(['ci', '--include=dev', '--include=optional'], { cwd: root });
  if (code !== 0) throw new Error(`npm ci failed:\n${output}`);
}

/**
 * @typedef {{ version?: string, optional?: boolean }} LockedPackage
 * @typedef {{ packages?: Record<string, LockedPackage> }} Lock
 */

/** Whether node_modules holds what package-lock.json names; npm notes what it installed. */
async function dependenciesMatch() {
  const wanted = await readLock(join(root, 'package-lock.json'));
  const installed = await readLock(join(root, 'node_modules', '.package-lock.json'));
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const present = installed[path];
    // Optional packages are for other platforms, too.
    return path === '' || (present ? present.version === version : optional === true);
  });
}

/**
 * @param {string} path
 * @returns {Promise<Record<string, LockedPackage>>} empty when there is none
 */
async function readLock(path) {
  const text = await readFile(path, 'utf8').catch(() => '{}');
  return /** @type {Lock} */ (JSON.parse(text)).packages ?? {};
}
