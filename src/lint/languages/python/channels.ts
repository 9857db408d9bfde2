import type { Scene, Site, SiteArgument } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import { bestDeadline, type Instance, instance, unknown, type Value } from '../../program/value';
import { type CoreArgument, type CoreSettings, readCoreArguments } from '../shared/coreArguments';
import { repeatsTarget } from '../shared/repeatedNames';
import { placeOf, targetOf } from '../shared/report';
import { callKinds, type Gives, interceptorGives } from './interceptors';
import type { Flavour } from './stubs';

/** Functions that make a channel: where their arguments stand (grpc Python API, "Create Client"). */
interface Maker {
  readonly flavour: Flavour;
  readonly options?: number;
  readonly interceptors?: number;
}

const makers: Readonly<Record<string, Maker>> = {
  'grpc.insecure_channel': { flavour: 'grpc', options: 1 },
  'grpc.secure_channel': { flavour: 'grpc', options: 2 },
  'grpc.aio.insecure_channel': { flavour: 'grpc.aio', options: 1, interceptors: 3 },
  'grpc.aio.secure_channel': { flavour: 'grpc.aio', options: 2, interceptors: 4 },
  'grpc.experimental.aio.insecure_channel': { flavour: 'grpc.aio', options: 1, interceptors: 3 },
  'grpc.experimental.aio.secure_channel': { flavour: 'grpc.aio', options: 2, interceptors: 4 },
  'grpclib.client.Channel': { flavour: 'grpclib' },
};

/** The channel that a function of this path makes; undefined when it makes none. */
export function channelCall(path: string, site: Site, scene: Scene): Value | undefined {
  const maker = makers[path];
  if (maker === undefined) {
    return undefined;
  }
  const isOpen = site.arguments.some(({ spread }) => spread !== undefined);
  const options = argumentOf(site, 'options', maker.options);
  const read = readOptions(options, scene);
  reportChannel(site, scene, maker, read, isOpen);
  const channel = instance('channel', isOpen ? 'unknown' : 'missing', {
    flavour: maker.flavour,
    properties: read.config === undefined ? {} : { config: read.config },
  });
  const interceptors = argumentOf(site, 'interceptors', maker.interceptors);
  return interceptors === undefined
    ? channel
    : intercepted(channel, itemsOf(interceptors.value), scene);
}

/** google-auth's channel is one of grpcio with credentials, and nothing more. */
const authorized = 'google.auth.transport.grpc.secure_authorized_channel';

/** A channel that another file makes: with which interceptors and service config can't be seen. */
export function foreignChannel(path: string): Instance | undefined {
  if (path === authorized) {
    return instance('channel', 'missing', { flavour: 'grpc' });
  }
  return /channel$/i.test(path) && !path.startsWith('grpc.')
    ? instance('channel', 'unknown', { flavour: 'grpc' })
    : undefined;
}

/** `grpc.intercept_channel(channel, *interceptors)` */
export function interceptedChannel(site: Site, scene: Scene): Value {
  const [over, ...interceptors] = site.arguments;
  if (over?.value.kind !== 'instance' || over.value.role !== 'channel') {
    return intercepted(
      instance('channel', 'missing', { flavour: 'grpc' }),
      valuesOf(interceptors),
      scene,
    );
  }
  return intercepted(over.value, valuesOf(interceptors), scene);
}

function valuesOf(args: readonly SiteArgument[]): readonly Value[] {
  return args.flatMap(({ value, spread }) => (spread === undefined ? [value] : itemsOf(value)));
}

function itemsOf(value: Value): readonly Value[] {
  return value.kind === 'list' && !value.isOpen ? value.items : [unknown];
}

/** What the interceptors give is kept as the names of the kinds of calls that they give a timeout. */
function intercepted(channel: Instance, interceptors: readonly Value[], { file }: Scene): Instance {
  const before = interceptedKinds(channel);
  const given = interceptors.map((interceptor) => interceptorGives(interceptor, file));
  const kinds = [
    ...new Set([...before, ...given.flatMap((gives) => (isSeen(gives) ? gives : []))]),
  ];
  const isUnknown = !given.every(isSeen) && kinds.length < callKinds.length;
  return {
    ...channel,
    deadline: isUnknown ? bestDeadline('unknown', channel.deadline) : channel.deadline,
    properties: {
      ...channel.properties,
      ...(kinds.length === 0
        ? {}
        : { kinds: { kind: 'constant', value: kinds.join(' '), span: { from: 0, to: 0 } } }),
    },
  };
}

function isSeen(gives: Gives): gives is Exclude<Gives, 'unknown'> {
  return gives !== 'unknown';
}

/** The kinds of calls that get a timeout from an interceptor of the channel. */
export function interceptedKinds({ properties }: Instance): readonly string[] {
  const { kinds } = properties;
  return kinds?.kind === 'constant' && typeof kinds.value === 'string'
    ? kinds.value.split(' ')
    : [];
}

function argumentOf(
  site: Site,
  name: string,
  position: number | undefined,
): SiteArgument | undefined {
  const named = site.arguments.find((argument) => argument.name === name);
  const [at] = position === undefined ? [] : [site.arguments[position]];
  const isPositional = at !== undefined && at.name === undefined && at.spread === undefined;
  return named ?? (isPositional ? at : undefined);
}

interface OptionsRead extends CoreSettings {
  readonly isOpen: boolean;
}

function readOptions(options: SiteArgument | undefined, scene: Scene): OptionsRead {
  if (options === undefined || isNone(options.value)) {
    return { isOpen: false };
  }
  if (options.value.kind === 'object' && options.value.type === undefined) {
    reportDict(options.value, scene);
    return { isOpen: true };
  }
  if (options.value.kind !== 'list') {
    return { isOpen: true };
  }
  const { items, isOpen } = options.value;
  const args = items.flatMap((item) => pairOf(item) ?? []);
  for (const { key, value, valueSpan } of args) {
    if (key === 'grpc.service_config' && value.kind === 'object' && value.type !== jsonText) {
      scene.report({
        kind: 'option',
        span: valueSpan,
        message: '"grpc.service_config" is JSON text: a dict raises TypeError. Use json.dumps.',
      });
    }
  }
  return {
    ...readCoreArguments(args, scene),
    isOpen: isOpen || args.length < items.length,
  };
}

/** `options={"grpc.…": 1}`: each key would be taken apart into a name and a value. */
function reportDict(value: Extract<Value, { kind: 'object' }>, scene: Scene): void {
  const [first] = value.entries.values();
  if (first !== undefined) {
    scene.report({
      kind: 'option',
      span: first.keySpan,
      message:
        'options is a list of (name, value) pairs: a dict raises ValueError. Use its items().',
    });
  }
}

/** The type of an object that `json.dumps` made into text. */
export const jsonText = 'json.dumps';

function pairOf(item: Value): CoreArgument | undefined {
  const [key, value] = item.kind === 'list' && item.items.length === 2 ? item.items : [];
  if (key?.kind !== 'constant' || typeof key.value !== 'string' || value === undefined) {
    return undefined;
  }
  const { span, plainFrom } = key;
  const keySpan: Span =
    plainFrom === undefined ? span : { from: plainFrom, to: plainFrom + key.value.length };
  return { key: key.value, keySpan, value, valueSpan: 'span' in value ? value.span : span };
}

function isNone(value: Value): boolean {
  return value.kind === 'constant' && value.value === null;
}

/**
 * Whether the channel is kept for longer than the function runs: in a field, or in a `global` variable. `g` of
 * Flask lives as long as the request.
 */
function isKept({ file, statement, fn }: Scene): boolean {
  const text = file.text.slice(statement.from, statement.to);
  const [, objects, name = ''] = /^((?:\w+\.)*)(\w+)\s*(?::[^=]*)?=(?!=)/.exec(text) ?? [];
  if (objects !== undefined && objects !== '') {
    return objects !== 'g.';
  }
  const body = fn === undefined ? '' : file.text.slice(fn.bodySpan.from, fn.bodySpan.to);
  return name !== '' && new RegExp(`\\bglobal\\b[^\\n]*\\b${name}\\b`).test(body);
}

/** An argument as it is written. */
function argumentExpression(
  { arguments: args, call }: Site,
  argument: SiteArgument | undefined,
): Expression | undefined {
  return argument === undefined ? undefined : call.arguments[args.indexOf(argument)]?.value;
}

function reportChannel(
  site: Site,
  scene: Scene,
  { flavour }: Maker,
  read: OptionsRead,
  isOpen: boolean,
): void {
  const target = argumentOf(site, flavour === 'grpclib' ? 'host' : 'target', 0);
  const { keepalive, policy } = read;
  scene.report({
    kind: 'channel',
    implementation: 'grpc-core',
    span: site.call.span,
    nameSpan: site.nameSpan,
    what: 'channel',
    ...targetOf(target),
    ...repeatsTarget(argumentExpression(site, target), scene),
    ...(keepalive === undefined ? {} : { keepalive }),
    ...(policy === undefined ? {} : { policy }),
    // grpclib has a configuration of its own.
    isOpen: read.isOpen || isOpen || flavour === 'grpclib',
    place: isKept(scene) ? 'function' : placeOf(scene),
  });
}
