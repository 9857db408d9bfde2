import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../src/cli/failure';
import { lintUsage, parseLintOptions } from '../../../src/cli/lint/lintOptions';

const defaults = {
  paths: ['.'],
  format: 'readable',
  output: undefined,
  changedSince: undefined,
  config: undefined,
  severity: 'warning',
  quiet: false,
  progress: true,
  color: 'auto',
  help: false,
};

describe('parseLintOptions', () => {
  test('has defaults', () => {
    expect(parseLintOptions([])).toEqual(defaults);
  });

  test('takes every option, also after a path and with =', () => {
    expect(
      parseLintOptions([
        ...['src', '--format=sarif', '-o', 'out.sarif', '--changed-since', 'main', 'test'],
        ...['--config', 'ci.json', '--severity', 'error', '-q', '--no-progress', '--color=never'],
      ]),
    ).toEqual({
      ...defaults,
      paths: ['src', 'test'],
      format: 'sarif',
      output: 'out.sarif',
      changedSince: 'main',
      config: 'ci.json',
      severity: 'error',
      quiet: true,
      progress: false,
      color: 'never',
    });
    expect(parseLintOptions(['--', '-odd.go']).paths).toEqual(['-odd.go']);
  });

  test.each([
    [['--formt', 'json'], "Unknown option '--formt'."],
    [['--format'], "Option '--format <value>' argument missing."],
    [['--format', 'xml'], '--format is readable, json, sarif, not "xml".'],
    [['--severity', 'off'], '--severity is error, warning, information, hint, not "off".'],
    [['--color', 'yes'], '--color is auto, always, never, not "yes".'],
    [['--quiet=1'], "Option '-q, --quiet' does not take an argument."],
  ])('refuses %j', (args, why) => {
    expect(() => parseLintOptions(args)).toThrow(Failure);
    expect(() => parseLintOptions(args)).toThrow(why);
  });
});

test('the help and docs/command-line.md name the same options', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/command-line.md'), 'utf8');
  const options = (text: string) => [...new Set(text.match(/(?<![\w-])--[a-z][a-z-]+/g))].sort();
  const section = /### Options of frameline lint\n([\s\S]*?)\n### /.exec(page)?.[1] ?? '';
  expect(options(section)).toEqual(options(lintUsage));
  expect(options(lintUsage)).toHaveLength(9);
});
