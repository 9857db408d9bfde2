// Writes test/interop/go/interopv1 anew after a change of a .proto file: node scripts/interop/generate.mjs
import { join } from 'node:path';
import { cached } from '../cache.mjs';
import { findPython, protoc, pythonFolders } from './python.mjs';
import { home, must } from './tools.mjs';

const python = await findPython();
if (!python) throw new Error('protoc comes from pip: python3 with pip must be on PATH.');
const { packages } = await pythonFolders(python, console.log);
const tools = await cached('interop-go-generators', async (to) => {
  const env = { ...process.env, GOBIN: to };
  const protobuf = 'google.golang.org/protobuf/cmd/protoc-gen-go@v1.36.12';
  const grpc = 'google.golang.org/grpc/cmd/protoc-gen-go-grpc@v1.6.2';
  await must('go', ['install', protobuf], { env });
  await must('go', ['install', grpc], { env });
});
const outputs = ['go', 'go-grpc'].flatMap((name) => [
  `--plugin=protoc-gen-${name}=${join(tools, `protoc-gen-${name}`)}`,
  `--${name}_out=${join(home, 'go')}`,
  `--${name}_opt=module=frameline.dev/interop`,
]);
await protoc(python.file, packages, outputs);
