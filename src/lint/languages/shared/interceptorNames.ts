import type { FileFacts } from '../../program/semantics';
import { bestDeadline, type Deadline } from '../../program/value';
import type { LanguageId } from '../language';
import { isConfigured } from './configuredNames';

/** Words of an interceptor's name that say that it does something else than to set deadlines. */
const harmless =
  /log|trac|telemetry|metric|auth|token|header|metadata|credential|exception|error|correlation/i;

/** Whether an interceptor whose code can't be seen surely leaves the deadline alone, by its name. */
export function isHarmless(name: string): boolean {
  return harmless.test(name);
}

/** What follows an interceptor of which it can't be seen whether it sets a deadline. */
export function maybe(before: Deadline): Deadline {
  return before === 'missing' ? 'unknown' : before;
}

/**
 * What follows the interceptor with this name.
 *
 * @param sets whether it sets a deadline by its code; undefined when that isn't in this file
 */
export function afterInterceptor(
  before: Deadline,
  name: string,
  language: LanguageId,
  sets: boolean | undefined,
  { settings, index }: FileFacts,
): Deadline {
  if (isConfigured(settings.interceptors, name) || index.givesDeadline(language, name)) {
    return bestDeadline(before, 'safe');
  }
  if (sets !== undefined) {
    return sets ? bestDeadline(before, 'safe') : before;
  }
  return isHarmless(name) ? before : maybe(before);
}
