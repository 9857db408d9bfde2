import { describe, expect, it } from 'vitest';
import { firstReason, RulePages } from '../../../src/languageServer/rulePages';

describe('RulePages', () => {
  it('leads to the page as a file', () => {
    const pages = new RulePages(new URL('file:///opt/frame%20line/docs/rules/'));
    expect(pages.address('missing-deadline')).toBe(
      'file:///opt/frame%20line/docs/rules/missing-deadline.md',
    );
  });

  it('says what the rule is about also when its page is gone', async () => {
    const pages = new RulePages(new URL('file:///no/such/folder/'));
    const summary = await pages.summary('channel-per-call');
    expect(summary).toMatch(/^\*\*A channel for each request\*\*\n\n\[.*\]\(file:.*\.md\)$/);
  });
});

describe('firstReason', () => {
  it('is the first paragraph that says why, on one line', () => {
    const page = '# x\n\n## What\n\nThat.\n\n## Why\n\nBecause\nit is so.\n\nAnd more.\n\n## How\n';
    expect(firstReason(page)).toBe('Because it is so.');
  });

  it('is nothing where none is said', () => {
    expect(firstReason('# x\n\n## What\n\nThat.\n')).toBe('');
  });
});
