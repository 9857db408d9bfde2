import { EnvironmentFiles } from '../config/environmentFiles';
import type { Environment as ConfigEnvironment } from '../config/environments';
import { shownPath } from '../config/paths';
import { readConfigFile } from '../config/readConfigFile';
import { nearest } from '../grpc/nearest';
import type { Scope, SecretAnswer } from '../request/variables/scope';
import { refuseMistakes } from './configMistakes';
import type { Environment } from './environment';
import { Failure } from './failure';

export interface TerminalScopeOptions {
  /** Absolute path of the request file; a path in the working directory for a request that has none. */
  readonly file: string;
  /** `--env`; undefined: the first environment of `frameline.json`, or none where there is none. */
  readonly environment: string | undefined;
  /** `--var` */
  readonly overrides: ReadonlyMap<string, string>;
}

/**
 * Where the values of variables come from in a terminal: secrets from the variables of the process with the same
 * names. Throws a `Failure` when there is no such environment, or the `frameline.json` can't be used.
 */
export async function terminalScope(
  { file, environment: name, overrides }: TerminalScopeOptions,
  { cwd, variables }: Pick<Environment, 'cwd' | 'variables'>,
): Promise<Scope> {
  return {
    overrides,
    captures: new Map(),
    environment: await environmentFor(file, name, cwd),
    secret: async (secret) => secretOf(secret, variables),
  };
}

async function environmentFor(
  file: string,
  name: string | undefined,
  cwd: string,
): Promise<ConfigEnvironment | undefined> {
  const found = await new EnvironmentFiles(readConfigFile).nearest(file);
  if (found !== undefined) {
    await refuseMistakes(found.path, found.problems, cwd);
  }
  const environments = found?.environments ?? [];
  if (name === undefined) {
    return environments[0];
  }
  const chosen = environments.find((environment) => environment.name === name);
  if (chosen !== undefined) {
    return chosen;
  }
  const where = found === undefined ? undefined : shownPath(found.path, cwd);
  if (where === undefined) {
    throw new Failure(
      `There is no environment "${name}": no frameline.json is above ${shownPath(file, cwd)}.`,
      {
        next: 'Write one with "environments"; docs/frameline-json.md says how.',
      },
    );
  }
  const names = environments.map((environment) => environment.name);
  const meant = nearest(name, names);
  throw new Failure(`There is no environment "${name}" in ${where}.`, {
    next:
      meant !== undefined
        ? `Did you mean "${meant}"?`
        : names.length === 0
          ? 'It has no "environments".'
          : `There are ${names.join(', ')}.`,
  });
}

function secretOf(name: string, variables: Environment['variables']): SecretAnswer {
  const value = variables[name];
  return value === undefined || value === ''
    ? {
        ok: false,
        message: `The secret ${name} has no value: the variable ${name} of the process environment is ${value === undefined ? 'not set' : 'empty'}. Set it before the command: ${name}=… frameline …`,
      }
    : { ok: true, value };
}
