import { parseArguments } from '../arguments';
import { Failure } from '../failure';
import { helpRows } from '../help';
import { targetHelpRows, variableHelpRows } from '../request/requestHelp';
import { targetDefinitions, variableDefinitions } from '../request/requestOptions';

const definitions = {
  ...targetDefinitions,
  ...variableDefinitions,
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

export interface ServerArguments {
  readonly target: string;
  /** What follows the target. */
  readonly name: string | undefined;
  /** Of the options that describe the target. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly env: string | undefined;
  readonly var: readonly string[];
  readonly json: boolean;
}

/** Reads the arguments of a command that asks a server what it offers; undefined when help is asked for. */
export function parseServerArguments(
  args: readonly string[],
  command: string,
): ServerArguments | undefined {
  const { values, positionals } = parseArguments(args, definitions, command);
  if (values.help) {
    return undefined;
  }
  const [target, name, more] = positionals;
  if (target === undefined || more !== undefined) {
    throw new Failure(
      target === undefined ? 'Which server?' : `There is one argument too many: ${more}.`,
      { next: `See ${command} --help.` },
    );
  }
  return {
    target,
    name,
    values,
    env: values.env,
    var: values.var ?? [],
    json: values.json ?? false,
  };
}

/** The part of the help that these commands have in common. */
export const serverHelp = `TARGET is host:port, dns:///host:port, ipv4:…, ipv6:…, unix:/path or the name of a target of the environment.

${helpRows([['--json', 'as JSON'], ...variableHelpRows])}

The target:
${helpRows(targetHelpRows)}

  -h, --help                            show this text

Exit code: 0, or 2 when the server could not be read or there is no such name.
`;
