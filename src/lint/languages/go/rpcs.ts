/** Calls of RPCs: methods of stubs, and `Invoke` and `NewStream` of a channel. */

import type { Scene, Site } from '../../program/semantics';
import type { Deadline, Instance, Value } from '../../program/value';
import { alternatives, bestDeadline, instance, joinDeadlines } from '../../program/value';
import { configuredDeadline, configuredWaitForReady } from '../shared/configDefaults';
import { reportCall } from '../shared/report';
import { deadlineOfOptions, waitForReadyOf } from './callOptions';
import { contextOf } from './contexts';

/** Methods of a channel that make a call; the context is their first argument too. */
const ofChannels: Readonly<Record<string, 'unary' | 'stream'>> = {
  Invoke: 'unary',
  NewStream: 'stream',
};

/** A method of a stub or channel that isn't called yet. */
export function rpcOf(object: Instance, name: string): Instance | undefined {
  if (object.role === 'channel' && ofChannels[name] === undefined) {
    return undefined;
  }
  if (object.role !== 'stub' && object.role !== 'channel') {
    return undefined;
  }
  const { role, deadline, kind: _, ...rest } = object;
  return instance('rpc', deadline, { ...rest, method: name, flavour: role });
}

/** Reports a call of an RPC. Whether it is one. */
export function rpcCall(site: Site, scene: Scene): boolean {
  const rpc = alternatives(site.callee).find(
    (way): way is Instance => way.kind === 'instance' && way.role === 'rpc',
  );
  const [context, ...others] = site.arguments;
  if (rpc?.method === undefined || context === undefined || !mayBeContext(context.value)) {
    return false;
  }
  const { method, service } = rpc;
  const { config } = rpc.properties;
  const own = contextOf(context.value);
  const sources: readonly Deadline[] = [
    rpc.deadline,
    intercepted(rpc, scene),
    config === undefined ? 'missing' : configuredDeadline(config, service, method),
    deadlineOfOptions(others),
    isForeign(rpc, scene) ? 'unknown' : 'missing',
  ];
  const deadline = sources.reduce(bestDeadline, own.deadline);
  const byDefault =
    config === undefined ? undefined : configuredWaitForReady(config, service, method);
  reportCall({ ...site, method }, scene, {
    ...(service === undefined ? {} : { service }),
    deadline,
    ...(own.why === undefined || deadline !== own.deadline ? {} : { why: own.why }),
    waitForReady: waitForReadyOf(others) ?? rpc.waitForReady ?? byDefault ?? false,
    hints: { kind: kindOf(rpc, scene) ?? 'unknown' },
  });
  return true;
}

/** Something that is surely no context is passed to a method that is no RPC. */
function mayBeContext(value: Value): boolean {
  return alternatives(value).some(
    (way) =>
      way.kind === 'unknown' ||
      way.kind === 'object of' ||
      (way.kind === 'constant' && way.value === null) ||
      (way.kind === 'instance' && (way.role === 'context' || way.role === 'other')),
  );
}

/** Whether the service is known and has no such RPC: then it is a method that somebody wrote. */
function isForeign({ service, method = '', flavour }: Instance, { file }: Scene): boolean {
  return (
    flavour === 'stub' &&
    service !== undefined &&
    file.index.hasService(service) &&
    file.index.rpcs(method, service).length === 0
  );
}

/** What the interceptors of the channel give; one for unary calls does nothing for streams. */
function intercepted(rpc: Instance, scene: Scene): Deadline {
  const { stream, unary } = rpc.properties;
  const said = kindOf(rpc, scene) === 'stream' ? stream : unary;
  if (said === undefined) {
    return 'missing';
  }
  return alternatives(said)
    .map((way): Deadline => {
      const value = way.kind === 'constant' ? way.value : undefined;
      return value === 'safe' || value === 'unknown' ? value : 'missing';
    })
    .reduce(joinDeadlines);
}

/** Whether it is a stream in either direction; undefined when the RPC is not known. */
function kindOf({ method = '', service, flavour }: Instance, { file }: Scene) {
  if (flavour === 'channel') {
    return ofChannels[method];
  }
  const known = file.index.rpcs(method, service);
  if (known.length === 0) {
    return undefined;
  }
  return known.some(({ kind }) => kind !== 'unary') ? 'stream' : 'unary';
}
