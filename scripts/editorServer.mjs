import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { outsideEditor, run, stop } from './process.mjs';

/** What would get in a newcomer's and a test's way: welcome pages, chat, updates, look-ups on the network. */
const quietSettings = {
  'workbench.startupEditor': 'none',
  'workbench.welcomePage.experimentalOnboarding': false,
  'workbench.welcomePage.walkthroughs.openOnInstall': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'chat.commandCenter.enabled': false,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  'security.workspace.trust.startupPrompt': 'never',
  'security.workspace.trust.banner': 'always',
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'git.enabled': false,
};

/**
 * @typedef {object} ServerOptions
 * @property {import('./editor.mjs').Editor} editor
 * @property {string} home a folder of its own for user data, extensions and configuration
 * @property {string} vsix the extension to install
 * @property {string} workspace the folder to open
 * @property {boolean} [trust] false turns workspace trust on, so that the folder opens restricted; default true
 * @property {Readonly<Record<string, unknown>>} [settings] user settings, over the quiet ones
 * @property {Readonly<Record<string, string>>} [env] variables for the extension host
 */

/**
 * @typedef {object} EditorServer
 * @property {string} url of the workbench with the workspace open
 * @property {string} userData folder of the user's settings and of the logs
 * @property {() => string} output what the process has printed so far
 * @property {Promise<void>} ended resolves when the process has ended, whoever ended it
 * @property {() => Promise<void>} stop
 */

/**
 * Starts code-server on a free port of 127.0.0.1, with the extension installed.
 * @param {ServerOptions} options
 * @returns {Promise<EditorServer>}
 */
export async function startEditorServer(options) {
  const { editor, home, vsix, workspace } = options;
  const userData = join(home, 'user-data');
  await mkdir(join(userData, 'User'), { recursive: true });
  await writeFile(
    join(userData, 'User', 'settings.json'),
    JSON.stringify({ ...quietSettings, ...options.settings }, undefined, 2),
  );
  // Without a file of its own code-server writes one into the user's home.
  const config = join(home, 'config.yaml');
  await writeFile(config, 'auth: none\n');
  const folders = [
    ['--config', config],
    ['--user-data-dir', userData],
    ['--extensions-dir', join(home, 'extensions')],
  ].flat();
  const env = outsideEditor(options.env);
  const installed = await run(
    editor.node,
    [editor.entry, ...folders, '--install-extension', vsix, '--force'],
    { env },
  );
  if (installed.code !== 0) throw new Error(`Installing ${vsix} failed:\n${installed.output}`);

  const child = spawn(
    editor.node,
    [
      ...[editor.entry, ...folders],
      ...['--auth', 'none', '--bind-addr', '127.0.0.1:0', '--ignore-last-opened'],
      ...['--disable-telemetry', '--disable-update-check', '--disable-getting-started-override'],
      ...(options.trust === false ? [] : ['--disable-workspace-trust']),
    ],
    { env, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let output = '';
  const ended = new Promise((/** @type {(value: void) => void} */ resolve) => {
    child.once('exit', () => resolve());
  });
  const address = await new Promise((resolve, reject) => {
    const read = (/** @type {Buffer} */ chunk) => {
      output += chunk.toString();
      const match = /HTTP server listening on (http:\S+?)\/?\s/.exec(output);
      if (match?.[1]) resolve(match[1]);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`code-server ended (${code}):\n${output}`)));
  });
  return {
    url: `${address}/?folder=${encodeURIComponent(workspace)}`,
    userData,
    output: () => output,
    ended,
    stop: () => stop(child),
  };
}
