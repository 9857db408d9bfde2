/** A package definition for @grpc/reflection, by grpc-js's own proto-loader (and so by protobufjs 7). */
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import type { ReflectionService } from '@grpc/reflection';

export type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

interface ProtoLoader {
  load(file: string, options: { includeDirs: string[] }): Promise<PackageDefinition>;
}

export function loadPackage(file: string): Promise<PackageDefinition> {
  const loader: ProtoLoader = createRequire(import.meta.url)('@grpc/proto-loader');
  return loader.load(file, { includeDirs: [dirname(file)] });
}
