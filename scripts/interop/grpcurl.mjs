import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { must, versionOf } from './tools.mjs';

const grpcurl = 'v1.9.4';

/**
 * Builds grpcurl from the Go module proxy, once for its version.
 * @param {(line: string) => void} report
 * @returns {Promise<string | undefined>} path of the program; undefined where there is no Go
 */
export async function prepareGrpcurl(report) {
  const version = await versionOf('go', ['version']);
  if (version === undefined) {
    report('grpcurl skipped: there is no go on PATH.');
    return undefined;
  }
  const folder = await cached(
    `grpcurl-${grpcurl}-${process.platform}-${process.arch}`,
    async (to) => {
      report(`Building grpcurl ${grpcurl} with ${version}…`);
      const module = `github.com/fullstorydev/grpcurl/cmd/grpcurl@${grpcurl}`;
      await must('go', ['install', module], { env: { ...process.env, GOBIN: to } });
    },
  );
  return join(folder, process.platform === 'win32' ? 'grpcurl.exe' : 'grpcurl');
}
