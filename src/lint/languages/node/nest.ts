import type { Outcome, Scene, Site } from '../../program/semantics';
import type { Span } from '../../program/syntax';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  instance,
  joinDeadlines,
  unknown,
  type Value,
} from '../../program/value';
import { reportCall } from '../shared/report';
import { readCallOptions } from './callOptions';
import { client, isMetadata } from './grpcJs';
import { lastName, memberOf, pathIn } from './modules';

/** A service of `@nestjs/microservices`: what its methods give is a cold Observable, over grpc-js. */
export const nestFlavour = 'nest service';
const clientFlavour = 'nest grpc client';
/** An RPC that starts when somebody subscribes. */
const pendingFlavour = 'nest observable';
const operatorFlavour = 'rxjs operator';

const nestModules = ['@nestjs/microservices'] as const;
const rxModules = ['rxjs', 'rxjs/operators'] as const;

/** `private readonly client: ClientGrpc` */
export function typedNestClient(path: string): Value | undefined {
  return /^ClientGrpc(?:Proxy)?$/.test(pathIn(path, nestModules) ?? '')
    ? instance('other', 'unknown', { flavour: clientFlavour })
    : undefined;
}

/** `client.getService<ListingServiceClient>('ListingService')`, and what rxjs makes of its calls. */
export function callOfNest(site: Site, scene: Scene): Outcome | undefined {
  const { receiver, method } = site;
  if (receiver?.kind === 'instance') {
    switch (receiver.flavour) {
      case clientFlavour:
        return { value: serviceOf(site) ?? unknown };
      case pendingFlavour:
        return { value: callOfPending(receiver, method, site, scene) };
    }
  }
  const ofRx = memberOf(site.callee, rxModules);
  if (ofRx === 'firstValueFrom' || ofRx === 'lastValueFrom') {
    subscribe(site.arguments[0]?.value, site, scene);
    return { value: unknown };
  }
  return ofRx === undefined || !/^[a-z]/.test(ofRx)
    ? undefined
    : { value: instance('other', operatorDeadline(ofRx), { flavour: operatorFlavour }) };
}

/** Operators of rxjs that end what stands before them, or may. */
function operatorDeadline(name: string): Deadline {
  if (/^timeout(?:With)?$/.test(name)) {
    return 'safe';
  }
  return /^(?:takeUntil|race(?:With)?)$/.test(name) ? 'unknown' : 'missing';
}

function serviceOf({ method, arguments: args, call }: Site): Value | undefined {
  const type = lastName(call.typeArguments?.[0] ?? '').replace(/Client$/, '');
  const given = args[0]?.value;
  const name = given?.kind === 'constant' && typeof given.value === 'string' ? given.value : type;
  const service = name === '' ? {} : { service: name };
  switch (method) {
    case 'getService':
      return instance('stub', 'missing', { flavour: nestFlavour, ...service });
    case 'getClientByServiceName':
      return client(service);
    default:
      return undefined;
  }
}

/** `prices.checkPrice(request, metadata, options)`: nothing is sent until somebody subscribes. */
export function callOfNestService(rpc: Instance, site: Site, scene: Scene): Outcome {
  const { call, nameSpan, arguments: args } = site;
  const given = optionsDeadline(site, scene);
  const isHidden = args.some(({ spread }) => spread !== undefined);
  const deadline = isHidden ? bestDeadline(given, 'unknown') : given;
  const { service, method = '' } = rpc;
  reportCall(site, scene, {
    ...(service === undefined ? {} : { service }),
    deadline: deadline === 'missing' ? 'unknown' : deadline,
    why: 'whoever subscribes may end it',
    waitForReady: false,
  });
  return {
    value: instance('other', deadline, {
      flavour: pendingFlavour,
      ...(service === undefined ? {} : { service }),
      method,
      properties: { place: mark(call.span), name: mark(nameSpan) },
    }),
  };
}

/** Behind the request stand metadata and options, or one of them. */
function optionsDeadline({ arguments: args, call }: Site, scene: Scene): Deadline {
  const [, first, second] = args;
  const written = call.arguments[1]?.value;
  if (second !== undefined) {
    return readCallOptions(second.value, scene, true).deadline;
  }
  return first === undefined || written === undefined || isMetadata(first.value, written)
    ? 'missing'
    : readCallOptions(first.value, scene, false).deadline;
}

function mark(span: Span): Value {
  return { kind: 'constant', value: true, span };
}

function callOfPending(pending: Instance, method: string, site: Site, scene: Scene): Value {
  switch (method) {
    case 'pipe': {
      const operated = site.arguments.map(({ value, spread }) =>
        spread === undefined ? operatedDeadline(value) : 'unknown',
      );
      return { ...pending, deadline: operated.reduce(bestDeadline, pending.deadline) };
    }
    case 'subscribe':
    case 'toPromise':
    case 'forEach':
      subscribe(pending, site, scene);
      return unknown;
    default:
      return unknown;
  }
}

function operatedDeadline(value: Value): Deadline {
  return alternatives(value)
    .map(
      (each): Deadline =>
        each.kind === 'instance' && each.flavour === operatorFlavour ? each.deadline : 'unknown',
    )
    .reduce(joinDeadlines);
}

/** Here the call starts, and nothing ends it that did not come before. */
function subscribe(value: Value | undefined, site: Site, scene: Scene): void {
  for (const each of value === undefined ? [] : alternatives(value)) {
    const { place, name } = each.kind === 'instance' ? each.properties : {};
    if (
      each.kind !== 'instance' ||
      each.flavour !== pendingFlavour ||
      each.deadline !== 'missing' ||
      place?.kind !== 'constant' ||
      name?.kind !== 'constant'
    ) {
      continue;
    }
    const { method = '', service } = each;
    const call = { ...site.call, span: place.span, arguments: [] };
    reportCall({ ...site, call, method, nameSpan: name.span }, scene, {
      ...(service === undefined ? {} : { service }),
      deadline: 'missing',
      why: 'neither its options nor timeout() of rxjs give it one',
      waitForReady: false,
    });
  }
}
