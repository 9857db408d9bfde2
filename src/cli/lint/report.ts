import type { Lines, Region } from '../../config/lines';
import type { Finding, Severity, TextEdit } from '../../lint/finding';
import type { RuleId } from '../../lint/ruleIds';

/** A finding as it is reported: plain data without the text of its file. */
export interface ReportedFinding extends Region {
  readonly rule: RuleId;
  readonly severity: Severity;
  readonly message: string;
  /** The line that it starts in, without its end. */
  readonly excerpt: string;
  /** What mends it. */
  readonly fix?: {
    readonly title: string;
    readonly edits: readonly (Region & { readonly text: string })[];
  };
}

/** What was found in one file. */
export interface ReportedFile {
  /** Absolute. */
  readonly path: string;
  /** In the order of the file. */
  readonly findings: readonly ReportedFinding[];
}

/** Something that could not be looked at, or only in part. */
export interface ReportedNote {
  /** Absolute. */
  readonly path: string;
  /** Stands behind the path and a colon: `is larger than 1 MiB: left out`. */
  readonly text: string;
}

/** Everything that a run has to say. */
export interface Report {
  /** Absolute; paths are shown relative to it. */
  readonly cwd: string;
  /** The files with findings, by path. */
  readonly files: readonly ReportedFile[];
  readonly notes: readonly ReportedNote[];
  /** How many files were linted. */
  readonly linted: number;
}

/** Longer lines are not source that anyone reads; the excerpt of a report would hold a whole minified file. */
const longestExcerpt = 2_000;

/** A finding with the places of its file. */
export function reported(finding: Finding, lines: Lines): ReportedFinding {
  const region = lines.region(finding.span);
  const { rule, severity, message, replacement } = finding;
  const line = lines.line(region.start.line);
  return {
    rule,
    severity,
    message,
    ...region,
    excerpt: line.length > longestExcerpt ? '' : line,
    ...(replacement === undefined
      ? {}
      : {
          fix: {
            title: replacement.title,
            edits: replacement.edits.map((edit) => placed(edit, lines)),
          },
        }),
  };
}

function placed({ span, text }: TextEdit, lines: Lines) {
  return { ...lines.region(span), text };
}
