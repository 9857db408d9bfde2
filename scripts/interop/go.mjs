import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { hash, home, must, pinned, versionOf } from './tools.mjs';

const source = join(home, 'go');

/**
 * @param {(line: string) => void} report
 * @returns {Promise<import('./tools.mjs').Program | undefined>}
 */
export async function prepareGo(report) {
  const version = await versionOf('go', ['version']);
  if (version === undefined) {
    report('Go server skipped: there is no go on PATH.');
    return undefined;
  }
  const name = `interop-go-${await hash(version, source)}`;
  const program = process.platform === 'win32' ? 'server.exe' : 'server';
  const folder = await cached(name, async (to) => {
    report(`Building the Go server with ${version}…`);
    await must('go', ['build', '-o', join(to, program), '.'], { cwd: source });
  });
  const library = await pinned(join(source, 'go.mod'), /google\.golang\.org\/grpc v(\S+)/);
  return {
    file: join(folder, program),
    args: [],
    env: {},
    version: `grpc-go ${library}, ${/go[\d.]+/.exec(version)?.[0]}`,
  };
}
