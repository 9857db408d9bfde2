/** Servers in other languages for Frameline to be tried against (test/interop): built with what this machine has. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { stop } from '../process.mjs';
import { prepareCpp } from './cpp.mjs';
import { prepareGo } from './go.mjs';
import { prepareJava } from './java.mjs';
import { preparePython, preparePythonAsyncio } from './python.mjs';
import { prepareRuby } from './ruby.mjs';
import { prepareRust } from './rust.mjs';

/** Milliseconds that a server has to print its address. */
const startTimeout = 30_000;

/** @typedef {import('./tools.mjs').Program} Program */

/** @typedef {(report: (line: string) => void) => Promise<Program | undefined>} Prepare */

const builds = {
  go: prepareGo,
  java: prepareJava,
  python: preparePython,
  'python-asyncio': preparePythonAsyncio,
  ruby: prepareRuby,
  rust: prepareRust,
  cpp: prepareCpp,
};

/** @typedef {keyof typeof builds} Language */

/**
 * @typedef {object} Prepared
 * @property {Partial<Record<Language, Program>>} programs
 * @property {Partial<Record<Language, string>>} missing why the machine can't build it
 */

/**
 * Builds the servers, each once for its sources, one after the other. A language that the machine lacks is
 * reported and left out; one that is there and fails is an error.
 * @param {(line: string) => void} report
 * @returns {Promise<Prepared>}
 */
export async function prepareServers(report) {
  /** @type {Prepared} */
  const prepared = { programs: {}, missing: {} };
  for (const [name, build] of Object.entries(builds)) {
    const language = /** @type {Language} */ (name);
    let why = '';
    const program = await /** @type {Prepare} */ (build)((line) => {
      why = line;
      report(line);
    });
    if (program) prepared.programs[language] = program;
    else prepared.missing[language] = why;
  }
  return prepared;
}

/**
 * Starts a server that `prepareServers` built.
 * @param {Program} program
 * @param {readonly string[]} [flags] see test/interop/go/main.go and test/interop/python/server.py
 */
export async function startServer({ file, args, env }, flags = []) {
  const child = spawn(file, [...args, ...flags], {
    env: { ...process.env, ...env },
    // The server ends when this pipe closes: also when this process is killed.
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let errors = '';
  child.stderr.on('data', (/** @type {Buffer} */ chunk) => {
    errors = (errors + chunk.toString()).slice(-20_000);
  });
  const lines = createInterface({ input: child.stdout });
  const address = await new Promise((/** @type {(line: string) => void} */ resolve, reject) => {
    const fail = (/** @type {string} */ why) => reject(new Error(`${file} ${why}\n${errors}`));
    const timer = setTimeout(() => fail('printed no address in time.'), startTimeout);
    child.on('error', (error) => fail(`can't be started: ${error.message}`));
    child.on('close', (code) => fail(`ended with ${code}.`));
    lines.once('line', resolve);
    lines.once('line', () => clearTimeout(timer));
    child.once('close', () => clearTimeout(timer));
  }).catch(async (error) => {
    await stop(child);
    throw error;
  });
  return {
    /** `127.0.0.1:PORT` */
    address,
    /** What it has written to standard error, the last of it. */
    errors: () => errors,
    stop: () => stop(child),
    /** Has it stop by its own means: it closes its connections and ends. */
    endInput() {
      child.stdin.end();
    },
    /** Ends it at once, as a crash does: the operating system closes its connections. */
    kill() {
      child.kill('SIGKILL');
    },
  };
}
