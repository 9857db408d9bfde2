import type { FileFacts, Scene } from '../../program/semantics';
import type { ClassNode, Span } from '../../program/syntax';
import { bestDeadline, type Deadline } from '../../program/value';
import { classNamed, plainType } from './lowering';

/** What a call here gets besides the deadline of its stub. */
export interface Surroundings {
  readonly deadline: Deadline;
  readonly why?: string;
}

/**
 * io.grpc.Context: the smaller one of its deadline and the stub's holds. A service's methods run in the
 * context of the incoming call, and so do callbacks of calls that are made there.
 */
export function surroundingDeadline(scene: Scene): Surroundings {
  const { ambient, handler } = scene;
  const isServing = handler === 'rpc' || isServiceCode(scene.fn?.span, scene.owner, scene.file);
  if (ambient !== undefined) {
    return ambient === 'missing' && isServing
      ? { deadline: ambient, why: 'the context of the incoming call does not reach this place' }
      : { deadline: ambient };
  }
  if (isServing) {
    return { deadline: 'inherited', why: 'the context of the incoming call may bring one' };
  }
  return attachesContext(scene)
    ? { deadline: 'unknown', why: 'a context is attached here' }
    : { deadline: 'missing' };
}

/** `Context previous = limited.attach()`: it holds until it is detached, which isn't followed. */
function attachesContext({ fn, file }: Scene): boolean {
  return fn !== undefined && /\.attach\(\)/.test(file.text.slice(fn.bodySpan.from, fn.bodySpan.to));
}

/** What a container calls by itself, without an incoming call. */
const entryPoint =
  /^(?:[\w.]+\.)?(?:Scheduled|PostConstruct|PreDestroy|\w*Listener|\w*Handler|Async|Bean)\b/;

/** Whether the code stands in the implementation of a gRPC service, and incoming calls lead to it. */
function isServiceCode(
  span: Span | undefined,
  owner: ClassNode | undefined,
  file: FileFacts,
): boolean {
  if (owner === undefined) {
    return false;
  }
  const method = owner.methods.find(
    (each) => span !== undefined && each.span.from <= span.from && span.to <= each.span.to,
  );
  if (serviceOf(owner, file) !== undefined) {
    return method?.annotations.some((annotation) => entryPoint.test(annotation)) !== true;
  }
  const dollar = owner.name.lastIndexOf('$');
  const around = dollar > 0 ? classNamed(file.program, owner.name.slice(0, dollar)) : undefined;
  return isServiceCode(owner.span, around, file);
}

/**
 * The service that a class implements: by grpc-java's and grpc-kotlin's base classes, or Quarkus' interface with
 * its annotation.
 */
export function serviceOf(owner: ClassNode, file: FileFacts): string | undefined {
  const isAnnotated = owner.annotations.some((annotation) =>
    /^(?:[\w.]+\.)?GrpcService\b/.test(annotation),
  );
  for (const written of owner.supers) {
    const simple = plainType(written).split('.').at(-1) ?? '';
    const base = /^(\w+?)(?:Coroutine)?ImplBase$/.exec(simple)?.[1];
    if (base !== undefined) {
      return base;
    }
    const around = /(\w+)Grpc\.AsyncService$/.exec(plainType(written))?.[1];
    if (around !== undefined) {
      return around;
    }
    if (isAnnotated && file.index.hasService(simple)) {
      return simple;
    }
  }
  return undefined;
}

/** A stub's deadline and that of its surroundings: the better one holds. */
export function together(own: Surroundings, around: Surroundings): Surroundings {
  const deadline = bestDeadline(own.deadline, around.deadline);
  const ownWhy = own.deadline === deadline ? own.why : undefined;
  const why = ownWhy ?? (around.deadline === deadline ? around.why : undefined);
  return { deadline, ...(why === undefined ? {} : { why }) };
}
