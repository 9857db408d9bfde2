import { join } from 'node:path';
import { run } from './process.mjs';
import { root } from './project.mjs';

/** The extension as it is published. */
export const packagePath = join(root, 'frameline.vsix');

/**
 * Builds the extension and packs it into `packagePath`.
 * @returns {Promise<import('./process.mjs').Finished>}
 */
export function packageExtension() {
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  // Everything that is needed at run time is in the bundles.
  const options = ['--no-dependencies', '--allow-missing-repository', '--out', packagePath];
  return run(process.execPath, [vsce, 'package', ...options], { cwd: root });
}
