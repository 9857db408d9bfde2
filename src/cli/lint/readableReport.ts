import { shownPath } from '../../config/paths';
import type { Severity } from '../../lint/finding';
import type { Paint, Style } from '../colors';
import { displayWidth } from '../displayWidth';
import { printable } from '../printable';
import type { Report, ReportedFinding, ReportedNote } from './report';

const styles: Readonly<Record<Severity, Style>> = {
  error: 'red',
  warning: 'yellow',
  information: 'cyan',
  hint: 'dim',
};

/** Findings for a person: a file, its findings below it, each with its line of source. */
export function readableReport({ cwd, files }: Report, paint: Paint): string {
  return files
    .map(({ path, findings }) => {
      const name = paint('underline', printable(shownPath(path, cwd)));
      const placeWidth = Math.max(...findings.map((finding) => place(finding).length));
      const severityWidth = Math.max(...findings.map(({ severity }) => severity.length));
      const blocks = findings.map((finding) => block(finding, placeWidth, severityWidth, paint));
      return `${name}\n${blocks.join('')}\n`;
    })
    .join('');
}

/** Units of source that are shown: more only wraps. */
const excerptWidth = 120;

function block(
  finding: ReportedFinding,
  placeWidth: number,
  severityWidth: number,
  paint: Paint,
): string {
  const { severity, message, rule } = finding;
  const head = [
    `  ${place(finding).padStart(placeWidth)}`,
    paint(styles[severity], severity.padEnd(severityWidth)),
    printable(message),
    paint('dim', rule),
  ].join('  ');
  const indent = ' '.repeat(placeWidth + 4);
  const { line, marks } = excerpt(finding);
  const source =
    line === ''
      ? ''
      : `${indent}${paint('dim', line)}\n${indent}${paint(styles[severity], marks)}\n`;
  return `${head}\n${source}`;
}

function place({ start }: ReportedFinding): string {
  return `${start.line}:${start.column}`;
}

/** The line of source, and carets below what is meant; of a long line the part around it. */
function excerpt({ excerpt: whole, start, end }: ReportedFinding): { line: string; marks: string } {
  const from = start.column - 1;
  const to = end.line === start.line ? end.column - 1 : whole.length;
  const indentation = /^\s*/.exec(whole)?.[0].length ?? 0;
  const cut = from < excerptWidth ? Math.min(indentation, from) : from - excerptWidth / 2;
  const before = cut > indentation ? '…' : '';
  const after = whole.length > cut + excerptWidth ? '…' : '';
  const shown = whole.slice(cut, cut + excerptWidth);
  const meant = whole.slice(from, Math.min(to, cut + excerptWidth));
  const gap = displayWidth(before + spaced(whole.slice(cut, from)));
  const marks = '^'.repeat(Math.max(1, displayWidth(spaced(meant))));
  return {
    line: `${before}${spaced(shown.trimEnd())}${after}`,
    marks: `${' '.repeat(gap)}${marks}`,
  };
}

/** Tabs have no width of their own in a line that is moved. */
function spaced(text: string): string {
  return printable(text.replaceAll('\t', '  '));
}

/** What was not looked at: a line each. */
export function readableNotes(notes: readonly ReportedNote[], cwd: string, paint: Paint): string {
  return notes
    .map(
      ({ path, text }) =>
        `${paint('cyan', 'note')}  ${printable(`${shownPath(path, cwd)}: ${text}`)}\n`,
    )
    .join('');
}

/** One line that says how it went. */
export function readableSummary({ files, linted }: Report, paint: Paint): string {
  const count = (of: Severity) =>
    files.reduce(
      (sum, { findings }) => sum + findings.filter(({ severity }) => severity === of).length,
      0,
    );
  const parts = [
    paintCount('error', count('error'), 'error', paint),
    paintCount('warning', count('warning'), 'warning', paint),
    paintCount('information', count('information'), 'remark', paint),
    paintCount('hint', count('hint'), 'hint', paint),
  ].filter((part) => part !== '');
  if (parts.length === 0) {
    return `Nothing found in ${plural(linted, 'file')}.\n`;
  }
  return `${parts.join(', ')} in ${files.length} of ${plural(linted, 'file')}.\n`;
}

function paintCount(severity: Severity, count: number, noun: string, paint: Paint): string {
  return count === 0 ? '' : paint(styles[severity], plural(count, noun));
}

function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
