import { describe, expect, it } from 'vitest';
import { applyEdits, singleEdit } from '../../../src/lint/edits';
import type { Finding } from '../../../src/lint/finding';
import { applySuppressions, suppressionFor } from '../../../src/lint/suppressions';

/** A finding of `missing-deadline` on each `CALL`. */
function findingsIn(text: string): Finding[] {
  return [...text.matchAll(/CALL/g)].map(({ index }) => ({
    rule: 'missing-deadline',
    severity: 'warning',
    span: { from: index, to: index + 4 },
    message: 'No deadline.',
  }));
}

const left = (text: string) =>
  applySuppressions(findingsIn(text), text, 'warning').map(({ rule, message, span }) =>
    rule === 'missing-deadline'
      ? `${text.slice(0, span.from).split('\n').length} ${rule}`
      : message,
  );

describe('a suppression', () => {
  it('with a reason holds for its own line', () => {
    expect(left('CALL() // frameline-ignore missing-deadline: a stream for life\nCALL()')).toEqual([
      '2 missing-deadline',
    ]);
  });

  it('alone on a line holds for the next line of code', () => {
    const text = '# frameline-ignore missing-deadline: for life\n# a comment\n\nCALL()\nCALL()';
    expect(left(text)).toEqual(['5 missing-deadline']);
  });

  it('can stand in a block comment', () => {
    expect(left('/* frameline-ignore missing-deadline: for life */\nCALL()')).toEqual([]);
  });

  it('names several rules, each of which has to be there', () => {
    const text = '// frameline-ignore missing-deadline, unknown-option: both\nCALL()';
    expect(left(text)).toEqual(['Nothing here breaks unknown-option: the suppression can go.']);
  });

  it('without a reason suppresses nothing and says so', () => {
    expect(left('CALL() // frameline-ignore missing-deadline')).toEqual([
      '1 missing-deadline',
      expect.stringContaining('needs a reason'),
    ]);
    expect(left('CALL() // frameline-ignore missing-deadline:  ')).toHaveLength(2);
  });

  it('of nothing, of no rule and of a rule that is not there is reported', () => {
    expect(left('x() // frameline-ignore missing-deadline: because')).toEqual([
      'Nothing here breaks missing-deadline: the suppression can go.',
    ]);
    expect(left('// frameline-ignore\n')).toEqual([expect.stringContaining('names no rule')]);
    expect(left('// frameline-ignore missing-deadlines: because\n')).toEqual([
      'There is no rule "missing-deadlines".',
    ]);
  });

  it('is not looked for in strings', () => {
    expect(left('"frameline-ignore missing-deadline: x"; CALL()')).toEqual(['1 missing-deadline']);
  });

  it('holds for a call that begins on its line', () => {
    const text = '// frameline-ignore missing-deadline: for life\nclient\n  .CALL()';
    const [finding] = findingsIn(text);
    const from = text.indexOf('client');
    const fact = {
      kind: 'misread',
      span: { from, to: text.length },
      message: '',
    } as const;
    const found = finding === undefined ? [] : [{ ...finding, fact }];
    expect(applySuppressions(found, text, 'warning')).toEqual([]);
  });
});

describe('fixes', () => {
  it('put a suppression over the line, and it then only lacks its reason', () => {
    const text = '\tx()\r\n\tCALL()\r\n';
    const edit = suppressionFor('missing-deadline', text.indexOf('CALL'), text, '//');
    const after = applyEdits(text, [edit]);
    expect(after).toBe('\tx()\r\n\t// frameline-ignore missing-deadline: \r\n\tCALL()\r\n');
    expect(left(after.replace(': \r', ': for life\r'))).toEqual([]);
  });

  it.each([
    ['x() // frameline-ignore missing-deadline: y\nz()', 'x()\nz()'],
    ['a()\n  # frameline-ignore missing-deadline: y\nz()', 'a()\nz()'],
  ])('remove an unused suppression', (text, after) => {
    const [finding] = applySuppressions([], text, 'warning');
    expect(applyEdits(text, finding?.replacement?.edits ?? [])).toBe(after);
  });

  it('are put together as one edit', () => {
    expect(singleEdit('abc', 'abc')).toEqual([]);
    for (const [before, after] of [
      ['aab', 'aaab'],
      ['', 'x'],
      ['x\ny\nz', 'x\nz'],
      ['aXbYc', 'abc'],
    ] as const) {
      expect(applyEdits(before, singleEdit(before, after))).toBe(after);
    }
  });
});
