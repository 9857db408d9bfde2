import { lastPart } from '../../index/exports';
import type { FileFacts } from '../../program/semantics';
import type { Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';

/** Types that hold another one, which the linter looks through. */
const wrappers =
  /^(?:[\w.]*\.)?(?:Lazy|Task|ValueTask|Func|IOptions|ThreadLocal|AsyncLocal)<(.*)>$/s;

/** Without `?`, without what only holds it, with aliases resolved: `Lazy<A.B>?` is `A.B`. */
export function plainType(written: string, file: FileFacts): string {
  let type = written.replace(/\s+/g, '').replace(/^global::/, '');
  for (let inner: string | undefined = type; inner !== undefined; ) {
    type = inner.replace(/\?$/, '');
    inner = wrappers.exec(type)?.[1];
  }
  return file.qualified(type);
}

/** Whether the value is the type or member that ends so: `GrpcChannel.ForAddress`. */
export function isSymbol(value: Value, ...ends: readonly string[]): boolean {
  return (
    value.kind === 'symbol' &&
    ends.some((end) => value.path === end || value.path.endsWith(`.${end}`))
  );
}

/**
 * The service of a generated client. The generator nests it: `Xxx.XxxClient`, where `using static` leaves the
 * first part out. A namespace can look the same (`SendGrid.SendGridClient`), so either the index knows the
 * service, or the file uses gRPC and there is one name before it. `isCertain` when it is made with a channel.
 */
export function serviceOfClient(
  type: string,
  file: FileFacts,
  isCertain = false,
): string | undefined {
  const [, before = '', service = ''] = /^((?:[\w.]*\.)?)(\w+)\.\2Client$/.exec(type) ?? [];
  if (service !== '') {
    const isKnown = file.index.hasService(service);
    return isKnown || isCertain || (before === '' && usesGrpc(file)) ? service : undefined;
  }
  const bare = /^(\w+)Client$/.exec(type)?.[1];
  if (bare !== undefined && isUsedStatically(bare, file)) {
    return bare;
  }
  return isConfigured(file.settings.stubs, type) ? lastPart(type) : undefined;
}

/** Whether the file names the gRPC library, or holds a service itself. */
export function usesGrpc({ program }: FileFacts): boolean {
  return program.imports.some(({ path }) => /^Grpc\b/.test(path));
}

/** `using static A.B.ListingService;` */
function isUsedStatically(service: string, file: FileFacts): boolean {
  return (
    (file.index.hasService(service) || usesGrpc(file)) &&
    file.program.imports.some(({ name, path }) => name === '*' && path.endsWith(`.${service}`))
  );
}
