import type { ClosureBindings, Outcome, Site } from '../../program/semantics';
import type { Value } from '../../program/value';
import { pathOf } from './values';

/** The name by which a block knows the object that its names are members of: `apply`, `run`, `with`. */
export const blockReceiver = 'this@block';

/** Kotlin's scope functions: how the block knows the object, and whether they give it back. */
const scopeFunctions: Readonly<Record<string, { isReceiver: boolean; givesObject: boolean }>> = {
  apply: { isReceiver: true, givesObject: true },
  run: { isReceiver: true, givesObject: false },
  also: { isReceiver: false, givesObject: true },
  let: { isReceiver: false, givesObject: false },
  use: { isReceiver: false, givesObject: false },
};

/** Functions that give what their last argument, a block, gives. */
const blocks =
  /^(?:lazy|run|runBlocking|coroutineScope|supervisorScope|withContext|synchronized|runCatching|async|future)$/;

/** Functions that give what they are given, checked. */
const checks = /^(?:requireNonNull|checkNotNull|requireNotNull|verifyNotNull)$/;

export function blockBindings({
  receiver,
  method,
}: Pick<Site, 'receiver' | 'method'>): ClosureBindings | undefined {
  const scope = Object.hasOwn(scopeFunctions, method) ? scopeFunctions[method] : undefined;
  if (scope === undefined || receiver === undefined) {
    return undefined;
  }
  return scope.isReceiver
    ? { named: { [blockReceiver]: receiver } }
    : { positional: [receiver], named: { it: receiver } };
}

/** What a function of the standard library gives that takes a block, or checks a value. */
export function blockCall(site: Site): Outcome | undefined {
  const { receiver, method, arguments: args } = site;
  const result = resultOf(args.at(-1)?.value);
  const scope = Object.hasOwn(scopeFunctions, method) ? scopeFunctions[method] : undefined;
  if (scope !== undefined && receiver !== undefined && result !== undefined) {
    // A block of `apply` or `also` is lowered so that it gives the object as it is in the end.
    return scope.givesObject && result.kind !== 'unknown'
      ? { value: result, receiver: result }
      : { value: scope.givesObject ? receiver : result };
  }
  if (checks.test(method)) {
    return args[0] === undefined ? undefined : { value: args[0].value };
  }
  const isOwn = receiver === undefined || pathOf(site.callee)?.startsWith('kotlin') === true;
  return result !== undefined && (isOwn || method === 'async') && blocks.test(method)
    ? { value: result }
    : undefined;
}

function resultOf(value: Value | undefined): Value | undefined {
  return value?.kind === 'function' ? value.result : undefined;
}
