import type { Scene, Site, SiteArgument } from '../../program/semantics';
import {
  alternatives,
  bestDeadline,
  type Deadline,
  type Instance,
  type Value,
} from '../../program/value';
import { configuredDeadline } from '../shared/configDefaults';
import { reportCall } from '../shared/report';
import { argumentOf, withToken } from './callOptions';
import { type DeadlineReading, readDeadline } from './times';

/** Methods of every generated client that are no RPC. */
const ownMethods = new Set(['WithHost', 'ToString', 'GetType', 'Equals', 'GetHashCode']);

/** Whether a method of the client is an RPC: of a service that is known, only its own. */
export function isRpc({ service }: Instance, method: string, { file }: Scene): boolean {
  if (ownMethods.has(method)) {
    return false;
  }
  return service !== undefined && file.index.hasService(service)
    ? file.index.rpcs(method, service).length > 0
    : true;
}

/**
 * Reports an RPC. Generated are `M(request, headers, deadline, cancellationToken)` and `M(request, options)`,
 * each without a request where the client streams.
 */
export function reportRpc(client: Instance, site: Site, scene: Scene): void {
  const first = requestCount(client, site, scene);
  const options = optionsOf(site, first);
  const reading = options === undefined ? readArguments(site, first, scene) : readOptions(options);
  const deadline = [client.deadline, configured(client, site.method)].reduce(
    bestDeadline,
    reading.deadline,
  );
  const isWaiting =
    options !== undefined &&
    alternatives(options.value).some(
      (option) => option.kind === 'instance' && option.waitForReady === true,
    );
  const { service } = client;
  reportCall(site, scene, {
    deadline,
    waitForReady: isWaiting,
    ...(service === undefined ? {} : { service }),
    ...(reading.why === undefined ? {} : { why: reading.why }),
    hints: { first: String(first), ...(options === undefined ? {} : { style: 'options' }) },
  });
}

/** From the service config of a Grpc.Core channel; grpc-dotnet's has no timeout. */
function configured({ service, properties }: Instance, method: string): Deadline {
  const { config } = properties;
  return config === undefined
    ? 'missing'
    : configuredDeadline(config, service, method.replace(/Async$/, ''));
}

/** How many arguments come before the options: the request, unless the client streams. */
function requestCount({ service }: Instance, site: Site, { file }: Scene): 0 | 1 {
  const [rpc] = file.index.rpcs(site.method, service);
  if (rpc !== undefined) {
    return rpc.kind === 'clientStreaming' || rpc.kind === 'bidirectionalStreaming' ? 0 : 1;
  }
  const [first] = site.arguments;
  const isNone = first === undefined || first.name !== undefined;
  return isNone || isMetadata(first.value) || isOptions(first.value) ? 0 : 1;
}

function isOptions(value: Value): boolean {
  return alternatives(value).some(
    (option) => option.kind === 'instance' && option.role === 'callOptions',
  );
}

function isMetadata(value: Value): boolean {
  return alternatives(value).some(
    (option) => option.kind === 'instance' && option.flavour === 'metadata',
  );
}

function optionsOf(site: Site, first: number): SiteArgument | undefined {
  return site.arguments.find(
    ({ name, value }, at) => name === 'options' || (at === first && isOptions(value)),
  );
}

function readOptions({ value }: SiteArgument): DeadlineReading {
  const [worst] = alternatives(value)
    .flatMap((option): DeadlineReading[] =>
      option.kind === 'instance' ? [option] : [{ deadline: 'unknown' }],
    )
    .sort((a, b) => (bestDeadline(a.deadline, b.deadline) === a.deadline ? 1 : -1));
  return worst ?? { deadline: 'unknown' };
}

function readArguments(site: Site, first: number, scene: Scene): DeadlineReading {
  const { arguments: args } = site;
  const deadline = argumentOf(args, 'deadline', first + 1);
  const token = argumentOf(args, 'cancellationToken', first + 2);
  if (deadline === undefined && isUndecided(args, first, scene)) {
    return { deadline: 'unknown' };
  }
  return withToken(
    deadline === undefined ? { deadline: 'missing' } : readDeadline(deadline.value, scene),
    token?.value,
  );
}

/** Whether the one argument after the request may be CallOptions as well as Metadata. */
function isUndecided(args: readonly SiteArgument[], first: number, { file }: Scene): boolean {
  const given = args[first];
  if (given === undefined || given.name !== undefined || args.length > first + 1) {
    return false;
  }
  const isKnown = alternatives(given.value).every(
    ({ kind }) => kind !== 'unknown' && kind !== 'symbol',
  );
  const text = file.text.slice(given.span.from, given.span.to);
  return !isKnown && !/header|metadata/i.test(text);
}
