import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Log } from 'sarif';
import { describe, expect, test } from 'vitest';
import { jsonReport } from '../../../src/cli/lint/jsonReport';
import type { Report } from '../../../src/cli/lint/report';
import { sarifReport } from '../../../src/cli/lint/sarifReport';
import { rules } from '../../../src/lint/rules/registry';

const root = join(import.meta.dirname, '../../..');

const report: Report = {
  cwd: '/work/my project',
  linted: 12,
  files: [
    {
      path: '/work/my project/a b/ü#1.go',
      findings: [
        {
          rule: 'missing-deadline',
          severity: 'warning',
          message: 'No deadline.',
          start: { line: 2, column: 5 },
          end: { line: 2, column: 8 },
          excerpt: 'x = get()',
        },
        {
          rule: 'keepalive-cannot-help',
          severity: 'information',
          message: 'A PING does not help.',
          start: { line: 3, column: 1 },
          end: { line: 4, column: 2 },
          excerpt: 'ping(',
          fix: {
            title: 'Take it away',
            edits: [{ start: { line: 3, column: 1 }, end: { line: 4, column: 2 }, text: '' }],
          },
        },
      ],
    },
    {
      path: '/work/elsewhere/c.py',
      findings: [
        {
          rule: 'deadline-misread',
          severity: 'error',
          message: 'Not a time.',
          start: { line: 1, column: 1 },
          end: { line: 1, column: 2 },
          excerpt: 'x',
        },
      ],
    },
  ],
  notes: [{ path: '/work/my project/d.go', text: 'is not text: left out' }],
};

describe('jsonReport', () => {
  const json = JSON.parse(jsonReport(report, '1.2.3')) as Record<string, unknown>;

  test('has the findings, what was counted and the notes', () => {
    expect(json).toEqual({
      format: 1,
      tool: { name: 'frameline', version: '1.2.3' },
      summary: { files: 12, findings: { error: 1, warning: 1, information: 1, hint: 0 } },
      findings: [
        {
          path: 'a b/ü#1.go',
          start: { line: 2, column: 5 },
          end: { line: 2, column: 8 },
          severity: 'warning',
          rule: 'missing-deadline',
          message: 'No deadline.',
        },
        {
          path: 'a b/ü#1.go',
          start: { line: 3, column: 1 },
          end: { line: 4, column: 2 },
          severity: 'information',
          rule: 'keepalive-cannot-help',
          message: 'A PING does not help.',
          fix: {
            title: 'Take it away',
            edits: [{ start: { line: 3, column: 1 }, end: { line: 4, column: 2 }, text: '' }],
          },
        },
        {
          path: '../elsewhere/c.py',
          start: { line: 1, column: 1 },
          end: { line: 1, column: 2 },
          severity: 'error',
          rule: 'deadline-misread',
          message: 'Not a time.',
        },
      ],
      notes: [{ path: 'd.go', text: 'is not text: left out' }],
    });
  });

  test('docs/command-line.md names each field', () => {
    const page = readFileSync(join(root, 'docs/command-line.md'), 'utf8');
    const section = /\n### JSON\n([\s\S]*?)\n### /.exec(page)?.[1] ?? '';
    const names = new Set(
      [...section.matchAll(/`([\w.[\]]+)`/g)].flatMap(([, name = '']) => name.split(/[.[\]]+/)),
    );
    expect([...keys(json)].filter((key) => !names.has(key))).toEqual([]);
  });
});

/** The names of all members, at any depth. */
function keys(value: unknown): Set<string> {
  if (typeof value !== 'object' || value === null) {
    return new Set();
  }
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return new Set([...own, ...Object.values(value).flatMap((member) => [...keys(member)])]);
}

describe('sarifReport', () => {
  const read = async (): Promise<Log> =>
    JSON.parse(
      await sarifReport(report, '1.2.3', {
        places: { package: root, grammars: '', worker: undefined },
      }),
    );

  test('has what SARIF 2.1.0 requires of a log and a run (3.13, 3.14, 3.18, 3.19)', async () => {
    const log = await read();
    expect(log.version).toBe('2.1.0');
    expect(log.$schema).toMatch(/^https:\/\/.*sarif-schema-2\.1\.0\.json$/);
    expect(log.runs).toHaveLength(1);
    const [run] = log.runs;
    expect(run?.tool.driver).toMatchObject({ name: 'Frameline', semanticVersion: '1.2.3' });
    expect(run?.columnKind).toBe('utf16CodeUnits');
    expect(run?.originalUriBaseIds).toEqual({
      '%SRCROOT%': { uri: 'file:///work/my%20project/' },
    });
  });

  test('describes every rule, with its page where there is one', async () => {
    const [run] = (await read()).runs;
    const described = run?.tool.driver.rules ?? [];
    expect(described.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    for (const { id, shortDescription, defaultConfiguration } of described) {
      expect(shortDescription?.text, id).toMatch(/^[A-Z].*\.$/);
      expect(['error', 'warning', 'note']).toContain(defaultConfiguration?.level);
    }
    const page = readFileSync(join(root, 'docs/rules/missing-deadline.md'), 'utf8');
    expect(described[0]?.help).toEqual({ text: page, markdown: page });
  });

  test('points from a result to its rule and its place', async () => {
    const [run] = (await read()).runs;
    const results = run?.results ?? [];
    for (const { ruleId, ruleIndex } of results) {
      expect(run?.tool.driver.rules?.[ruleIndex ?? -1]?.id).toBe(ruleId);
    }
    expect(results.map(({ level }) => level)).toEqual(['warning', 'note', 'error']);
    const inside = { uri: 'a%20b/%C3%BC%231.go', uriBaseId: '%SRCROOT%' };
    expect(results[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: inside,
          region: { startLine: 2, startColumn: 5, endLine: 2, endColumn: 8 },
          contextRegion: { startLine: 2, snippet: { text: 'x = get()' } },
        },
      },
    ]);
    expect(results[1]?.fixes).toEqual([
      {
        description: { text: 'Take it away' },
        artifactChanges: [
          {
            artifactLocation: inside,
            replacements: [
              {
                deletedRegion: { startLine: 3, startColumn: 1, endLine: 4, endColumn: 2 },
                insertedContent: { text: '' },
              },
            ],
          },
        ],
      },
    ]);
    expect(results[2]?.locations?.[0]?.physicalLocation?.artifactLocation).toEqual({
      uri: 'file:///work/elsewhere/c.py',
    });
  });

  test('tells what could not be looked at', async () => {
    const [run] = (await read()).runs;
    expect(run?.invocations).toMatchObject([
      {
        executionSuccessful: true,
        toolExecutionNotifications: [
          { level: 'note', message: { text: 'd.go: is not text: left out' } },
        ],
      },
    ]);
  });
});
