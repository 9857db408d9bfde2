import { lastPart } from '../../index/exports';
import type { FileFacts, Outcome, Scene, Semantics, Site } from '../../program/semantics';
import type { FunctionNode } from '../../program/syntax';
import { alternatives, type Instance, instance, unknown, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { isOwnClass } from '../shared/ownClasses';
import { isPathRoot } from '../shared/pathRoots';
import { isFarStub, isRpc, reportRpc } from './calls';
import { argumentsMethod, channelArguments, newChannel } from './channels';
import {
  contextMethod,
  contextsIn,
  freshContext,
  propagatedContext,
  propagationMethod,
  typedContext,
} from './contexts';
import { timeCall } from './times';
import { isOfGrpc, pathOfValue, plainType, serviceOfStub } from './types';

type DeclaredAt = 'parameter' | 'field' | 'variable' | 'result';

/** What grpc++ and the code that its plugin generates mean. */
export const semantics: Semantics = {
  hasImplicitSelf: true,
  // A namespace, a type or a macro; of a variable that is declared elsewhere nothing is known.
  global: (name, file) =>
    /^[A-Z]/.test(name) || isPathRoot(name, file) ? { kind: 'symbol', path: name } : unknown,
  typed,
  member: (object, name) =>
    object.kind === 'instance' && object.role === 'stub' && /^(?:experimental_)?async$/.test(name)
      ? object
      : undefined,
  call: (site, scene) => ({ value: unknown, ...callOf(site, scene) }),
  handler: handlerOf,
};

function typed(written: string, place: DeclaredAt, file: FileFacts): Value | undefined {
  const type = plainType(written, file);
  const { path, held } = type;
  const service = serviceOfStub(path, file);
  if (service !== undefined) {
    return instance('stub', 'missing', { service });
  }
  const context = typedContext(type, place, { file });
  if (context !== undefined) {
    return context;
  }
  if (isOfGrpc(path, 'ChannelArguments', file)) {
    return channelArguments(place !== 'variable' || held !== 'itself');
  }
  if (isOfGrpc(path, 'Channel', file) || isOfGrpc(path, 'ChannelInterface', file)) {
    return instance('channel', 'missing');
  }
  const name = lastPart(path);
  return isOwnClass(name, file.program) ? { kind: 'object of', className: name } : undefined;
}

/** Smart pointers, and functions that make one. */
const makers =
  /^(?:(?:std|absl)\.)?(?:make_unique|make_shared|allocate_shared|WrapUnique|unique_ptr|shared_ptr)$/;

function callOf(site: Site, scene: Scene): Partial<Outcome> | undefined {
  const { file } = scene;
  const path = pathOfValue(site.callee, file) ?? '';
  const [type] = site.call.typeArguments ?? [];
  const [first] = site.arguments;
  if (makers.test(path)) {
    const isWrapped = site.call.creates === true || path.endsWith('WrapUnique');
    return { value: isWrapped ? (first?.value ?? unknown) : madeOf(type, site, file) };
  }
  if (site.call.creates === true) {
    return { ...changedArguments(site), value: objectOf(path, site, file) };
  }
  if (/_cast$/.test(site.method) && type !== undefined) {
    const known = first?.value ?? unknown;
    const isKnown = known.kind !== 'unknown' && known.kind !== 'symbol';
    return { value: isKnown ? known : (typed(type, 'result', file) ?? unknown) };
  }
  const given =
    timeCall(site, path) ?? newChannel(path, site, scene) ?? ofLibrary(path, site, scene);
  return given === undefined ? methodOf(site, scene) : { value: given };
}

/** `std::make_unique<T>(…)` */
function madeOf(type: string | undefined, site: Site, file: FileFacts): Value {
  return type === undefined ? unknown : objectOf(plainType(type, file).path, site, file);
}

/** A new object. */
function objectOf(path: string, { arguments: args }: Site, file: FileFacts): Value {
  if (isOfGrpc(path, 'ClientContext', file)) {
    return freshContext;
  }
  const [first] = args;
  // A copy is what it was made of.
  if (isOfGrpc(path, 'ChannelArguments', file)) {
    return first === undefined ? channelArguments(false) : first.value;
  }
  return typed(path.replaceAll('.', '::'), 'variable', file) ?? unknown;
}

function ofLibrary(path: string, site: Site, scene: Scene): Value | undefined {
  const { file } = scene;
  const [first] = site.arguments;
  if (/\.NewStub$/.test(path)) {
    const service = serviceOfStub(path.replace(/\.NewStub$/, '.Stub'), file);
    const channel = first?.value.kind === 'instance' ? first.value : undefined;
    return service === undefined
      ? undefined
      : instance('stub', channel?.deadline ?? 'missing', {
          service,
          properties: channel?.properties ?? {},
        });
  }
  if (/(?:^|\.)ClientContext\.From(?:Callback)?ServerContext$/.test(path)) {
    return propagatedContext(site);
  }
  if (isOfGrpc(path, 'ClientContext', file)) {
    return freshContext;
  }
  if (isOfGrpc(path, 'PropagationOptions', file) || isOfGrpc(path, 'ChannelArguments', file)) {
    return objectOf(path, site, file);
  }
  if (/(?:^|\.)numeric_limits\.max$/.test(path)) {
    return instance('other', 'unknown', { flavour: 'largest number' });
  }
  return isConfigured(file.settings.helpers, site.method) ||
    file.index.givesDeadline('cpp', site.method)
    ? instance('context', 'safe')
    : undefined;
}

function methodOf(site: Site, scene: Scene): Partial<Outcome> | undefined {
  const { receiver } = site;
  const options = receiver === undefined ? [] : alternatives(receiver);
  for (const option of options) {
    const outcome = option.kind === 'instance' ? instanceMethod(option, site, scene) : undefined;
    if (outcome !== undefined) {
      return outcome;
    }
  }
  if (isFarStub(site, scene)) {
    reportRpc(undefined, site, scene);
    return undefined;
  }
  return changedArguments(site);
}

function instanceMethod(
  receiver: Instance,
  site: Site,
  scene: Scene,
): Partial<Outcome> | undefined {
  switch (receiver.role) {
    case 'stub':
      if (/^(?:experimental_)?async$/.test(site.method)) {
        return { value: receiver };
      }
      if (!isRpc(receiver, site, scene)) {
        return undefined;
      }
      reportRpc(receiver, site, scene);
      return {};
    case 'context':
      return contextMethod(receiver, site);
    case 'builder':
      return argumentsMethod(receiver, site, scene);
    default:
      break;
  }
  if (receiver.flavour === 'propagation') {
    return propagationMethod(receiver, site);
  }
  return receiver.flavour === 'server context' && site.method === 'deadline'
    ? { value: instance('other', 'inherited', { flavour: 'time' }) }
    : undefined;
}

/** A function that can't be seen may do anything to a context or to arguments that it gets. */
function changedArguments({ arguments: args }: Site): Pick<Outcome, 'arguments'> {
  return {
    arguments: args.map(({ value }) => {
      const [context] = contextsIn(value);
      if (context !== undefined) {
        return {
          ...context,
          deadline: context.deadline === 'missing' ? 'unknown' : context.deadline,
        };
      }
      return value.kind === 'instance' && value.flavour === 'channel arguments'
        ? channelArguments(true)
        : undefined;
    }),
  };
}

/** A method of a service: it gets a server's context. */
function handlerOf(fn: FunctionNode): 'rpc' | undefined {
  const isServed =
    fn.self !== undefined &&
    fn.parameters.some(({ type }) =>
      /\b(?:Callback|Generic)?ServerContext(?:Base)?\s*[*&]/.test(type ?? ''),
    );
  return isServed ? 'rpc' : undefined;
}
