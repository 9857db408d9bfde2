import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { cached } from '../cache.mjs';
import { filesBelow, hash, home, must, pinned, protos, versionOf } from './tools.mjs';

const source = join(home, 'python');
const requirements = join(source, 'requirements.txt');

/** @param {(line: string) => void} report */
export const preparePython = (report) => prepare('Python', 'server.py', report);

/** @param {(line: string) => void} report */
export const preparePythonAsyncio = (report) =>
  prepare('Python (asyncio)', 'server_asyncio.py', report);

/**
 * @param {string} title
 * @param {string} script
 * @param {(line: string) => void} report
 * @returns {Promise<import('./tools.mjs').Program | undefined>}
 */
async function prepare(title, script, report) {
  const python = await findPython();
  if (!python) {
    report(`${title} server skipped: there is no python3 with pip on PATH.`);
    return undefined;
  }
  const { packages, generated } = await pythonFolders(python, report);
  return {
    file: python.file,
    args: [join(source, script)],
    env: { PYTHONPATH: [packages, generated].join(delimiter), PYTHONDONTWRITEBYTECODE: '1' },
    version: `grpcio ${await pinned(requirements, /^grpcio==(.+)$/m)}, ${python.version}`,
  };
}

/**
 * The packages of requirements.txt, and the code that protoc makes of the protos.
 * @param {{ file: string, version: string }} python
 * @param {(line: string) => void} report
 */
export async function pythonFolders({ file, version }, report) {
  const name = `interop-python-${await hash(version, protos, requirements)}`;
  const folder = await cached(name, async (to) => {
    report(`Installing the Python servers' packages for ${version}…`);
    const packages = join(to, 'packages');
    const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
    // A folder on the module path, unlike a virtual environment, may be renamed.
    const place = ['--target', packages, '--only-binary', ':all:'];
    await must(file, ['-m', 'pip', 'install', ...quiet, ...place, '-r', requirements]);
    const generated = join(to, 'generated');
    await mkdir(generated);
    await protoc(file, packages, [`--python_out=${generated}`, `--grpc_python_out=${generated}`]);
  });
  return { packages: join(folder, 'packages'), generated: join(folder, 'generated') };
}

/**
 * Runs the protoc that grpcio-tools brings.
 * @param {string} python
 * @param {string} packages
 * @param {readonly string[]} outputs
 */
export async function protoc(python, packages, outputs) {
  const files = await filesBelow(protos);
  await must(python, ['-m', 'grpc_tools.protoc', `-I${protos}`, ...outputs, ...files], {
    env: { ...process.env, PYTHONPATH: packages },
  });
}

export async function findPython() {
  for (const file of ['python3', 'python']) {
    const version = await versionOf(file, ['--version']);
    const pip = version && (await versionOf(file, ['-m', 'pip', '--version']));
    if (version?.startsWith('Python 3.') && pip) return { file, version };
  }
  return undefined;
}
