/** How a test says which server and which capability it is about: the table of the run is made of that. */
import { inject, type TaskMeta } from 'vitest';
import type { Capability } from '../../scripts/interop/capabilities.mjs';
import type { Language } from '../../scripts/interop/servers.mjs';
import type { Meta } from '../../scripts/interop/table.mjs';
import { isLack, languages } from './languages';

declare module 'vitest' {
  interface TaskMeta extends Meta {}
}

const { programs, missing } = inject('interop');

/** Options of a suite about one server; it is skipped where this machine can't build it. */
export function suiteOf(language: Language): { skip?: true; meta: TaskMeta } {
  const { title: server } = languages[language];
  const program = programs[language];
  return program === undefined
    ? { skip: true, meta: { server, missing: missing[language] ?? '' } }
    : { meta: { server, version: program.version } };
}

/**
 * Options of a test or suite that shows a capability. Traits say whether the implementation lacks it, or only a detail
 * of it: the tests then show what happens instead.
 */
export function shows(
  capability: Capability,
  { whole, details = [] }: { whole?: unknown; details?: readonly unknown[] } = {},
): { meta: TaskMeta } {
  const without = details.filter(isLack).map(({ lacks }) => lacks);
  return {
    meta: {
      capability,
      ...(isLack(whole) && { lacks: whole.lacks }),
      ...(without.length > 0 && { without }),
    },
  };
}
