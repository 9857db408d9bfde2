import { choice, parseArguments } from '../arguments';
import { type ColorChoice, colorChoices } from '../colors';
import { Failure } from '../failure';
import { helpRows } from '../help';
import { variableHelpRows } from '../request/requestHelp';
import { variableDefinitions } from '../request/requestOptions';

export interface RunArguments {
  /** Files, folders and patterns, as given. */
  readonly paths: readonly string[];
  readonly env: string | undefined;
  readonly var: readonly string[];
  /** Titles of the requests to send; none: all. */
  readonly names: readonly string[];
  /** File for a JUnit report. */
  readonly junit: string | undefined;
  readonly json: boolean;
  readonly frames: boolean;
  readonly bail: boolean;
  readonly color: ColorChoice;
}

const command = 'frameline run';

const definitions = {
  ...variableDefinitions,
  name: { type: 'string', multiple: true },
  junit: { type: 'string' },
  json: { type: 'boolean' },
  frames: { type: 'boolean' },
  bail: { type: 'boolean' },
  color: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const runUsage = `Usage: frameline run [options] FILE…

Sends the requests of .grpc files one after the other and checks what they expect of their answers. FILE is a file, a
folder (all .grpc files in it and below) or a pattern such as 'requests/**/*.grpc'.

${helpRows([
  ...variableHelpRows,
  ['--name TITLE', 'only the requests with this title; may be repeated'],
  ['--bail', 'stop after the first request that fails'],
  ['--junit FILE', 'also write a report for CI in JUnit’s XML'],
  ['--json', 'write the report as JSON'],
  ['--frames', 'show the timeline of each request that fails'],
  ['--color auto|always|never', 'colours (default: auto; NO_COLOR turns them off)'],
  ['-h, --help', 'show this text'],
])}

Exit code: 0 all passed, 1 a request failed or could not be sent, 2 could not run, 130 after Ctrl-C.
`;

/** Reads the arguments after `run`; undefined when help is asked for. */
export function parseRunArguments(args: readonly string[]): RunArguments | undefined {
  const { values, positionals } = parseArguments(args, definitions, command);
  if (values.help) {
    return undefined;
  }
  if (positionals.length === 0) {
    throw new Failure('Which request files?', { next: `See ${command} --help.` });
  }
  return {
    paths: positionals,
    env: values.env,
    var: values.var ?? [],
    names: values.name ?? [],
    junit: values.junit,
    json: values.json ?? false,
    frames: values.frames ?? false,
    bail: values.bail ?? false,
    color: choice('--color', values.color ?? 'auto', colorChoices, command),
  };
}
