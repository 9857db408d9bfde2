import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { must, versionOf } from './tools.mjs';

/**
 * Builds a command from the Go module proxy, once for its version.
 * @param {{ name: string, version: string, path: string }} tool `path` is the package of the command
 * @param {(line: string) => void} report
 * @returns {Promise<string | undefined>} path of the program; undefined where there is no Go
 */
export async function prepareGoTool({ name, version, path }, report) {
  const go = await versionOf('go', ['version']);
  if (go === undefined) {
    report(`${name} skipped: there is no go on PATH.`);
    return undefined;
  }
  const folder = await cached(
    `${name}-${version}-${process.platform}-${process.arch}`,
    async (to) => {
      report(`Building ${name} ${version} with ${go}…`);
      await must('go', ['install', `${path}@${version}`], { env: { ...process.env, GOBIN: to } });
    },
  );
  return join(folder, process.platform === 'win32' ? `${name}.exe` : name);
}
