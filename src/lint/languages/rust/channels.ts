import type { ChannelFact, KeepaliveFact } from '../../facts';
import { lastPart } from '../../index/exports';
import type { Scene, Site, SiteArgument } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  instance,
  joinDeadlines,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { addressOf, placeOf } from '../shared/report';
import { intercepted } from './interceptors';
import { isOf } from './types';

/** Functions of `Endpoint` and `Channel` that start one, with the address first. */
const starts = /^(?:from_static|from_shared|new|builder|try_from|from)$/;

/** A new `tonic::transport::Endpoint`; undefined for other functions. */
export function newEndpoint(path: string, site: Site, { file }: Scene): Value | undefined {
  const type = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  const isStart = starts.test(lastPart(path));
  const isEndpoint = isOf(type, 'tonic', 'Endpoint', file) || isOf(type, 'tonic', 'Channel', file);
  return isStart && isEndpoint ? endpointFor(site.arguments[0]) : undefined;
}

function endpointFor(address: SiteArgument | undefined): Instance {
  const { targetSpan } = addressOf(address);
  return instance('builder', 'missing', {
    flavour: 'endpoint',
    properties:
      targetSpan === undefined || address === undefined
        ? {}
        : { target: entryOf('target', address) },
  });
}

/** A setting, with the place where it stands. */
function entryOf(key: string, { value, span }: SiteArgument): ObjectValue {
  return {
    kind: 'object',
    entries: new Map([[key, { value, keySpan: span, span }]]),
    isOpen: false,
    span,
  };
}

const keepaliveMethods: Readonly<Record<string, string>> = {
  http2_keep_alive_interval: 'time',
  keep_alive_timeout: 'timeout',
  keep_alive_while_idle: 'withoutCalls',
};

/** A method of an endpoint: each gives it back with one more setting, until it connects. */
export function endpointMethod(endpoint: Instance, site: Site, scene: Scene): Value | undefined {
  const { method } = site;
  const [first] = site.arguments;
  if (/^connect(?:_lazy|_with_connector|_with_connector_lazy)?$/.test(method)) {
    return connected(endpoint, 'channel', site, scene);
  }
  // For all its calls; it sends no `grpc-timeout`.
  if (method === 'timeout') {
    return { ...endpoint, deadline: 'safe' };
  }
  const key = keepaliveMethods[method];
  return key === undefined || first === undefined
    ? endpoint
    : { ...endpoint, properties: { ...endpoint.properties, [key]: entryOf(key, first) } };
}

/** The channel of an endpoint. */
export function connected(
  { deadline, properties }: Instance,
  what: ChannelFact['what'],
  site: Site,
  scene: Scene,
): Instance {
  const target = settingOf(properties.target, 'target');
  const keepalive = keepaliveOf(properties);
  reportChannel(site, scene, {
    what,
    ...(target === undefined ? {} : addressOf(target)),
    ...(keepalive === undefined ? {} : { keepalive }),
    isOpen: deadline === 'inherited',
  });
  return instance('channel', deadline);
}

/** `XxxClient::connect(destination)`: an endpoint, or an address. */
export function connectedTo(site: Site, scene: Scene): Instance {
  const [destination] = site.arguments;
  const given = destination?.value;
  if (given?.kind === 'instance' && given.flavour === 'endpoint') {
    return connected(given, 'client', site, scene);
  }
  return connected(endpointFor(destination), 'client', site, scene);
}

/** `Channel::balance_list(endpoints)`: calls go to the less loaded one of two. */
export function balanced(site: Site, scene: Scene): Instance {
  const list = site.arguments[0]?.value;
  const items = list?.kind === 'list' && !list.isOpen ? list.items : [unknown];
  const deadlines = items.map(
    (item): Deadline => (item.kind === 'instance' ? item.deadline : 'unknown'),
  );
  reportChannel(site, scene, { what: 'channel', policy: 'p2c', isOpen: true });
  const [first = 'unknown', ...more] = deadlines;
  return instance('channel', more.reduce(joinDeadlines, first));
}

function reportChannel(
  site: Site,
  scene: Scene,
  parts: Pick<ChannelFact, 'what' | 'isOpen'> & Partial<ChannelFact>,
): void {
  scene.report({
    kind: 'channel',
    implementation: 'tonic',
    span: site.call.span,
    nameSpan: site.nameSpan,
    ...parts,
    place: placeOf(scene),
  });
}

function settingOf(property: Value | undefined, key: string): SiteArgument | undefined {
  return property?.kind === 'object' ? property.entries.get(key) : undefined;
}

/** Off unless an interval is set; `keep_alive_while_idle` is false by default. */
function keepaliveOf(properties: Instance['properties']): KeepaliveFact | undefined {
  const time = settingOf(properties.time, 'time');
  const timeout = settingOf(properties.timeout, 'timeout');
  const idle = settingOf(properties.withoutCalls, 'withoutCalls');
  if (time === undefined) {
    return undefined;
  }
  return {
    ...(time.value.kind === 'duration' ? { time: time.value.milliseconds } : {}),
    timeSpan: time.span,
    ...(timeout === undefined
      ? {}
      : {
          ...(timeout.value.kind === 'duration' ? { timeout: timeout.value.milliseconds } : {}),
          timeoutSpan: timeout.span,
        }),
    ...(idle === undefined
      ? { withoutCalls: false }
      : {
          ...(idle.value.kind === 'constant' ? { withoutCalls: idle.value.value === true } : {}),
          withoutCallsSpan: idle.span,
        }),
  };
}

/** `ServiceBuilder`, layers and services of tower that a channel goes into. */
export function newTower(path: string, site: Site, { file }: Scene): Value | undefined {
  const [first, second] = site.arguments;
  const type = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  if (lastPart(path) === 'new') {
    if (isOf(type, 'tower', 'ServiceBuilder', file)) {
      return instance('builder', 'missing', { flavour: 'tower' });
    }
    if (isOf(type, 'tower', 'TimeoutLayer', file)) {
      return instance('interceptor', 'safe');
    }
    if (isOf(type, 'tower', 'Timeout', file)) {
      return instance('channel', 'safe');
    }
    if (isOf(type, 'tonic', 'InterceptedService', file)) {
      return throughInterceptor(first?.value, second?.value ?? unknown, file);
    }
    if (isOf(type, 'tonic', 'InterceptorLayer', file)) {
      return instance('interceptor', intercepted('missing', first?.value ?? unknown, file));
    }
  }
  return isOf(path, 'tonic', 'interceptor', file)
    ? instance('interceptor', intercepted('missing', first?.value ?? unknown, file))
    : undefined;
}

/** A channel behind an interceptor. */
export function throughInterceptor(
  channel: Value | undefined,
  interceptor: Value,
  file: Scene['file'],
): Instance {
  const before = channel?.kind === 'instance' ? channel.deadline : 'missing';
  const deadline = alternatives(interceptor)
    .map((option) => intercepted(before, option, file))
    .reduce(joinDeadlines);
  return instance('channel', deadline);
}

/** Layers of tower that leave the time of a call alone. */
const timeless =
  /^(?:buffer|concurrency_limit|rate_limit|load_shed|retry|map_\w+|filter\w*|and_then|then|check_\w+|boxed\w*|into_inner)$/;

/** A method of `ServiceBuilder`. */
export function towerMethod(
  builder: Instance,
  { method, arguments: args }: Site,
): Value | undefined {
  const given = args[0]?.value ?? unknown;
  switch (method) {
    case 'timeout':
      return { ...builder, deadline: 'safe' };
    case 'layer':
    case 'option_layer':
      return { ...builder, deadline: bestDeadline(builder.deadline, layerDeadline(given)) };
    case 'service':
      return instance(
        'channel',
        bestDeadline(builder.deadline, given.kind === 'instance' ? given.deadline : 'missing'),
      );
    default:
      return timeless.test(method)
        ? builder
        : { ...builder, deadline: bestDeadline(builder.deadline, 'unknown') };
  }
}

function layerDeadline(layer: Value): Deadline {
  return layer.kind === 'instance' && layer.role === 'interceptor' ? layer.deadline : 'unknown';
}
