import type { Scene, Semantics, Site } from '../../program/semantics';
import type { Expression } from '../../program/syntax';
import { type Instance, instance, unknown, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { joinedLists } from '../shared/lists';
import { channelCall, foreignChannel, interceptedChannel, jsonText } from './channels';
import { changed, pairsOf } from './collections';
import { handlerKind } from './handlers';
import { locallyImported } from './imports';
import { type CallKind, callKinds } from './interceptors';
import { callForms, partialRpc, reportRpc } from './rpcs';
import { rpcOf, stubClass, stubOf, typedValue, wildcardPath } from './stubs';
import { clockArithmetic, durationCall, timeCall } from './times';

/** Python's own functions that are followed. */
const builtins = new Set(['float', 'getattr', 'list', 'tuple']);

/** What grpcio, grpclib and betterproto mean. */
export const semantics: Semantics = {
  global(name, file) {
    const path = locallyImported(name) ?? wildcardPath(name, file);
    if (path !== undefined) {
      return { kind: 'symbol', path };
    }
    return builtins.has(name) ? { kind: 'symbol', path: `builtins.${name}` } : unknown;
  },
  typed(type, _place, file) {
    return typedValue(type, file);
  },
  member(object, name, span, { file }) {
    const of = propertyValue(object);
    if (of.kind === 'instance' && of.role === 'stub') {
      return rpcOf(of, name, file);
    }
    if (of.kind === 'symbol' && of.path === 'math' && name === 'inf') {
      return { kind: 'constant', value: Number.POSITIVE_INFINITY, span };
    }
    return undefined;
  },
  call(site, scene) {
    const receiver = changed(site);
    return { value: resultOf(site, scene), ...(receiver === undefined ? {} : { receiver }) };
  },
  binary(operator, left, right) {
    return clockArithmetic(operator, left, right) ?? joinedLists(operator, left, right);
  },
  bounds({ call, callee }) {
    return callee.kind === 'symbol' && limits.has(callee.path) && hasLimit(call.arguments)
      ? 'safe'
      : undefined;
  },
  handler: handlerKind,
};

/** Functions and context managers that end what runs in them after a time. */
const limits = new Set([
  'asyncio.wait_for',
  'asyncio.timeout',
  'asyncio.timeout_at',
  'async_timeout.timeout',
  'async_timeout.timeout_at',
  'anyio.fail_after',
  'anyio.move_on_after',
  'trio.fail_after',
  'trio.move_on_after',
  'gevent.Timeout',
  'eventlet.Timeout',
]);

/** `None` is no limit. */
function hasLimit(
  args: readonly { readonly value: Expression; readonly name?: string }[],
): boolean {
  const given = args.filter(({ value }) => value.kind !== 'statements');
  return (
    given.length > 0 && !given.some(({ value }) => value.kind === 'literal' && value.value === null)
  );
}

/** `self.stub`, where `stub` is a property: what its function gives. */
function propertyValue(value: Value): Value {
  return value.kind === 'function' &&
    value.definition.annotations.some((annotation) =>
      /(?:^|\.)(?:cached_)?property$/.test(annotation),
    )
    ? value.result
    : value;
}

function resultOf(site: Site, scene: Scene): Value {
  const { callee, receiver, method } = site;
  if (callee.kind === 'instance' && callee.role === 'rpc') {
    reportRpc(callee, site, scene);
    return unknown;
  }
  if (receiver?.kind === 'instance') {
    const given = instanceCall(receiver, site, scene);
    if (given !== undefined) {
      return given;
    }
  }
  if (callee.kind === 'symbol') {
    return symbolCall(callee.path, site, scene);
  }
  return (
    passedRpc(site, scene) ??
    durationCall(site) ??
    pairsOf(site) ??
    entered(site) ??
    multicallable(undefined, method, site) ??
    foreignChannel(method) ??
    unknown
  );
}

function instanceCall(receiver: Instance, site: Site, scene: Scene): Value | undefined {
  if (receiver.role === 'rpc' && callForms.has(site.method)) {
    reportRpc(receiver, site, scene);
    return unknown;
  }
  return receiver.role === 'channel' ? multicallable(receiver, site.method, site) : undefined;
}

/** `channel.unary_unary("/pkg.Service/Method", …)`; the path shows what it is where the channel can't be seen. */
function multicallable(
  channel: Instance | undefined,
  method: string,
  { arguments: args }: Site,
): Value | undefined {
  if (!callKinds.includes(method as CallKind)) {
    return undefined;
  }
  const [path] = args;
  const written = path?.value.kind === 'constant' ? String(path.value.value) : '';
  const [, service, name] = /^\/([\w.]+)\/(\w+)$/.exec(written) ?? [];
  if (channel === undefined && name === undefined) {
    return undefined;
  }
  return instance('rpc', channel?.deadline ?? 'missing', {
    flavour: channel?.flavour ?? 'grpc',
    method: name ?? method,
    ...(service === undefined ? {} : { service }),
    properties: {
      ...channel?.properties,
      kind: { kind: 'constant', value: method, span: { from: 0, to: 0 } },
    },
  });
}

function symbolCall(path: string, site: Site, scene: Scene): Value {
  const { file } = scene;
  const name = path.slice(path.lastIndexOf('.') + 1);
  if (isConfigured(file.settings.helpers, path) || file.index.givesDeadline('python', name)) {
    return instance('channel', 'safe', { flavour: 'grpc' });
  }
  if (isConfigured(file.settings.interceptors, path)) {
    return { kind: 'symbol', path };
  }
  const [first] = site.arguments;
  const known = stubClass(path, file) ?? stubOverChannel(path, first?.value);
  if (known !== undefined) {
    return stubWithTimeout(stubOf(known, first?.value), site);
  }
  return (
    channelCall(path, site, scene) ??
    timeCall(path, site) ??
    libraryCall(path, site, scene) ??
    passedRpc(site, scene) ??
    foreignChannel(path) ??
    (/(?:^|\.)\w*[iI]nterceptor\w*$/.test(path) ? { kind: 'symbol', path } : unknown)
  );
}

/** A class with the name of a stub that is given a channel is one, wherever it comes from. */
function stubOverChannel(path: string, channel: Value | undefined) {
  const [, service] = /(?:^|\.)(\w+)Stub$/.exec(path) ?? [];
  return service !== undefined && channel?.kind === 'instance' && channel.role === 'channel'
    ? ({ flavour: 'grpc', service } as const)
    : undefined;
}

/** betterproto: `Stub(channel, timeout=5)`. */
function stubWithTimeout(stub: Instance, site: Site): Instance {
  const given = site.arguments.find(({ name }) => name === 'timeout' || name === 'deadline');
  const isNone = given?.value.kind === 'constant' && given.value.value === null;
  return given === undefined || isNone || stub.flavour !== 'grpclib'
    ? stub
    : { ...stub, deadline: given.value.kind === 'unknown' ? 'unknown' : 'safe' };
}

function libraryCall(path: string, site: Site, scene: Scene): Value | undefined {
  const [first, second] = site.arguments.map(({ value }) => value);
  switch (path) {
    case 'grpc.intercept_channel':
      return interceptedChannel(site, scene);
    case 'json.dumps':
      return first?.kind === 'object' ? { ...first, type: jsonText } : unknown;
    case 'functools.partial':
      return first?.kind === 'instance' && first.role === 'rpc'
        ? partialRpc(first, site, scene)
        : unknown;
    case 'builtins.list':
    case 'builtins.tuple':
    case 'contextlib.closing':
    case 'contextlib.aclosing':
      return first ?? unknown;
    case 'typing.cast':
      return first?.kind === 'symbol' ? castTo(first.path, scene) : unknown;
    case 'builtins.getattr':
      return first?.kind === 'instance' && first.role === 'stub' && second?.kind === 'constant'
        ? (rpcOf(first, String(second.value), scene.file) ?? unknown)
        : unknown;
    default:
      return undefined;
  }
}

function castTo(path: string, { file }: Scene): Value {
  const known = stubClass(path, file);
  return known === undefined ? unknown : stubOf(known, undefined);
}

/** Functions that call what they are given, with the arguments after it. */
const callers: Readonly<Record<string, { readonly at: number; readonly takesKeywords: boolean }>> =
  {
    submit: { at: 0, takesKeywords: true },
    to_thread: { at: 0, takesKeywords: true },
    run_in_executor: { at: 1, takesKeywords: false },
    run_sync: { at: 0, takesKeywords: false },
  };

function passedRpc(site: Site, scene: Scene): Value | undefined {
  const caller = callers[site.method];
  const given = caller === undefined ? undefined : site.arguments[caller.at]?.value;
  if (caller === undefined || given?.kind !== 'instance' || given.role !== 'rpc') {
    return undefined;
  }
  const { at, takesKeywords } = caller;
  reportRpc(given, site, scene, { skipped: at + 1, takesKeywords });
  return unknown;
}

/** `stack.enter_context(x)` gives what `x` is in a `with`. */
function entered({ method, arguments: args }: Site): Value | undefined {
  return method === 'enter_context' || method === 'enter_async_context'
    ? args[0]?.value
    : undefined;
}
