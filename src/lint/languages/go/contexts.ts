/** Where contexts come from, and what each function of Go's libraries makes of their deadline. */
import type { Outcome, Scene, Site } from '../../program/semantics';
import type { Literal } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  type Instance,
  instance,
  joinDeadlines,
  unknown,
  type Value,
} from '../../program/value';
import { nanosecond } from './time';

/** Places of the context and, where it matters, of the parent among results and arguments. */
interface Derivation {
  /** Which of the results is the context; undefined when it is the only one. */
  readonly result?: number;
  readonly results?: number;
}

const single: Derivation = {};
const withCancel: Derivation = { result: 0, results: 2 };

/** Functions whose context has the deadline of their first argument. */
const derivations: ReadonlyMap<string, Derivation> = new Map([
  ['context.WithCancel', withCancel],
  ['context.WithCancelCause', withCancel],
  ['context.WithValue', single],
  ['os/signal.NotifyContext', withCancel],
  ['golang.org/x/sync/errgroup.WithContext', { result: 1, results: 2 }],
  ['google.golang.org/grpc/metadata.NewOutgoingContext', single],
  ['google.golang.org/grpc/metadata.AppendToOutgoingContext', single],
  ['google.golang.org/grpc/metadata.NewIncomingContext', single],
  ['google.golang.org/grpc/peer.NewContext', single],
  ['go.opentelemetry.io/otel/trace.ContextWithSpan', single],
  ['go.opentelemetry.io/otel/trace.ContextWithSpanContext', single],
  ['go.opentelemetry.io/otel/trace.ContextWithRemoteSpanContext', single],
  ['go.opentelemetry.io/otel/baggage.ContextWithBaggage', single],
  ['go.opencensus.io/trace.StartSpan', withCancel],
  ['go.opencensus.io/trace.NewContext', single],
  ['go.opencensus.io/tag.New', withCancel],
  ['github.com/opentracing/opentracing-go.ContextWithSpan', single],
  ['github.com/opentracing/opentracing-go.StartSpanFromContext', { result: 1, results: 2 }],
  ['github.com/go-logr/logr.NewContext', single],
]);

/** `context.WithTimeout` and the like: the second argument says when. */
const bounding = new Set([
  'context.WithTimeout',
  'context.WithTimeoutCause',
  'context.WithDeadline',
  'context.WithDeadlineCause',
]);

/** Methods without arguments that give the context of a request, stream, command or test. */
const contextMethods = new Set(['Context', 'UserContext', 'StdContext']);

/** Receivers of a request's context. */
const requestTypes: ReadonlyMap<string, string> = new Map([
  ['github.com/gin-gonic/gin.Context', 'gin'],
]);

export const inheritedContext: Instance = instance('context', 'inherited', {
  why: 'its context comes from the caller',
});

/** What a type says of a context; `path` is qualified and without pointer. */
export function typedContext(path: string, place: string): Value | undefined {
  if (isContextType(path)) {
    return place === 'parameter' ? inheritedContext : undefined;
  }
  const flavour = requestTypes.get(path);
  if (flavour !== undefined) {
    return instance('context', 'inherited', { flavour, why: 'its context comes from the request' });
  }
  return path === 'go.opentelemetry.io/otel/trace.Tracer' ? tracer : undefined;
}

export function isContextType(path: string): boolean {
  return path === 'context.Context' || path === 'golang.org/x/net/context.Context';
}

const tracer: Instance = instance('other', 'unknown', { flavour: 'tracer' });

/** What a call gives that has to do with contexts; undefined when it has nothing to do with them. */
export function contextCall(site: Site, scene: Scene): Outcome | undefined {
  const { callee, receiver, method } = site;
  if (callee.kind === 'symbol') {
    const path = callee.path.replace(/^golang\.org\/x\/net\/context\./, 'context.');
    return ofFunction(path, site, scene);
  }
  if (receiver === undefined) {
    return undefined;
  }
  if (contextMethods.has(method) && site.arguments.length === 0) {
    return { value: { ...inheritedContext, why: 'its context comes from the request' } };
  }
  if (receiver.kind === 'instance' && receiver.flavour === 'tracer' && method === 'Start') {
    return derived(site, withCancel);
  }
  return method === 'Tracer' && site.arguments.length > 0 ? { value: tracer } : undefined;
}

function ofFunction(path: string, site: Site, scene: Scene): Outcome | undefined {
  if (path === 'context.Background' || path === 'context.TODO') {
    return { value: instance('context', 'missing', { why: `${path}() has none` }) };
  }
  if (path === 'context.WithoutCancel') {
    const why = 'context.WithoutCancel() drops that of its parent';
    return { value: instance('context', 'missing', { why }) };
  }
  if (bounding.has(path)) {
    checkWhen(path, site, scene);
    const context = instance('context', 'safe', { why: path, made: site.nameSpan });
    return { value: { kind: 'tuple', items: [context, unknown] } };
  }
  if (path === 'go.opentelemetry.io/otel.Tracer') {
    return { value: tracer };
  }
  const derivation = derivations.get(path);
  if (derivation === undefined) {
    return undefined;
  }
  if (path === 'google.golang.org/grpc/metadata.AppendToOutgoingContext') {
    for (const [at, { value, span }] of site.arguments.entries()) {
      if (at % 2 === 1) {
        checkKey(value, span, scene);
      }
    }
  }
  return derived(site, derivation);
}

function derived({ arguments: [parent] }: Site, { result, results }: Derivation): Outcome {
  const context = parent === undefined ? unknown : derivedFrom(parent.value);
  if (result === undefined || results === undefined) {
    return { value: context };
  }
  const items = Array.from({ length: results }, (_, at) => (at === result ? context : unknown));
  return { value: { kind: 'tuple', items } };
}

/** A context with the parent's deadline; the parent counts as used. */
function derivedFrom(parent: Value): Value {
  const { deadline, why } = contextOf(parent);
  return instance('context', deadline, why === undefined ? {} : { why });
}

/** The deadline of a value that is used as a context: the worst of the ways to it. */
export function contextOf(value: Value): { deadline: Deadline; why?: string } {
  const ways = alternatives(value)
    .filter((way) => !(way.kind === 'constant' && way.value === null))
    .map((way) =>
      way.kind === 'instance' && (way.role === 'context' || way.deadline === 'safe')
        ? way
        : instance('context', 'unknown'),
    );
  const [first, ...others] = ways;
  if (first === undefined) {
    return { deadline: 'unknown' };
  }
  const worst = others.reduce(
    (a, b) => (joinDeadlines(a.deadline, b.deadline) === a.deadline ? a : b),
    first,
  );
  return { deadline: worst.deadline, ...(worst.why === undefined ? {} : { why: worst.why }) };
}

/** Shorter than this, in milliseconds, a timeout is a number that lacks its unit. */
const shortestMeant = 0.001;
/** A bare number up to this many nanoseconds (1 ms) is not meant as nanoseconds. */
const mostBare = 1_000_000;

/** `context.WithTimeout(ctx, 5)` is five nanoseconds; and a time that has passed already. */
function checkWhen(path: string, site: Site, scene: Scene): void {
  const when = site.arguments[1];
  if (when === undefined) {
    return;
  }
  const { value, span } = when;
  if (value.kind === 'constant' && typeof value.value === 'number') {
    const count = value.value;
    if (count <= 0) {
      report(scene, span, `A timeout of ${count}`);
    } else if (count <= mostBare) {
      const message = `${count} is a timeout of ${count} nanoseconds: a time.Duration counts nanoseconds unless it is multiplied by a unit. The call fails with DEADLINE_EXCEEDED at once.`;
      scene.report({ kind: 'misread', span, message, ...unitFor(site, count, scene) });
    }
  } else if (value.kind === 'duration') {
    if (value.milliseconds <= 0) {
      report(scene, span, 'This timeout');
    } else if (value.milliseconds < shortestMeant) {
      const count = Math.round(value.milliseconds / nanosecond);
      const message = `This is a timeout of ${count} nanoseconds: multiply it by a unit, such as time.Second. The call fails with DEADLINE_EXCEEDED at once.`;
      scene.report({ kind: 'misread', span, message });
    }
  } else if (value.kind === 'instant' && isPast(value)) {
    report(scene, span, path.endsWith('Cause') ? 'This deadline' : 'The deadline');
  }
}

function isPast(value: Extract<Value, { kind: 'instant' }>): boolean {
  return value.base === 'now' && value.plus !== undefined && value.plus < shortestMeant;
}

function report(scene: Scene, span: { from: number; to: number }, what: string): void {
  const message = `${what} has passed before the call starts: it fails with DEADLINE_EXCEEDED without being sent.`;
  scene.report({ kind: 'misread', span, message });
}

/** A unit for a number that is written in the call itself. */
function unitFor({ call }: Site, count: number, { file }: Scene) {
  const written = call.arguments[1]?.value;
  const isTime = file.program.imports.some(({ name, path }) => name === 'time' && path === 'time');
  if (!isNumber(written) || !isTime) {
    return {};
  }
  const text = `${file.text.slice(written.span.from, written.span.to)}*time.${count < 100 ? 'Second' : 'Millisecond'}`;
  return { replacement: { title: `Write ${text}`, span: written.span, text } };
}

function isNumber(expression: { kind: string } | undefined): expression is Literal {
  return expression?.kind === 'literal';
}

/** Of metadata: grpc-go leaves reserved headers out (internal/transport/http_util.go, `isReservedHeader`). */
export function checkKey(value: Value, span: { from: number; to: number }, scene: Scene): void {
  if (
    value.kind === 'constant' &&
    typeof value.value === 'string' &&
    value.value.toLowerCase() === 'grpc-timeout'
  ) {
    const message =
      'grpc-timeout in metadata is never sent: grpc-go leaves reserved headers out and writes it itself, from the deadline of the context. Use context.WithTimeout.';
    scene.report({ kind: 'option', span, message });
  }
}
