import type { MisreadDeadlineFact } from '../../facts';
import type { Scene, Site, SiteArgument } from '../../program/semantics';
import type { Argument, Span } from '../../program/syntax';
import {
  alternatives,
  bestDeadline,
  type Entry,
  type Instance,
  type Value,
} from '../../program/value';
import { configuredDeadline, configuredWaitForReady } from '../shared/configDefaults';
import type { Reading } from '../shared/readings';
import { reportCall } from '../shared/report';
import { argumentsAfter, type KeywordSpec, namedArguments, reportUnknownKeyword } from './keywords';
import { readDeadline } from './times';

/** Methods of every object. */
const ownMethods = new Set([
  'class',
  'clone',
  'define_singleton_method',
  'display',
  'dup',
  'extend',
  'freeze',
  'hash',
  'inspect',
  'instance_of',
  'instance_variable_get',
  'instance_variable_set',
  'itself',
  'method',
  'methods',
  'object_id',
  'public_method',
  'singleton_class',
  'singleton_methods',
  'tap',
  'then',
  'to_enum',
  'to_s',
  'yield_self',
]);

/** Of `GRPC::ClientStub` in the grpc gem: the path comes first, then the request and how it is written and read. */
const genericMethods = new Set([
  'request_response',
  'client_streamer',
  'server_streamer',
  'bidi_streamer',
]);

const senders = new Set(['public_send', 'send', '__send__']);

/** Reports the RPC that this call of a stub's method is; false when it is none. */
export function reportRpc(stub: Instance, site: Site, scene: Scene): boolean {
  const [first] = site.arguments;
  if (senders.has(site.method)) {
    const name = first?.value.kind === 'constant' ? String(first.value.value) : undefined;
    if (name === undefined || !isRpc(stub, name, scene)) {
      return false;
    }
    report(stub, name, site, 2, scene);
    return true;
  }
  if (stub.flavour === 'generic') {
    if (!genericMethods.has(site.method)) {
      return false;
    }
    report(stub, pathMethod(first?.value) ?? site.method, site, 4, scene);
    return true;
  }
  if (!isRpc(stub, site.method, scene)) {
    return false;
  }
  report(stub, site.method, site, 1, scene);
  return true;
}

/** `GetListing` of "/market.v1.ListingService/GetListing" */
function pathMethod(value: Value | undefined): string | undefined {
  const path = value?.kind === 'constant' ? String(value.value) : '';
  return /^\/[\w.]+\/(\w+)$/.exec(path)?.[1];
}

function isRpc({ flavour, service }: Instance, method: string, { file }: Scene): boolean {
  if (ownMethods.has(method) || /[?!=]$|^[^a-z]/.test(method)) {
    return false;
  }
  if (flavour === 'own') {
    return file.index.rpcs(method).length > 0;
  }
  return service !== undefined && file.index.hasService(service)
    ? file.index.rpcs(method, service).length > 0
    : true;
}

/** Of a call (grpc gem, `ClientStub#request_response`). Metadata is no keyword of its own. */
const callKeywords: KeywordSpec = {
  known: ['deadline', 'return_op', 'parent', 'credentials', 'metadata'],
  subject: 'A call',
  instead(name, isString) {
    if (isString) {
      return 'metadata: { … } takes headers.';
    }
    return name === 'timeout' ? 'deadline: takes the time at which it is over.' : undefined;
  },
  renames: { timeout: '' },
};

function report(stub: Instance, method: string, site: Site, requests: number, scene: Scene): void {
  const rest = argumentsAfter(site, requests);
  const { named, isOpen } = namedArguments(rest);
  const isWrong =
    reportTimeout(named, site, scene) || reportUnknownKeyword(callKeywords, named, scene);
  const own: Reading = isWrong ? { deadline: 'unknown' } : deadlineOf(named, isOpen, site, scene);
  const { service, properties } = stub;
  const { config } = properties;
  const configured = config === undefined ? 'missing' : configuredDeadline(config, service, method);
  const base = replaces(named) ? configured : bestDeadline(stub.deadline, configured);
  const deadline = bestDeadline(own.deadline, base);
  const why = own.why ?? (own.deadline === 'missing' ? 'deadline: is not set' : undefined);
  reportCall({ ...site, method }, scene, {
    deadline,
    waitForReady: config !== undefined && configuredWaitForReady(config, service, method) === true,
    ...(service === undefined ? {} : { service }),
    ...(why === undefined ? {} : { why }),
    hints: { requests: String(requests), hash: String(hasHash(rest)) },
  });
}

/** Any deadline but `nil` counts instead of the stub's timeout, also a later one. */
function replaces(named: ReadonlyMap<string, Entry>): boolean {
  const given = named.get('deadline');
  return (
    given !== undefined &&
    !alternatives(given.value).some((value) => value.kind === 'constant' && value.value === null)
  );
}

/** Whether the options stand in a hash with braces: a keyword can't be added behind it. */
function hasHash(args: readonly SiteArgument[]): boolean {
  return args.some(
    ({ name, spread, value }) =>
      name === undefined && spread === undefined && value.kind === 'object',
  );
}

/** `timeout: 5` of a call: what it means is known, where a number says it. */
function reportTimeout(named: ReadonlyMap<string, Entry>, site: Site, scene: Scene): boolean {
  const given = named.get('timeout');
  const written = argumentNamed(site, 'timeout');
  if (given === undefined || written === undefined) {
    return false;
  }
  const { value } = given;
  const isLength =
    value.kind === 'duration' || (value.kind === 'constant' && typeof value.value === 'number');
  const { from, to } = written.value.span;
  const text = `deadline: Time.now + ${scene.file.text.slice(from, to)}`;
  const replacement: MisreadDeadlineFact['replacement'] = {
    title: `Write ${text}`,
    span: written.span,
    text,
  };
  scene.report({
    kind: 'option',
    span: nameOf(written.span, 'timeout'),
    message:
      'A call has no keyword timeout:, it raises ArgumentError. deadline: takes the time at which it is over.',
    ...(isLength ? { replacement } : {}),
  });
  return true;
}

function nameOf({ from }: Span, name: string): Span {
  return { from, to: from + name.length };
}

function argumentNamed({ call }: Site, name: string): Argument | undefined {
  return call.arguments.find((argument) => argument.name === name);
}

function deadlineOf(
  named: ReadonlyMap<string, Entry>,
  isOpen: boolean,
  site: Site,
  scene: Scene,
): Reading {
  const given = named.get('deadline');
  if (given === undefined) {
    return isOpen ? { deadline: 'unknown' } : withoutDeadline(named);
  }
  const written = argumentNamed(site, 'deadline')?.value;
  const reading = readDeadline(given.value, written, scene);
  if (reading.misread !== undefined) {
    scene.report({ kind: 'misread', span: written?.span ?? given.span, ...reading.misread });
  }
  return reading;
}

/** With `parent:` the call gets what is left to the parent (grpc core, GRPC_PROPAGATE_DEADLINE, a default). */
function withoutDeadline(named: ReadonlyMap<string, Entry>): Reading {
  const parent = named.get('parent')?.value;
  const isNone = parent?.kind === 'constant' && parent.value === null;
  return parent === undefined || isNone
    ? { deadline: 'missing' }
    : { deadline: 'inherited', why: 'parent: hands its deadline on' };
}
