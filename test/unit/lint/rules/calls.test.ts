import { expect, test } from 'vitest';
import { call, judge, rulesOf } from './facts';

test('a missing deadline is marked at the name of the method, with the reason', () => {
  expect(judge([call()])).toEqual([
    {
      rule: 'missing-deadline',
      severity: 'warning',
      span: { from: 17, to: 27 },
      message:
        "No deadline: context.Background() has none. GetListing waits for ever when the server doesn't answer.",
      fact: call(),
    },
  ]);
});

test('without a reason the sentence still ends', () => {
  const { why: _, ...fact } = call();
  expect(judge([fact])[0]?.message).toMatch(/^No deadline\. GetListing waits/);
});

test.each(['safe', 'inherited', 'unknown'] as const)('%s is silent', (deadline) => {
  expect(judge([call({ deadline })])).toEqual([]);
});

test('inherited and unknown are hints when asked for, safe never', () => {
  const facts = (['safe', 'inherited', 'unknown'] as const).map((deadline) => call({ deadline }));
  const found = judge(facts, {
    lint: { showInherited: true, rules: { 'missing-deadline': 'error' } },
  });
  expect(rulesOf(found)).toEqual(['hint missing-deadline', 'hint missing-deadline']);
  expect(found.map(({ message }) => message)).toEqual([
    'A caller decides whether GetListing has a deadline: context.Background() has none.',
    "It can't be seen here whether GetListing has a deadline: context.Background() has none.",
  ]);
});

test('a default of the workspace for this language makes every call safe', () => {
  const asked: string[] = [];
  const index = {
    defaultDeadline: (language: string) => {
      asked.push(language);
      return 'the interceptor deadline.Unary';
    },
  };
  expect(judge([call(), call({ waitForReady: true })], {}, index)).toEqual([]);
  expect(asked).toEqual(['go', 'go']);
});

test('wait-for-ready without a deadline is shown once', () => {
  const found = judge([call({ waitForReady: true })]);
  expect(rulesOf(found)).toEqual(['warning unbounded-wait']);
  expect(found[0]?.message).toBe(
    "Waits for ready without a deadline: context.Background() has none. While the server can't be reached, GetListing waits for ever, without an error.",
  );
});

test('with unbounded-wait off it is a missing deadline like any other', () => {
  const config = { lint: { rules: { 'unbounded-wait': 'off' } } };
  expect(rulesOf(judge([call({ waitForReady: true })], config))).toEqual([
    'warning missing-deadline',
  ]);
});

test('a rule that is off finds nothing, one of another severity has it', () => {
  expect(judge([call()], { lint: { rules: { 'missing-deadline': 'off' } } })).toEqual([]);
  expect(
    rulesOf(judge([call()], { lint: { rules: { 'missing-deadline': 'information' } } })),
  ).toEqual(['information missing-deadline']);
});

test('findings come in the order of the file', () => {
  const at = (from: number) => call({ nameSpan: { from, to: from + 1 } });
  expect(judge([at(30), at(10), at(20)]).map(({ span }) => span.from)).toEqual([10, 20, 30]);
});
