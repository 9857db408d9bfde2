import type { KeepaliveFact } from '../../facts';
import { lastPart } from '../../index/exports';
import type { Scene, Site, SiteArgument } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import { type Entry, instance, type ObjectValue, unknown, type Value } from '../../program/value';
import { type CoreArgument, readCoreArguments } from '../shared/coreArguments';
import { addressOf, placeOf } from '../shared/report';
import { argumentOf } from './callOptions';
import { reportServiceConfig, serviceConfigPolicy } from './serviceConfig';
import { isSymbol } from './types';

/** `GrpcChannel.ForAddress(address, options)` of grpc-dotnet. */
export function reportDotnetChannel(site: Site, scene: Scene): void {
  const address = argumentOf(site.arguments, 'address', 0);
  const options = argumentOf(site.arguments, 'channelOptions', 1);
  reportChannel(site, scene, address, channelSettings(options?.value, scene));
}

/** What `GrpcChannelOptions` say. */
interface ChannelSettings {
  readonly keepalive?: KeepaliveFact;
  readonly policy?: string;
  readonly isOpen: boolean;
}

function reportChannel(
  site: Site,
  scene: Scene,
  address: SiteArgument | undefined,
  settings: ChannelSettings,
): void {
  scene.report({
    kind: 'channel',
    implementation: 'grpc-dotnet',
    span: site.call.span,
    nameSpan: site.nameSpan,
    what: 'channel',
    ...addressOf(address),
    ...settings,
    place: placeOf(scene),
  });
}

function channelSettings(options: Value | undefined, scene: Scene): ChannelSettings {
  if (options === undefined) {
    return { isOpen: false };
  }
  if (options.kind !== 'object') {
    return { isOpen: true };
  }
  const config = options.entries.get('ServiceConfig');
  if (config !== undefined) {
    reportServiceConfig(config, scene);
  }
  const handler = options.entries.get('HttpHandler')?.value;
  const keepalive = keepaliveOf(handler);
  const policy = serviceConfigPolicy(config?.value);
  return {
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    isOpen:
      options.isOpen ||
      options.entries.has('HttpClient') ||
      (handler !== undefined && (handler.kind !== 'object' || handler.isOpen)),
  };
}

/** Of a `SocketsHttpHandler`. Its policy is `Always` unless it says otherwise. */
function keepaliveOf(handler: Value | undefined): KeepaliveFact | undefined {
  if (handler?.kind !== 'object' || lastPart(handler.type ?? '') !== 'SocketsHttpHandler') {
    return undefined;
  }
  const delay = handler.entries.get('KeepAlivePingDelay');
  const timeout = handler.entries.get('KeepAlivePingTimeout');
  const policy = handler.entries.get('KeepAlivePingPolicy');
  if (delay === undefined) {
    return undefined;
  }
  const always = policy === undefined || isSymbol(policy.value, 'HttpKeepAlivePingPolicy.Always');
  const never =
    policy !== undefined && isSymbol(policy.value, 'HttpKeepAlivePingPolicy.WithActiveRequests');
  return {
    ...timed('time', delay.value),
    timeSpan: delay.span,
    ...(timeout === undefined
      ? {}
      : { ...timed('timeout', timeout.value), timeoutSpan: timeout.span }),
    ...(always || never ? { withoutCalls: always } : {}),
    withoutCallsSpan: (policy ?? delay).span,
  };
}

function timed<Key extends 'time' | 'timeout'>(key: Key, value: Value): Partial<KeepaliveFact> {
  return value.kind === 'duration' ? { [key]: value.milliseconds } : {};
}

/** A handler for the channels of `AddGrpcClient`, which the factory keeps. */
export function reportFactoryHandler(site: Site, scene: Scene): void {
  const made = site.arguments[0]?.value;
  const keepalive = keepaliveOf(made?.kind === 'function' ? made.result : made);
  if (keepalive !== undefined) {
    reportFactorySettings(site.call.span, site.nameSpan, { keepalive, isOpen: true }, scene);
  }
}

/** `o.HttpHandler = …` in `ConfigureChannel(o => …)`. */
export function reportFactoryOption(name: string, value: Value, span: Span, scene: Scene): void {
  if (name === 'HttpHandler') {
    const keepalive = keepaliveOf(value);
    if (keepalive !== undefined) {
      reportFactorySettings(span, span, { keepalive, isOpen: true }, scene);
    }
  } else if (name === 'ServiceConfig') {
    reportServiceConfig({ value, keySpan: span, span }, scene);
  }
}

function reportFactorySettings(
  span: Span,
  nameSpan: Span,
  settings: ChannelSettings,
  scene: Scene,
): void {
  scene.report({
    kind: 'channel',
    implementation: 'grpc-dotnet',
    span,
    nameSpan,
    what: 'channel',
    ...settings,
    place: 'function',
  });
}

/** Members of Grpc.Core's `ChannelOptions` that hold the names of keepalive's neighbours. */
const optionNames: Readonly<Record<string, string>> = {
  MaxReceiveMessageLength: 'grpc.max_receive_message_length',
  MaxSendMessageLength: 'grpc.max_send_message_length',
  MaxConcurrentStreams: 'grpc.max_concurrent_streams',
  Http2InitialSequenceNumber: 'grpc.http2.initial_sequence_number',
  DefaultAuthority: 'grpc.default_authority',
  PrimaryUserAgentString: 'grpc.primary_user_agent',
  SecondaryUserAgentString: 'grpc.secondary_user_agent',
  SslTargetNameOverride: 'grpc.ssl_target_name_override',
};

/** `new Channel(target, credentials, options)` of Grpc.Core, which rests on the C library. */
export function newCoreChannel(site: Site, scene: Scene): Value {
  const [target] = site.arguments;
  const options = site.arguments.slice(2).find(({ value }) => value.kind === 'list')?.value;
  const items = options?.kind === 'list' ? options.items : [];
  const entries = items.flatMap(argumentsOf);
  const { keepalive, policy, config } = readCoreArguments(entries, scene);
  scene.report({
    kind: 'channel',
    implementation: 'grpc-core',
    span: site.call.span,
    nameSpan: site.nameSpan,
    what: 'channel',
    ...addressOf(target),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    isOpen: entries.length < items.length || (options === undefined && site.arguments.length > 2),
    place: placeOf(scene),
  });
  return instance('channel', 'missing', { properties: config === undefined ? {} : { config } });
}

/** `new ChannelOption(name, value)` */
export function newChannelOption({ arguments: [name, value], call }: Site): ObjectValue {
  const key = keyOf(name?.value ?? unknown);
  const entries: [string, Entry][] = [];
  if (name !== undefined && value !== undefined && key !== undefined) {
    const quotes = name.value.kind === 'constant' ? 1 : 0;
    const keySpan = { from: name.span.from + quotes, to: name.span.to - quotes };
    entries.push([key, { value: value.value, keySpan, span: value.span }]);
  }
  return {
    kind: 'object',
    type: channelOption,
    entries: new Map(entries),
    isOpen: entries.length === 0,
    span: call.span,
  };
}

const channelOption = 'Grpc.Core.ChannelOption';

function keyOf(value: Value): string | undefined {
  if (value.kind === 'constant' && typeof value.value === 'string') {
    return value.value;
  }
  return value.kind === 'symbol' && /(^|\.)ChannelOptions\.\w+$/.test(value.path)
    ? optionNames[lastPart(value.path)]
    : undefined;
}

function argumentsOf(item: Value): CoreArgument[] {
  return item.kind === 'object' && item.type === channelOption
    ? [...item.entries].map(([key, { value, keySpan, span }]) => ({
        key,
        keySpan,
        value,
        valueSpan: span,
      }))
    : [];
}
