import type { Severity } from '../../lint/finding';
import { choice, parseArguments } from '../arguments';
import { type ColorChoice, colorChoices } from '../colors';

export const formats = ['readable', 'json', 'sarif'] as const;
export type Format = (typeof formats)[number];

/** From the worst to the least. */
export const severities = ['error', 'warning', 'information', 'hint'] as const satisfies Severity[];

export interface LintOptions {
  /** As given; the working directory when none is. */
  readonly paths: readonly string[];
  readonly format: Format;
  /** File for the report, instead of the standard output. */
  readonly output: string | undefined;
  /** Only files that differ from where the current branch left this revision. */
  readonly changedSince: string | undefined;
  /** `frameline.json` to use for all files, instead of those beside them. */
  readonly config: string | undefined;
  /** The least severe finding for which the command fails. */
  readonly severity: Severity;
  /** Neither notes nor a summary. */
  readonly quiet: boolean;
  readonly progress: boolean;
  readonly color: ColorChoice;
  readonly help: boolean;
}

export const lintUsage = `Usage: frameline lint [options] [path…]

Finds gRPC calls without a deadline and options that can’t work, in Go, Java, Kotlin, Python, Ruby, JavaScript,
TypeScript, C#, C++ and Rust, and in service configs. Without a path: the current folder.

  --format readable|json|sarif   how findings are written (default: readable)
  --output, -o FILE              write them to a file
  --changed-since REV            only files that changed since this branch left REV, uncommitted changes included
  --config FILE                  use this frameline.json for all files
  --severity LEVEL               fail on findings of at least this level: error, warning, information or hint
                                 (default: warning)
  --quiet, -q                    findings only: no notes, no summary
  --no-progress                  don’t show progress on a terminal
  --color auto|always|never      colours (default: auto; NO_COLOR turns them off)
  --help, -h                     show this text

Exit code: 0 nothing found, 1 findings of at least the level of --severity, 2 could not run.
`;

const command = 'frameline lint';

const definitions = {
  format: { type: 'string' },
  output: { type: 'string', short: 'o' },
  'changed-since': { type: 'string' },
  config: { type: 'string' },
  severity: { type: 'string' },
  quiet: { type: 'boolean', short: 'q' },
  'no-progress': { type: 'boolean' },
  color: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Reads the arguments after `lint`. */
export function parseLintOptions(args: readonly string[]): LintOptions {
  const { values, positionals } = parseArguments(args, definitions, command);
  return {
    paths: positionals.length === 0 ? ['.'] : positionals,
    format: choice('--format', values.format ?? 'readable', formats, command),
    output: values.output,
    changedSince: values['changed-since'],
    config: values.config,
    severity: choice('--severity', values.severity ?? 'warning', severities, command),
    quiet: values.quiet ?? false,
    progress: !(values['no-progress'] ?? false),
    color: choice('--color', values.color ?? 'auto', colorChoices, command),
    help: values.help ?? false,
  };
}
