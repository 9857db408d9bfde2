import { plain } from '../colors';
import type { FileOutcome, Outcome } from './outcome';
import { readableOutcome } from './readableRun';

/** The report in the XML of JUnit as Jenkins, GitLab and others read it: a suite a file, a case a request. */
export function junit(files: readonly FileOutcome[]): string {
  const all = files.flatMap(({ outcomes }) => outcomes);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="frameline" ${totals(all)}>`,
    ...files.flatMap(suite),
    '</testsuites>',
    '',
  ].join('\n');
}

function suite({ path, startedAt, outcomes }: FileOutcome): string[] {
  // Seconds and no zone, as the schema of Surefire has it.
  const timestamp = startedAt.toISOString().slice(0, 19);
  return [
    `  <testsuite name="${escaped(path)}" ${totals(outcomes)} skipped="${count(outcomes, 'skipped')}" timestamp="${timestamp}">`,
    ...outcomes.flatMap((outcome) => testcase(outcome, path)),
    '  </testsuite>',
  ];
}

function totals(outcomes: readonly Outcome[]): string {
  const time = outcomes.reduce((sum, { call }) => sum + (call?.time ?? 0), 0);
  return [
    `tests="${outcomes.length}"`,
    `failures="${count(outcomes, 'failed')}"`,
    `errors="${count(outcomes, 'not-sent')}"`,
    `time="${seconds(time)}"`,
  ].join(' ');
}

function count(outcomes: readonly Outcome[], result: Outcome['result']): number {
  return outcomes.filter((outcome) => outcome.result === result).length;
}

function testcase(outcome: Outcome, path: string): string[] {
  const { name, place, call, result } = outcome;
  const head = `    <testcase name="${escaped(name)}" classname="${escaped(path)}" file="${escaped(path)}" line="${place.line}" time="${seconds(call?.time ?? 0)}"`;
  const text = escaped(readableOutcome(outcome, path, plain));
  switch (result) {
    case 'passed':
      return [`${head}/>`];
    case 'skipped':
      return [`${head}>`, '      <skipped/>', '    </testcase>'];
    case 'failed': {
      const message = outcome.checks.find(({ passed }) => !passed)?.message ?? '';
      return [
        `${head}>`,
        `      <failure message="${escaped(message)}" type="expectation">${text}</failure>`,
        '    </testcase>',
      ];
    }
    case 'not-sent': {
      const message = outcome.problems[0]?.message ?? '';
      return [
        `${head}>`,
        `      <error message="${escaped(message)}" type="not-sent">${text}</error>`,
        '    </testcase>',
      ];
    }
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1000).toFixed(6);
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/** Text for XML 1.0, which has no way to write control characters, unpaired surrogates and U+FFFE: they become `�`. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '\uFFFD')
    .replace(/[&<>"]/g, (character) => entities[character] ?? character);
}
