import type { TestProject } from 'vitest/node';
import { type Prepared, prepareServers } from '../../scripts/interop/servers.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What this machine could build; the tests of the others are skipped. */
    interop: Prepared;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('interop', await prepareServers(console.log));
}
