import type { Scene, Site, SiteArgument } from '../../program/semantics';
import type { Argument, Expression, Span } from '../../program/syntax';
import {
  bestDeadline,
  type Deadline,
  type Entry,
  type Instance,
  type Value,
} from '../../program/value';
import { configuredDeadline, configuredWaitForReady } from '../shared/configDefaults';
import type { Reading } from '../shared/readings';
import { reportCall } from '../shared/report';
import { interceptedKinds } from './channels';
import type { CallKind } from './interceptors';
import { readTimeout } from './times';

/** Parameters of a call after the request (grpc Python API, `UnaryUnaryMultiCallable.__call__`). */
const grpcParameters = ['timeout', 'metadata', 'credentials', 'wait_for_ready', 'compression'];
const parameters: Readonly<Record<string, readonly string[]>> = {
  grpc: ['request', 'request_iterator', ...grpcParameters],
  'grpc.aio': ['request', 'request_iterator', ...grpcParameters],
};

/** One argument of an RPC. */
interface Given {
  readonly value: Value;
  /** As written; undefined where it comes from a dict. */
  readonly written?: Expression;
  readonly span: Span;
}

/** What an RPC is called with, by the names of its parameters. */
class CallArguments {
  readonly named = new Map<string, Given>();
  /** Whether there may be more than can be seen. */
  readonly isOpen: boolean;
  readonly positional: readonly Given[];

  /** @param bound how many arguments `functools.partial` gave already */
  constructor(args: readonly SiteArgument[], written: readonly Argument[], bound: number) {
    const positional: Given[] = [];
    let isOpen = false;
    for (const [at, { name, value, spread, span }] of args.entries()) {
      const expression = written[at]?.value;
      const given = { value, span, ...(expression === undefined ? {} : { written: expression }) };
      if (spread === 'map' && value.kind === 'object') {
        this.#addEntries(value.entries);
        isOpen ||= value.isOpen;
      } else if (spread !== undefined) {
        isOpen = true;
      } else if (name !== undefined) {
        this.named.set(name, given);
      } else {
        positional.push(given);
      }
    }
    this.positional = positional;
    this.isOpen = isOpen;
    for (const [at, name] of grpcParameters.entries()) {
      const given = positional[at + 1 - bound];
      if (given !== undefined && !isOpen) {
        this.named.set(name, given);
      }
    }
  }

  #addEntries(entries: ReadonlyMap<string, Entry>): void {
    for (const [name, { value, span }] of entries) {
      this.named.set(name, { value, span });
    }
  }
}

/** What an RPC is called through, beside its own name. */
export interface Through {
  /** Arguments that are not its own: `executor.submit(` and the method. */
  readonly skipped: number;
  /** Whether a keyword reaches the RPC. */
  readonly takesKeywords: boolean;
}

const directly: Through = { skipped: 0, takesKeywords: true };

/** Reports a call of an RPC. */
export function reportRpc(rpc: Instance, site: Site, scene: Scene, through = directly): void {
  const args = new CallArguments(
    site.arguments.slice(through.skipped),
    site.call.arguments.slice(through.skipped),
    boundOf(rpc),
  );
  const kind = kindOf(rpc, scene);
  const unknownKeyword = reportUnknownKeyword(rpc, args, scene);
  const own = unknownKeyword ? { deadline: 'unknown' as const } : timeoutOf(rpc, args, kind, scene);
  const deadline = bestDeadline(own.deadline, defaultOf(rpc, kind));
  const { service, method = site.method } = rpc;
  const why = own.why ?? (own.deadline === 'missing' ? 'timeout is not set' : undefined);
  reportCall({ ...site, method, nameSpan: nameSpanOf(site, through) }, scene, {
    deadline,
    waitForReady: waits(rpc, args),
    ...(service === undefined ? {} : { service }),
    ...(why === undefined ? {} : { why }),
    ...(through.takesKeywords ? {} : { hints: { keywords: 'none' } }),
  });
}

/** The RPC's own name: in `stub.Get.future(…)` it stands before the last one. */
function nameSpanOf({ call, nameSpan }: Site, { skipped }: Through): Span {
  const method = skipped === 0 ? call.callee : call.arguments[skipped - 1]?.value;
  if (method?.kind !== 'member') {
    return skipped === 0 ? nameSpan : (method?.span ?? nameSpan);
  }
  const isWrapped = skipped === 0 && callForms.has(method.name) && method.object.kind === 'member';
  return isWrapped && method.object.kind === 'member' ? method.object.nameSpan : method.nameSpan;
}

/** Methods of an RPC that call it. */
export const callForms = new Set(['future', 'with_call', 'open', '__call__']);

/** What `functools.partial` leaves: the same RPC, with what it was given. */
export function partialRpc(rpc: Instance, site: Site, scene: Scene): Instance {
  const args = new CallArguments(
    site.arguments.slice(1),
    site.call.arguments.slice(1),
    boundOf(rpc),
  );
  const own = timeoutOf(rpc, args, kindOf(rpc, scene), scene);
  const bound = boundOf(rpc) + args.positional.length;
  return {
    ...rpc,
    deadline: bestDeadline(own.deadline, rpc.deadline),
    properties: {
      ...rpc.properties,
      bound: { kind: 'constant', value: bound, span: site.call.span },
    },
  };
}

function boundOf({ properties: { bound } }: Instance): number {
  return bound?.kind === 'constant' && typeof bound.value === 'number' ? bound.value : 0;
}

function timeoutOf(
  rpc: Instance,
  args: CallArguments,
  kind: CallKind | undefined,
  scene: Scene,
): Reading {
  const given = args.named.get('timeout');
  if (given === undefined) {
    const hasDeadline = rpc.flavour === 'grpclib' && args.named.has('deadline');
    return { deadline: hasDeadline ? 'safe' : args.isOpen ? 'unknown' : 'missing' };
  }
  const timeout = readTimeout(given.value, given.written, hasOneAnswer(kind), scene);
  const span = given.written?.span ?? given.span;
  if (isRefused(rpc, given, args, kind)) {
    const text = scene.file.text.slice(span.from, span.to);
    scene.report({
      kind: 'misread',
      span,
      message: 'grpc.aio takes the timeout of this call by its name only: it raises TypeError.',
      replacement: { title: `Write timeout=${text}`, span, text: `timeout=${text}` },
    });
  } else if (timeout.misread !== undefined) {
    scene.report({ kind: 'misread', span, ...timeout.misread });
  }
  return timeout;
}

/** One answer is waited for, not everything that a stream brings. */
function hasOneAnswer(kind: CallKind | undefined): boolean {
  return kind === 'unary_unary' || kind === 'stream_unary';
}

/** grpc.aio: `*` stands before `timeout` where there is one request. */
function isRefused(
  { flavour }: Instance,
  given: Given,
  { positional }: CallArguments,
  kind: CallKind | undefined,
): boolean {
  return flavour === 'grpc.aio' && positional.includes(given) && kind?.startsWith('unary') === true;
}

function reportUnknownKeyword(
  { flavour = '' }: Instance,
  { named }: CallArguments,
  scene: Scene,
): boolean {
  const known = parameters[flavour];
  const [name, given] = [...named].find(([each]) => known?.includes(each) === false) ?? [];
  if (name === undefined || given === undefined) {
    return false;
  }
  const number = given.value.kind === 'constant' && typeof given.value.value === 'number';
  const isRename = name === 'deadline' && number && given.written !== undefined;
  const span = { from: given.span.from, to: given.span.from + name.length };
  scene.report({
    kind: 'option',
    span,
    message: `A call has no parameter ${name}: it raises TypeError.${name === 'deadline' ? ' timeout takes the seconds that it may last.' : ''}`,
    ...(isRename ? { replacement: { title: 'Write timeout', span, text: 'timeout' } } : {}),
  });
  return true;
}

/** What calls get that say nothing: from an interceptor, the service config, the stub or `partial`. */
function defaultOf(rpc: Instance, kind: CallKind | undefined): Deadline {
  const kinds = interceptedKinds(rpc);
  const intercepted: Deadline =
    kind === undefined
      ? kinds.length === 0
        ? 'missing'
        : 'unknown'
      : kinds.includes(kind)
        ? 'safe'
        : 'missing';
  const { config } = rpc.properties;
  const configured: Deadline =
    config === undefined ? 'missing' : configuredDeadline(config, rpc.service, rpc.method);
  return bestDeadline(rpc.deadline, bestDeadline(intercepted, configured));
}

function kindOf({ properties: { kind }, method, service }: Instance, { file }: Scene) {
  if (kind?.kind === 'constant') {
    return kind.value as CallKind;
  }
  const kinds = new Set(file.index.rpcs(method ?? '', service).map((rpc) => kindNames[rpc.kind]));
  const [only] = kinds;
  return kinds.size === 1 ? only : undefined;
}

const kindNames = {
  unary: 'unary_unary',
  serverStreaming: 'unary_stream',
  clientStreaming: 'stream_unary',
  bidirectionalStreaming: 'stream_stream',
} as const satisfies Record<string, CallKind>;

/** Whether the call waits for the connection: what it says itself counts, else the service config. */
function waits(
  { properties: { config }, service, method }: Instance,
  args: CallArguments,
): boolean {
  const given = args.named.get('wait_for_ready')?.value;
  if (given !== undefined) {
    return given.kind === 'constant' && given.value === true;
  }
  return (
    config !== undefined && !args.isOpen && configuredWaitForReady(config, service, method) === true
  );
}
