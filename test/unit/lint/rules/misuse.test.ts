import { expect, test } from 'vitest';
import { judge } from './facts';

const span = { from: 3, to: 9 };

test('a deadline that nobody uses', () => {
  const fact = { kind: 'discarded', span, what: 'context.WithTimeout' } as const;
  expect(judge([fact])).toEqual([
    {
      rule: 'deadline-discarded',
      severity: 'warning',
      span,
      message:
        'What context.WithTimeout gives back is never used, so its deadline holds for no call.',
      fact,
    },
  ]);
});

test.each([
  ['misread', 'deadline-misread', 'error'],
  ['option', 'unknown-option', 'warning'],
] as const)('%s: message and replacement of the language', (kind, rule, severity) => {
  const fact = {
    kind,
    span,
    message: 'grpc-js ignores timeout.',
    replacement: { title: 'Write deadline', span, text: 'deadline' },
  } as const;
  const finding = { rule, severity, span, message: fact.message };
  expect(judge([fact])).toEqual([
    {
      ...finding,
      fact,
      replacement: { title: 'Write deadline', edits: [{ span, text: 'deadline' }] },
    },
  ]);
  const { replacement: _, ...bare } = fact;
  expect(judge([bare])).toEqual([{ ...finding, fact: bare }]);
});
