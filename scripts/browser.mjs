import { createReadStream, createWriteStream, existsSync, realpathSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { delimiter, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';
import { cached } from './cache.mjs';
import { npm, run } from './process.mjs';

/** A headless Chromium inside an npm package, for Linux x64. */
const packaged = { name: '@sparticuz/chromium', version: '153.0.0' };

/** For a network that may be closed, and for containers, where Chromium's own sandbox can't start. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const localNames = [
  'google-chrome-stable',
  'google-chrome',
  'chromium',
  'chromium-browser',
  'microsoft-edge-stable',
  'microsoft-edge',
];

const localPaths = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
];

/**
 * What Playwright's `chromium.launch` needs.
 * @typedef {object} Browser
 * @property {string} executablePath
 * @property {Record<string, string>} env the whole environment to start it with
 * @property {string[]} args
 */

/**
 * A Chromium that starts on this machine: `$FRAMELINE_BROWSER`, else an installed Chrome, Chromium or Edge, else
 * one from the npm registry, kept in the cache.
 * @param {(line: string) => void} [report] told when something has to be installed
 * @returns {Promise<Browser>}
 */
export async function browserExecutable(report = () => {}) {
  const chosen = process.env.FRAMELINE_BROWSER;
  if (chosen) {
    const problem = await whyNot(chosen, environment());
    if (problem) throw new Error(`FRAMELINE_BROWSER=${chosen} does not start: ${problem}`);
    return { executablePath: chosen, env: environment(), args };
  }
  for (const path of localBrowsers()) {
    if (!(await whyNot(path, environment()))) {
      return { executablePath: path, env: environment(), args };
    }
  }
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(
      'No Chrome, Chromium or Edge found. Install one, or name it in the variable FRAMELINE_BROWSER.',
    );
  }
  return packagedBrowser(report);
}

/** Installed browsers, except snap packages: those can't read the temporary profile they are started with. */
function* localBrowsers() {
  for (const path of localPaths) if (existsSync(path)) yield path;
  for (const name of localNames) {
    for (const folder of (process.env.PATH ?? '').split(delimiter)) {
      const path = join(folder, name);
      if (existsSync(path) && !realpathSync(path).includes('snap')) yield path;
    }
  }
}

/**
 * @param {(line: string) => void} report
 * @returns {Promise<Browser>}
 */
async function packagedBrowser(report) {
  const folder = await cached(`chromium-${packaged.version}-linux-x64`, (to) => {
    report(
      `Installing ${packaged.name} ${packaged.version} from the npm registry (once, about 0.3 GB)…`,
    );
    return unpack(to);
  });
  const executablePath = join(folder, 'chromium');
  const fonts = existsSync('/etc/fonts/fonts.conf')
    ? {}
    : { FONTCONFIG_PATH: join(folder, 'fonts') };
  const env = environment(fonts);
  const problem = await whyNot(executablePath, env);
  if (!problem) return { executablePath, env, args };
  // The package brings the libraries that small images lack. Used only then: the system's fit it better.
  const withLibraries = environment({
    ...fonts,
    LD_LIBRARY_PATH: [join(folder, 'libraries', 'lib'), process.env.LD_LIBRARY_PATH]
      .filter(Boolean)
      .join(delimiter),
  });
  const stillProblem = await whyNot(executablePath, withLibraries);
  if (!stillProblem) return { executablePath, env: withLibraries, args };
  throw new Error(`Chromium from ${packaged.name} does not start here: ${stillProblem}`);
}

/** @param {string} folder */
async function unpack(folder) {
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { [packaged.name]: packaged.version } }),
  );
  const { code, output } = await npm(['install'], { cwd: folder });
  if (code !== 0) throw new Error(`npm install of ${packaged.name} failed:\n${output}`);
  const home = join(folder, 'node_modules', packaged.name);
  // The package's own unpacking goes to fixed names in the temporary folder, which two users would share.
  const { extract } = createRequire(join(home, 'package.json'))('tar-fs');
  const archive = (/** @type {string} */ name) => createReadStream(join(home, 'bin', name));
  await pipeline(
    archive('chromium.br'),
    createBrotliDecompress(),
    createWriteStream(join(folder, 'chromium'), { mode: 0o755 }),
  );
  await pipeline(
    archive('al2023.tar.br'),
    createBrotliDecompress(),
    extract(join(folder, 'libraries')),
  );
  await pipeline(archive('fonts.tar.br'), createBrotliDecompress(), extract(join(folder, 'fonts')));
  await writeFile(join(folder, 'fonts', 'fonts.conf'), fontConfiguration);
}

/** Font folders relative to the file itself; the package's own file names fixed places. */
const fontConfiguration = `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir prefix="relative">fonts</dir>
  <cachedir prefix="xdg">fontconfig</cachedir>
</fontconfig>
`;

/**
 * @param {Record<string, string>} [more]
 * @returns {Record<string, string>}
 */
function environment(more = {}) {
  /** @type {Record<string, string>} */
  const env = {};
  for (const [name, value] of Object.entries(process.env))
    if (value !== undefined) env[name] = value;
  return { ...env, ...more };
}

/**
 * Why the browser can't be started, or undefined when it can.
 * @param {string} path
 * @param {Record<string, string>} env
 */
async function whyNot(path, env) {
  try {
    const { code, output } = await run(path, ['--version'], { env });
    return code === 0 ? undefined : output.trim() || `exit code ${code}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
