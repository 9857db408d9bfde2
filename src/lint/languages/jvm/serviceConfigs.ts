import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { alternatives, type Value } from '../../program/value';
import { serviceConfigFact } from '../shared/serviceConfig';

/** Reports what `defaultServiceConfig` gets. */
export function reportServiceConfig(value: Value, span: Span, scene: Scene): void {
  for (const config of alternatives(value)) {
    const fact = serviceConfigFact('grpc-java', config, span);
    if (fact !== undefined) {
      scene.report(fact);
      reportNumbers(config, scene);
    }
  }
}

/**
 * grpc-java's ManagedChannelImplBuilder.checkMapEntryTypes throws IllegalArgumentException for a number that is
 * no Double.
 */
function reportNumbers(value: Value, scene: Scene): void {
  if (value.kind === 'object') {
    for (const entry of value.entries.values()) {
      reportNumbers(entry.value, scene);
    }
  } else if (value.kind === 'list') {
    for (const item of value.items) {
      reportNumbers(item, scene);
    }
  } else if (value.kind === 'constant' && typeof value.value === 'number') {
    const { span } = value;
    const written = scene.file.text.slice(span.from, span.to);
    if (/^[\d_]+[lL]?$|[fF]$/.test(written)) {
      const text = `${value.value}${Number.isInteger(value.value) ? '.0' : ''}`;
      scene.report({
        kind: 'option',
        span,
        message: `defaultServiceConfig takes numbers as Double only: this ${kindOf(written)} makes it throw an IllegalArgumentException.`,
        replacement: { title: `Write ${text}`, span, text },
      });
    }
  }
}

function kindOf(written: string): string {
  return /[fF]$/.test(written) ? 'Float' : /[lL]$/.test(written) ? 'Long' : 'Integer';
}

/** What a service config says of one method; `unknown` where it can't be read. */
export interface MethodDefaults {
  readonly deadline: 'safe' | 'unknown' | 'missing';
  readonly waitForReady: boolean;
}

const nothing: MethodDefaults = { deadline: 'missing', waitForReady: false };
const unseen: MethodDefaults = { deadline: 'unknown', waitForReady: false };

/** The exact method comes before its service, and that before `{}` (gRFC A2). */
export function methodDefaults(
  config: Value | undefined,
  service: string,
  method: string,
): MethodDefaults {
  if (config === undefined) {
    return nothing;
  }
  const value = plain(config);
  if (value === undefined) {
    return unseen;
  }
  const entries = listOf(member(value, 'methodConfig'));
  const matching = entries
    .map((entry) => ({ entry, match: matchOf(listOf(member(entry, 'name')), service, method) }))
    .filter(({ match }) => match > 0)
    .sort((a, b) => b.match - a.match);
  const [best] = matching;
  if (best === undefined) {
    return nothing;
  }
  return {
    deadline: member(best.entry, 'timeout') === undefined ? 'missing' : 'safe',
    waitForReady: member(best.entry, 'waitForReady') === true,
  };
}

/** As JSON; undefined when some of it can't be seen. */
function plain(config: Value): unknown {
  const fact = serviceConfigFact('grpc-java', config, { from: 0, to: 0 });
  if (fact === undefined || (fact.unseen ?? []).length > 0) {
    return undefined;
  }
  if ('value' in fact.config) {
    return fact.config.value;
  }
  try {
    return JSON.parse(fact.config.text);
  } catch {
    return undefined;
  }
}

/** 3: the method, 2: the service, 1: everything, 0: neither. */
function matchOf(names: readonly unknown[], service: string, method: string): number {
  const matches = names.map((name) => {
    const [wanted, rpc] = [member(name, 'service'), member(name, 'method')];
    if (wanted === undefined || wanted === '') {
      return 1;
    }
    if (typeof wanted !== 'string' || wanted.slice(wanted.lastIndexOf('.') + 1) !== service) {
      return 0;
    }
    if (rpc === undefined || rpc === '') {
      return 2;
    }
    return typeof rpc === 'string' && rpc.toLowerCase() === method.toLowerCase() ? 3 : 0;
  });
  return Math.max(0, ...matches);
}

/** The policy that a config chooses; `unknown` where it can't be read. */
export function policyOf(config: Value): string | undefined | 'unknown' {
  const value = plain(config);
  if (value === undefined) {
    return 'unknown';
  }
  const [first] = listOf(member(value, 'loadBalancingConfig'));
  const policy = member(value, 'loadBalancingPolicy');
  const [chosen] = typeof first === 'object' && first !== null ? Object.keys(first) : [];
  return chosen ?? (typeof policy === 'string' ? policy.toLowerCase() : undefined);
}

function member(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
