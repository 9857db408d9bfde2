import type { ChannelFact, KeepaliveFact } from '../../facts';
import type { Outcome, Scene, Site } from '../../program/semantics';
import { type Instance, instance, type Value, withProperty } from '../../program/value';
import { configuredDeadline, configuredPolicy } from '../shared/configDefaults';
import { placeOf } from '../shared/report';
import { intercepted } from './interceptors';
import { lengthOf } from './lengths';
import { reportServiceConfig } from './serviceConfigs';
import { instanceIn, markedPlace, namesIn, pathOf, placeMark, withDeadline } from './values';

/** From here on keepalive is off: AS_LARGE_AS_INFINITE of grpc-java's channel builders, 1000 days. */
const endless = 86_400_000_000;

const inProcess = 'in-process';

/** `ManagedChannelBuilder.forTarget("…")`, `Grpc.newChannelBuilder("…", credentials)`. */
export function builderFactory(site: Site): Value | undefined {
  const path = pathOf(site.callee);
  const [, owner, method] = /^(?:io\.grpc\.)(?:.*\.)?(\w+)\.(\w+)$/.exec(path ?? '') ?? [];
  if (owner === undefined || method === undefined) {
    return undefined;
  }
  const [first, second] = site.arguments;
  const isFactory =
    owner === 'Grpc'
      ? /^newChannelBuilder(?:ForAddress)?$/.test(method)
      : owner.endsWith('ChannelBuilder') && /^for(?:Target|Address|Name)$/.test(method);
  if (!isFactory || first === undefined) {
    return undefined;
  }
  const hasPort = method.endsWith('Address');
  const host = textIn(first.value);
  const port = second?.value.kind === 'constant' ? `:${second.value.value}` : '';
  return instance('builder', 'missing', {
    ...(owner === 'InProcessChannelBuilder' ? { flavour: inProcess } : {}),
    properties: {
      maker: placeMark(site.nameSpan, method),
      ...(host === undefined
        ? {}
        : { target: placeMark(first.span, hasPort ? host + port : host) }),
    },
  });
}

function textIn(value: Value): string | undefined {
  return value.kind === 'constant' && typeof value.value === 'string' ? value.value : undefined;
}

/** A builder that comes from elsewhere: what was set on it can't be seen. */
export function typedBuilder(qualified: string): Value | undefined {
  return /^io\.grpc\.(?:.*\.)?\w*ChannelBuilder$/.test(qualified)
    ? instance('builder', 'missing', { properties: { isOpen: placeMark({ from: 0, to: 0 }) } })
    : undefined;
}

/** Spring's factory of channels: their default deadline stands in the configuration, which the index knows. */
const springFactory = 'spring channel factory';

export function typedChannelFactory(qualified: string): Value | undefined {
  return /^(?:org\.springframework\.grpc\.client|net\.devh\.boot\.grpc\.client\.channelfactory)\.GrpcChannelFactory$/.test(
    qualified,
  )
    ? instance('other', 'missing', { flavour: springFactory })
    : undefined;
}

/** A channel that another file makes: with which interceptors and service config can't be seen. */
export function foreignChannel(site: Site): Value | undefined {
  const { call, receiver, method } = site;
  if (method === 'createChannel' && instanceIn(receiver, 'other')?.flavour === springFactory) {
    const name = site.arguments[0]?.value;
    return instance('channel', 'missing', {
      properties: name?.kind === 'constant' ? { channelName: name } : {},
    });
  }
  const path = namesIn(call.callee);
  return /[Cc]hannels?(?:$|[.A-Z])/.test(path) && !/Builder/.test(path)
    ? unknownChannel
    : undefined;
}

export const unknownChannel: Instance = {
  ...instance('channel', 'unknown'),
  why: 'the channel is made elsewhere',
};

/** A method of a channel's builder, which it changes and gives back. */
export function builderCall(site: Site, scene: Scene): Outcome | undefined {
  const builder = instanceIn(site.receiver, 'builder');
  if (builder === undefined) {
    return undefined;
  }
  if (site.method === 'build') {
    return { value: built(site, builder, scene) };
  }
  const changed = configured(site, builder, scene);
  return { value: changed, receiver: changed };
}

function configured(site: Site, builder: Instance, scene: Scene): Instance {
  const { method, arguments: args } = site;
  const [first] = args;
  const last = args.at(-1);
  if (first === undefined || last === undefined) {
    return builder;
  }
  const span = { from: first.span.from, to: last.span.to };
  switch (method) {
    case 'keepAliveTime':
    case 'keepAliveTimeout': {
      const length = lengthOf(args);
      return withProperty(builder, method, placeMark(span, length ?? true));
    }
    case 'keepAliveWithoutCalls': {
      const { value } = first;
      const isOn = value.kind === 'constant' && typeof value.value === 'boolean';
      return withProperty(
        builder,
        method,
        placeMark(span, isOn ? value.value === true : 'unknown'),
      );
    }
    case 'defaultLoadBalancingPolicy':
      return withProperty(builder, 'policy', placeMark(span, textIn(first.value) ?? 'unknown'));
    case 'intercept':
      return intercepted(builder, args, scene);
    case 'defaultServiceConfig':
      reportServiceConfig(first.value, first.span, scene);
      return withProperty(builder, 'serviceConfig', first.value);
    default:
      return builder;
  }
}

function built(site: Site, builder: Instance, scene: Scene): Instance {
  if (builder.flavour !== inProcess) {
    scene.report(factOf(site, builder, scene));
  }
  const { serviceConfig } = builder.properties;
  return instance('channel', builder.deadline, {
    ...(builder.why === undefined ? {} : { why: builder.why }),
    properties: serviceConfig === undefined ? {} : { serviceConfig },
  });
}

function factOf(site: Site, { properties }: Instance, scene: Scene): ChannelFact {
  const { maker, target, policy, serviceConfig, isOpen } = properties;
  const address = constantOf(target);
  const targetSpan = markedPlace(target);
  const chosen =
    constantOf(policy) ?? (serviceConfig === undefined ? undefined : policyIn(serviceConfig));
  const keepalive = keepaliveOf(properties);
  return {
    kind: 'channel',
    implementation: 'grpc-java',
    span: site.call.span,
    nameSpan: markedPlace(maker) ?? site.nameSpan,
    what: 'channel',
    ...(typeof address === 'string' ? { target: address } : {}),
    ...(targetSpan === undefined ? {} : { targetSpan }),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(typeof chosen === 'string' && chosen !== 'unknown' ? { policy: chosen } : {}),
    isOpen: isOpen !== undefined || chosen === 'unknown',
    place: placeOf(scene),
  };
}

/** The policy of a service config; `unknown` where some of it can't be seen. */
function policyIn(config: Value): string | undefined {
  const isWhole = configuredDeadline(config, undefined, undefined) !== 'unknown';
  return configuredPolicy(config) ?? (isWhole ? undefined : 'unknown');
}

function keepaliveOf(properties: Instance['properties']): KeepaliveFact | undefined {
  const { keepAliveTime, keepAliveTimeout, keepAliveWithoutCalls } = properties;
  if (keepAliveTime === undefined && keepAliveWithoutCalls === undefined) {
    return undefined;
  }
  const time = constantOf(keepAliveTime);
  const timeout = constantOf(keepAliveTimeout);
  const withoutCalls = constantOf(keepAliveWithoutCalls);
  const timeSpan = markedPlace(keepAliveTime);
  const timeoutSpan = markedPlace(keepAliveTimeout);
  const withoutCallsSpan = markedPlace(keepAliveWithoutCalls);
  return {
    ...(typeof time === 'number'
      ? { time: time >= endless ? Number.POSITIVE_INFINITY : time }
      : keepAliveTime === undefined
        ? { time: Number.POSITIVE_INFINITY }
        : {}),
    ...(timeSpan === undefined ? {} : { timeSpan }),
    ...(typeof timeout === 'number' ? { timeout } : {}),
    ...(timeoutSpan === undefined ? {} : { timeoutSpan }),
    ...(typeof withoutCalls === 'boolean' ? { withoutCalls } : {}),
    ...(withoutCallsSpan === undefined ? {} : { withoutCallsSpan }),
  };
}

function constantOf(value: Value | undefined): string | number | boolean | null | undefined {
  return value?.kind === 'constant' ? value.value : undefined;
}

/** `ClientInterceptors.intercept(channel, …)`. */
export function interceptedChannel(site: Site, scene: Scene): Value | undefined {
  const path = pathOf(site.callee) ?? '';
  if (!/^io\.grpc\.ClientInterceptors\.intercept(?:Forward)?$/.test(path)) {
    return undefined;
  }
  const [channel, ...interceptors] = site.arguments;
  const known = instanceIn(channel?.value, 'channel') ?? instance('channel', 'missing');
  return intercepted(known, interceptors, scene);
}

/** A channel's own defaults for what is called over it: another deadline than none, and its service config. */
export function channelDefaults(value: Value | undefined, of: Instance): Instance {
  const channel = instanceIn(value, 'channel') ?? unknownChannel;
  const { serviceConfig, channelName } = channel.properties;
  const named = channelName === undefined ? of : withProperty(of, 'channelName', channelName);
  const known =
    channel.deadline === 'missing' ? named : withDeadline(named, channel.deadline, channel.why);
  return serviceConfig === undefined ? known : withProperty(known, 'serviceConfig', serviceConfig);
}
