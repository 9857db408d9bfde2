import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { cached, cacheFolder } from '../cache.mjs';
import { hash, home, must, pinned, protos, versionOf } from './tools.mjs';

const source = join(home, 'rust');
const lock = join(source, 'Cargo.lock');

/**
 * @param {(line: string) => void} report
 * @returns {Promise<import('./tools.mjs').Program | undefined>}
 */
export async function prepareRust(report) {
  const version = await versionOf('cargo', ['--version']);
  if (version === undefined) {
    report('Rust server skipped: there is no cargo on PATH.');
    return undefined;
  }
  const parts = ['Cargo.toml', 'Cargo.lock', 'build.rs', 'src'].map((part) => join(source, part));
  const name = `interop-rust-${await hash(version, protos, ...parts)}`;
  const program = process.platform === 'win32' ? 'interop.exe' : 'interop';
  const folder = await cached(name, async (to) => {
    report(`Building the Rust server with ${version}…`);
    // Kept for the next change: cargo builds again only what is new.
    const target = join(cacheFolder(), 'interop-rust-target');
    await must('cargo', ['build', '--locked', '--quiet', '--target-dir', target], { cwd: source });
    await copyFile(join(target, 'debug', program), join(to, program));
  });
  return {
    file: join(folder, program),
    args: [],
    env: {},
    version: `tonic ${await pinned(lock, /name = "tonic"\nversion = "(.+)"/)}, ${version.replace(/ \(.*/, '')}`,
  };
}
