import type { Outcome, Scene, Site } from '../../program/semantics';
import type { Expression } from '../../program/syntax';
import { type Deadline, instance, unknown, type Value } from '../../program/value';
import { checkLength } from './lengths';
import { surroundingDeadline } from './surroundings';
import { derived, instanceIn, limited, namesIn, pathOf } from './values';

/** An executor that runs what it gets in a context: `Context.currentContextExecutor(executor)`. */
const contextExecutor = 'context executor';

/** A pool of threads that was made here: none of them has a context. */
export function executorCall({ callee }: Site): Value | undefined {
  const path = pathOf(callee) ?? '';
  return /^java\.util\.concurrent\.(?:Executors\.new\w+|ForkJoinPool\.commonPool|(?:Scheduled)?ThreadPoolExecutor|ForkJoinPool)$/.test(
    path,
  )
    ? executor('missing')
    : undefined;
}

/** `Context.ROOT` */
export function contextMember(path: string): Value | undefined {
  return path === 'io.grpc.Context.ROOT'
    ? { ...instance('context', 'missing'), why: 'Context.ROOT has none' }
    : undefined;
}

/** `Context.current()`, and methods of a context. */
export function contextCall(site: Site, scene: Scene): Outcome | undefined {
  const path = pathOf(site.callee);
  if (path === 'io.grpc.Context.current') {
    return { value: { ...instance('context', 'missing'), ...surroundingDeadline(scene) } };
  }
  if (path === 'io.grpc.Context.currentContextExecutor') {
    return { value: executor(surroundingDeadline(scene).deadline) };
  }
  const of = instanceIn(site.receiver, 'context');
  if (of === undefined) {
    return undefined;
  }
  const { method, nameSpan, arguments: args } = site;
  switch (method) {
    case 'withDeadlineAfter':
      checkLength(site, scene);
      return { value: limited(of, nameSpan, method) };
    case 'withDeadline':
      return { value: limited(of, nameSpan, method) };
    case 'withValue':
    case 'withValues':
    case 'withCancellation':
    case 'fork':
      return { value: derived(of, nameSpan) };
    case 'fixedContextExecutor':
      return { value: executor(of.deadline) };
    case 'wrap':
      return { value: args[0]?.value ?? unknown };
    case 'call': {
      const [task] = args;
      return { value: task?.value.kind === 'function' ? task.value.result : unknown };
    }
    default:
      return { value: unknown };
  }
}

function executor(deadline: Deadline): Value {
  return instance('other', deadline, { flavour: contextExecutor });
}

/** The deadline that holds in what a call is given to run. */
export function boundsOf({ call, callee, receiver, method }: Bounding): Deadline | undefined {
  const path = pathOf(callee);
  if (
    path === 'kotlinx.coroutines.withTimeout' ||
    path === 'kotlinx.coroutines.withTimeoutOrNull' ||
    path === 'com.google.common.util.concurrent.Futures.withTimeout'
  ) {
    // They cancel the call here, though the server isn't told the deadline.
    return 'safe';
  }
  const context = instanceIn(receiver, 'context');
  if (context !== undefined) {
    return ['run', 'call', 'wrap'].includes(method) ? context.deadline : undefined;
  }
  const pool = instanceIn(receiver, 'other');
  if (pool?.flavour === contextExecutor) {
    return pool.deadline;
  }
  const [task] = call.arguments;
  if (task?.value.kind === 'closure' && runsInContext(method, call.callee)) {
    return 'unknown';
  }
  // Threads of the common pool, and new ones, have no context.
  return task?.value.kind === 'closure' &&
    call.arguments.length === 1 &&
    /^java\.(?:util\.concurrent\.CompletableFuture\.(?:run|supply)Async|lang\.Thread)$/.test(
      path ?? '',
    )
    ? 'missing'
    : undefined;
}

/** `contexts.build(user).call(() -> …)`, `runInContext(() -> …)`: by its name something with a context. */
function runsInContext(method: string, callee: Expression): boolean {
  const object = callee.kind === 'member' ? namesIn(callee.object) : '';
  return (
    /^(?:run|call|execute)\w*Context$/.test(method) ||
    (/^(?:run|call|wrap)$/.test(method) && /context/i.test(object))
  );
}

type Bounding = Pick<Site, 'call' | 'callee' | 'receiver' | 'method'>;
