import { spawn } from 'node:child_process';

/**
 * @typedef {object} Finished
 * @property {number | null} code exit code; null when a signal ended it
 * @property {string} output standard output and error as they came
 */

/**
 * Runs a program to its end and gives what it printed. Never through a shell.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, show?: boolean }} [options] `show` prints as it runs too
 * @returns {Promise<Finished>} rejects only when the program can't be started
 */
export function run(file, args, { cwd, env, show = false } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(file, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    const keep = (/** @type {NodeJS.WriteStream} */ to) => (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      if (show) to.write(chunk);
    };
    child.stdout.on('data', keep(process.stdout));
    child.stderr.on('data', keep(process.stderr));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}

/**
 * Runs npm: the one that runs this script, or the one on PATH. Install scripts of packages never run.
 * @param {readonly string[]} args
 * @param {{ cwd: string, show?: boolean }} options
 * @returns {Promise<Finished>}
 */
export function npm(args, { cwd, show = false }) {
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
  const script = process.env.npm_execpath;
  return script?.endsWith('.js')
    ? run(process.execPath, [script, ...args, ...quiet], { cwd, show })
    : run('npm', [...args, ...quiet], { cwd, show });
}

/**
 * Runs a command of a package that is installed in `cwd`, as a user does. Installs nothing.
 * @param {readonly string[]} args the command and its arguments
 * @param {{ cwd: string }} options
 * @returns {Promise<Finished>}
 */
export function npx(args, { cwd }) {
  const script = process.env.npm_execpath?.replace(/npm-cli\.js$/, 'npx-cli.js');
  const all = ['--no', '--offline', '--', ...args];
  return script?.endsWith('npx-cli.js')
    ? run(process.execPath, [script, ...all], { cwd })
    : run('npx', all, { cwd });
}

/**
 * Stops a process that this one started: asks first, and makes it stop after `patience`.
 * @param {import('node:child_process').ChildProcess} child
 * @param {number} [patience] milliseconds
 */
export function stop(child, patience = 5000) {
  return new Promise((/** @type {(value: void) => void} */ resolve) => {
    if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) {
      resolve();
      return;
    }
    const timer = setTimeout(() => child.kill('SIGKILL'), patience);
    child.once('exit', () => {
      clearTimeout(timer);
      resolve();
    });
    child.kill('SIGTERM');
  });
}

/**
 * The environment without what a terminal inside VS Code sets: an editor that sees it reaches for that window.
 * @param {Readonly<Record<string, string>>} [more]
 * @returns {NodeJS.ProcessEnv}
 */
export function outsideEditor(more = {}) {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(VSCODE_|ELECTRON_|CODE_SERVER_|PASSWORD$|PORT$|NODE_OPTIONS$)/.test(name),
  );
  return { ...Object.fromEntries(own), ...more };
}
