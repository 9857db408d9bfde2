// Compiles the .proto files beside it to sample.binpb, the descriptor set that the sample server reads:
// `node src/sampleServer/proto/build.mjs`. A compiled set, because protobufjs can't keep files, imports,
// comments and options as they were written, and reflection has to answer with exactly those.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const buf = '@bufbuild/buf@1.75.0';
const here = fileURLToPath(new URL('.', import.meta.url));
const packages = fileURLToPath(new URL('../../../node_modules/@grpc/', import.meta.url));

const tree = mkdtempSync(join(tmpdir(), 'frameline-proto-'));
try {
  cpSync(here, tree, { recursive: true });
  // Files that the packages bring for services which this server offers too.
  cpSync(
    join(packages, 'grpc-js/proto/channelz.proto'),
    join(tree, 'grpc/channelz/v1/channelz.proto'),
  );
  cpSync(join(packages, 'reflection/build/proto/grpc'), join(tree, 'grpc'), { recursive: true });
  execFileSync(
    'npx',
    ['--yes', buf, 'build', tree, '--as-file-descriptor-set', '-o', join(here, 'sample.binpb')],
    { stdio: 'inherit' },
  );
} finally {
  rmSync(tree, { recursive: true });
}
