import type { Site } from '../../program/semantics';
import {
  alternatives,
  type Deadline,
  instance,
  joinDeadlines,
  type Value,
} from '../../program/value';

const flavour = 'abort signal';

/** `AbortSignal.timeout(5_000)`, and `AbortSignal.any([…])` with one of these in it. */
export function signalOf({ callee, arguments: args }: Site): Value | undefined {
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const [first] = args;
  switch (callee.path) {
    case 'AbortSignal.timeout':
      return instance('other', 'safe', { flavour });
    case 'AbortSignal.any':
      return first?.value.kind === 'list' &&
        first.value.items.some((item) => endsCall(item) === 'safe')
        ? instance('other', 'safe', { flavour })
        : undefined;
    default:
      return undefined;
  }
}

/** Whether a `signal` ends the call in time: somebody may abort it, where that can't be seen. */
export function endsCall(signal: Value): Deadline {
  return alternatives(signal)
    .map((each): Deadline => {
      if (each.kind === 'instance' && each.flavour === flavour) {
        return each.deadline;
      }
      return each.kind === 'constant' && each.value === null ? 'missing' : 'unknown';
    })
    .reduce(joinDeadlines);
}
