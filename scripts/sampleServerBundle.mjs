import { cp } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How the sample server becomes a program of its own. CommonJS, because grpc-js and @grpc/reflection look for
 * their .proto files at `__dirname/../../proto`: `sampleServerFiles` puts them there, and the descriptors of
 * our own services beside the program.
 * @param {string} dist
 * @returns {import('esbuild').BuildOptions}
 */
export function sampleServerBuild(dist) {
  return {
    bundle: true,
    entryPoints: { main: 'src/sampleServer/main.ts' },
    outdir: join(dist, 'sampleServer/bin'),
    outExtension: { '.js': '.cjs' },
    format: 'cjs',
    platform: 'node',
    target: 'node20',
    // CommonJS has no import.meta.
    define: { 'import.meta.url': '__bundleUrl' },
    banner: { js: "const __bundleUrl = require('node:url').pathToFileURL(__filename).href;" },
  };
}

/**
 * Copies what the program reads.
 * @param {string} dist
 */
export async function sampleServerFiles(dist) {
  await Promise.all([
    cp('node_modules/@grpc/grpc-js/proto/channelz.proto', join(dist, 'proto/channelz.proto')),
    cp('node_modules/@grpc/reflection/build/proto/grpc', join(dist, 'proto/grpc'), {
      recursive: true,
    }),
    cp('src/sampleServer/proto/sample.binpb', join(dist, 'sampleServer/bin/proto/sample.binpb')),
  ]);
}
