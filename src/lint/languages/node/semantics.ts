import type { Outcome, Scene, Semantics, Site } from '../../program/semantics';
import { type Entry, instance, type ObjectValue, unknown, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { callOfConnect, callOfConnectClient, connectFlavour } from './connect';
import { callOfGrpcJs, callOfMetadata, callWithRpc, memberOfPackage } from './grpcClients';
import { callOfClient, clientFlavour, memberOfClient, metadataFlavour, rpcOf } from './grpcJs';
import { handlerKind, registeredHandler } from './handlers';
import { madeInterceptor } from './interceptors';
import { lastName } from './modules';
import { callOfNest, callOfNestService, nestFlavour } from './nest';
import { callOfNice, callOfNiceClient, niceFlavour } from './niceGrpc';
import { jsonOf } from './serviceConfigs';
import { signalOf } from './signals';
import { binaryOfTime, callOfTime } from './time';
import { typedValue } from './types';

/** Names of the language that are followed. */
const globals = new Set([
  'AbortSignal',
  'Date',
  'JSON',
  'Math',
  'Number',
  'Object',
  'performance',
  'require',
  'import',
]);

const numbers: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
};

/** What JavaScript's gRPC libraries mean. */
export const semantics: Semantics = {
  global(name) {
    const number = Object.hasOwn(numbers, name) ? numbers[name] : undefined;
    if (number !== undefined) {
      return { kind: 'constant', value: number, span: { from: 0, to: 0 } };
    }
    return globals.has(name) ? { kind: 'symbol', path: name } : unknown;
  },
  typed(type, _place, file) {
    return typedValue(type, file);
  },
  member(object, name, _span, scene) {
    if (object.kind === 'instance') {
      if (object.role === 'stub') {
        return object.flavour === clientFlavour || object.flavour === nestFlavour
          ? memberOfClient(object, name, scene)
          : rpcOf(object, name);
      }
      return memberOfPackage(object, name) ?? unknown;
    }
    if (object.kind === 'symbol' && object.path === 'Number' && name === 'NaN') {
      return { kind: 'constant', value: Number.NaN, span: { from: 0, to: 0 } };
    }
    // The default export of a module is the module.
    return object.kind === 'symbol' && name === 'default' ? object : undefined;
  },
  call(site, scene) {
    return (
      callOfRpc(site, scene) ??
      callWithRpc(site, scene) ??
      callOfTime(site, scene) ??
      callOfGrpcJs(site, scene) ??
      callOfNice(site, scene) ??
      callOfConnect(site, scene) ??
      callOfNest(site, scene) ??
      callOfLanguage(site) ??
      callOfOther(site, scene)
    );
  },
  binary(operator, left, right) {
    return binaryOfTime(operator, left, right);
  },
  closureArguments(site, closure, { file }) {
    return registeredHandler(site, closure, file);
  },
  handler(fn, _owner, file) {
    return handlerKind(fn, file);
  },
};

function callOfRpc(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver } = site;
  if (callee.kind === 'instance' && callee.role === 'rpc') {
    switch (callee.flavour) {
      case niceFlavour:
        return callOfNiceClient(callee, site, scene);
      case connectFlavour:
        return callOfConnectClient(callee, site, scene);
      case nestFlavour:
        return callOfNestService(callee, site, scene);
      default:
        return callOfClient(callee, site, scene);
    }
  }
  return receiver?.kind === 'instance' && receiver.flavour === metadataFlavour
    ? callOfMetadata(receiver, site)
    : undefined;
}

/** `require`, `JSON.stringify`, `Object.assign`, signals. */
function callOfLanguage(site: Site): Outcome | undefined {
  const { callee, arguments: args } = site;
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const [first] = args;
  switch (callee.path) {
    case 'require':
    case 'import':
      return first?.value.kind === 'constant' && typeof first.value.value === 'string'
        ? { value: { kind: 'symbol', path: first.value.value } }
        : { value: unknown };
    case 'JSON.stringify':
      return first === undefined ? undefined : { value: jsonOf(first.value) };
    case 'Object.freeze':
    case 'Object.seal':
    case 'structuredClone':
      return first === undefined ? undefined : { value: first.value };
    case 'Object.assign':
      return { value: assigned(site) };
    default: {
      const signal = signalOf(site);
      return signal === undefined ? undefined : { value: signal };
    }
  }
}

/** `Object.assign({}, a, b)`: the keys of the later ones hold. */
function assigned({ call, arguments: args }: Site): Value {
  const entries = new Map<string, Entry>();
  let isOpen = args.some(({ spread }) => spread !== undefined);
  for (const { value } of args) {
    if (value.kind === 'object') {
      for (const [key, entry] of value.entries) {
        entries.set(key, entry);
      }
    }
    isOpen ||= value.kind !== 'object' || value.isOpen;
  }
  const object: ObjectValue = { kind: 'object', entries, isOpen, span: call.span };
  return object;
}

/** Functions of other files, by what is known of their names. */
function callOfOther(site: Site, scene: Scene): Outcome {
  const interceptor = madeInterceptor(site, scene);
  if (interceptor !== undefined) {
    return { value: interceptor };
  }
  const { callee, method } = site;
  const path = callee.kind === 'symbol' ? callee.path : method;
  const { index, settings } = scene.file;
  const gives =
    isConfigured(settings.helpers, path) || index.givesDeadline('typescript', lastName(path));
  return { value: gives ? instance('callOptions', 'safe') : unknown };
}
