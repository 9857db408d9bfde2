import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { usePanel, waitForPosted } from './setup';

const panel = usePanel();

/** Role and name of what has the focus, through all shadow roots. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    let element = document.activeElement;
    while (element?.shadowRoot?.activeElement) {
      element = element.shadowRoot.activeElement;
    }
    // Icons are characters of a private area.
    const text = element?.textContent?.replace(/[\ue000-\uf8ff]/g, '').trim();
    const label = element?.getAttribute('aria-label') ?? text ?? '';
    return `${element?.getAttribute('role') ?? element?.localName ?? ''}: ${element?.id === 'deadline' ? 'Deadline' : label}`;
  });
}

/** Presses Tab until the focus is on `wanted`; fails when it isn't reached. */
async function tabTo(page: Page, wanted: string): Promise<void> {
  const seen: string[] = [];
  for (let step = 0; step < 40; step += 1) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    seen.push(now);
    if (now.startsWith(wanted)) {
      return;
    }
  }
  throw new Error(`Tab never reached "${wanted}", only: ${seen.join(' | ')}`);
}

describe('with the keyboard alone', () => {
  it('a call is filled in, sent, read and saved', async () => {
    const page = await panel.page({ width: 1300 });
    await page.evaluate(() => window.fakeHost.open());
    await page.locator('frameline-send-bar').waitFor();

    await tabTo(page, 'button: Send');
    await tabTo(page, 'input: Deadline');
    await page.keyboard.type('2s');
    await tabTo(page, 'tab: Body');
    await page.keyboard.press('ArrowRight');
    expect(await focused(page)).toMatch(/^tab: Metadata/);
    await tabTo(page, 'button: Add metadata');
    await page.keyboard.press('Enter');
    await page.keyboard.type('x-team');
    await page.keyboard.press('Tab');
    await page.keyboard.type('blue');
    await page.keyboard.press('Control+Enter');
    const [send] = await waitForPosted(page, 'send');
    expect(send?.form.options).toEqual({ deadline: '2s' });
    expect(send?.form.metadata).toEqual([{ key: 'x-team', value: 'blue', enabled: true }]);

    await page.evaluate(() => window.fakeHost.end('ok'));
    await page.getByText('"Touring bicycle, 28 inch"', { exact: true }).waitFor();
    await tabTo(page, 'tab: Messages');
    await tabTo(page, 'button: Save transcript');
    await tabTo(page, 'grid: Messages');
    await page.keyboard.press('Home');
    await page.locator('#row-0[aria-selected=true]').waitFor();
    await page.keyboard.press('End');
    await page.getByRole('article', { name: 'Status OK' }).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowUp');
    await page.getByText('"Touring bicycle, 28 inch"', { exact: true }).waitFor();
    await tabTo(page, 'separator: Resize timeline and detail');
    await tabTo(page, 'tab: JSON');
    await page.keyboard.press('ArrowRight');
    await tabTo(page, 'tree: Protobuf fields');
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => page.locator('.octets .value').count()).toBe(6);
  });

  it('sends also when nothing in the panel has the focus', async () => {
    const page = await panel.page();
    await page.evaluate(() => window.fakeHost.open());
    await page.locator('frameline-send-bar').waitFor();
    await page.keyboard.press('Control+Enter');
    await waitForPosted(page, 'send');
  });

  it('has a name and a role for everything that can be reached', async () => {
    const page = await panel.page({ width: 1300 });
    await page.evaluate(() => {
      window.fakeHost.open({}, 'bidirectional');
      window.fakeHost.end('notFound');
    });
    await page.getByRole('article').waitFor();
    const nameless: string[] = [];
    for (let step = 0; step < 40; step += 1) {
      await page.keyboard.press('Tab');
      const now = await focused(page);
      if (/: *$/.test(now) && !now.startsWith('body')) {
        nameless.push(now);
      }
    }
    expect(nameless).toEqual([]);
  });
});
