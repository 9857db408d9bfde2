import type { Scene, Site } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  joinDeadlines,
} from '../../program/value';
import { configuredDeadline } from '../shared/configDefaults';
import { reportCall } from '../shared/report';
import { contextsIn, fieldOfThis, isSetIn } from './contexts';

/** Before the name of an RPC in the interfaces of the completion queue. */
const asyncPrefix = /^(?:PrepareAsync|Async)(?=[A-Z])/;

/** The name of the RPC that a method calls; undefined when it calls none that is known of the service. */
export function rpcName(
  method: string,
  service: string | undefined,
  { file }: Scene,
): string | undefined {
  const plain = method.replace(asyncPrefix, '');
  return [method, plain].find((name) => file.index.rpcs(name, service).length > 0);
}

/** Whether the method of a stub is an RPC: of a service that nobody knows, if it gets a context. */
export function isRpc({ service }: Instance, site: Site, scene: Scene): boolean {
  const isKnown = service !== undefined && scene.file.index.hasService(service);
  return isKnown
    ? rpcName(site.method, service, scene) !== undefined
    : contextsIn(site.arguments[0]?.value).length > 0;
}

/** A stub whose declaration can't be seen: called like one, with a context, by the name of an RPC. */
export function isFarStub(site: Site, scene: Scene): boolean {
  const { callee } = site.call;
  const object = callee.kind === 'member' ? callee.object.span : undefined;
  return (
    object !== undefined &&
    /stub/i.test(scene.file.text.slice(object.from, object.to)) &&
    contextsIn(site.arguments[0]?.value).length > 0 &&
    rpcName(site.method, undefined, scene) !== undefined
  );
}

export function reportRpc(stub: Instance | undefined, site: Site, scene: Scene): void {
  const given = alternatives(site.arguments[0]?.value ?? { kind: 'unknown' });
  const contexts = contextsIn(site.arguments[0]?.value);
  const worst = contexts
    .slice(1)
    .reduce(
      (a, b) => (joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b),
      contexts[0] ?? { deadline: 'unknown' as const, why: undefined },
    );
  const isSure = contexts.length === given.length && !isSetElsewhere(site, worst.deadline, scene);
  const own = isSure ? worst.deadline : joinDeadlines(worst.deadline, 'unknown');
  const service = stub?.service;
  reportCall(site, scene, {
    deadline: [stub?.deadline ?? 'missing', configured(stub, site, scene)].reduce(
      bestDeadline,
      isSure || own !== 'missing' ? own : 'unknown',
    ),
    waitForReady: contexts.some(({ waitForReady }) => waitForReady === true),
    ...(service === undefined ? {} : { service }),
    ...(worst.why === undefined ? {} : { why: worst.why }),
  });
}

/** Whether another method may have set the deadline of a context that is a field. */
function isSetElsewhere(site: Site, deadline: Deadline, { file, fn }: Scene): boolean {
  const field = deadline === 'missing' ? fieldOfThis(site.call.arguments[0]?.value) : undefined;
  const { from, to } = fn?.span ?? { from: 0, to: 0 };
  return (
    field !== undefined &&
    (isSetIn(file.text.slice(0, from), field) || isSetIn(file.text.slice(to), field))
  );
}

/** From the service config of the channel. */
function configured(stub: Instance | undefined, { method }: Site, scene: Scene): Deadline {
  const config = stub?.properties.config;
  return config === undefined
    ? 'missing'
    : configuredDeadline(config, stub?.service, rpcName(method, stub?.service, scene) ?? method);
}
