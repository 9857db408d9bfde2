/** What in Go is a gRPC stub: by its type, or by the function that makes it. */
import type { FileFacts, Scene, Site } from '../../program/semantics';
import { alternatives, type Instance, instance, unknown, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';

const grpc = 'google.golang.org/grpc';

/** Packages of test doubles, and of Connect, whose clients are no stubs of grpc-go. */
const otherPackages = /(?:^|[/_])(?:mock|fake)\w*$|(?:mocks?|fakes?|connect)$/i;

/** Paths of packages that generators write. */
const generatedPackages =
  /pb(?:\/v\d+\w*)?$|(?:^|\/)(?:gen|genproto|pb|protos?|protobuf|stubs?|grpc)(?:\/|$)|(?:^|\/)\w*grpc_\w+|_v\d+(?:(?:alpha|beta)\d*)?$/;
/** Paths that generated packages often have, and others too. */
const likelyPackages = /(?:^|\/)(?:api|apis|rpc|v\d+(?:(?:alpha|beta)\d*)?)(?:\/|$)/;
/** Makers of clients that are called like stubs. */
const otherMakers =
  /^(?:cloud\.google\.com\/go|github\.com\/(?:aws|Azure|hashicorp)\/|k8s\.io\/|sigs\.k8s\.io\/)/;

/** Clients of other RPC systems that are generated from the same `.proto` files. */
const otherSystems = /^(?:DRPC|HTTP|Twirp)|(?:HTTP|JSON|Protobuf)$/;

/** The stub that a type is: `pb.ListingServiceClient`; `path` is qualified and without pointer. */
export function typedStub(path: string, isPointer: boolean, file: FileFacts): Value | undefined {
  if (isConfigured(file.settings.stubs, path)) {
    return instance('stub', 'missing');
  }
  // Generated stubs are interfaces: nobody has a pointer to one.
  if (isPointer || !path.endsWith('Client')) {
    return undefined;
  }
  const { packagePath, name } = split(path);
  const service = name.slice(0, -'Client'.length);
  return isStub(packagePath, service, file) ? instance('stub', 'missing', { service }) : undefined;
}

/** What `pb.NewListingServiceClient(conn)` gives; undefined when it makes something else. */
export function madeStub(
  { callee, arguments: args, method }: Site,
  scene: Scene,
): Value | undefined {
  const service = /^New(\w+)Client$/.exec(method)?.[1];
  const [connection] = args;
  if (service === undefined || connection === undefined || args.length !== 1) {
    return undefined;
  }
  const channel = channelIn(connection.value);
  const { packagePath } = callee.kind === 'symbol' ? split(callee.path) : { packagePath: '' };
  const isKnown =
    callee.kind === 'symbol'
      ? isStub(packagePath, service, scene.file, channel !== undefined)
      : callee.kind === 'unknown' && scene.file.index.hasService(service);
  if (!isKnown || isSomethingElse(connection.value)) {
    return undefined;
  }
  if (channel === undefined) {
    return instance('stub', 'missing', { service });
  }
  const { deadline, properties, waitForReady, why } = channel;
  return instance('stub', deadline, {
    service,
    properties,
    ...(waitForReady === undefined ? {} : { waitForReady }),
    ...(why === undefined ? {} : { why }),
  });
}

/** A stub is made of a connection, not of an address, a configuration or a list. */
function isSomethingElse(value: Value): boolean {
  return ['constant', 'object', 'list', 'duration'].includes(value.kind);
}

export function channelIn(value: Value): Instance | undefined {
  return alternatives(value).find(
    (way): way is Instance => way.kind === 'instance' && way.role === 'channel',
  );
}

/** Whether `XClient` of a package is the stub of a service `X`. */
function isStub(
  packagePath: string,
  service: string,
  { index, program }: FileFacts,
  hasChannel = false,
): boolean {
  if (service === '' || otherPackages.test(packagePath) || otherSystems.test(service)) {
    return false;
  }
  if (index.hasService(service) || generatedPackages.test(packagePath)) {
    return true;
  }
  if (hasChannel) {
    return index.isEmpty || likelyPackages.test(packagePath);
  }
  return (
    likelyPackages.test(packagePath) &&
    !otherMakers.test(packagePath) &&
    program.imports.some(({ path }) => path === grpc)
  );
}

function split(path: string): { packagePath: string; name: string } {
  const dot = path.lastIndexOf('.');
  return { packagePath: path.slice(0, Math.max(dot, 0)), name: path.slice(dot + 1) };
}

/**
 * An interface of this file with the methods of a stub, as packages declare what they need of one: only stubs
 * take call options.
 */
export function interfaceStub(text: string): Value {
  return /\.\.\.\s*\w+\.CallOption\b/.test(text) ? instance('stub', 'missing') : unknown;
}
