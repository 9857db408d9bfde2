/** How a test says which server and which capability it is about: the table of the run is made of that. */
import { inject, type TaskMeta } from 'vitest';
import type { Capability } from '../../scripts/interop/capabilities.mjs';
import type { Language } from '../../scripts/interop/servers.mjs';
import type { Meta } from '../../scripts/interop/table.mjs';
import { type Lack, languages } from './languages';

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

/** Options of a test or suite that shows a capability, or what happens where the implementation lacks it. */
export function shows(capability: Capability, trait: unknown = true): { meta: TaskMeta } {
  return { meta: { capability, ...(isLack(trait) && { lacks: trait.lacks }) } };
}

function isLack(trait: unknown): trait is Lack {
  return typeof trait === 'object' && trait !== null && 'lacks' in trait;
}
