import { run } from '../process.mjs';
import { versionOf } from './tools.mjs';

/**
 * Sees to it that packages of Debian are there: installs what is missing where this process may.
 * @param {readonly string[]} names
 * @param {(line: string) => void} report
 * @returns {Promise<boolean>} whether all of them are installed
 */
export async function debianPackages(names, report) {
  const missing = await notInstalled(names);
  if (missing.length === 0) return true;
  const list = missing.join(' ');
  const [update, install] = [['update'], ['install', '--no-install-recommends', ...missing]];
  if (process.getuid?.() !== 0 || (await versionOf('apt-get', ['--version'])) === undefined) {
    report(`Missing: apt-get install ${list}`);
    return false;
  }
  report(`Installing ${list}…`);
  for (const command of [update, install]) {
    const { code, output } = await run(
      'apt-get',
      // Somebody else's apt may be running.
      ['--quiet', '--yes', '--option=DPkg::Lock::Timeout=600', ...command],
      { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } },
    );
    if (code !== 0) report(`apt-get ${command.join(' ')} ended with ${code}:\n${output}`);
  }
  return (await notInstalled(missing)).length === 0;
}

/**
 * @param {readonly string[]} names
 * @returns {Promise<string[]>}
 */
async function notInstalled(names) {
  const found = await Promise.all(
    names.map(async (name) => {
      const status = ['--show', `--showformat=\${db:Status-Status}`, name];
      return (await versionOf('dpkg-query', status)) === 'installed';
    }),
  );
  return names.filter((_name, index) => !found[index]);
}
