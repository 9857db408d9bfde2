import type { FileFacts, Outcome, Scene, Semantics, Site } from '../../program/semantics';
import { type Instance, instance, unknown, type Value } from '../../program/value';
import {
  callOptionsCall,
  callOptionsMember,
  deadlineMember,
  deadlineValue,
  directCall,
} from './callOptions';
import {
  builderCall,
  builderFactory,
  foreignChannel,
  interceptedChannel,
  typedBuilder,
  typedChannelFactory,
  unknownChannel,
} from './channels';
import { collectionCall } from './collections';
import { boundsOf, contextCall, contextMember, executorCall } from './contexts';
import { handlerKind, isRoute } from './handlers';
import { interceptorCall, typedInterceptor } from './interceptors';
import { jsonCall } from './jsonText';
import { reportKept } from './kept';
import { clockArithmetic, lengthCall, lengthMember } from './lengths';
import { globalName, isNamed, qualifiedType } from './libraryNames';
import { plainType } from './lowering';
import { blockBindings, blockCall } from './scopeFunctions';
import { armeriaClient, stubCall, stubMaker } from './stubCalls';
import { configuredStub, stub, typedStub } from './stubTypes';
import { pathOf, withDeadline } from './values';

/** What grpc-java and grpc-kotlin mean, and what of the standard libraries they are used with. */
export const jvmSemantics: Semantics = {
  hasImplicitSelf: true,
  global: (name, file) => globalName(name, file) ?? unknown,
  typed,
  member(object, name, span) {
    const path = pathOf(object);
    if (path !== undefined) {
      const full = `${path}.${name}`;
      return contextMember(full) ?? callOptionsMember(full);
    }
    return name === 'deadline' ? deadlineMember(object) : lengthMember(object, name, span);
  },
  call: (site, scene) => outcomeOf(site, scene) ?? { value: unknown },
  binary: clockArithmetic,
  stored: (_place, name, value, span, scene) => reportKept(name, value, span, scene),
  bounds: boundsOf,
  closureArguments(site) {
    return isRoute(pathOf(site.callee)) ? { handler: 'http' } : blockBindings(site);
  },
  handler: handlerKind,
};

function typed(
  written: string,
  place: 'parameter' | 'field' | 'variable' | 'result',
  file: FileFacts,
): Value | undefined {
  const type = plainType(written).replace(/\?$/, '');
  const qualified = qualifiedType(type, file);
  const isParameter = place === 'parameter';
  switch (qualified) {
    case 'io.grpc.Channel':
    case 'io.grpc.ManagedChannel':
      return isParameter || place === 'field' ? instance('channel', 'missing') : unknownChannel;
    case 'io.grpc.CallOptions':
      return instance('callOptions', isParameter ? 'inherited' : 'unknown');
    case 'io.grpc.Context':
    case 'io.grpc.Context.CancellableContext':
      return instance('context', isParameter ? 'inherited' : 'unknown');
    default:
      return (
        typedStub(type, place, file) ??
        typedBuilder(qualified) ??
        typedChannelFactory(qualified) ??
        typedInterceptor(qualified, file)
      );
  }
}

function outcomeOf(site: Site, scene: Scene): Outcome | undefined {
  return (
    valued(helperCall(site, scene)) ??
    blockCall(site) ??
    valued(deadlineValue(site, scene)) ??
    stubCall(site, scene) ??
    builderCall(site, scene) ??
    directCall(site, scene) ??
    contextCall(site, scene) ??
    callOptionsCall(site, scene) ??
    valued(
      stubMaker(site) ??
        builderFactory(site) ??
        interceptedChannel(site, scene) ??
        lengthCall(site) ??
        armeriaClient(site) ??
        executorCall(site) ??
        jsonCall(site),
    ) ??
    collectionCall(site) ??
    valued(interceptorCall(site, scene) ?? configuredClient(site, scene) ?? foreignChannel(site))
  );
}

function valued(value: Value | undefined): Outcome | undefined {
  return value === undefined ? undefined : { value };
}

/** A function that `frameline.json` or the index names: it gives a stub, context or options with a deadline. */
function helperCall({ callee, method, receiver, arguments: args }: Site, scene: Scene) {
  const { settings, index } = scene.file;
  const name = pathOf(callee) ?? method;
  const isHelper =
    /^[a-z]/.test(method) &&
    (isNamed(settings.helpers, name, scene.file) || index.givesDeadline('java', method));
  if (!isHelper) {
    return undefined;
  }
  const given = [receiver, ...args.map(({ value }) => value)].find(
    (value): value is Instance => value?.kind === 'instance' && value.role !== 'other',
  );
  return given === undefined
    ? stub({ service: '', flavour: 'async' }, 'safe')
    : withDeadline(given, 'safe');
}

/** `new ListingFacade(…)`, a client by the names in `frameline.json`. */
function configuredClient({ callee, call, method }: Site, { file }: Scene): Value | undefined {
  const path = pathOf(callee) ?? (call.creates === true ? method : undefined);
  const type = path === undefined ? undefined : configuredStub(path, file);
  return type === undefined ? undefined : stub(type, 'missing');
}
