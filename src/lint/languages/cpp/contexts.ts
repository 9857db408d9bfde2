import type { Outcome, Scene, Site } from '../../program/semantics';
import type { Expression } from '../../program/syntax';
import {
  alternatives,
  type Deadline,
  type Instance,
  instance,
  joinDeadlines,
  unknown,
  type Value,
} from '../../program/value';
import { isOfGrpc, type PlainType } from './types';

/** A `grpc::ClientContext` that nothing has been set on. */
export const freshContext = instance('context', 'missing', {
  why: 'no deadline is set on its ClientContext',
});

const serverContexts = [
  'ServerContext',
  'CallbackServerContext',
  'ServerContextBase',
  'GenericServerContext',
];

/** A declared context: what it is known by depends on who has it. */
export function typedContext(
  { path, held }: PlainType,
  place: 'parameter' | 'field' | 'variable' | 'result',
  { file }: Pick<Scene, 'file'>,
): Value | undefined {
  if (serverContexts.some((name) => isOfGrpc(path, name, file))) {
    return instance('other', 'inherited', { flavour: 'server context' });
  }
  if (isOfGrpc(path, 'PropagationOptions', file)) {
    return instance('other', 'inherited', { flavour: 'propagation' });
  }
  if (!isOfGrpc(path, 'ClientContext', file)) {
    return undefined;
  }
  if (place === 'parameter') {
    return instance('context', 'inherited');
  }
  // A pointer says nothing of what it points to, until something is assigned to it.
  return held === 'itself' && place !== 'result' ? freshContext : instance('context', 'unknown');
}

/** A method of a context that changes it, or gives a time. */
export function contextMethod(
  context: Instance,
  { method, arguments: args }: Site,
): Partial<Outcome> | undefined {
  const value = args[0]?.value ?? unknown;
  switch (method) {
    case 'set_deadline': {
      const { why: _, ...rest } = context;
      return { receiver: { ...rest, ...deadlineOf(value) } };
    }
    case 'set_wait_for_ready':
      return {
        receiver: {
          ...context,
          waitForReady: !(
            value.kind === 'constant' &&
            (value.value === false || value.value === 0)
          ),
        },
      };
    default:
      return undefined;
  }
}

/** Of the time that is set. It can't be nothing, only one that never comes. */
function deadlineOf(value: Value): { deadline: Deadline; why?: string } {
  let worst: { deadline: Deadline; why?: string } = { deadline: 'safe' };
  for (const option of alternatives(value)) {
    if (option.kind === 'instance' && option.flavour === 'time') {
      const deadline = joinDeadlines(worst.deadline, option.deadline);
      worst =
        deadline === worst.deadline
          ? worst
          : { deadline, ...(option.why === undefined ? {} : { why: option.why }) };
    }
  }
  return worst;
}

/**
 * `ClientContext::FromServerContext(context, options)`: propagates the deadline of the call that is served
 * unless the options say otherwise (grpcpp/client_context.h).
 */
export function propagatedContext({ arguments: args }: Site): Value {
  const options = args[1]?.value;
  const isOff = options?.kind === 'instance' && options.properties.deadline !== undefined;
  return isOff
    ? instance('context', 'missing', { why: 'the deadline is not propagated' })
    : instance('context', 'inherited');
}

/** `PropagationOptions()` and its methods. */
export function propagationMethod(options: Instance, { method, call }: Site): Partial<Outcome> {
  const { deadline: _, ...properties } = options.properties;
  const changed: Instance =
    method === 'disable_deadline_propagation'
      ? {
          ...options,
          properties: {
            ...properties,
            deadline: { kind: 'constant', value: false, span: call.span },
          },
        }
      : method === 'enable_deadline_propagation'
        ? { ...options, properties }
        : options;
  return { value: changed, receiver: changed };
}

/** The context of a call, where it is surely one. */
export function contextsIn(value: Value | undefined): Instance[] {
  return alternatives(value ?? unknown).filter(
    (option): option is Instance => option.kind === 'instance' && option.role === 'context',
  );
}

/** The field of this object that an argument names, `&context_`: other methods can have changed it. */
export function fieldOfThis(argument: Expression | undefined): string | undefined {
  switch (argument?.kind) {
    case 'unary':
    case 'same':
      return fieldOfThis(argument.value);
    case 'member':
      return argument.object.kind === 'name' && argument.object.name === 'this'
        ? argument.name
        : undefined;
    default:
      return undefined;
  }
}

/** Whether something in the text sets a deadline on a field with this name. */
export function isSetIn(text: string, field: string): boolean {
  return new RegExp(`\\b${field}\\s*(?:\\.|->)\\s*set_deadline\\b`).test(text);
}
