// npm start: the sample server and an editor with the extension on a sample workspace. Needs Node and npm only.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { createInterface } from 'node:readline';
import { ensureEditor } from './editor.mjs';
import { startEditorServer } from './editorServer.mjs';
import { packageExtension, packagePath } from './package.mjs';
import { outsideEditor, stop } from './process.mjs';
import { ensureDependencies, root } from './project.mjs';
import { makeSampleWorkspace } from './sampleWorkspace.mjs';

const say = (/** @type {string} */ line) => process.stdout.write(`${line}\n`);

/** What to undo at the end, last first. @type {(() => Promise<void>)[]} */
const closers = [];
let closing = false;

async function close() {
  if (closing) return;
  closing = true;
  for (const closer of closers.reverse()) await closer();
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    say('\nStopping…');
    close().finally(() => process.exit(0));
  });
}

try {
  await start();
} catch (error) {
  process.stderr.write(`npm start: ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
} finally {
  await close();
}

async function start() {
  await ensureDependencies(say);
  say('Building…');
  await packageExtension();
  const home = await mkdtemp(join(tmpdir(), 'frameline-start-'));
  closers.push(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));
  const workspace = join(home, 'sample');
  const sample = await startSampleServer();
  await makeSampleWorkspace(workspace, sample.address);
  const env = { FRAMELINE_SAMPLE_TARGET: sample.address };
  say(`Sample server  ${sample.address}`);

  const code = localCode();
  const opened =
    code !== undefined && (await openLocal(code, { home, workspace, env }, sample.ended));
  if (!opened) await openInBrowser({ home, workspace, env }, sample.ended);
}

/** @returns {Promise<{ address: string, ended: Promise<void> }>} */
async function startSampleServer() {
  const bundle = join(root, 'dist', 'sampleServer', 'bin', 'main.cjs');
  // Standard input ends with this process, however that ends, and the server with it.
  const child = spawn(process.execPath, [bundle, '--json', '--exit-with-parent'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  closers.push(() => stop(child));
  const ended = new Promise((/** @type {(value: void) => void} */ resolve) => {
    child.once('exit', () => resolve());
  });
  for await (const line of createInterface({ input: child.stdout })) {
    return { address: JSON.parse(line).address, ended };
  }
  throw new Error('the sample server ended without a word');
}

/** The `code` command of an editor on this machine. In a remote window's terminal it is another program. */
function localCode() {
  if (process.env.VSCODE_IPC_HOOK_CLI) return undefined;
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

/**
 * @typedef {object} Opening
 * @property {string} home
 * @property {string} workspace
 * @property {Record<string, string>} env
 */

/**
 * Opens the workspace in the local editor and waits until its window is closed.
 * @param {string} code
 * @param {Opening} opening
 * @param {Promise<void>} serverEnded
 * @returns {Promise<boolean>} false when that editor does not start
 */
async function openLocal(code, { home, workspace, env }, serverEnded) {
  // A profile of its own: the newcomer's settings stay as they are, and this process may end the editor.
  const userData = join(home, 'code');
  const args = [
    ...['--new-window', '--wait', '--disable-workspace-trust'],
    ...['--user-data-dir', userData, '--extensions-dir', join(home, 'code-extensions')],
    `--extensionDevelopmentPath=${root}`,
    workspace,
  ];
  say('Editor         VS Code opens a window; Ctrl-C or closing it stops everything.');
  const windows = process.platform === 'win32';
  const child = windows
    ? spawn(`"${code}" ${args.map((arg) => `"${arg}"`).join(' ')}`, {
        env: outsideEditor(env),
        stdio: 'inherit',
        shell: true,
      })
    : spawn(code, args, { env: outsideEditor(env), stdio: 'inherit' });
  closers.push(async () => {
    await stop(child);
    await stopMain(userData);
  });
  const exit = new Promise((/** @type {(value: number | null) => void} */ resolve) => {
    child.once('exit', resolve);
    child.once('error', () => resolve(1));
  });
  const result = await Promise.race([exit, serverEnded.then(() => 0)]);
  if (result === 0 || closing) return true;
  say(`${code} does not start here; using code-server instead.`);
  return false;
}

/**
 * `code` leaves the editor itself running and ends; the editor writes its process id into its user data.
 * @param {string} userData
 */
async function stopMain(userData) {
  const pid = Number(await readFile(join(userData, 'code.lock'), 'utf8').catch(() => ''));
  if (!Number.isInteger(pid) || pid <= 0) return;
  try {
    process.kill(pid);
  } catch {
    // It has ended already.
  }
}

/**
 * @param {Opening} opening
 * @param {Promise<void>} serverEnded
 */
async function openInBrowser({ home, workspace, env }, serverEnded) {
  const server = await startEditorServer({
    editor: await ensureEditor(say),
    home,
    vsix: packagePath,
    workspace,
    settings: { 'workbench.startupEditor': 'readme' },
    env,
  });
  closers.push(server.stop);
  say(`Editor         ${server.url}`);
  say(
    'Open that address in a browser and choose Frameline in the activity bar. Ctrl-C stops everything.',
  );
  await Promise.race([server.ended, serverEnded]);
}
