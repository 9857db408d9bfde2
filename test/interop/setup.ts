import type { TestProject } from 'vitest/node';
import { type Intermediary, prepareIntermediaries } from '../../scripts/interop/intermediaries.mjs';
import { type Prepared, prepareServers } from '../../scripts/interop/servers.mjs';
import type { Program } from '../../scripts/interop/tools.mjs';

declare module 'vitest' {
  export interface ProvidedContext {
    /** What this machine could build; the tests of the others are skipped. */
    interop: Prepared;
    /** Proxies that can stand between; a test of one that is absent is skipped. */
    intermediaries: Partial<Record<Intermediary, Program>>;
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('interop', await prepareServers(console.log));
  project.provide('intermediaries', await prepareIntermediaries(console.log));
}
