import type { ClosureBindings, Scene, Semantics, Site } from '../../program/semantics';
import type { Argument, FunctionNode } from '../../program/syntax';
import {
  type Entry,
  instance,
  join,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { joinedLists } from '../shared/lists';
import { jsonText } from './channels';
import { handlerKind } from './handlers';
import { reportRpc } from './rpcs';
import { newChannel, newStub, setUpChannel, stubClass } from './stubs';
import { relativeTime, timeArithmetic, timeCall, timeMethod } from './times';

/** What the grpc gem means. */
export const semantics: Semantics = {
  hasImplicitSelf: true,
  global(name) {
    return /^[A-Z]/.test(name) ? { kind: 'symbol', path: name } : unknown;
  },
  typed() {
    return undefined;
  },
  member(object, name) {
    return object.kind === 'symbol' && /^[A-Z]\w*$/.test(name)
      ? { kind: 'symbol', path: `${object.path}::${name}` }
      : undefined;
  },
  call(site, scene) {
    return { value: resultOf(site, scene) };
  },
  binary(operator, left, right) {
    return timeArithmetic(operator, left, right) ?? joinedLists(operator, left, right);
  },
  bounds({ call, callee }) {
    const [limit] = call.arguments;
    return callee.kind === 'symbol' &&
      callee.path === 'Timeout.timeout' &&
      limit?.value.kind !== 'closure' &&
      !isNil(limit)
      ? 'safe'
      : undefined;
  },
  closureArguments,
  handler: handlerKind,
};

function isNil(argument: Argument | undefined): boolean {
  return argument?.value.kind === 'literal' && argument.value.value === null;
}

/** Methods whose block runs for each of many things, beside those that every language has. */
const loops = new Set([
  'loop',
  'each_pair',
  'each_with_object',
  'each_entry',
  'each_cons',
  'each_key',
  'each_value',
  'find_each',
  'flat_map',
  'filter_map',
  'select',
  'reject',
  'reduce',
  'inject',
  'to_h',
  'downto',
  'step',
  'cycle',
  'each',
  'map',
  'each_with_index',
  'each_slice',
  'collect',
  'times',
  'upto',
  'filter',
]);

/** Sinatra, Grape, Hanami: `get '/listings/:id' do … end`. */
const verbs = /^(?:get|post|put|patch|delete|head|options|match|route)$/;

function closureArguments(
  { call, receiver, method }: Pick<Site, 'call' | 'callee' | 'receiver' | 'method'>,
  closure: FunctionNode,
): ClosureBindings | undefined {
  if (call.callee.kind === 'name' && verbs.test(method) && isRoute(call.arguments[0])) {
    return { handler: 'http' };
  }
  if (method === 'tap' || method === 'then' || method === 'yield_self') {
    return { positional: [receiver] };
  }
  if (!loops.has(method)) {
    return undefined;
  }
  const items = receiver?.kind === 'list' && !receiver.isOpen ? receiver.items : [];
  const [first, ...more] = items;
  return first !== undefined && closure.parameters.length === 1
    ? { isLoop: true, positional: [more.reduce(join, first)] }
    : { isLoop: true };
}

function isRoute(argument: Argument | undefined): boolean {
  const value = argument?.value;
  return (
    value?.kind === 'literal' && typeof value.value === 'string' && /^[/:]|^$/.test(value.value)
  );
}

function resultOf(site: Site, scene: Scene): Value {
  const { callee, receiver, method } = site;
  const { settings, index } = scene.file;
  if (receiver?.kind === 'instance' && receiver.role === 'stub') {
    if (reportRpc(receiver, site, scene)) {
      return unknown;
    }
    return /^(?:tap|freeze|dup|clone|itself)$/.test(method) ? receiver : unknown;
  }
  const name = callee.kind === 'symbol' ? callee.path : method;
  if (isConfigured(settings.helpers, name) || index.givesDeadline('ruby', method)) {
    return instance('other', 'safe');
  }
  const block = site.arguments.at(-1)?.value;
  // Mutex and Monitor: the value of the block.
  if (method === 'synchronize' && block?.kind === 'function') {
    return block.result;
  }
  if (callee.kind === 'symbol') {
    return symbolCall(callee.path, site, scene);
  }
  return (
    timeMethod(site) ??
    (method === 'from_relative_time' ? relativeTime(site) : undefined) ??
    (receiver?.kind === 'object' ? hashMethod(receiver, site) : undefined) ??
    objectMethod(site) ??
    unknown
  );
}

/** Methods of an object of this file's classes, of a function, and of any value that is handed through. */
function objectMethod({ receiver, method, arguments: args }: Site): Value | undefined {
  const [first] = args;
  if (
    receiver?.kind === 'object of' &&
    (method === 'new' || method === 'class' || method === 'instance')
  ) {
    return receiver;
  }
  if (receiver?.kind === 'function' && method === 'call') {
    return receiver.result;
  }
  if (receiver === undefined && (method === 'lambda' || method === 'proc')) {
    return first?.value;
  }
  return /^(?:freeze|tap|itself|dup)$/.test(method) ? receiver : undefined;
}

function symbolCall(path: string, site: Site, scene: Scene): Value {
  const [first] = site.arguments;
  if (path.endsWith('.new')) {
    return newObject(path.slice(0, -'.new'.length), site, scene);
  }
  if (path.endsWith('.rpc_stub_class')) {
    const service = path.slice(0, -'.rpc_stub_class'.length).replace(/::Service$/, '');
    return { kind: 'symbol', path: `${service}::Stub` };
  }
  if (path === 'GRPC::ClientStub.setup_channel') {
    return setUpChannel(site, scene);
  }
  if (/^JSON\.(?:generate|pretty_generate|dump)$/.test(path)) {
    return jsonOf(first?.value, site) ?? unknown;
  }
  if (path.endsWith('.from_relative_time')) {
    return relativeTime(site);
  }
  return (
    timeCall(path, site) ??
    (/\.(?:freeze|dup|itself)$/.test(path) && site.receiver !== undefined ? site.receiver : unknown)
  );
}

function newObject(path: string, site: Site, scene: Scene): Value {
  const known = stubClass(path, site, scene.file);
  if (known !== undefined) {
    return newStub(known, site, scene);
  }
  if (path === 'GRPC::Core::Channel') {
    return newChannel(site, scene);
  }
  if (/^GRPC::Core::\w*ChannelCredentials$/.test(path)) {
    return instance('credentials', 'missing');
  }
  if (path === 'Proc') {
    return site.arguments[0]?.value ?? unknown;
  }
  // What kind of thing it is, for those who are given it: an interceptor.
  return { kind: 'symbol', path };
}

/** Methods of a hash that is written in this file. */
function hashMethod(hash: ObjectValue, site: Site): Value | undefined {
  const [first] = site.arguments;
  switch (site.method) {
    case 'freeze':
    case 'dup':
    case 'compact':
    case 'to_h':
    case 'symbolize_keys':
      return hash;
    case 'to_json':
      return { ...hash, type: jsonText };
    case 'merge':
      return merged(hash, first?.name === undefined ? first?.value : entriesOf(site));
    default:
      return undefined;
  }
}

function merged(hash: ObjectValue, more: Value | undefined): ObjectValue {
  return more?.kind === 'object'
    ? {
        ...hash,
        entries: new Map([...hash.entries, ...more.entries]),
        isOpen: hash.isOpen || more.isOpen,
      }
    : { ...hash, isOpen: true };
}

/** A hash that is written as keywords: `JSON.generate('a' => 1)`. */
function entriesOf({ arguments: args, call }: Site): ObjectValue {
  const entries = new Map<string, Entry>();
  let isOpen = false;
  for (const [at, { name, value, span }] of args.entries()) {
    if (name === undefined) {
      isOpen = true;
      continue;
    }
    const written = call.arguments[at]?.value.span ?? span;
    entries.set(name, { value, span: written, keySpan: { from: span.from, to: written.from } });
  }
  return { kind: 'object', entries, isOpen, span: call.span };
}

function jsonOf(value: Value | undefined, site: Site): Value | undefined {
  if (site.arguments[0]?.name !== undefined) {
    return { ...entriesOf(site), type: jsonText };
  }
  return value?.kind === 'object' ? { ...value, type: jsonText } : undefined;
}
