import { shownPath } from '../../config/paths';
import { severities } from './lintOptions';
import type { Report } from './report';

/** Goes up when a field changes its meaning or goes; new fields may come at any time. */
const formatVersion = 1;

/** The report for programs. `docs/command-line.md` says what each field means; a test compares them. */
export function jsonReport({ cwd, files, notes, linted }: Report, version: string): string {
  const findings = files.flatMap(({ path, findings: found }) =>
    found.map(({ rule, severity, message, start, end, fix }) => ({
      path: shownPath(path, cwd),
      start,
      end,
      severity,
      rule,
      message,
      ...(fix === undefined ? {} : { fix }),
    })),
  );
  const counts = severities.map((severity) => [
    severity,
    findings.filter((finding) => finding.severity === severity).length,
  ]);
  const report = {
    format: formatVersion,
    tool: { name: 'frameline', version },
    summary: { files: linted, findings: Object.fromEntries(counts) },
    findings,
    notes: notes.map(({ path, text }) => ({ path: shownPath(path, cwd), text })),
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}
