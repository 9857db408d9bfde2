import { lastPart } from '../../index/exports';
import type { FileFacts, Outcome, Scene, Semantics, Site } from '../../program/semantics';
import type { ClassNode, FunctionNode } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  type Instance,
  instance,
  type ObjectValue,
  unknown,
  type Value,
} from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { isOwnClass } from '../shared/ownClasses';
import { changedOptions, newCallOptions } from './callOptions';
import { isRpc, reportRpc } from './calls';
import {
  newChannelOption,
  newCoreChannel,
  reportDotnetChannel,
  reportFactoryHandler,
  reportFactoryOption,
} from './channels';
import { intercepted } from './interceptors';
import { registeredDeadline } from './registrations';
import { timeCall, timeMember, timeSum } from './times';
import { isSymbol, plainType, serviceOfClient } from './types';

/** What Grpc.Core.Api, grpc-dotnet, its client factory and Grpc.Core mean. */
export const semantics: Semantics = {
  hasImplicitSelf: true,
  // A type of a namespace that is used, or a namespace: which can't be seen here, and need not.
  global: (name) => (/^[A-Z]/.test(name) ? { kind: 'symbol', path: name } : unknown),
  typed: (type, place, file) =>
    place === 'parameter' && /(?:^|\.)DateTime\?$/.test(type.trim())
      ? instance('other', 'inherited', { flavour: 'time' })
      : typed(plainType(type, file), file),
  member: (object, name, span) => timeMember(object, name, span) ?? memberOf(object, name),
  call: (site, scene) => ({ value: unknown, ...callOf(site, scene) }),
  binary: (operator, left, right) =>
    operator === '+' || operator === '-' ? timeSum(left, right) : undefined,
  assignMember(object, name, value, span, scene) {
    if (object.kind === 'instance' && object.flavour === 'factory options') {
      reportFactoryOption(name, value, span, scene);
    }
    return undefined;
  },
  stored: (place, name, value, span, scene) => {
    if (place === 'field' && isMadeOnce(scene)) {
      reportStale(name, value, span, scene);
    }
  },
  closureArguments: (site) => {
    if (/^Map(?:Get|Post|Put|Delete|Patch|Methods)$/.test(site.method)) {
      return { handler: 'http' };
    }
    return site.method === 'ConfigureChannel'
      ? { positional: [instance('builder', 'missing', { flavour: 'factory options' })] }
      : undefined;
  },
  handler: handlerOf,
};

/** By what other types of the library hold. */
const librarySymbols: Readonly<Record<string, Value>> = {
  CallOptions: instance('callOptions', 'inherited'),
  Metadata: instance('other', 'missing', { flavour: 'metadata' }),
  CancellationToken: instance('other', 'missing', { flavour: 'token' }),
  ServerCallContext: instance('other', 'inherited', { flavour: 'server context' }),
  GrpcChannel: instance('channel', 'missing'),
  ChannelBase: instance('channel', 'missing'),
  Channel: instance('channel', 'missing'),
  // Made to be intercepted: by whom can't be seen.
  CallInvoker: instance('channel', 'unknown'),
  GrpcClientFactory: instance('builder', 'missing', { flavour: 'factory' }),
};

/** An object of a type that is declared. */
function typed(type: string, file: FileFacts): Value | undefined {
  const service = serviceOfClient(type, file);
  if (service !== undefined) {
    return stub(service, registeredDeadline(type, file));
  }
  if (isOwnClass(type, file.program)) {
    return { kind: 'object of', className: type };
  }
  return librarySymbols[lastPart(type)];
}

function stub(service: string, deadline: Deadline): Instance {
  return instance('stub', deadline, { service });
}

function memberOf(object: Value, name: string): Value | undefined {
  if (isSymbol(object, 'CancellationToken') && name === 'None') {
    return librarySymbols.CancellationToken;
  }
  if (object.kind !== 'instance') {
    return undefined;
  }
  // Of a Lazy, a nullable, a task: what it holds.
  if (name === 'Value' || name === 'Result') {
    return object;
  }
  switch (object.flavour) {
    case 'server context':
      if (name === 'Deadline') {
        return instance('other', 'inherited', { flavour: 'time' });
      }
      return name === 'CancellationToken'
        ? instance('other', 'inherited', { flavour: 'token' })
        : undefined;
    case 'token source':
      return name === 'Token' ? { ...object, flavour: 'token' } : undefined;
    default:
      return undefined;
  }
}

function callOf(site: Site, scene: Scene): Partial<Outcome> | undefined {
  const time = timeCall(site);
  if (time !== undefined) {
    return { value: time };
  }
  if (site.call.creates === true) {
    return { value: created(site, scene) };
  }
  if (isSymbol(site.callee, 'GrpcChannel.ForAddress')) {
    reportDotnetChannel(site, scene);
    return { value: instance('channel', 'missing') };
  }
  if (isSymbol(site.callee, 'CancellationTokenSource.CreateLinkedTokenSource')) {
    return { value: linkedSource(site) };
  }
  const { file } = scene;
  if (
    isConfigured(file.settings.helpers, site.method) ||
    file.index.givesDeadline('csharp', site.method)
  ) {
    return { value: instance('other', 'safe', { flavour: 'helper' }) };
  }
  const [type] = site.call.typeArguments ?? [];
  if (
    type !== undefined &&
    /^(?:CreateClient|Get(?:Required)?(?:Keyed)?Service|Resolve)$/.test(site.method)
  ) {
    return { value: typed(plainType(type, file), file) ?? unknown };
  }
  if (site.method === 'ConfigurePrimaryHttpMessageHandler') {
    reportFactoryHandler(site, scene);
  }
  const { receiver } = site;
  if (receiver === undefined) {
    return undefined;
  }
  const outcomes = alternatives(receiver).map((option) => methodOf(option, site, scene));
  return outcomes.length === 1 ? outcomes[0] : undefined;
}

function created(site: Site, scene: Scene): Value {
  const { callee, arguments: args, initializer, call } = site;
  if (callee.kind !== 'symbol') {
    // `new() { … }` of a type that stands elsewhere.
    return initializer === undefined ? unknown : objectOfType('', initializer, false, call.span);
  }
  const type = scene.file.qualified(callee.path);
  const [first] = args;
  const channel =
    first?.value.kind === 'instance' && first.value.role === 'channel' ? first.value : undefined;
  const service = serviceOfClient(type, scene.file, channel !== undefined);
  if (service !== undefined) {
    return channel === undefined
      ? stub(service, args.length === 0 ? 'missing' : madeWith(first?.value))
      : { ...stub(service, channel.deadline), properties: channel.properties };
  }
  switch (lastPart(type)) {
    case 'CallOptions':
      return newCallOptions(args, scene);
    case 'Metadata':
      return librarySymbols.Metadata ?? unknown;
    case 'CancellationTokenSource':
      return instance('other', args.length > 0 ? 'safe' : 'missing', { flavour: 'token source' });
    case 'ChannelOption':
      return newChannelOption(site);
    case 'Channel':
      if (args.length < 2) {
        return unknown;
      }
      return newCoreChannel(site, scene);
    default:
      return objectOfType(type, initializer, args.length > 0, call.span);
  }
}

/** Of a client that is made with something that isn't known to be a channel: a mock, an invoker of its own. */
function madeWith(value: Value | undefined): Deadline {
  return value === undefined || value.kind === 'unknown' || value.kind === 'symbol'
    ? 'missing'
    : 'unknown';
}

function objectOfType(
  type: string,
  initializer: ObjectValue | undefined,
  hasArguments: boolean,
  span: Site['nameSpan'],
): Value {
  return {
    kind: 'object',
    type,
    entries: initializer?.entries ?? new Map(),
    isOpen: hasArguments || initializer?.isOpen === true,
    span,
  };
}

/** Cancelled with any of its tokens. */
function linkedSource({ arguments: args }: Site): Value {
  const deadlines = args.flatMap(({ value }) =>
    value.kind === 'instance' && value.flavour === 'token' ? [value.deadline] : [],
  );
  const best = (['safe', 'inherited'] as const).find((deadline) => deadlines.includes(deadline));
  return instance('other', best ?? 'missing', { flavour: 'token source' });
}

function methodOf(receiver: Value, site: Site, scene: Scene): Partial<Outcome> | undefined {
  if (receiver.kind !== 'instance') {
    return undefined;
  }
  const { method } = site;
  // What a task gives.
  if (method === 'ConfigureAwait' || method === 'GetAwaiter' || method === 'GetResult') {
    return { value: receiver };
  }
  switch (receiver.role) {
    case 'stub':
      if (method === 'WithHost') {
        return { value: receiver };
      }
      if (isRpc(receiver, method, scene)) {
        reportRpc(receiver, site, scene);
      }
      return undefined;
    case 'channel':
      if (method === 'Intercept') {
        const deadline = intercepted(receiver.deadline, site.arguments, scene.file);
        return { value: { ...receiver, deadline } };
      }
      return method === 'CreateCallInvoker' ? { value: receiver } : undefined;
    case 'callOptions': {
      const value = changedOptions(receiver, site, scene);
      return value === undefined ? undefined : { value };
    }
    default:
      return receiver.flavour === 'token source' && method === 'CancelAfter'
        ? { value: unknown, receiver: { ...receiver, deadline: 'safe' } }
        : undefined;
  }
}

/** Whether what is stored here is made once for all calls: in an initializer or a constructor. */
function isMadeOnce({ fn }: Scene): boolean {
  return fn === undefined || fn.isConstructor === true;
}

/** A deadline is a point in time: kept in a field, it passes once for all calls. */
function reportStale(name: string, value: Value, span: Site['nameSpan'], scene: Scene): void {
  const isStale = alternatives(value).some((option) => {
    const deadline = option.kind === 'instance' ? option.properties.deadline : undefined;
    return deadline?.kind === 'instant' && deadline.base === 'now';
  });
  const field = scene.owner?.fields.find((each) => each.name === name);
  const isStaleTime =
    field?.isStatic === true &&
    /deadline/i.test(name) &&
    value.kind === 'instant' &&
    value.base === 'now';
  if (isStale || isStaleTime) {
    scene.report({
      kind: 'misread',
      span,
      message: `${name} is made once, and its deadline is a point in time: after that, every call with it fails at once with DEADLINE_EXCEEDED. Make it anew for each call.`,
    });
  }
}

/** Attributes of ASP.NET Core's controllers and of Azure Functions. */
const routed =
  /^(?:Http(?:Get|Post|Put|Delete|Patch|Head|Options)|AcceptVerbs|Route|Function(?:Name)?)\b/;

function handlerOf(fn: FunctionNode, owner: ClassNode | undefined): 'rpc' | 'http' | undefined {
  if (
    fn.parameters.some(
      ({ type }) => type !== undefined && /(?:^|\.)ServerCallContext\??$/.test(type),
    )
  ) {
    return fn.self === undefined ? undefined : 'rpc';
  }
  const isPage = owner?.supers.some((name) => /PageModel$/.test(name)) === true;
  return fn.annotations.some((annotation) => routed.test(annotation)) ||
    (isPage && /^On(?:Get|Post|Put|Delete)/.test(fn.name))
    ? 'http'
    : undefined;
}
