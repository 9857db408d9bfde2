import { escapePattern } from '../../escapePattern';
import type { ChannelFact } from '../../facts';
import type { ArgumentReader } from '../../options/channelArguments';
import type { FileFacts, Outcome, Scene, Site } from '../../program/semantics';
import { bestDeadline, type Instance, instance, unknown, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { placeOf } from '../shared/report';
import { channelParts, checkClientOptions, clientOptions, optionOf } from './clientOptions';
import { callOfClient, client, metadataFlavour, promisified } from './grpcJs';
import { interceptedDeadline } from './interceptors';
import {
  grpcModules,
  importsFrom,
  isNothing,
  lastName,
  memberOf,
  moduleOf,
  pathIn,
} from './modules';

/** What `loadPackageDefinition` gives, and every part of it. */
const packageFlavour = 'grpc-js package';

const functionsOfPackages = new Set(['loadPackageDefinition', 'loadObject', 'load']);
const makersOfClients = new Set(['makeGenericClientConstructor', 'makeClientConstructor']);

/** Calls of grpc-js itself, and `new` with what it gives. */
export function callOfGrpcJs(site: Site, scene: Scene): Outcome | undefined {
  const { callee, call } = site;
  if (callee.kind === 'instance' && callee.flavour === packageFlavour) {
    return call.creates === true
      ? { value: newClient(site, scene, callee.service, 'grpc-js') }
      : undefined;
  }
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const name = memberOf(callee, grpcModules);
  if (name !== undefined) {
    return call.creates === true ? newOfGrpcJs(name, site, scene) : functionOfGrpcJs(name, site);
  }
  return call.creates === true && isNewClient(site, scene)
    ? { value: newClient(site, scene, serviceOfClass(callee.path), 'grpc-js') }
    : undefined;
}

function functionOfGrpcJs(name: string, site: Site): Outcome | undefined {
  if (functionsOfPackages.has(name)) {
    return { value: packagePart(undefined) };
  }
  if (makersOfClients.has(name)) {
    const service = site.arguments[1]?.value;
    return {
      value: packagePart(
        service?.kind === 'constant' && typeof service.value === 'string'
          ? service.value
          : undefined,
      ),
    };
  }
  return name.startsWith('credentials.') || /^ChannelCredentials\./.test(name)
    ? { value: instance('credentials', 'unknown') }
    : undefined;
}

function newOfGrpcJs(name: string, site: Site, scene: Scene): Outcome | undefined {
  switch (name) {
    case 'Metadata':
      return { value: metadata(site.arguments[0]?.value) };
    case 'Channel': {
      const options = clientOptions(site.arguments[2]?.value);
      checkClientOptions(options, 'grpc-js', scene);
      reportChannel('channel', site, scene, channelParts(options, 'grpc-js'));
      return { value: instance('channel', 'unknown') };
    }
    case 'Client':
      // Its requests name their method as text: only what it is made with is looked at.
      newClient(site, scene, undefined, 'grpc-js');
      return { value: unknown };
    default:
      return undefined;
  }
}

/** `new Metadata({ waitForReady: true })` */
function metadata(options: Value | undefined): Instance {
  const waits = options?.kind === 'object' ? options.entries.get('waitForReady')?.value : undefined;
  return instance('other', 'unknown', {
    flavour: metadataFlavour,
    waitForReady: waits?.kind === 'constant' && waits.value === true,
  });
}

/** `metadata.setOptions({ waitForReady: true })` and what gives the same kind of object back. */
export function callOfMetadata(receiver: Instance, site: Site): Outcome {
  switch (site.method) {
    case 'setOptions':
      return { value: unknown, receiver: metadata(site.arguments[0]?.value) };
    case 'clone':
      return { value: receiver };
    default:
      return { value: unknown };
  }
}

export function typedMetadata(): Instance {
  return instance('other', 'unknown', { flavour: metadataFlavour });
}

function packagePart(path: string | undefined): Instance {
  return instance('other', 'unknown', {
    flavour: packageFlavour,
    ...(path === undefined ? {} : { service: path }),
  });
}

/** `pkg.market.v1.ListingService`: packages and services are told apart when one is made. */
export function memberOfPackage(object: Instance, name: string): Value | undefined {
  if (object.flavour !== packageFlavour) {
    return undefined;
  }
  return packagePart(object.service === undefined ? name : `${object.service}.${name}`);
}

/** Libraries whose clients have the same names, and other options. */
const otherLibraries =
  /grpc[-_]web|@protobuf-ts|\.client$|@google-cloud|twirp|@improbable|ClientImpl$/;

/** Modules that a generator of clients for grpc-js writes, by a name that says so. */
const grpcModule = /grpc/i;

/** Modules that some generator writes: that of an OpenAPI client too. */
const generatedModule =
  /(_pb|\.pb)$|(^|[/@._-])(gen|generated|protos?|pb|stubs?|codegen)([/._-]|$)/i;

/** `new XxxClient(address, credentials, …)` with a class that grpc-tools, ts-proto or the like generated. */
function isNewClient({ callee, arguments: args }: Site, { file }: Scene): boolean {
  const [, credentials] = args;
  if (callee.kind !== 'symbol' || !mayBeClient(callee.path, file)) {
    return false;
  }
  if (isConfigured(file.settings.stubs, callee.path)) {
    return true;
  }
  if (credentials?.value.kind === 'instance' && credentials.value.role === 'credentials') {
    return isClientClass(callee.path, file) || generatedModule.test(moduleOf(callee.path));
  }
  if (!isClientClass(callee.path, file)) {
    return false;
  }
  // One argument is a transport of protobuf-ts or Twirp; grpc-web passes null.
  return (
    args.some(({ spread }) => spread !== undefined) ||
    (credentials !== undefined && !isNothing(credentials.value))
  );
}

function mayBeClient(path: string, { settings }: FileFacts): boolean {
  return (
    isConfigured(settings.stubs, path) ||
    (/^[A-Z]\w*Client$/.test(lastName(path)) &&
      !otherLibraries.test(path) &&
      !otherLibraries.test(moduleOf(path)))
  );
}

/** Whether the class is a client by its service or its module. */
function isClientClass(path: string, { index }: FileFacts): boolean {
  return index.hasService(serviceOfClass(path)) || grpcModule.test(moduleOf(path));
}

function serviceOfClass(path: string): string {
  return lastName(path).replace(/Client$/, '');
}

function newClient(
  site: Site,
  scene: Scene,
  service: string | undefined,
  library: ArgumentReader,
): Value {
  const reader = usesNativeModule(scene.file) ? 'grpc-core' : library;
  const options = clientOptions(site.arguments[2]?.value);
  checkClientOptions(options, reader, scene);
  if (optionOf(options, 'channelOverride') === undefined) {
    reportChannel('client', site, scene, channelParts(options, reader));
  }
  const intercepted = bestDeadline(
    interceptedDeadline(optionOf(options, 'interceptors'), scene),
    interceptedDeadline(optionOf(options, 'interceptor_providers'), scene),
  );
  const isHidden = options.isOpen || site.arguments.some(({ spread }) => spread !== undefined);
  const serviceConfig = optionOf(options, 'grpc.service_config');
  return client({
    ...(service === undefined ? {} : { service }),
    deadline: isHidden ? bestDeadline(intercepted, 'unknown') : intercepted,
    ...(serviceConfig === undefined ? {} : { serviceConfig }),
  });
}

function usesNativeModule(file: FileFacts): boolean {
  return file.program.imports.some(
    ({ path }) => path === 'grpc' || pathIn(path, ['grpc']) !== undefined,
  );
}

export function reportChannel(
  what: ChannelFact['what'],
  site: Site,
  scene: Scene,
  parts: Pick<ChannelFact, 'keepalive' | 'policy' | 'isOpen'> &
    Partial<Pick<ChannelFact, 'implementation' | 'target' | 'targetSpan'>>,
): void {
  const [address] = site.arguments;
  const isWritten = address?.value.kind === 'constant' && typeof address.value.value === 'string';
  scene.report({
    kind: 'channel',
    implementation: 'grpc-js',
    span: site.call.span,
    nameSpan: site.nameSpan,
    what,
    ...(isWritten && address.value.kind === 'constant'
      ? { target: String(address.value.value), targetSpan: address.span }
      : {}),
    place: isKept(site, scene) ? 'function' : placeOf(scene),
    ...parts,
  });
}

/** Made only where there is none yet: `client ??= new …`, `if (!client) { client = new … }`. */
function isKept({ call }: Site, { file, statement }: Scene): boolean {
  const own = file.text.slice(statement.from, call.span.from);
  if (/(\?\?|\|\|)=?\s*$/.test(own)) {
    return true;
  }
  const name = /^([\w.$#]+)\s*=(?!=)/.exec(own)?.[1];
  if (name === undefined) {
    return false;
  }
  const before = file.text.slice(Math.max(0, statement.from - 200), statement.from);
  const escaped = escapePattern(name);
  return new RegExp(
    `if\\s*\\(\\s*(?:!\\s*${escaped}\\b|${escaped}\\s*={2,3}\\s*(?:null|undefined))\\s*\\)\\s*\\{?[^{}]*$`,
  ).test(before);
}

/** Libraries in whose files a class with the name of a client is another thing. */
const otherImports =
  /^(@nestjs\/microservices|rxjs|@protobuf-ts\/|grpc-web|@improbable-eng\/|@google-cloud\/)/;

/** What a declared type says: a client that comes from outside, from whoever made it. */
export function typedClient(path: string, file: FileFacts): Value | undefined {
  const isGenerated =
    mayBeClient(path, file) && isClientClass(path, file) && !importsFrom(file, otherImports);
  if (!isGenerated && !isConfigured(file.settings.stubs, path)) {
    return undefined;
  }
  // ts-proto has an interface of the same name for nice-grpc; Connect's clients are typed otherwise.
  const isNice = importsFrom(file, /^nice-grpc/);
  return isNice ? undefined : client({ service: serviceOfClass(path), isTyped: true });
}

const promisifiers = new Set(['util.promisify', 'node:util.promisify', 'es6-promisify.promisify']);

/** `promisify(client.get)`, `client.get.bind(client)`, `client.get.call(client, …)`. */
export function callWithRpc(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver, method } = site;
  if (receiver?.kind === 'instance' && receiver.role === 'rpc') {
    if (method === 'call' && site.arguments.length > 1) {
      return callOfClient(receiver, withoutThis(site), scene);
    }
    return { value: method === 'bind' ? receiver : unknown };
  }
  const [first] = site.arguments;
  return callee.kind === 'symbol' &&
    promisifiers.has(callee.path) &&
    first?.value.kind === 'instance' &&
    first.value.role === 'rpc'
    ? { value: promisified(first.value) }
    : undefined;
}

/** As if the method were called on the object itself. */
function withoutThis(site: Site): Site {
  const { call, arguments: args } = site;
  return {
    ...site,
    call: { ...call, arguments: call.arguments.slice(1) },
    arguments: args.slice(1),
  };
}
