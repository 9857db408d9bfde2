import type { Scene, Site, SiteArgument } from '../../program/semantics';
import { bestDeadline, type Instance, instance, unknown, type Value } from '../../program/value';
import { type DeadlineReading, readDeadline } from './times';

/**
 * `CallOptions(headers, deadline, cancellationToken, writeOptions, propagationToken, credentials)` of
 * Grpc.Core.Api.
 */
export function newCallOptions(args: readonly SiteArgument[], scene: Scene): Instance {
  const given = argumentOf(args, 'deadline', 1);
  const token = argumentOf(args, 'cancellationToken', 2);
  const propagated = argumentOf(args, 'propagationToken', 4);
  const reading = withToken(
    given === undefined
      ? { deadline: 'missing', why: 'these CallOptions have none' }
      : readDeadline(given.value, scene),
    token?.value,
  );
  return instance('callOptions', reading.deadline, {
    ...(reading.why === undefined ? {} : { why: reading.why }),
    ...(propagated === undefined ? {} : inheritedFrom(reading)),
    properties: given === undefined ? {} : { deadline: given.value },
  });
}

function inheritedFrom({ deadline }: DeadlineReading): Pick<Instance, 'deadline'> {
  return { deadline: bestDeadline(deadline, 'inherited') };
}

/** By name, else by position among those without a name. */
export function argumentOf(
  args: readonly SiteArgument[],
  name: string,
  position: number,
): SiteArgument | undefined {
  return (
    args.find((argument) => argument.name === name) ??
    (args[position]?.name === undefined ? args[position] : undefined)
  );
}

/**
 * A token by itself is no deadline; only one whose source cancels after a time that is written here bounds the
 * call, and the one of a server's call that ends with the caller's deadline.
 */
export function withToken(reading: DeadlineReading, token: Value | undefined): DeadlineReading {
  if (token?.kind !== 'instance' || token.flavour !== 'token') {
    return reading.deadline === 'missing' && token !== undefined && reading.why === undefined
      ? { ...reading, why: 'a CancellationToken is no deadline' }
      : reading;
  }
  const deadline = bestDeadline(reading.deadline, token.deadline);
  return deadline === 'missing'
    ? { deadline, why: reading.why ?? 'a CancellationToken is no deadline' }
    : { ...reading, deadline };
}

/** `options.WithDeadline(…)` and the like: each gives new options. Undefined for other methods. */
export function changedOptions(
  options: Instance,
  { method, arguments: args, nameSpan }: Site,
  scene: Scene,
): Value | undefined {
  const value = args[0]?.value ?? unknown;
  switch (method) {
    case 'WithDeadline': {
      const { why: _, ...rest } = options;
      return {
        ...rest,
        ...readDeadline(value, scene),
        why: 'CallOptions.WithDeadline',
        made: nameSpan,
        properties: { ...options.properties, deadline: value },
      };
    }
    case 'WithCancellationToken':
      return { ...options, ...withToken(options, value) };
    case 'WithWaitForReady':
      return {
        ...options,
        waitForReady: !(args.length > 0 && value.kind === 'constant' && value.value === false),
      };
    case 'WithPropagationToken':
      return { ...options, deadline: bestDeadline(options.deadline, 'inherited') };
    case 'WithHeaders':
    case 'WithWriteOptions':
    case 'WithCredentials':
      return options;
    default:
      return undefined;
  }
}
