import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { debianPackages } from './debian.mjs';
import { filesBelow, hash, home, must, protos } from './tools.mjs';

// Debian's Ruby and not the first on PATH: the gem belongs to it.
const ruby = '/usr/bin/ruby';
// libprotobuf-dev brings google/protobuf/*.proto.
const packages = [
  'ruby',
  'ruby-grpc',
  'protobuf-compiler',
  'protobuf-compiler-grpc',
  'libprotobuf-dev',
];

/**
 * @param {(line: string) => void} report
 * @returns {Promise<import('./tools.mjs').Program | undefined>}
 */
export async function prepareRuby(report) {
  if (!(await debianPackages(packages, report))) {
    report('Ruby server skipped: its Debian packages are not installed.');
    return undefined;
  }
  const versions = await must(ruby, [
    '-rgrpc',
    '-e',
    'print GRPC::VERSION, ", Ruby ", RUBY_VERSION',
  ]);
  const generated = await cached(
    `interop-ruby-server-${await hash(versions, protos)}`,
    async (to) => {
      report(`Generating the Ruby server's code for grpc ${versions}…`);
      const plugin = '--plugin=protoc-gen-grpc=/usr/bin/grpc_ruby_plugin';
      const outputs = [`--ruby_out=${to}`, `--grpc_out=${to}`];
      await must('/usr/bin/protoc', [
        `-I${protos}`,
        plugin,
        ...outputs,
        ...(await filesBelow(protos)),
      ]);
    },
  );
  return {
    file: ruby,
    args: ['-I', generated, join(home, 'ruby', 'server.rb')],
    env: {},
    version: `grpc ${versions}`,
  };
}
