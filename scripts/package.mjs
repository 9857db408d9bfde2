import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from './process.mjs';
import { root } from './project.mjs';

/** The extension as it is published. */
export const packagePath = join(root, 'frameline.vsix');

/**
 * Builds the extension and packs it into `packagePath`.
 * @param {{ show?: boolean }} [options]
 */
export async function packageExtension({ show = false } = {}) {
  const vsce = join(root, 'node_modules', '@vscode', 'vsce', 'vsce');
  const options = [
    // Everything that is needed at run time is in the bundles.
    '--no-dependencies',
    // The package names no repository to resolve links against.
    ...['--allow-missing-repository', '--no-rewrite-relative-links'],
    ...['--out', packagePath],
  ];
  const { code, output } = await run(process.execPath, [vsce, 'package', ...options], {
    cwd: root,
    show,
  });
  if (code !== 0) throw new Error(`vsce package failed:\n${show ? '' : output}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await packageExtension({ show: true });
}
