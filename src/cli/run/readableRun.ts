import { plural } from '../../panel/text';
import type { Paint } from '../colors';
import { printable } from '../printable';
import type { FileOutcome, Outcome, PlacedCheck } from './outcome';

const signs = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  'not-sent': ['✗', 'red'],
  skipped: ['-', 'dim'],
} as const;

/** A request and, when it failed, all that is known of why. */
export function readableOutcome(outcome: Outcome, path: string, paint: Paint): string {
  const { call, checks, problems } = outcome;
  const [sign, style] = signs[outcome.result];
  const time = call === undefined ? '' : paint('dim', ` (${milliseconds(call.time)})`);
  const note = outcome.result === 'not-sent' ? ' could not be sent' : '';
  const failed = checks.filter((check) => !check.passed);
  const lines = [
    `  ${paint(style, sign)} ${printable(outcome.name)}${note}${time}`,
    ...problems.map(({ place, message }) => `      ${at(path, place)}: ${printable(message)}`),
    ...failed.flatMap((check) => checkLines(check, path, paint)),
    ...(call === undefined ? [] : indented(call.explanation)),
    ...(call?.timeline ?? []).map((line) => `      ${line}`),
  ];
  return `${lines.join('\n')}\n`;
}

function checkLines(check: PlacedCheck, path: string, paint: Paint): string[] {
  return [
    `      ${at(path, check.place)}: ${paint('bold', printable(check.text))}`,
    `        ${printable(check.message)}`,
    ...side('expected', check.expected),
    ...side('actual', check.actual),
  ];
}

/** Lines of a text that may have many. */
function side(name: string, text: string): string[] {
  const [first = '', ...rest] = text.split('\n');
  const head = `        ${`${name}:`.padEnd(9)} `;
  return text === ''
    ? []
    : [
        `${head}${printable(first)}`,
        ...rest.map((line) => `${' '.repeat(head.length)}${printable(line)}`),
      ];
}

function indented(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `      ${line}`);
}

function at(path: string, { line, column }: Outcome['place']): string {
  return `${printable(path)}:${line}:${column}`;
}

export function readableFile(path: string, paint: Paint): string {
  return `${paint('underline', printable(path))}\n`;
}

/** @param time of the whole run, in milliseconds */
export function readableSummary(files: readonly FileOutcome[], time: number, paint: Paint): string {
  const counts = countsOf(files);
  const parts = [
    `${counts.passed} passed`,
    ...(counts.failed > 0 ? [paint('red', `${counts.failed} failed`)] : []),
    ...(counts['not-sent'] > 0 ? [paint('red', `${counts['not-sent']} could not be sent`)] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
  ];
  const total = counts.passed + counts.failed + counts['not-sent'] + counts.skipped;
  return `${plural(total, 'request')}: ${parts.join(', ')} (${milliseconds(time)})\n`;
}

export function countsOf(files: readonly FileOutcome[]): Record<Outcome['result'], number> {
  const counts = { passed: 0, failed: 0, 'not-sent': 0, skipped: 0 };
  for (const { result } of files.flatMap(({ outcomes }) => outcomes)) {
    counts[result]++;
  }
  return counts;
}

function milliseconds(time: number): string {
  return time < 1000 ? `${Math.round(time)} ms` : `${(time / 1000).toFixed(1)} s`;
}
