import type { ChannelFact, OptionFact } from '../../facts';
import { lastPart } from '../../index/exports';
import { checkChannelArgument, keepaliveFromArguments } from '../../options/channelArguments';
import type { Outcome, Scene, Site, SiteArgument } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import {
  type Instance,
  instance,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { configuredPolicy } from '../shared/configDefaults';
import { addressOf, placeOf } from '../shared/report';
import { serviceConfigFact } from '../shared/serviceConfig';

/** `grpc::ChannelArguments`: what is set on it, by key. `isOpen` where somebody else may have set more. */
export function channelArguments(isOpen: boolean): Instance {
  const entries: ObjectValue = {
    kind: 'object',
    entries: new Map(),
    isOpen,
    span: { from: 0, to: 0 },
  };
  return instance('builder', 'missing', {
    flavour: 'channel arguments',
    properties: { entries },
  });
}

/** Macros of grpc/impl/channel_arg_names.h whose keys are not their names in lower case. */
const macros: Readonly<Record<string, string>> = {
  GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS:
    'grpc.http2.min_ping_interval_without_data_ms',
  GRPC_ARG_HTTP2_MIN_SENT_PING_INTERVAL_WITHOUT_DATA_MS: 'grpc.http2.min_time_between_pings_ms',
  GRPC_ARG_HTTP2_BDP_PROBE: 'grpc.http2.bdp_probe',
  GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA: 'grpc.http2.max_pings_without_data',
  GRPC_ARG_HTTP2_MAX_PING_STRIKES: 'grpc.http2.max_ping_strikes',
  GRPC_ARG_HTTP2_MAX_FRAME_SIZE: 'grpc.http2.max_frame_size',
  GRPC_ARG_PRIMARY_USER_AGENT_STRING: 'grpc.primary_user_agent',
  GRPC_ARG_SECONDARY_USER_AGENT_STRING: 'grpc.secondary_user_agent',
  GRPC_SSL_TARGET_NAME_OVERRIDE_ARG: 'grpc.ssl_target_name_override',
};

/** The other macros, each `grpc.` and the name in lower case. */
const plainMacro =
  /^GRPC_ARG_((?:KEEPALIVE|SERVICE_CONFIG|LB_POLICY_NAME|MAX_RECEIVE_MESSAGE|MAX_SEND_MESSAGE|MAX_CONCURRENT_STREAMS|ENABLE_RETRIES|CLIENT_IDLE_TIMEOUT_MS|MAX_CONNECTION|DEFAULT_AUTHORITY|INITIAL_RECONNECT|MIN_RECONNECT|MAX_RECONNECT|USE_LOCAL_SUBCHANNEL_POOL|DNS_MIN_TIME|ENABLE_HTTP_PROXY|ENABLE_CHANNELZ)\w*)$/;

/** The key that an argument names: text or a macro. */
function keyOf(value: Value): string | undefined {
  if (value.kind === 'constant' && typeof value.value === 'string') {
    return value.value;
  }
  if (value.kind !== 'symbol') {
    return undefined;
  }
  const plain = plainMacro.exec(value.path)?.[1];
  return macros[value.path] ?? (plain === undefined ? undefined : `grpc.${plain.toLowerCase()}`);
}

/** Values of `<climits>` and `<limits>`. */
function numberOf(value: Value, span: SiteArgument['span']): Value {
  const isLargest =
    (value.kind === 'symbol' && /^(?:INT_MAX|INT32_MAX)$/.test(value.path)) ||
    (value.kind === 'instance' && value.flavour === 'largest number');
  return isLargest ? { kind: 'constant', value: 2_147_483_647, span } : value;
}

/** Methods that stand for one key each. */
const keyMethods: Readonly<Record<string, string>> = {
  SetServiceConfigJSON: 'grpc.service_config',
  SetLoadBalancingPolicyName: 'grpc.lb_policy_name',
};

/** A method of `ChannelArguments`: what is set is remembered, and checked where it stands. */
export function argumentsMethod(
  target: Instance,
  { method, arguments: args, call, nameSpan }: Site,
  scene: Scene,
): Partial<Outcome> | undefined {
  const [first, second] = args;
  if (first === undefined) {
    return undefined;
  }
  const single = keyMethods[method];
  if (single !== undefined) {
    if (single === 'grpc.service_config') {
      reportConfig(first.value, first.span, scene);
    }
    return { receiver: withEntry(target, single, first, first) };
  }
  if ((method !== 'SetInt' && method !== 'SetString') || second === undefined) {
    return undefined;
  }
  const key = keyOf(first.value);
  if (key === undefined) {
    return { receiver: withEntry(target, `\0${call.span.from}`, first, second) };
  }
  const value = numberOf(second.value, second.span);
  const quotes = first.value.kind === 'constant' ? 1 : 0;
  const keySpan = { from: first.span.from + quotes, to: first.span.to - quotes };
  const problem = checkChannelArgument('grpc-core', key, keySpan, value, second.span);
  if (problem !== undefined) {
    const keyText = scene.file.text.slice(first.span.from, first.span.to);
    scene.report(inCpp(problem, { keySpan, isMacro: quotes === 0, keyText, nameSpan }));
  }
  if (key === 'grpc.service_config') {
    reportConfig(value, second.span, scene);
  }
  return { receiver: withEntry(target, key, first, { ...second, value }) };
}

/** Between quotes another key can be written, but not instead of a macro; numbers go with SetInt. */
function inCpp(
  fact: OptionFact,
  written: { keySpan: Span; isMacro: boolean; keyText: string; nameSpan: Span },
): OptionFact {
  const { replacement } = fact;
  if (replacement === undefined) {
    return fact;
  }
  const { keySpan, isMacro, keyText, nameSpan } = written;
  const { span, text } = replacement;
  if (span.from === keySpan.from) {
    return isMacro ? { ...fact, replacement: { ...replacement, text: `"${text}"` } } : fact;
  }
  return {
    ...fact,
    replacement: {
      title: `Use SetInt and ${text}`,
      span: { from: nameSpan.from, to: span.to },
      text: `SetInt(${keyText}, ${text}`,
    },
  };
}

function reportConfig(value: Value, span: SiteArgument['span'], scene: Scene): void {
  const fact = serviceConfigFact('grpc-core', value, span);
  if (fact !== undefined) {
    scene.report(fact);
  }
}

function withEntry(
  target: Instance,
  key: string,
  keyArgument: SiteArgument,
  valueArgument: SiteArgument,
): Instance {
  const { entries } = target.properties;
  const known = entries?.kind === 'object' ? entries.entries : new Map();
  const isOpen = entries?.kind !== 'object' || entries.isOpen;
  const changed: ObjectValue = {
    kind: 'object',
    entries: new Map([
      ...known,
      [key, { value: valueArgument.value, keySpan: keyArgument.span, span: valueArgument.span }],
    ]),
    isOpen,
    span: keyArgument.span,
  };
  return { ...target, properties: { ...target.properties, entries: changed } };
}

/** Functions that make a channel, and where their arguments stand. */
const creators: Readonly<
  Record<string, { readonly options?: number; readonly interceptors?: number }>
> = {
  CreateChannel: {},
  CreateCustomChannel: { options: 2 },
  CreateCustomChannelWithInterceptors: { options: 2, interceptors: 3 },
};

/** `grpc::CreateChannel(target, credentials)` and the like; undefined for other functions. */
export function newChannel(path: string, site: Site, scene: Scene): Value | undefined {
  const creator = /^(?:grpc\.(?:experimental\.)?)?Create\w+$/.test(path)
    ? creators[lastPart(path)]
    : undefined;
  if (creator === undefined || site.arguments.length < 2) {
    return undefined;
  }
  const { options: optionsAt, interceptors } = creator;
  const settings = settingsOf(
    optionsAt === undefined ? undefined : site.arguments[optionsAt]?.value,
  );
  const { config, ...said } =
    optionsAt === undefined ? { isOpen: false, config: undefined } : settings;
  const [target] = site.arguments;
  scene.report({
    kind: 'channel',
    implementation: 'grpc-core',
    span: site.call.span,
    nameSpan: site.nameSpan,
    what: 'channel',
    ...addressOf(target),
    ...said,
    place: placeOf(scene),
  });
  // What interceptors do to the deadline can't be seen.
  return instance('channel', interceptors === undefined ? 'missing' : 'unknown', {
    properties: config === undefined ? {} : { config },
  });
}

type Settings = Pick<ChannelFact, 'keepalive' | 'policy' | 'isOpen'> & {
  readonly config?: Value | undefined;
};

function settingsOf(options: Value | undefined): Settings {
  const entries = options?.kind === 'instance' ? options.properties.entries : undefined;
  if (entries?.kind !== 'object') {
    return { isOpen: true };
  }
  const keepalive = keepaliveFromArguments(
    'grpc-core',
    [...entries.entries].map(([key, { value, span }]) => ({ key, value, valueSpan: span })),
  );
  const config = entries.entries.get('grpc.service_config')?.value;
  const named = entries.entries.get('grpc.lb_policy_name')?.value ?? unknown;
  const policy =
    named.kind === 'constant'
      ? String(named.value)
      : config === undefined
        ? undefined
        : configuredPolicy(config);
  return {
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    isOpen: entries.isOpen || [...entries.entries.keys()].some((key) => key.startsWith('\0')),
    config,
  };
}
