/** Options of one call: `grpc.CallOption`. */
import type { Site, SiteArgument } from '../../program/semantics';
import { alternatives, type Deadline, instance, type Value } from '../../program/value';

/** What `grpc.WaitForReady(true)` and `grpc.FailFast(false)` give; undefined for other calls. */
export function callOptionCall({ callee, arguments: [first] }: Site): Value | undefined {
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const says = first?.value;
  const known =
    says?.kind === 'constant' && typeof says.value === 'boolean' ? says.value : undefined;
  switch (callee.path) {
    case 'google.golang.org/grpc.WaitForReady':
      return option(known);
    case 'google.golang.org/grpc.FailFast':
      return option(known === undefined ? undefined : !known);
    default:
      return undefined;
  }
}

function option(waitForReady: boolean | undefined): Value {
  return instance('callOptions', 'missing', waitForReady === undefined ? {} : { waitForReady });
}

/** Whether these options have a call wait; the last one counts. Undefined when none says it. */
export function waitForReadyOf(args: readonly SiteArgument[]): boolean | undefined {
  let waits: boolean | undefined;
  for (const each of optionsOf(args)) {
    waits = each.waitForReady ?? waits;
  }
  return waits;
}

/** A deadline that a call option may give. */
export function deadlineOfOptions(args: readonly SiteArgument[]): Deadline {
  return optionsOf(args).some(({ deadline }) => deadline !== 'missing') ? 'unknown' : 'missing';
}

function optionsOf(args: readonly SiteArgument[]) {
  return args.flatMap(({ value }) =>
    alternatives(value)
      .flatMap((way) => (way.kind === 'list' ? way.items.flatMap(alternatives) : [way]))
      .flatMap((way) => (way.kind === 'instance' && way.role === 'callOptions' ? [way] : [])),
  );
}
