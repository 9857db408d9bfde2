import type { TestProject } from 'vitest/node';
import { type Programs, prepareServers } from '../../scripts/interop.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What this machine could build; the tests of the others are skipped. */
    interop: Programs;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('interop', await prepareServers(console.log));
}
