import { describe, expect, test } from 'vitest';
import { reported } from '../../../src/cli/lint/report';
import { Lines } from '../../../src/config/lines';
import type { Finding } from '../../../src/lint/finding';

describe('reported', () => {
  const finding: Finding = {
    rule: 'unknown-option',
    severity: 'warning',
    span: { from: 8, to: 9 },
    message: 'It has no effect.',
    replacement: {
      title: 'Write "b"',
      edits: [
        { span: { from: 8, to: 9 }, text: 'b' },
        { span: { from: 0, to: 0 }, text: 'import b\n' },
      ],
    },
  };

  test('has places instead of offsets, and its line', () => {
    expect(reported(finding, new Lines('first\n  a\n'))).toEqual({
      rule: 'unknown-option',
      severity: 'warning',
      message: 'It has no effect.',
      start: { line: 2, column: 3 },
      end: { line: 2, column: 4 },
      excerpt: '  a',
      fix: {
        title: 'Write "b"',
        edits: [
          { start: { line: 2, column: 3 }, end: { line: 2, column: 4 }, text: 'b' },
          { start: { line: 1, column: 1 }, end: { line: 1, column: 1 }, text: 'import b\n' },
        ],
      },
    });
  });

  test('leaves out a line that no one could read', () => {
    expect(reported(finding, new Lines('x'.repeat(3_000))).excerpt).toBe('');
  });
});
