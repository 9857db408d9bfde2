import { lastPart } from '../../index/exports';
import type { Scene } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import type { Entry, ObjectValue, Value } from '../../program/value';
import { serviceConfigFact } from '../shared/serviceConfig';
import { isSymbol } from './types';

/** Members of Grpc.Net.Client.Configuration that gRFC A6 calls otherwise. */
const names: Readonly<Record<string, string>> = {
  MethodConfigs: 'methodConfig',
  LoadBalancingConfigs: 'loadBalancingConfig',
  Names: 'name',
};

const policies: Readonly<Record<string, string>> = {
  RoundRobinConfig: 'round_robin',
  PickFirstConfig: 'pick_first',
};

/** `ServiceConfig = new ServiceConfig { … }` */
export function reportServiceConfig({ value, span }: Entry, scene: Scene): void {
  const fact = serviceConfigFact('grpc-dotnet', asJson(value, span), span);
  if (fact !== undefined) {
    scene.report(fact);
  }
}

/** The first policy, which is the one that is taken when it is known. */
export function serviceConfigPolicy(config: Value | undefined): string | undefined {
  const list =
    config?.kind === 'object' ? config.entries.get('LoadBalancingConfigs')?.value : undefined;
  const first = list?.kind === 'list' ? list.items[0] : undefined;
  return first?.kind === 'object' ? policies[lastPart(first.type ?? '')] : undefined;
}

/** The value as it would be in JSON. */
function asJson(value: Value, span: Span): Value {
  switch (value.kind) {
    case 'object':
      return jsonObject(value);
    case 'list':
      return { ...value, items: value.items.map((item) => asJson(item, span)) };
    case 'symbol':
      // The name that matches every method.
      return isSymbol(value, 'MethodName.Default')
        ? { kind: 'object', entries: new Map(), isOpen: false, span }
        : value;
    default:
      return value;
  }
}

function jsonObject(value: ObjectValue): Value {
  const policy = policies[lastPart(value.type ?? '')];
  const entries = new Map(
    [...value.entries].map(([key, entry]) => [
      names[key] ?? key.charAt(0).toLowerCase() + key.slice(1),
      { ...entry, value: asJson(entry.value, entry.span) },
    ]),
  );
  const inner: ObjectValue = { ...value, entries };
  return policy === undefined
    ? inner
    : {
        ...value,
        entries: new Map([[policy, { value: inner, keySpan: value.span, span: value.span }]]),
      };
}
