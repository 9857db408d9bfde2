import { choice, parseArguments } from '../arguments';
import { type ColorChoice, colorChoices } from '../colors';
import { Failure } from '../failure';
import { helpRows } from '../help';
import { callHelpRows, targetHelpRows, variableHelpRows } from '../request/requestHelp';
import {
  callDefinitions,
  givenTargetOptions,
  targetDefinitions,
  variableDefinitions,
  withSwitches,
} from '../request/requestOptions';

/** What is called. */
export type Called =
  | {
      readonly kind: 'file';
      readonly path: string;
      readonly name: string | undefined;
      /** From 1. */
      readonly line: number | undefined;
    }
  | { readonly kind: 'method'; readonly target: string; readonly method: string };

export interface CallArguments {
  readonly called: Called;
  /** Of the options that describe the target and the call, as `annotationsOf` takes them. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly headers: readonly string[];
  readonly data: string | undefined;
  readonly env: string | undefined;
  readonly var: readonly string[];
  readonly json: boolean;
  readonly defaults: boolean;
  readonly frames: boolean;
  readonly verbose: boolean;
  readonly color: ColorChoice;
}

const command = 'frameline call';

const definitions = {
  ...targetDefinitions,
  ...callDefinitions,
  ...variableDefinitions,
  header: { type: 'string', short: 'H', multiple: true },
  data: { type: 'string', short: 'd' },
  name: { type: 'string' },
  line: { type: 'string' },
  json: { type: 'boolean' },
  defaults: { type: 'boolean' },
  frames: { type: 'boolean' },
  verbose: { type: 'boolean', short: 'v' },
  color: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

export const callUsage = `Usage: frameline call [options] TARGET METHOD
       frameline call [options] FILE [--name TITLE | --line N]

Makes one RPC. TARGET is host:port, dns:///host:port, ipv4:…, ipv6:…, unix:/path or the name of a target of the
environment; METHOD is package.Service/Method. Or sends a request of a .grpc file. Messages go to the standard output as
JSON while they arrive, everything else to the standard error.

The request:
${helpRows([
  [
    '-d, --data JSON|@FILE|@-',
    'messages, one JSON value after the other; @FILE reads them from a file, @- (or @) from the standard input. ' +
      'Without it a method that takes a stream reads what is piped in, and any other gets one empty message',
  ],
  ["-H, --header 'KEY: VALUE'", 'metadata of the call; may be repeated'],
  ['--name TITLE', 'the request of the file with this title'],
  ['--line N', 'the request of the file that stands at this line'],
  ...variableHelpRows,
])}

Output:
${helpRows([
  ['--json', 'one message a line'],
  ['--defaults', 'show fields that have their default value'],
  ['-v, --verbose', 'show headers, trailers, the status and what shows where it came from'],
  ['--frames', 'show the timeline: every HTTP/2 frame, header block and message'],
  ['--color auto|always|never', 'colours (default: auto; NO_COLOR turns them off)'],
])}

The target (of a FILE, the file says these):
${helpRows(targetHelpRows)}

The call and its connection (docs/options.md explains them):
${helpRows(callHelpRows)}

  -h, --help                            show this text

Exit code: 0 for OK, 64 + the status code for any other status (69 is NOT_FOUND), 1 when a message could not be shown,
2 when nothing could be sent, 130 after Ctrl-C.
`;

/** Reads the arguments after `call`; undefined when help is asked for. */
export function parseCallArguments(args: readonly string[]): CallArguments | undefined {
  const { values, positionals } = parseArguments(withSwitches(args), definitions, command);
  if (values.help) {
    return undefined;
  }
  const called = calledOf(positionals, values);
  if (called.kind === 'file') {
    refuse(
      [...givenTargetOptions(values), ...(values.data === undefined ? [] : ['data'])],
      (option) => `--${option} belongs to TARGET METHOD: what ${called.path} sends stands there.`,
    );
  } else {
    refuse(
      (['name', 'line'] as const).filter((name) => values[name] !== undefined),
      (option) => `--${option} chooses a request of a file, and none is named.`,
    );
  }
  return {
    called,
    values,
    headers: values.header ?? [],
    data: values.data,
    env: values.env,
    var: values.var ?? [],
    json: values.json ?? false,
    defaults: values.defaults ?? false,
    frames: values.frames ?? false,
    verbose: values.verbose ?? false,
    color: choice('--color', values.color ?? 'auto', colorChoices, command),
  };
}

function calledOf(
  positionals: readonly string[],
  { name, line }: { readonly name?: string | undefined; readonly line?: string | undefined },
): Called {
  const [first, second, third] = positionals;
  if (first === undefined || third !== undefined) {
    throw new Failure(
      first === undefined
        ? 'What is to be called?'
        : `${positionals.length} arguments are given: ${positionals.join(' ')}.`,
      { next: 'Write frameline call TARGET METHOD, or frameline call FILE. See --help.' },
    );
  }
  if (second !== undefined) {
    return { kind: 'method', target: first, method: second };
  }
  if (line !== undefined && !/^[1-9]\d{0,8}$/.test(line)) {
    throw new Failure(`--line is the number of a line, not "${line}".`);
  }
  return { kind: 'file', path: first, name, line: line === undefined ? undefined : Number(line) };
}

function refuse(options: readonly string[], why: (option: string) => string): void {
  const [option] = options;
  if (option !== undefined) {
    throw new Failure(why(option), { next: `See ${command} --help.` });
  }
}
