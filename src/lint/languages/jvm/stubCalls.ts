import type { Outcome, Scene, Site } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import { type Instance, unknown, type Value } from '../../program/value';
import { configuredDeadline, configuredWaitForReady } from '../shared/configDefaults';
import { isOwnClass } from '../shared/ownClasses';
import { reportCall } from '../shared/report';
import { channelDefaults } from './channels';
import { intercepted } from './interceptors';
import { keptMessage } from './kept';
import { checkLength } from './lengths';
import { fromParameter, stub, stubFactory, stubType } from './stubTypes';
import { surroundingDeadline, together } from './surroundings';
import {
  argumentOf,
  derived,
  instanceIn,
  isAlwaysNull,
  isNull,
  limited,
  pathOf,
  withDeadline,
} from './values';

/** `XxxGrpc.newBlockingStub(channel)`, `XxxCoroutineStub(channel, callOptions)`. */
export function stubMaker(site: Site): Value | undefined {
  const path = pathOf(site.callee);
  const type = path === undefined ? undefined : (stubFactory(path) ?? stubType(path));
  if (type === undefined) {
    return undefined;
  }
  const made = channelDefaults(argumentOf(site, 0, 'channel')?.value, stub(type, 'missing'));
  const options = instanceIn(argumentOf(site, 1, 'callOptions')?.value, 'callOptions');
  return options === undefined ? made : withOptions(made, options);
}

function withOptions(of: Instance, options: Instance): Instance {
  const { deadline, why, waitForReady, properties } = options;
  return {
    ...(deadline === 'missing' ? of : withDeadline(of, deadline, why)),
    ...(waitForReady === undefined ? {} : { waitForReady }),
    properties: {
      ...of.properties,
      ...(properties.expires === undefined ? {} : { expires: properties.expires }),
    },
  };
}

/** Methods of io.grpc.stub.AbstractStub and of every object that are no RPC. */
const noCall =
  /^(?:get(?:Channel|CallOptions|Class)|build|toString|hashCode|equals|notify|notifyAll|wait|newStub)$/;

/** A method of a stub: another stub, or an RPC. */
export function stubCall(site: Site, scene: Scene): Outcome | undefined {
  const known = instanceIn(site.receiver, 'stub');
  if (known === undefined) {
    return undefined;
  }
  const of = settled(known, site.call.callee, scene);
  if (/^with[A-Z]/.test(site.method)) {
    return { value: changed(of, site, scene) };
  }
  if (!noCall.test(site.method) && isRpc(of, site, scene)) {
    report(of, site, scene);
  }
  return { value: unknown };
}

/** A stub that was given to a constructor and is kept: it can have no deadline that doesn't expire. */
function settled(of: Instance, callee: Expression, scene: Scene): Instance {
  return of.deadline === 'inherited' &&
    of.properties[fromParameter] !== undefined &&
    callee.kind === 'member' &&
    isField(callee.object, scene)
    ? withDeadline(of, 'missing')
    : of;
}

function isField(expression: Expression, scene: Scene): boolean {
  if (expression.kind === 'same') {
    return isField(expression.value, scene);
  }
  return (
    expression.kind === 'member' &&
    expression.object.kind === 'name' &&
    (expression.object.name === 'this' || isOwnClass(expression.object.name, scene.file.program))
  );
}

/** `stub.withX(…)`: a new stub. */
function changed(of: Instance, site: Site, scene: Scene): Value {
  const { method, nameSpan, arguments: args } = site;
  switch (method) {
    case 'withDeadlineAfter':
      checkLength(site, scene);
      reportBean(site, scene);
      return limited(of, nameSpan, method);
    case 'withDeadline':
      return deadlined(of, site);
    case 'withInterceptors':
      return derived(intercepted(of, args, scene), nameSpan);
    case 'withWaitForReady':
      return derived({ ...of, waitForReady: true }, nameSpan);
    case 'withChannel':
      return derived(channelDefaults(args[0]?.value, of), nameSpan);
    default:
      return of.deadline !== 'safe' && mayLimit(method)
        ? withDeadline(of, 'unknown', `${method} may set one`)
        : derived(of, nameSpan);
  }
}

/** An extension of another file that may set a deadline, by its name. */
function mayLimit(method: string): boolean {
  return /deadline|timeout|default|config|settings|interceptor/i.test(method);
}

/** `withDeadline(deadline)`; `null` takes away the one that it has. Also of CallOptions. */
export function deadlined(of: Instance, { arguments: args, nameSpan, method }: Site): Instance {
  const [argument] = args;
  if (isAlwaysNull(argument?.value)) {
    return withDeadline(of, 'missing', 'withDeadline(null) takes it away');
  }
  if (isNull(argument?.value)) {
    return withDeadline(of, 'inherited', 'a condition decides whether withDeadline gets one');
  }
  const given = instanceIn(argument?.value, 'other');
  return given?.flavour === 'deadline' && given.deadline !== 'safe'
    ? withDeadline(of, given.deadline, given.why)
    : limited(of, nameSpan, method);
}

/** Spring, Guice, Dagger, CDI, Micronaut: what the method gives back is made once and kept. */
const producers = /^(?:[\w.]+\.)?(?:Bean|Singleton|Provides|Produces)\b/;

function reportBean({ call, nameSpan }: Site, scene: Scene): void {
  const { fn, statement, file } = scene;
  if (fn === undefined || !fn.annotations.some((annotation) => producers.test(annotation))) {
    return;
  }
  const before = file.text.slice(fn.bodySpan.from, statement.from);
  const after = file.text.slice(call.span.to, statement.to);
  const isGiven = file.text.startsWith('return', statement.from) || /^\s*=?\s*$/.test(before);
  if (isGiven && /^(?:\s*\.with\w+\([^()]*\))*\s*;?$/.test(after)) {
    scene.report({ kind: 'misread', span: nameSpan, message: keptMessage(fn.name) });
  }
}

function isRpc(of: Instance, { method }: Site, { file }: Scene): boolean {
  const { index, program, settings } = file;
  const { service = '' } = of;
  if (service !== '' && index.hasService(service)) {
    return index.rpcs(method, service).length > 0;
  }
  if (service === '' && !index.isEmpty) {
    return index.rpcs(method).length > 0;
  }
  // An extension function of Kotlin is imported by its name.
  return !settings.helpers.includes(method) && !program.imports.some(({ name }) => name === method);
}

function report(of: Instance, site: Site, scene: Scene): void {
  const { file } = scene;
  const service = of.service === '' ? undefined : of.service;
  const { serviceConfig, channelName } = of.properties;
  const channel = channelName?.kind === 'constant' ? String(channelName.value) : undefined;
  const own = together(
    { deadline: of.deadline, ...(of.why === undefined ? {} : { why: of.why }) },
    {
      deadline:
        serviceConfig === undefined
          ? 'missing'
          : configuredDeadline(serviceConfig, service, site.method),
    },
  );
  const bounded = isBoundedLater(of, site.call.span, scene.statement, file.text);
  const { deadline, why } = bounded
    ? { deadline: 'safe' as const, why: undefined }
    : together(own, surroundingDeadline(scene));
  reportCall(site, scene, {
    deadline,
    ...(why === undefined ? {} : { why }),
    ...(service === undefined ? {} : { service }),
    ...(channel === undefined ? {} : { channel }),
    waitForReady:
      of.waitForReady ??
      (serviceConfig !== undefined &&
        configuredWaitForReady(serviceConfig, service, site.method) === true),
    hints: {
      flavour: of.flavour ?? '',
      ...(isReference(site) ? { reference: 'true' } : {}),
    },
  });
}

/** `stub::getListing` */
function isReference({ call }: Site): boolean {
  return (
    call.argumentsSpan.from === call.argumentsSpan.to && call.span.to === call.argumentsSpan.to
  );
}

/** `.timeout(…)` of Reactor and RxJava and `.ifNoItem()` of Mutiny cancel the call. */
function isBoundedLater(of: Instance, call: Span, statement: Span, text: string): boolean {
  return (
    of.flavour === 'reactive' &&
    /^\s*(?:\.\w+\([^;]*\)\s*)*?\.(?:timeout|ifNoItem)\(/.test(text.slice(call.to, statement.to))
  );
}

/** Armeria ends a call after 15 s unless told otherwise: ClientOptions.RESPONSE_TIMEOUT_MILLIS. */
export function armeriaClient(site: Site): Value | undefined {
  const path = pathOf(site.callee);
  if (path === undefined || !path.startsWith('com.linecorp.armeria.')) {
    return undefined;
  }
  const type = site.arguments
    .map(({ value }) => stubType((pathOf(value) ?? '').replace(/\.class(?:\.java)?$/, '')))
    .find((found) => found !== undefined);
  return type === undefined
    ? { kind: 'symbol', path: `${path}()` }
    : { ...stub(type, 'safe'), why: 'Armeria ends a call after 15 s' };
}
