import type { FileFacts } from '../../program/semantics';
import { alternatives, type Value } from '../../program/value';

/** grpc-js, and the native module that came before it, with the same calls. */
export const grpcModules = ['@grpc/grpc-js', 'grpc'] as const;

export const connectModules = ['@connectrpc/connect', '@bufbuild/connect'] as const;

export const connectTransportModules = [
  '@connectrpc/connect-node',
  '@connectrpc/connect-web',
  '@bufbuild/connect-node',
  '@bufbuild/connect-web',
] as const;

export const niceModules = ['nice-grpc', 'nice-grpc-web', 'nice-grpc-common'] as const;

/** What is left of the path of a symbol after one of the modules; undefined when it is of another one. */
export function memberOf(value: Value, modules: readonly string[]): string | undefined {
  return value.kind === 'symbol' ? pathIn(value.path, modules) : undefined;
}

export function pathIn(path: string, modules: readonly string[]): string | undefined {
  const module = modules.find((each) => path.startsWith(`${each}.`));
  return module === undefined ? undefined : path.slice(module.length + 1);
}

/** The name at the end of a path: `./gen/market_pb.ListingService` is `ListingService`. */
export function lastName(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

/** `ListingServiceClient` of `./gen/market.ListingServiceClient`: what stands before is the module. */
export function moduleOf(path: string): string {
  const dot = path.lastIndexOf('.');
  return dot < 0 ? '' : path.slice(0, dot);
}

/** Whether the file imports the module, or something inside it: `@nestjs/…`. */
export function importsFrom(file: FileFacts, start: RegExp): boolean {
  return file.program.imports.some(({ path }) => start.test(path));
}

/** `null` or `undefined`, on each way. */
export function isNothing(value: Value): boolean {
  return alternatives(value).every((each) => each.kind === 'constant' && each.value === null);
}
