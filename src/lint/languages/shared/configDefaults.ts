import type { Deadline, Value } from '../../program/value';
import { serviceConfigFact } from './serviceConfig';

/** What a service config gives to the calls of its channel, where nothing else is said. */
interface Defaults {
  readonly policy?: string;
  readonly methods: readonly MethodConfig[];
  /** Whether all of it is written here. */
  readonly isWhole: boolean;
}

interface MethodConfig {
  readonly names: readonly { readonly service: string; readonly method: string }[];
  readonly hasTimeout: boolean;
  readonly waitForReady?: boolean;
}

/**
 * Whether a call of the method gets a timeout from the service config that is made of this value: JSON text, or
 * the object that is written as JSON. An entry for the method counts before one for the service, and that before
 * one with an empty name (gRFC A6, "Service Config": `name`).
 *
 * @param service simple or full name
 * @param method in any language's spelling
 */
export function configuredDeadline(
  config: Value,
  service: string | undefined,
  method: string | undefined,
): Deadline {
  const { methods, isWhole } = defaultsOf(config);
  if (entryFor(methods, service, method)?.hasTimeout === true) {
    return 'safe';
  }
  return isWhole ? 'missing' : 'unknown';
}

/** Whether calls of the method wait for ready because of the service config; undefined when it doesn't say. */
export function configuredWaitForReady(
  config: Value,
  service: string | undefined,
  method: string | undefined,
): boolean | undefined {
  return entryFor(defaultsOf(config).methods, service, method)?.waitForReady;
}

function entryFor(
  methods: readonly MethodConfig[],
  service: string | undefined,
  method: string | undefined,
): MethodConfig | undefined {
  let best: { readonly rank: number; readonly config: MethodConfig } | undefined;
  for (const candidate of methods) {
    for (const name of candidate.names) {
      const rank = rankOf(name, service, method);
      if (rank > 0 && rank > (best?.rank ?? 0)) {
        best = { rank, config: candidate };
      }
    }
  }
  return best?.config;
}

/** The load-balancing policy that the config chooses: the first one, which every implementation knows. */
export function configuredPolicy(config: Value): string | undefined {
  return defaultsOf(config).policy;
}

/** 0: is for something else. */
function rankOf(
  name: { service: string; method: string },
  service: string | undefined,
  method: string | undefined,
): number {
  if (name.service === '') {
    return 1;
  }
  if (service === undefined || simple(name.service) !== simple(service)) {
    return 0;
  }
  if (name.method === '') {
    return 2;
  }
  return method !== undefined && plain(name.method) === plain(method) ? 3 : 0;
}

function simple(service: string): string {
  return service.slice(service.lastIndexOf('.') + 1);
}

/** `GetListing`, `getListing` and `get_listing` are one. */
function plain(method: string): string {
  return method.replaceAll('_', '').toLowerCase();
}

function defaultsOf(value: Value): Defaults {
  const fact = serviceConfigFact('grpc-core', value, { from: 0, to: 0 });
  if (fact === undefined) {
    return { methods: [], isWhole: false };
  }
  const { config, unseen = [] } = fact;
  const root = 'value' in config ? config.value : parsed(config.text);
  const policy = policyOf(root);
  return {
    ...(policy === undefined ? {} : { policy }),
    methods: listOf(member(root, 'methodConfig')).map(methodConfig),
    isWhole: root !== undefined && unseen.length === 0,
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // It is reported as invalid, and says nothing of deadlines.
    return undefined;
  }
}

function methodConfig(config: unknown): MethodConfig {
  const timeout = member(config, 'timeout');
  const waitForReady = member(config, 'waitForReady');
  return {
    names: listOf(member(config, 'name')).map((name) => ({
      service: textOf(member(name, 'service')),
      method: textOf(member(name, 'method')),
    })),
    hasTimeout: typeof timeout === 'string' && timeout !== '',
    ...(typeof waitForReady === 'boolean' ? { waitForReady } : {}),
  };
}

function policyOf(root: unknown): string | undefined {
  const [first] = listOf(member(root, 'loadBalancingConfig'));
  const [key] = typeof first === 'object' && first !== null ? Object.keys(first) : [];
  const old = member(root, 'loadBalancingPolicy');
  return key ?? (typeof old === 'string' ? old.toLowerCase() : undefined);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
