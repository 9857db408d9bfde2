import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { hash, home, must, pinned, protos, versionOf } from './tools.mjs';

const source = join(home, 'java', 'server');
const pom = join(source, 'pom.xml');

/** A server for a test lives for seconds: what counts is how fast it starts. */
const fastStart = ['-XX:TieredStopAtLevel=1', '-XX:+UseSerialGC', '-Xshare:auto'];

/**
 * @param {(line: string) => void} report
 * @returns {Promise<import('./tools.mjs').Program | undefined>}
 */
export async function prepareJava(report) {
  const version = await versionOf('javac', ['-version']);
  const maven = await versionOf('mvn', ['--version']);
  if (version === undefined || maven === undefined) {
    report('Java server skipped: there is no javac with mvn on PATH.');
    return undefined;
  }
  const name = `interop-java-server-${await hash(version, protos, pom, join(source, 'src'))}`;
  const folder = await cached(name, async (to) => {
    report(`Building the Java server with ${version}…`);
    const quiet = ['--quiet', '--batch-mode', '--no-transfer-progress'];
    await must('mvn', [...quiet, `--file=${pom}`, `-Dfolder=${to}`, 'package']);
    await rm(join(to, 'build'), { recursive: true });
  });
  return {
    file: 'java',
    args: [...fastStart, '-cp', join(folder, 'lib', '*'), 'dev.frameline.interop.InteropServer'],
    env: {},
    version: `grpc-java ${await pinned(pom, /<grpc\.version>(.+)</)}, ${version.replace('javac', 'Java')}`,
  };
}
