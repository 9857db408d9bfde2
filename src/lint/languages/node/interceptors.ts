import type { Scene, Site } from '../../program/semantics';
import { alternatives, type Deadline, instance, type Value } from '../../program/value';
import { isConfigured } from '../shared/configuredNames';
import { lastName } from './modules';

/** `deadline:`, `.deadline =`, `{ deadline, …}` in the text of an interceptor, and what ends a call otherwise. */
const givesDeadline =
  /\bdeadline['"]?\]?\s*(?::|\?\?=|\|\|=|=(?!=))|[{,]\s*deadline\s*[,}]|AbortSignal\.timeout|\btimeoutMs\s*[:=]/;

/** What `interceptors` of a client, a call or a transport give to its calls. */
export function interceptedDeadline(value: Value | undefined, scene: Scene): Deadline {
  if (value === undefined) {
    return 'missing';
  }
  const ways = alternatives(value).map((each) => oneOf(each, scene));
  return ways.reduce((a, b) => (a === b ? a : 'unknown'));
}

function oneOf(value: Value, scene: Scene): Deadline {
  switch (value.kind) {
    case 'list': {
      const each = value.items.map((item) => interceptedDeadline(item, scene));
      if (each.includes('safe')) {
        return 'safe';
      }
      return value.isOpen || each.includes('unknown') ? 'unknown' : 'missing';
    }
    case 'function': {
      const { from, to } = value.definition.span;
      if (givesDeadline.test(scene.file.text.slice(from, to))) {
        return 'safe';
      }
      // A provider gives back the interceptor.
      return value.result.kind === 'function' ? oneOf(value.result, scene) : 'missing';
    }
    case 'instance':
      return value.role === 'interceptor' ? value.deadline : 'unknown';
    case 'symbol':
      return isKnownToGive(value.path, scene) ? 'safe' : 'unknown';
    case 'constant':
      return value.value === null ? 'missing' : 'unknown';
    default:
      return 'unknown';
  }
}

/** Whether a function or class of another file gives a deadline, by its name. */
function isKnownToGive(path: string, { file }: Scene): boolean {
  const name = lastName(path);
  return (
    isConfigured(file.settings.interceptors, path) ||
    file.index.givesDeadline('typescript', name) ||
    /deadline|timeout/i.test(name)
  );
}

/** `deadlineInterceptor(5_000)` and `new DeadlineInterceptor()` of another file. */
export function madeInterceptor({ callee }: Site, scene: Scene): Value | undefined {
  if (callee.kind !== 'symbol') {
    return undefined;
  }
  const { path } = callee;
  const isOne =
    /interceptor|middleware/i.test(lastName(path)) ||
    isConfigured(scene.file.settings.interceptors, path);
  return isOne && isKnownToGive(path, scene) ? instance('interceptor', 'safe') : undefined;
}
