import type { FileFacts } from '../../program/semantics';
import type { Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';

/** What is understood of each package, by simple names: for `import io.grpc.*`. */
const packages: Readonly<Record<string, readonly string[]>> = {
  'java.lang': ['Long', 'Integer', 'System', 'Thread'],
  'io.grpc': [
    'CallOptions',
    'Channel',
    'ClientInterceptor',
    'ClientInterceptors',
    'Context',
    'Deadline',
    'Grpc',
    'ManagedChannel',
    'ManagedChannelBuilder',
  ],
  'io.grpc.netty': ['NettyChannelBuilder'],
  'io.grpc.netty.shaded.io.grpc.netty': ['NettyChannelBuilder'],
  'io.grpc.okhttp': ['OkHttpChannelBuilder'],
  'io.grpc.inprocess': ['InProcessChannelBuilder'],
  'io.grpc.stub': ['ClientCalls', 'MetadataUtils'],
  'io.grpc.kotlin': ['ClientCalls'],
  'com.google.common.collect': ['ImmutableList', 'ImmutableMap'],
  'com.google.common.util.concurrent': ['Futures'],
  'com.google.gson': ['Gson'],
  'java.time': ['Duration', 'Instant'],
  'java.util': [
    'ArrayList',
    'Arrays',
    'Collections',
    'HashMap',
    'LinkedHashMap',
    'List',
    'Map',
    'Objects',
    'TreeMap',
  ],
  'java.util.concurrent': ['CompletableFuture', 'Executors', 'ForkJoinPool', 'TimeUnit'],
  'java.util.concurrent.TimeUnit': [
    'NANOSECONDS',
    'MICROSECONDS',
    'MILLISECONDS',
    'SECONDS',
    'MINUTES',
    'HOURS',
    'DAYS',
  ],
  'kotlinx.coroutines': ['withTimeout', 'withTimeoutOrNull'],
  'io.ktor.server.routing': ['get', 'post', 'put', 'delete', 'patch', 'head', 'options', 'handle'],
};

/** Where a path can begin that is written out: `io.grpc.Context.current()`. */
const roots = new Set(['io', 'com', 'org', 'net', 'dev', 'java', 'javax', 'jakarta', 'kotlin']);

/** Known in every file without an import. */
const always = new Set(['java.lang', 'kotlin.collections']);

/** `ListingServiceGrpc`, `ListingServiceGrpcKt`; what other generators put before it is in the first group. */
export const generatedClass = /^(Reactor|Rx3?|Mutiny|Vertx)?(\w+?)Grpc(?:Kt)?$/;

/**
 * What a name means that nothing in the file binds: of a wildcard import, of the same package (generated code
 * often stands there), or the beginning of a path.
 */
export function globalName(name: string, file: FileFacts): Value | undefined {
  const path = wildcardPath(name, file) ?? samePackage(name, file);
  if (path !== undefined) {
    return { kind: 'symbol', path };
  }
  return roots.has(name) ? { kind: 'symbol', path: name } : undefined;
}

/** The fully qualified name of a type as written. */
export function qualifiedType(type: string, file: FileFacts): string {
  const qualified = file.qualified(type);
  if (qualified !== type) {
    return qualified;
  }
  const dot = type.indexOf('.');
  const first = dot < 0 ? type : type.slice(0, dot);
  const path = wildcardPath(first, file);
  return path === undefined ? type : path + type.slice(first.length);
}

function wildcardPath(name: string, file: FileFacts): string | undefined {
  for (const { name: bound, path } of file.program.imports) {
    if (bound === '*' && (packages[path]?.includes(name) === true || isNested(name, path))) {
      return `${path}.${name}`;
    }
  }
  const inLanguage = [...always].find((path) => packages[path]?.includes(name));
  return inLanguage === undefined ? undefined : `${inLanguage}.${name}`;
}

/** `ListingServiceBlockingStub` of `import …ListingServiceGrpc.*`. */
function isNested(name: string, path: string): boolean {
  const [, , service] = generatedClass.exec(path.slice(path.lastIndexOf('.') + 1)) ?? [];
  return service !== undefined && name.endsWith('Stub') && name.includes(service);
}

/**
 * A class that is named like generated code and not imported: of the same package or a wildcard import, in a
 * file that has to do with gRPC or for a service that the index knows.
 */
function samePackage(name: string, file: FileFacts): string | undefined {
  const [, , service] = generatedClass.exec(name) ?? [];
  if (service === undefined) {
    return undefined;
  }
  const usesGrpc = file.program.imports.some(({ path }) => path.startsWith('io.grpc'));
  if (!usesGrpc && !file.index.hasService(service)) {
    return undefined;
  }
  const { packageName } = file.program;
  return packageName === undefined ? name : `${packageName}.${name}`;
}

/** Whether `frameline.json` names it; a name without a path is one of the same package. */
export function isNamed(names: readonly string[], name: string, file: FileFacts): boolean {
  const { packageName } = file.program;
  return (
    isConfigured(names, name) ||
    (packageName !== undefined &&
      !name.includes('.') &&
      isConfigured(names, `${packageName}.${name}`))
  );
}
