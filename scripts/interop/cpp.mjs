import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { root } from '../project.mjs';
import { debianPackages } from './debian.mjs';
import { hash, home, must, protos } from './tools.mjs';

const source = join(home, 'cpp');
const packages = [
  'g++',
  'make',
  'pkg-config',
  'libgrpc++-dev',
  'libprotobuf-dev',
  'protobuf-compiler',
  'protobuf-compiler-grpc',
];

/**
 * @param {(line: string) => void} report
 * @returns {Promise<import('./tools.mjs').Program | undefined>}
 */
export async function prepareCpp(report) {
  if (!(await debianPackages(packages, report))) {
    report('C++ server skipped: its Debian packages are not installed.');
    return undefined;
  }
  const [grpc, protobuf, compiler] = await Promise.all([
    must('pkg-config', ['--modversion', 'grpc++']),
    must('pkg-config', ['--modversion', 'protobuf']),
    must('g++', ['-dumpfullversion']),
  ]);
  const version = `grpc++ ${grpc.trim()}, protobuf ${protobuf.trim()}, g++ ${compiler.trim()}`;
  const details = join(root, 'src', 'sampleServer', 'proto', 'google', 'rpc');
  const name = `interop-cpp-${await hash(version, source, protos, details)}`;
  const folder = await cached(name, async (to) => {
    report(`Building the C++ server with ${version}…`);
    await must('make', ['-C', source, `OUT=${to}`]);
  });
  return { file: join(folder, 'server'), args: [], env: {}, version };
}
