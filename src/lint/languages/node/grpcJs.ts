import type { RpcInfo } from '../../index/workspaceIndex';
import type { Outcome, Scene, Site, SiteArgument } from '../../program/semantics';
import type { Expression, Span } from '../../program/syntax';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  instance,
  unknown,
  type Value,
  withProperty,
} from '../../program/value';
import { configuredDeadline } from '../shared/configDefaults';
import { reportCall } from '../shared/report';
import { writtenName } from '../shared/writtenName';
import { readCallOptions, type Verdict } from './callOptions';
import { importsFrom } from './modules';
import { configOf } from './serviceConfigs';

/** A client of grpc-js, whoever generated its class. */
export const clientFlavour = 'grpc-js client';
export const metadataFlavour = 'grpc-js metadata';

export interface ClientParts {
  readonly service?: string;
  readonly deadline?: Deadline;
  /** Of the constructor's options. */
  readonly serviceConfig?: Value;
  /** Known by its declared type alone: it can be a client of another library with the same class name. */
  readonly isTyped?: boolean;
}

export function client({ service, deadline, serviceConfig, isTyped }: ClientParts): Instance {
  const made = instance('stub', deadline ?? 'missing', {
    flavour: clientFlavour,
    ...(service === undefined ? {} : { service }),
    ...(serviceConfig === undefined ? {} : { properties: { serviceConfig } }),
  });
  return isTyped === true ? withProperty(made, 'typed', unknown) : made;
}

/** What every client has beside its RPCs. */
const ownMembers = new Set([
  'close',
  'getChannel',
  'waitForReady',
  'constructor',
  'makeUnaryRequest',
  'makeClientStreamRequest',
  'makeServerStreamRequest',
  'makeBidiStreamRequest',
  'toString',
  'then',
  'on',
  'once',
]);

/** A method of a client: an RPC, unless the service is known and has none of this name. */
export function memberOfClient(stub: Instance, name: string, scene: Scene): Value | undefined {
  const { service } = stub;
  const { index } = scene.file;
  if (ownMembers.has(name) || /^[$_#]/.test(name)) {
    return undefined;
  }
  const isOther =
    service !== undefined &&
    index.hasService(simpleName(service)) &&
    index.rpcs(name, service).length === 0;
  return isOther ? undefined : rpcOf(stub, name);
}

/** A method that is not called yet. */
export function rpcOf(stub: Instance, method: string): Instance {
  const { service, flavour, deadline, properties } = stub;
  return instance('rpc', deadline, {
    ...(flavour === undefined ? {} : { flavour }),
    ...(service === undefined ? {} : { service }),
    method,
    properties,
  });
}

export function simpleName(service: string): string {
  return service.slice(service.lastIndexOf('.') + 1);
}

/** Gives back a promise instead of taking a callback. */
export function promisified(rpc: Instance): Instance {
  return withProperty(rpc, 'promisified', unknown);
}

export function kindOf(rpc: Instance, scene: Scene): RpcInfo['kind'] | undefined {
  const { service, method = '' } = rpc;
  const [first, ...rest] = service === undefined ? [] : scene.file.index.rpcs(method, service);
  return first !== undefined && rest.every(({ kind }) => kind === first.kind)
    ? first.kind
    : undefined;
}

/** A call of a grpc-js client's method. */
export function callOfClient(rpc: Instance, at: Site, scene: Scene): Outcome {
  const site = named(at, rpc);
  const shape = shapeOf(rpc, site, scene);
  const { service, method } = rpc;
  if (shape === undefined) {
    reportCall(site, scene, { ...about(rpc), deadline: 'unknown', waitForReady: false });
    return { value: unknown };
  }
  const { metadata, options, isCertain, insertAt } = shape;
  const given: Verdict =
    options === undefined
      ? { deadline: 'missing', why: noneGiven(scene) }
      : readCallOptions(options.value, scene, isCertain);
  const { serviceConfig } = rpc.properties;
  const configured =
    serviceConfig === undefined
      ? 'missing'
      : configuredDeadline(configOf(serviceConfig), service, method);
  const deadline = bestDeadline(bestDeadline(given.deadline, configured), rpc.deadline);
  reportCall(site, scene, {
    ...about(rpc),
    deadline,
    ...(given.why === undefined || deadline !== given.deadline ? {} : { why: given.why }),
    waitForReady: waits(metadata?.value),
    hints: {
      library: 'grpc-js',
      ...(options === undefined
        ? { insertAt: String(insertAt), ...inTypes(rpc, shape) }
        : { optionsAt: String(site.arguments.indexOf(options)) }),
    },
  });
  return { value: unknown };
}

/** What generated types make of the call: they take options of unary calls behind metadata, and no more promisified. */
function inTypes(rpc: Instance, { metadata, needsMetadata }: Shape): Record<string, string> {
  if (rpc.properties.promisified !== undefined && metadata === undefined) {
    return { types: 'closed' };
  }
  return needsMetadata ? { types: 'metadata' } : {};
}

/** `promisify(client.get)(request)` and `client.get.call(client, request)`: the method is named further in. */
function named(site: Site, { method = '' }: Instance): Site {
  if (site.method !== '' && site.method !== 'call') {
    return site;
  }
  const nameSpan = placeOfName(method, site.call.callee) ?? site.nameSpan;
  return { ...site, method, nameSpan };
}

function placeOfName(name: string, expression: Expression): Span | undefined {
  switch (expression.kind) {
    case 'member':
      return expression.name === name ? expression.nameSpan : placeOfName(name, expression.object);
    case 'same':
      return placeOfName(name, expression.value);
    case 'call':
      return [expression.callee, ...expression.arguments.map(({ value }) => value)]
        .map((part) => placeOfName(name, part))
        .find((span) => span !== undefined);
    default:
      return undefined;
  }
}

function about({ service }: Instance) {
  return service === undefined ? {} : { service };
}

function noneGiven({ handler }: Scene): string {
  return handler === 'rpc'
    ? "grpc-js doesn't hand on the deadline of the call that is being answered"
    : 'no call options are given';
}

function waits(metadata: Value | undefined): boolean {
  return (
    metadata !== undefined &&
    alternatives(metadata).some((each) => each.kind === 'instance' && each.waitForReady === true)
  );
}

/** Libraries that put other methods in the place of a client's own. */
const changers = /^(?:grpc-promise|grpc-caller|bluebird)(?:\.|$)/;

/** Which arguments of a call are what. */
interface Shape {
  readonly metadata?: SiteArgument;
  readonly options?: SiteArgument;
  /** Whether the options surely are the options, and no request or metadata. */
  readonly isCertain: boolean;
  /** Where options are put when there are none: the number of the argument. */
  readonly insertAt: number;
  /** Whether generated types take options only behind metadata, which is not given. */
  readonly needsMetadata: boolean;
}

/**
 * grpc-js 1.14, `client.ts`: unary `(request, [metadata], [options], callback)`, server streaming without the
 * callback, client streaming without the request, bidirectional streaming without both. Undefined where it
 * can't be told.
 */
function shapeOf(rpc: Instance, site: Site, scene: Scene): Shape | undefined {
  const args = site.arguments;
  if (args.some(({ spread }) => spread !== undefined)) {
    return undefined;
  }
  const kind = kindOf(rpc, scene);
  const written = site.call.arguments.map(({ value }) => value);
  const isPromised = rpc.properties.promisified !== undefined;
  const last = args.at(-1);
  const lastWritten = written.at(-1);
  const endsWithCallback =
    last !== undefined && lastWritten !== undefined && isCallback(last.value, lastWritten);
  const takesCallback = isPromised
    ? false
    : kind === undefined
      ? endsWithCallback
      : kind === 'unary' || kind === 'clientStreaming';
  const fewest = kind === 'unary' ? 2 : 1;
  if (
    takesCallback &&
    (args.length < fewest || last === undefined || isSurelyNoCallback(last.value, lastWritten))
  ) {
    return undefined;
  }
  // Calls without a callback that no `.proto` file tells of: another library's, or changed by one.
  const isForeign = rpc.properties.typed !== undefined || importsFrom(scene.file, changers);
  if (isForeign && !takesCallback && kind === undefined) {
    return undefined;
  }
  const end = args.length - (takesCallback ? 1 : 0);
  const start = takesRequest(kind, args[0]) && end > 0 ? 1 : 0;
  const shape = placed(args, written, start, end);
  return {
    ...shape,
    isCertain: takesCallback || kind !== undefined,
    insertAt: end,
    needsMetadata: start === 1 && takesCallback && shape.metadata === undefined,
  };
}

function placed(
  args: readonly SiteArgument[],
  written: readonly Expression[],
  start: number,
  end: number,
): Pick<Shape, 'metadata' | 'options'> {
  const [first, second] = args.slice(start, end);
  const firstWritten = written[start];
  if (first === undefined || firstWritten === undefined) {
    return {};
  }
  if (second !== undefined) {
    return { metadata: first, options: second };
  }
  return isMetadata(first.value, firstWritten) ? { metadata: first } : { options: first };
}

function takesRequest(kind: RpcInfo['kind'] | undefined, first: SiteArgument | undefined): boolean {
  if (kind !== undefined) {
    return kind === 'unary' || kind === 'serverStreaming';
  }
  const value = first?.value;
  const isOther =
    value?.kind === 'instance' &&
    (value.flavour === metadataFlavour || value.role === 'callOptions');
  return !isOther && !(value?.kind === 'object' && value.entries.has('deadline'));
}

const callbackNames = /^(cb|callback|done|next|fn|resolve|reject)$|(Cb|Callback|Handler)$|^on[A-Z]/;

function isCallback(value: Value, written: Expression): boolean {
  return (
    value.kind === 'function' ||
    (value.kind === 'unknown' && callbackNames.test(writtenName(written)))
  );
}

function isSurelyNoCallback(value: Value, written: Expression | undefined): boolean {
  return (
    ['object', 'list', 'constant', 'instance', 'instant'].includes(value.kind) ||
    /option|opts$|meta|config|settings/i.test(writtenName(written))
  );
}

const metadataNames = /(^|[a-z_$#])meta(data)?$|^md$/i;

/** `new Metadata()`; where it comes from elsewhere, what is called metadata is no object of options. */
export function isMetadata(value: Value, written: Expression): boolean {
  const ways = alternatives(value);
  return (
    ways.some((each) => each.kind === 'instance' && each.flavour === metadataFlavour) ||
    (ways.every(({ kind }) => kind === 'unknown' || kind === 'symbol') &&
      metadataNames.test(writtenName(written)))
  );
}
