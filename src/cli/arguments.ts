import { type ParseArgsConfig, parseArgs } from 'node:util';
import { nearest } from '../grpc/nearest';
import { Failure } from './failure';

type Definitions = NonNullable<ParseArgsConfig['options']>;

/**
 * Reads the arguments of a command.
 * @param command `frameline lint`; its help is where a mistake leads to
 */
export function parseArguments<const D extends Definitions>(
  args: readonly string[],
  definitions: D,
  command: string,
) {
  try {
    return parseArgs({ args: [...args], options: definitions, allowPositionals: true });
  } catch (error) {
    const { code } = error as { code?: unknown };
    if (error instanceof Error && String(code).startsWith('ERR_PARSE_ARGS_')) {
      // Its first sentence says what is wrong, the next ones are about programs in general.
      const [why = ''] = error.message.split(/\. |\n/);
      const hint =
        code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION'
          ? meantOption(args, why, definitions)
          : dashedValue(args, why);
      throw new Failure(`${why.replace(/\.$/, '')}.`, {
        next: `${hint}See ${command} --help.`,
        cause: error,
      });
    }
    throw error;
  }
}

/** `why` names the option; of `-plaintext`, which means `-p -l …`, it names `-p` alone. */
function meantOption(args: readonly string[], why: string, definitions: Definitions): string {
  const names = Object.keys(definitions);
  const unknown = /'(--?[^']*)'/.exec(why)?.[1] ?? '';
  const given = unknown.startsWith('--')
    ? unknown
    : (args.find((arg) => arg.startsWith(unknown)) ?? unknown);
  const name = given.replace(/^-+/, '').replace(/=.*$/s, '');
  const found = name.length > 1 ? nearest(name, names) : undefined;
  return found === undefined ? '' : `Did you mean --${found}? `;
}

/** Of `--max-receive-size -1` it can't be known whether `-1` is a value or an option. */
function dashedValue(args: readonly string[], why: string): string {
  const option = /^Option '(--?[^']+)' argument is ambiguous/.exec(why)?.[1] ?? '';
  if (option === '') {
    return '';
  }
  const given = args[args.indexOf(option) + 1] ?? '';
  // Another one than a number may be a secret.
  const value = /^-[\d.]+$/.test(given) ? given : '-…';
  const joined = `${option}${option.startsWith('--') ? '=' : ''}${value}`;
  return `A value that begins with a dash is written ${joined}. `;
}

/** The value of an option that has only some. */
export function choice<T extends string>(
  option: string,
  given: string,
  allowed: readonly T[],
  command: string,
): T {
  const found = allowed.find((value) => value === given);
  if (found === undefined) {
    throw new Failure(`${option} is ${allowed.join(', ')}, not "${given}".`, {
      next: `See ${command} --help.`,
    });
  }
  return found;
}
