import { describe, expect, it } from 'vitest';
import { noticeText } from '../../../src/host/notice';

/** What the editor takes for a link in a notification. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;

describe('noticeText', () => {
  it('joins what there is', () => {
    expect(noticeText('Saving a.txt: No space.', undefined, 'Free some.')).toBe(
      'Saving a.txt: No space. Free some.',
    );
  });

  it.each([
    '[Details](command:workbench.action.terminal.new)',
    '[Details]\r(command:workbench.action.terminal.new)',
    '[[Details](https://example.com)](command:workbench.action.quit)',
    '[Details](file:///etc/passwd "title")',
  ])('leaves no link in %j', (text) => {
    const shown = noticeText(`The server says: ${text}`);
    expect(shown).not.toMatch(link);
    expect(shown).toContain('Details');
  });

  it('bounds what a server says, and shows its control characters', () => {
    expect(noticeText('x'.repeat(10_000_000)).length).toBeLessThan(1100);
    expect(noticeText('a\u001b[31m\u202eb\nc')).toBe('a\uFFFD[31m\uFFFDb↵c');
  });
});
