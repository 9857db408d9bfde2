import { lastPart } from '../../index/exports';
import type { FileFacts, Outcome, Scene, Semantics, Site } from '../../program/semantics';
import type { FunctionNode, Span } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  type Instance,
  instance,
  type Milliseconds,
  unknown,
  type Value,
} from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { isOwnClass } from '../shared/ownClasses';
import { isPathRoot } from '../shared/pathRoots';
import { isRpc, reportRpc } from './calls';
import {
  balanced,
  connectedTo,
  endpointMethod,
  newEndpoint,
  newTower,
  throughInterceptor,
  towerMethod,
} from './channels';
import { byName } from './interceptors';
import { freshRequest, madeMessage, newRequest, requestMethod, typedRequest } from './requests';
import { isOf, type PlainType, plainType, serviceOfClient } from './types';

type DeclaredAt = 'parameter' | 'field' | 'variable' | 'result';

/** What tonic, the code that it generates, tower and tokio mean. */
export const semantics: Semantics = {
  global: (name, file) =>
    /^[A-Z]/.test(name) || isPathRoot(name, file) || name.endsWith('!')
      ? { kind: 'symbol', path: name }
      : unknown,
  typed,
  call: (site, scene) => ({ value: unknown, ...callOf(site, scene) }),
  literal: (_, { type }, { file }) =>
    type?.kind === 'name' && isOwnClass(type.name, file.program)
      ? { kind: 'object of', className: type.name }
      : undefined,
  bounds: ({ callee }, { file }) => (boundsCalls(pathOf(callee, file)) ? 'safe' : undefined),
  closureArguments: ({ call, receiver }, _, { file }) => {
    const { callee } = call;
    const over =
      callee.kind === 'member'
        ? file.text.slice(callee.object.span.from, callee.object.span.to)
        : '';
    const known = receiver?.kind === 'instance' ? { positional: [receiver] } : {};
    return { ...known, isLoop: iterates.test(over) };
  },
  handler: handlerOf,
};

/** What a chain of methods starts or goes on with when it runs over many things: `map` of an Option doesn't. */
const iterates =
  /\b(?:iter|iter_mut|into_iter|drain|chunks|windows|zip|enumerate|keys|values|lines|split\w*|stream)\b|\.\./;

function boundsCalls(path: string): boolean {
  return /^(?:tokio\.time|async_std\.future|tokio_util\.time)\.timeout(?:_at)?$/.test(path);
}

function pathOf(value: Value, file: FileFacts): string {
  return value.kind === 'symbol' ? file.qualified(value.path) : '';
}

function typed(written: string, place: DeclaredAt, file: FileFacts): Value | undefined {
  const type = plainType(written, file);
  const service = serviceOfClient(type, file);
  if (service !== undefined) {
    return instance('stub', behindType(type, file), { service });
  }
  const { path } = type;
  if (isOf(path, 'tonic', 'Channel', file)) {
    return instance('channel', ofHandedOn(file));
  }
  if (isOf(path, 'tonic', 'Endpoint', file)) {
    return instance('builder', 'inherited', { flavour: 'endpoint' });
  }
  const name = lastPart(path);
  return isOwnClass(name, file.program)
    ? { kind: 'object of', className: name }
    : typedRequest(type, written, place, file);
}

/** `InterceptedService<Channel, F>` names the interceptor. */
function behindType({ inner }: PlainType, file: FileFacts): Deadline {
  const interceptor = /InterceptedService<[^,]*,\s*([\w:]+)\s*>/.exec(inner)?.[1];
  if (interceptor !== undefined) {
    return byName('missing', lastPart(interceptor.replaceAll('::', '.')), file);
  }
  return /\bTimeout</.test(inner) ? 'safe' : ofHandedOn(file);
}

/** Of a channel that was made elsewhere: it may be one that the index knows to have a timeout. */
function ofHandedOn({ index }: FileFacts): Deadline {
  const isThere = ['Endpoint', 'Channel'].some((name) => index.givesDeadline('rust', name));
  return isThere ? 'unknown' : 'missing';
}

function callOf(site: Site, scene: Scene): Partial<Outcome> | undefined {
  const { file } = scene;
  const path = pathOf(site.callee, file);
  if (path !== '') {
    const value = functionOf(path, site, scene);
    if (value !== undefined) {
      return { value };
    }
  }
  const { receiver } = site;
  for (const option of receiver === undefined ? [] : alternatives(receiver)) {
    const outcome = methodOf(option, site, scene);
    if (outcome !== undefined) {
      return outcome;
    }
  }
  return changedArguments(site);
}

/** Functions that hold what they get. */
const holders =
  /(?:^|\.)(?:Some|Ok|Arc\.new|Rc\.new|Box\.new|Box\.pin|Pin\.new|Mutex\.new|RwLock\.new|RefCell\.new|Cell\.new|OnceCell\.new_with|OnceCell\.from|ArcSwap\.from_pointee|Extension|Json|State|Data\.new|AssertUnwindSafe|Arc\.clone|Rc\.clone)$/;

function functionOf(path: string, site: Site, scene: Scene): Value | undefined {
  const { file } = scene;
  const [first] = site.arguments;
  if (
    isConfigured(file.settings.helpers, site.method) ||
    file.index.givesDeadline('rust', site.method)
  ) {
    return instance('request', 'safe');
  }
  const type = path.slice(0, Math.max(0, path.lastIndexOf('.')));
  if (isOf(type, 'tonic', 'Request', file)) {
    return newRequest(site);
  }
  if (isOf(type, 'tonic', 'Channel', file) && site.method === 'balance_list') {
    return balanced(site, scene);
  }
  if (isOf(type, 'tonic', 'Channel', file) && site.method === 'balance_channel') {
    return instance('channel', 'unknown');
  }
  if (holders.test(path)) {
    return first?.value ?? unknown;
  }
  return (
    durationOf(path, site) ??
    newEndpoint(path, site, scene) ??
    newTower(path, site, scene) ??
    newClient(type, site, scene) ??
    madeMessage(path)
  );
}

const unitLengths: Readonly<Record<string, Milliseconds>> = {
  from_nanos: 1e-6,
  from_micros: 1e-3,
  from_millis: 1,
  from_secs: 1_000,
  from_secs_f32: 1_000,
  from_secs_f64: 1_000,
  from_mins: 60_000,
  from_hours: 3_600_000,
};

/** `Duration::from_secs(5)` */
function durationOf(path: string, { method, arguments: [first], call }: Site): Value | undefined {
  const unit = /(?:^|\.)Duration\.\w+$/.test(path) ? unitLengths[method] : undefined;
  if (unit === undefined) {
    return undefined;
  }
  const count = first?.value ?? unknown;
  return count.kind === 'constant' && typeof count.value === 'number'
    ? { kind: 'duration', milliseconds: count.value * unit, span: call.span }
    : unknown;
}

/** `XxxClient::new(channel)`, `connect(destination)`, `with_interceptor(channel, f)`, `with_origin(channel, uri)`. */
function newClient(type: string, site: Site, scene: Scene): Value | undefined {
  const { file } = scene;
  const { method } = site;
  const [first, second] = site.arguments;
  if (!/^(?:new|connect|with_interceptor|with_origin)$/.test(method) || first === undefined) {
    return undefined;
  }
  const given = first.value;
  const isCertain = method !== 'new' || (given.kind === 'instance' && given.role === 'channel');
  const service = serviceOfClient({ path: type, inner: '' }, file, isCertain);
  if (service === undefined) {
    return undefined;
  }
  const channel =
    method === 'connect'
      ? connectedTo(site, scene)
      : method === 'with_interceptor'
        ? throughInterceptor(given, second?.value ?? unknown, file)
        : given;
  return instance('stub', channel.kind === 'instance' ? channel.deadline : 'missing', { service });
}

/** Methods that give their receiver, or what it holds. */
const forwarding =
  /^(?:clone|cloned|to_owned|into|try_into|unwrap|expect|unwrap_or_else|unwrap_or_default|ok|ok_or|ok_or_else|map_err|inspect_err|or_else|context|with_context|lock|try_lock|read|write|borrow|borrow_mut|as_ref|as_mut|as_deref|as_deref_mut|get_mut|get_ref|by_ref|deref|deref_mut|ready|into_iter|iter|iter_mut|boxed|fuse|instrument|in_current_span|load|load_full|get|take|replace|into_inner|collect)$/;

function methodOf(receiver: Value, site: Site, scene: Scene): Partial<Outcome> | undefined {
  const { method } = site;
  if (receiver.kind === 'list') {
    return { value: listMethod(receiver, site, scene) };
  }
  if (receiver.kind === 'object') {
    return /^into_(?:streaming_)?request$/.test(method) ? { value: freshRequest } : undefined;
  }
  if (receiver.kind !== 'instance') {
    return undefined;
  }
  const outcome = instanceMethod(receiver, site, scene);
  return outcome ?? (forwarding.test(method) ? { value: receiver } : undefined);
}

function instanceMethod(
  receiver: Instance,
  site: Site,
  scene: Scene,
): Partial<Outcome> | undefined {
  switch (receiver.role) {
    case 'stub':
      if (isRpc(receiver, site, scene)) {
        reportRpc(receiver, site, scene);
        return {};
      }
      return /^(?:max_|send_|accept_)/.test(site.method) ? { value: receiver } : undefined;
    case 'builder': {
      const value =
        receiver.flavour === 'tower'
          ? towerMethod(receiver, site)
          : forwarding.test(site.method)
            ? receiver
            : endpointMethod(receiver, site, scene);
      return value === undefined ? undefined : { value };
    }
    case 'request':
    case 'other':
      return requestMethod(receiver, site);
    default:
      return undefined;
  }
}

/** `list.into_iter().map(f)` is a list of what `f` gives. */
function listMethod(list: Extract<Value, { kind: 'list' }>, site: Site, scene: Scene): Value {
  const [first] = site.arguments;
  if (site.method !== 'map' || first === undefined) {
    return forwarding.test(site.method) ? list : unknown;
  }
  const path = pathOf(first.value, scene.file);
  const made =
    first.value.kind === 'function'
      ? first.value.result
      : path === ''
        ? unknown
        : (newEndpoint(path, { ...site, arguments: [] }, scene) ?? unknown);
  return { kind: 'list', items: [made], isOpen: list.isOpen };
}

/** A function that can't be seen may set a timeout on a request that it gets by `&mut`. */
function changedArguments({ call, arguments: args }: Site): Pick<Outcome, 'arguments'> {
  return {
    arguments: args.map(({ value }, at) => {
      const written = call.arguments[at]?.value;
      const isLent = written?.kind === 'same' && isMutable(written.span, written.value.span);
      return isLent && value.kind === 'instance' && value.role === 'request'
        ? { ...value, deadline: value.deadline === 'missing' ? 'unknown' : value.deadline }
        : undefined;
    }),
  };
}

/** `&mut x`: five characters and more before the operand; `&x` can't be changed. */
function isMutable(whole: Span, operand: Span): boolean {
  return operand.from - whole.from >= '&mut '.length;
}

const extractors =
  /^(?:State|Path|Json|Query|Extension|Form|Multipart|Host|OriginalUri|WebSocketUpgrade)$/;

/** A method of a service, or a function with extractors of axum or a route of actix or Rocket. */
function handlerOf(fn: FunctionNode, _: unknown, file: FileFacts): 'rpc' | 'http' | undefined {
  const takesRequest = fn.parameters.some(
    ({ type }) => type !== undefined && isOf(plainType(type, file).path, 'tonic', 'Request', file),
  );
  if (
    fn.self !== undefined &&
    takesRequest &&
    /\bResult<\s*(?:tonic::)?Response</.test(fn.returnType ?? '')
  ) {
    return fn.annotations.some((each) => /\basync_trait\b/.test(each)) ? 'rpc' : undefined;
  }
  const isRouted = fn.annotations.some((each) =>
    /^(?:(?:actix_web|rocket|poem|salvo)::)?(?:get|post|put|delete|patch|head|route|handler)\b/.test(
      each,
    ),
  );
  return isRouted || takesExtractor(fn, file) ? 'http' : undefined;
}

function takesExtractor(fn: FunctionNode, { program, text }: FileFacts): boolean {
  return (
    fn.self === undefined &&
    program.imports.some(({ name, path }) => /^axum\b/.test(path) && extractors.test(name)) &&
    /\((?:[^()]|\([^()]*\))*:\s*(?:State|Path|Json|Query|Extension|Form)\s*</.test(
      text.slice(fn.span.from, fn.bodySpan.from),
    )
  );
}
