import type { KeepaliveFact } from '../../facts';
import type { Outcome, Scene, Site } from '../../program/semantics';
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
import { reportCall } from '../shared/report';
import { type ClientOptions, clientOptions } from './clientOptions';
import { misread, valuePlace } from './deadlines';
import { reportChannel } from './grpcClients';
import { interceptedDeadline } from './interceptors';
import { connectModules, connectTransportModules, memberOf } from './modules';
import { serviceOf } from './niceGrpc';
import { worstOfOptions } from './optionWays';
import { endsCall } from './signals';

export const connectFlavour = 'connect client';
const transportFlavour = 'connect transport';

const makersOfTransports = new Set([
  'createConnectTransport',
  'createGrpcTransport',
  'createGrpcWebTransport',
]);
const makersOfClients = new Set(['createClient', 'createPromiseClient', 'createCallbackClient']);

/** Calls of connect-es's functions. */
export function callOfConnect(site: Site, scene: Scene): Outcome | undefined {
  const transport = memberOf(site.callee, connectTransportModules);
  if (transport !== undefined && makersOfTransports.has(transport)) {
    return { value: newTransport(site, scene) };
  }
  const maker = memberOf(site.callee, connectModules);
  return maker !== undefined && makersOfClients.has(maker)
    ? { value: newClient(maker, site) }
    : undefined;
}

function newTransport(site: Site, scene: Scene): Value {
  const options = clientOptions(site.arguments[0]?.value);
  checkTransportOptions(options, scene);
  const { callee } = site;
  if (callee.kind === 'symbol' && callee.path.includes('-node.')) {
    reportChannel('channel', site, scene, {
      implementation: 'connect-es',
      ...transportParts(options),
      isOpen: options.isOpen,
    });
  }
  return instance('channel', transportDeadline(options, scene), { flavour: transportFlavour });
}

function transportDeadline(options: ClientOptions, scene: Scene): Deadline {
  const ways = options.objects.map(({ entries, isOpen }): Deadline => {
    const timeout = entries.get('defaultTimeoutMs')?.value;
    const own = timeout === undefined ? 'missing' : lengthOf(timeout);
    const deadline = bestDeadline(
      own,
      interceptedDeadline(entries.get('interceptors')?.value, scene),
    );
    return deadline === 'missing' && isOpen ? 'unknown' : deadline;
  });
  return ways.length === 0 || (options.isOpen && ways.every((each) => each !== 'safe'))
    ? 'unknown'
    : ways.reduce(joinDeadlines);
}

function lengthOf(value: Value): Deadline {
  return value.kind === 'constant' &&
    (value.value === null || (typeof value.value === 'number' && value.value <= 0))
    ? 'missing'
    : 'safe';
}

/** What stands for a default timeout in other libraries, or for that of one call. */
const notOfTransports = new Set(['timeout', 'timeoutMs', 'deadline']);

function checkTransportOptions({ objects }: ClientOptions, scene: Scene): void {
  for (const { entries } of objects) {
    for (const [key, { keySpan, span }] of entries) {
      if (notOfTransports.has(key)) {
        const canRename = key !== 'deadline' && span.from !== keySpan.from;
        scene.report({
          kind: 'option',
          span: keySpan,
          message: `A transport of Connect has no option "${key}" and ignores it. Did you mean "defaultTimeoutMs"?`,
          ...(canRename
            ? {
                replacement: {
                  title: 'Write "defaultTimeoutMs"',
                  span: keySpan,
                  text: 'defaultTimeoutMs',
                },
              }
            : {}),
        });
      }
    }
  }
}

/** connect-node, `Http2SessionOptions`: off unless `pingIntervalMs` is given. */
function transportParts({ objects }: ClientOptions) {
  const [first] = objects;
  if (first === undefined) {
    return {};
  }
  const url = first.entries.get('baseUrl');
  const keepalive: KeepaliveFact = {
    ...numberOf(first, 'pingIntervalMs', 'time', 'timeSpan'),
    ...numberOf(first, 'pingTimeoutMs', 'timeout', 'timeoutSpan'),
    ...idleOf(first),
  };
  return {
    ...(url?.value.kind === 'constant' && typeof url.value.value === 'string'
      ? { target: url.value.value, targetSpan: url.span }
      : {}),
    ...(Object.keys(keepalive).length === 0 ? {} : { keepalive }),
  };
}

function numberOf(
  { entries }: ObjectValue,
  key: string,
  name: 'time' | 'timeout',
  spanName: 'timeSpan' | 'timeoutSpan',
): KeepaliveFact {
  const entry = entries.get(key);
  if (entry === undefined) {
    return {};
  }
  const { value, span } = entry;
  return value.kind === 'constant' && typeof value.value === 'number'
    ? { [name]: value.value, [spanName]: span }
    : { [spanName]: span };
}

function idleOf({ entries }: ObjectValue): KeepaliveFact {
  const entry = entries.get('pingIdleConnection');
  return entry?.value.kind === 'constant' && typeof entry.value.value === 'boolean'
    ? { withoutCalls: entry.value.value, withoutCallsSpan: entry.span }
    : {};
}

function newClient(maker: string, { arguments: args, call }: Site): Value {
  const [definition, transport] = args;
  const written = call.arguments[0]?.value;
  const service = definition && written && serviceOf(definition.value, written);
  const ways = transport === undefined ? [] : alternatives(transport.value);
  const deadline = ways
    .map(
      (each): Deadline =>
        each.kind === 'instance' && each.flavour === transportFlavour ? each.deadline : 'unknown',
    )
    .reduce(joinDeadlines, 'safe');
  return connectClient(ways.length === 0 ? 'unknown' : deadline, service, maker);
}

export function connectClient(
  deadline: Deadline,
  service: string | undefined,
  maker: string,
): Instance {
  return instance('stub', deadline, {
    flavour: connectFlavour,
    ...(service === undefined ? {} : { service }),
    ...(maker === 'createCallbackClient' ? { properties: { callback: unknown } } : {}),
  });
}

/** `client.getListing(request, options)`; a callback client has its callbacks between the two. */
export function callOfConnectClient(rpc: Instance, site: Site, scene: Scene): Outcome {
  const { arguments: args } = site;
  const takesCallbacks = rpc.properties.callback !== undefined;
  const options = takesCallbacks
    ? args.slice(2).find(({ value }) => value.kind !== 'function')
    : args[1];
  const isHidden = args.some(({ spread }) => spread !== undefined);
  const given =
    options === undefined
      ? 'missing'
      : worstOfOptions(options.value, (each) => readObject(each, scene));
  const { service } = rpc;
  reportCall(site, scene, {
    ...(service === undefined ? {} : { service }),
    deadline: isHidden ? 'unknown' : bestDeadline(given, rpc.deadline),
    why:
      options === undefined
        ? 'neither the transport nor the call has a timeout'
        : 'neither the transport nor the call options have a timeout',
    waitForReady: false,
    hints: {
      library: 'connect',
      ...(options === undefined
        ? { insertAt: String(takesCallbacks ? args.length : 1) }
        : { optionsAt: String(args.indexOf(options)) }),
    },
  });
  return { value: unknown };
}

function readObject(options: ObjectValue, scene: Scene): Deadline {
  checkKeys(options, scene);
  const entry = options.entries.get('timeoutMs');
  const signal = options.entries.get('signal');
  const ends = signal === undefined ? 'missing' : endsCall(signal.value);
  if (entry !== undefined && entry.value.kind === 'constant') {
    const { value } = entry.value;
    if (typeof value === 'number' && value <= 0) {
      misread(
        scene,
        valuePlace(entry, scene),
        'Connect takes a timeoutMs of 0 or less for no timeout at all: the call waits for ever, whatever the transport says.',
        String(scene.file.settings.defaultDeadline),
      );
      return 'safe';
    }
    if (value === null) {
      return ends;
    }
  }
  if (entry !== undefined) {
    return 'safe';
  }
  return ends === 'missing' && options.isOpen ? 'unknown' : ends;
}

/** Call options of other libraries. */
const notOfCalls: ReadonlyMap<string, 'rename' | 'explain'> = new Map([
  ['timeout', 'rename'],
  ['timeoutMS', 'rename'],
  ['timeout_ms', 'rename'],
  ['deadline', 'explain'],
]);

function checkKeys({ entries }: ObjectValue, scene: Scene): void {
  for (const [key, { keySpan, span }] of entries) {
    const what = notOfCalls.get(key);
    if (what !== undefined) {
      scene.report({
        kind: 'option',
        span: keySpan,
        message: `Connect has no call option "${key}" and ignores it. It takes "timeoutMs", a length in milliseconds.`,
        ...(what === 'rename' && span.from !== keySpan.from
          ? { replacement: { title: 'Write "timeoutMs"', span: keySpan, text: 'timeoutMs' } }
          : {}),
      });
    }
  }
}
