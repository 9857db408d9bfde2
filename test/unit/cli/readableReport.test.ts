import { describe, expect, test } from 'vitest';
import { paintFor, plain } from '../../../src/cli/colors';
import { displayWidth } from '../../../src/cli/displayWidth';
import {
  readableNotes,
  readableReport,
  readableSummary,
} from '../../../src/cli/lint/readableReport';
import { type Report, reported } from '../../../src/cli/lint/report';
import { Lines } from '../../../src/config/lines';
import type { Finding, Severity } from '../../../src/lint/finding';

const cwd = '/work';

/** A report of findings at the places that `«…»` marks in the text. */
function reportOf(
  text: string,
  more: { path?: string; severity?: Severity; message?: string } = {},
): Report {
  const { path = '/work/a/b.go', severity = 'warning', message = 'It waits for ever.' } = more;
  const parts = text.split(/[«»]/);
  const lines = new Lines(parts.join(''));
  let at = 0;
  const findings = parts.flatMap((part, number) => {
    const span = { from: at, to: at + part.length };
    at = span.to;
    const finding: Finding = { rule: 'missing-deadline', severity, span, message };
    return number % 2 === 1 ? [reported(finding, lines)] : [];
  });
  return { cwd, files: [{ path, findings }], notes: [], linted: 7 };
}

const shown = (...args: Parameters<typeof reportOf>) => readableReport(reportOf(...args), plain);

describe('readableReport', () => {
  test('shows a file, its findings, and each with its line and a mark', () => {
    const text = 'package a\n\tx, err := c.«Get»(ctx, r)\n\n\n\n\n\n\n\ty := c.«List»()\n';
    expect(shown(text)).toBe(
      [
        'a/b.go',
        '  2:14  warning  It waits for ever.  missing-deadline',
        '        x, err := c.Get(ctx, r)',
        '                    ^^^',
        '   9:9  warning  It waits for ever.  missing-deadline',
        '        y := c.List()',
        '               ^^^^',
        '',
        '',
      ].join('\n'),
    );
  });

  test('marks the right columns after tabs and wide characters', () => {
    expect(shown('  f("市场", «x»)')).toContain(`        f("市场", x)\n${' '.repeat(8 + 10)}^\n`);
    expect(shown('a\t«b»\tc')).toContain('       a  b  c\n          ^\n');
  });

  test('marks something empty, and only the first line of something long', () => {
    expect(shown('ab«»c')).toContain('       abc\n         ^\n');
    expect(shown('a«b\nc»d')).toContain('       ab\n        ^\n');
  });

  test('shows the part of a long line that is meant', () => {
    const text = `${'a'.repeat(400)}«target»${'b'.repeat(400)}`;
    const [, , source = '', marks = ''] = shown(text).split('\n');
    expect(source.trim()).toMatch(/^…a{60}targetb+…$/);
    expect(source.slice(marks.indexOf('^'), marks.lastIndexOf('^') + 1)).toBe('target');
    expect(displayWidth(source)).toBeLessThan(140);
  });

  test('does nothing to a terminal, whatever stands in names, messages and sources', () => {
    const evil = '\x1b[2J\x07\u202Eabc\x9b31m';
    const text = readableReport(
      reportOf(`${evil}«x»`, { path: `/work/${evil}\n.go`, message: evil }),
      plain,
    );
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    expect(text).toContain('\uFFFD[2J');
    const note = readableNotes([{ path: `/work/${evil}`, text: evil }], cwd, plain);
    expect(note).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  });

  test('colours the severity', () => {
    const always = paintFor('always', { isTTY: false }, { variables: {} });
    expect(readableReport(reportOf('«x»', { severity: 'error' }), always)).toContain(
      '\x1b[31merror\x1b[39m',
    );
  });
});

describe('paintFor', () => {
  const terminal = { write: () => {}, isTTY: true, columns: 80 };
  const pipe = { ...terminal, isTTY: false };
  const isColoured = (...args: Parameters<typeof paintFor>) =>
    paintFor(...args)('red', 'x') !== 'x';

  test('auto is a terminal that wants colours', () => {
    expect(isColoured('auto', terminal, { variables: {} })).toBe(true);
    expect(isColoured('auto', terminal, { variables: { NO_COLOR: '' } })).toBe(true);
    expect(isColoured('auto', terminal, { variables: { NO_COLOR: '1' } })).toBe(false);
    expect(isColoured('auto', terminal, { variables: { TERM: 'dumb' } })).toBe(false);
    expect(isColoured('auto', pipe, { variables: {} })).toBe(false);
  });

  test('always and never are what they say', () => {
    expect(isColoured('always', pipe, { variables: { NO_COLOR: '1' } })).toBe(true);
    expect(isColoured('never', terminal, { variables: {} })).toBe(false);
  });
});

describe('readableSummary', () => {
  test('says how many of what, in how many files', () => {
    expect(readableSummary(reportOf('«a» «b»'), plain)).toBe('2 warnings in 1 of 7 files.\n');
    expect(readableSummary(reportOf('«a»', { severity: 'information' }), plain)).toBe(
      '1 remark in 1 of 7 files.\n',
    );
    expect(readableSummary({ cwd, files: [], notes: [], linted: 1 }, plain)).toBe(
      'Nothing found in 1 file.\n',
    );
  });
});
