import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { plain } from '../../../src/cli/colors';
import { jsonRun } from '../../../src/cli/run/jsonRun';
import { junit } from '../../../src/cli/run/junit';
import type { FileOutcome, Outcome } from '../../../src/cli/run/outcome';
import { readableOutcome } from '../../../src/cli/run/readableRun';
import { findRequestFiles } from '../../../src/cli/run/requestFiles';
import { useTemporaryFolders } from '../../tools/temporaryFolder';
import { parseXml } from '../../tools/xml';

const temporaryFolder = useTemporaryFolders();

describe('findRequestFiles', () => {
  const files = {
    'a.grpc': '',
    'b.txt': '',
    'sub/c.grpc': '',
    'sub/deep/d.grpc': '',
    'node_modules/x/e.grpc': '',
    '.hidden/f.grpc': '',
  };
  test.each([
    [['.'], ['a.grpc', 'sub/c.grpc', 'sub/deep/d.grpc']],
    [
      ['sub', 'a.grpc'],
      ['sub/c.grpc', 'sub/deep/d.grpc', 'a.grpc'],
    ],
    [['*.grpc'], ['a.grpc']],
    [['sub/*.grpc', 'sub/c.grpc'], ['sub/c.grpc']],
    [['**/{c,d}.grpc'], ['sub/c.grpc', 'sub/deep/d.grpc']],
    [['./s?b/**'], ['sub/c.grpc', 'sub/deep/d.grpc']],
    [['missing.grpc'], ['missing.grpc']],
  ])('finds %j', async (paths, expected) => {
    const cwd = await temporaryFolder(files);
    expect(await findRequestFiles(paths, cwd)).toEqual(expected.map((path) => join(cwd, path)));
  });
});

/** What a server could say to rewrite a terminal or a report. */
const evil = 'a\x1b[2J]]>&<"\u0000\uD800\uFFFE\u202E\n\u009b1m';

const outcome: Outcome = {
  name: evil,
  place: { line: 3, column: 1 },
  result: 'failed',
  call: undefined,
  checks: [
    {
      text: evil,
      passed: false,
      message: evil,
      expected: evil,
      actual: `one\ntwo ${evil}`,
      place: { line: 2, column: 1 },
    },
  ],
  problems: [{ place: { line: 1, column: 2 }, message: evil }],
};
const file: FileOutcome = {
  path: evil,
  startedAt: new Date('2026-01-02T03:04:05.678Z'),
  outcomes: [outcome],
};

describe('reports of hostile text', () => {
  test('are well-formed XML', () => {
    const suites = parseXml(junit([file]));
    const [suite] = suites.children;
    expect(suite?.attributes).toMatchObject({ timestamp: '2026-01-02T03:04:05', failures: '1' });
    expect(suite?.children[0]?.attributes.name).toBe('a�[2J]]>&<"���\u202E\n\u009b1m');
    expect(suite?.children[0]?.children[0]?.attributes.message).toContain(']]>&<"');
  });

  test('are one JSON document without control characters', () => {
    const text = jsonRun([file], 12.3456, '1.2.3');
    expect(JSON.parse(text)).toMatchObject({
      summary: { passed: 0, failed: 1, milliseconds: 12.346 },
      files: [{ requests: [{ name: evil }] }],
    });
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
  });

  test('do nothing to a terminal', () => {
    const text = readableOutcome(outcome, evil, plain);
    expect(text).not.toMatch(/[^\P{Cc}\n]|\u202E/u);
    expect(text).toContain('        actual:   one\n                  two a�[2J');
  });
});
