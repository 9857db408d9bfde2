import { join } from 'node:path';
import { localRequestFiles } from '../../request/files';
import { resolveRequest } from '../../request/resolve/resolveRequest';
import type { Schema } from '../../schema/schema';
import type { Environment } from '../environment';
import { terminalScope } from '../environments';
import { Failure, withoutSecrets } from '../failure';
import { printable } from '../printable';
import { commandRequest, noFile } from '../request/commandRequest';
import { overridesOf } from '../request/overrides';
import { problemLine } from '../request/requestFile';
import { schemaFailure, TerminalCaller } from '../request/terminalCaller';
import type { ServerArguments } from './serverArguments';

export interface ReadServer {
  readonly schema: Schema;
  /** Whom to name where something is missing: nobody asked the server when reflection is off. */
  readonly holder: 'The server has' | 'The files have';
}

/**
 * All that a server offers, or the names of its services alone. What is missing of it is told on the standard error.
 */
export async function readServer(
  given: ServerArguments,
  env: Environment,
  what: 'everything' | 'names' = 'everything',
): Promise<ReadServer> {
  const { target, values } = given;
  const file = join(env.cwd, 'command line');
  // A request of any method: its server is what is wanted.
  const node = commandRequest(target, 'any/Method', { values, headers: [] });
  const resolution = await resolveRequest(noFile, node, {
    scope: await terminalScope(
      { file, environment: given.env, overrides: overridesOf(given.var) },
      env,
    ),
    files: localRequestFiles({ file, root: env.cwd, isTrusted: true }),
  });
  if (!resolution.ok) {
    throw new Failure('The server can’t be asked.', {
      details: resolution.problems.map((problem) => problemLine(problem, undefined)),
    });
  }
  const { server, secrets } = resolution.request;
  const interrupt = new AbortController();
  const stop = env.onInterrupt(() => interrupt.abort());
  const caller = new TerminalCaller({ env, signal: interrupt.signal });
  try {
    const { schema } = await caller[what](server);
    for (const { message } of schema.problems) {
      env.err.write(`frameline: ${printable(message)}\n`);
    }
    return { schema, holder: server.sources.reflection ? 'The server has' : 'The files have' };
  } catch (error) {
    throw withoutSecrets(schemaFailure(error), secrets);
  } finally {
    stop();
    await caller.dispose();
  }
}
