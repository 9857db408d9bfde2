import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { posted, usePanel, waitForPosted } from './setup';

const panel = usePanel();
const million = 1_000_000;

async function streaming(rows: number, look: Parameters<typeof panel.page>[0] = {}): Promise<Page> {
  const page = await panel.page(look);
  await page.evaluate((rows) => {
    const host = window.fakeHost;
    host.open({}, 'serverStreaming');
    const transcript = host.endless(rows);
    host.transcript = transcript;
    Object.assign(window, {
      grow: (by: number) => {
        transcript.grow(by);
        host.snapshot({ receivedMessages: transcript.total, receivedBytes: transcript.total * 64 });
      },
    });
    host.snapshot({ phase: 'streaming', receivedMessages: rows, receivedBytes: rows * 64 });
  }, rows);
  await page.locator('frameline-timeline .row').first().waitFor();
  return page;
}

/** Lets more rows arrive, as the host says it. */
const grow = (page: Page, by: number): Promise<void> => page.evaluate(`grow(${by})`);

/** Row numbers in sight, top to bottom, each checked to say what the host has in that row. */
async function inSight(page: Page): Promise<number[]> {
  await expect.poll(() => page.locator('frameline-timeline .row.loading').count()).toBe(0);
  const rows = await page.locator('frameline-timeline .row').evaluateAll((list) => {
    const scroll = list[0]?.closest('.scroll')?.getBoundingClientRect();
    return list
      .map((row) => ({
        top: row.getBoundingClientRect().top,
        bottom: row.getBoundingClientRect().bottom,
        number: Number(row.getAttribute('aria-rowindex')) - 2,
        text: row.textContent ?? '',
      }))
      .filter((row) => row.bottom > (scroll?.top ?? 0) + 22 && row.top < (scroll?.bottom ?? 0));
  });
  for (const { number, text } of rows) {
    expect(text).toContain(`{"sequence":"${number}"}`);
  }
  return rows.map((row) => row.number).sort((a, b) => a - b);
}

const elements = (page: Page): Promise<number> => page.locator('frameline-timeline .row').count();
const scroll = (page: Page, share: number): Promise<void> =>
  page.locator('frameline-timeline .scroll').evaluate((element, share) => {
    element.scrollTop = (element.scrollHeight - element.clientHeight) * share;
  }, share);

describe('a million rows', () => {
  it('scroll to any row with a bounded number of elements and of cached rows', async () => {
    const page = await streaming(million, { height: 2_000 });
    for (const share of [0, 0.25, 0.5, 0.999, 1, 0.1]) {
      await scroll(page, share);
      const middle = share * million;
      await expect
        .poll(async () => Math.abs(((await inSight(page))[0] ?? -1) - middle))
        .toBeLessThan(200);
      const rows = await inSight(page);
      expect(rows).toEqual(rows.map((_, index) => (rows[0] ?? 0) + index));
      expect(await elements(page)).toBeLessThanOrEqual(200);
    }
    await scroll(page, 1);
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(million - 1);
    const cached = await page
      .locator('frameline-timeline')
      .evaluate((timeline) => ('cachedRows' in timeline ? timeline.cachedRows : -1));
    expect(cached).toBeLessThanOrEqual(1_200);
  });

  it('move by rows with the wheel, although the scrollbar stands for more pixels than it has', async () => {
    const page = await streaming(million);
    await scroll(page, 0.5);
    await expect.poll(async () => (await inSight(page))[0]).toBeLessThan(600_000);
    const before = (await inSight(page))[0] ?? 0;
    await page.locator('frameline-timeline .scroll').hover();
    await page.mouse.wheel(0, 66);
    await expect.poll(async () => (await inSight(page))[0]).toBe(before + 3);
  });

  it('are reached with the keyboard', async () => {
    const page = await streaming(million);
    await page.locator('frameline-timeline .scroll').focus();
    await page.keyboard.press('Home');
    await expect.poll(async () => (await inSight(page))[0]).toBe(0);
    await page.keyboard.press('ArrowDown');
    await page.locator('#row-1[aria-selected=true]').waitFor();
    await page.keyboard.press('PageDown');
    const active = page.locator('frameline-timeline .scroll');
    await expect.poll(() => active.getAttribute('aria-activedescendant')).toMatch(/^row-\d{2}$/);
    await page.keyboard.press('End');
    await page.locator(`#row-${million - 1}[aria-selected=true]`).waitFor();
    await page.keyboard.press('ArrowUp');
    await page.locator(`#row-${million - 2}[aria-selected=true]`).waitFor();
    expect(await active.getAttribute('aria-rowcount')).toBe(String(million + 1));
    await page.keyboard.press('Enter');
    const [open] = await waitForPosted(page, 'openEntry');
    expect(open?.entry).toBe((million - 2) * 2 + 1);
    await page.keyboard.press('Control+C');
    const [copy] = await waitForPosted(page, 'copyEntry');
    expect(copy?.entry).toBe((million - 2) * 2 + 1);
  });
});

describe('following', () => {
  it('stays at the end until the user scrolls up, and starts again on demand', async () => {
    const page = await streaming(500);
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(499);
    await grow(page, 300);
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(799);
    await page.locator('frameline-timeline .scroll').hover();
    await page.mouse.wheel(0, -440);
    await page.getByRole('button', { name: /Jump to latest/ }).waitFor();
    const stopped = await inSight(page);
    await grow(page, 200);
    await page.getByText('200 new rows').waitFor();
    expect(await inSight(page)).toEqual(stopped);
    await page.getByRole('button', { name: /Jump to latest/ }).click();
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(999);
    await grow(page, 1);
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(1_000);
    expect(await page.getByRole('button', { name: /Jump to latest/ }).count()).toBe(0);
  });

  it('shows the newest message while nothing is chosen, and leaves a choice alone', async () => {
    const page = await streaming(3);
    const details = () =>
      page.evaluate(() => window.fakeHost.requests.filter((name) => name === 'detail').length);
    await page.getByText('"Touring bicycle, 28 inch"', { exact: true }).waitFor();
    const shown = await details();
    await grow(page, 1);
    await expect.poll(details).toBe(shown + 1);
    expect(await page.locator('[role=row][aria-selected=true]').count()).toBe(0);
    await page.getByRole('button', { name: 'Open in an editor' }).click();
    const [open] = await waitForPosted(page, 'openEntry');
    expect(open?.entry).toBe(3 * 2 + 1);
    await page.locator('#row-1').click();
    await page.locator('#row-1[aria-selected=true]').waitFor();
    await grow(page, 1);
    await page.locator('#row-4').waitFor();
    await page.getByRole('button', { name: 'Copy entry' }).click();
    const [copy] = await waitForPosted(page, 'copyEntry');
    expect(copy?.entry).toBe(1 * 2 + 1);
  });

  it('stops when the user chooses a row', async () => {
    const page = await streaming(500);
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(499);
    await page.locator('#row-495').click();
    await grow(page, 100);
    await page.getByRole('button', { name: /Jump to latest/ }).waitFor();
    expect(await inSight(page)).toContain(495);
    await page.locator('#row-495[aria-selected=true]').waitFor();
  });

  it('tells the host which rows are in sight', async () => {
    const page = await streaming(500);
    await expect.poll(async () => (await posted(page, 'watch')).at(-1)?.follow).toBe(true);
    await scroll(page, 0);
    await expect.poll(async () => (await posted(page, 'watch')).at(-1)?.follow).toBe(false);
    const watch = (await posted(page, 'watch')).at(-1);
    expect(watch?.first).toBe(0);
    expect(watch?.count).toBeGreaterThan(3);
    expect(watch?.count).toBeLessThan(200);
  });
});

describe('a flood', () => {
  it('of 20,000 rows a second at 30 updates a second keeps few elements and the newest row', async () => {
    const page = await streaming(1_000, { width: 1400 });
    await page.evaluate(() => {
      window.fakeHost.longestTask = 0;
    });
    const most = await page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let most = 0;
          let updates = 0;
          const elements = (): number =>
            document
              .querySelector('frameline-panel')
              ?.shadowRoot?.querySelector('frameline-call')
              ?.shadowRoot?.querySelector('frameline-timeline')
              ?.shadowRoot?.querySelectorAll('.row').length ?? -1;
          const timer = setInterval(() => {
            Reflect.get(window, 'grow')(667);
            most = Math.max(most, elements());
            updates += 1;
            if (updates === 90) {
              clearInterval(timer);
              resolve(most);
            }
          }, 33);
        }),
    );
    expect(most).toBeGreaterThan(5);
    expect(most).toBeLessThanOrEqual(200);
    await expect.poll(async () => (await inSight(page)).at(-1)).toBe(1_000 + 90 * 667 - 1);
    const longest = await page.evaluate(() => window.fakeHost.longestTask);
    console.log(`longest task during the flood: ${Math.round(longest)} ms (0 is below 50 ms)`);
  });
});

describe('find', () => {
  it('goes from match to match, on past what the host searches at once, and wraps', async () => {
    const page = await streaming(20_000);
    await page.locator('frameline-timeline .scroll').focus();
    await page.keyboard.press('Home');
    await page.keyboard.press('Control+F');
    await page.keyboard.type('"77"');
    await page.keyboard.press('Enter');
    await page.locator('#row-77[aria-selected=true]').waitFor();
    expect(await page.locator('mark').allInnerTexts()).toEqual(['"77"']);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('"15000"');
    await page.keyboard.press('Enter');
    await page.locator('#row-15000[aria-selected=true]').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('Row 15,001, search wrapped').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('1499');
    await page.keyboard.press('Shift+Enter');
    await page.locator('#row-14999[aria-selected=true]').waitFor();
    await page.keyboard.press('Control+A');
    await page.keyboard.type('nothing like it');
    await page.keyboard.press('Enter');
    await page.getByText('No match').waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('frameline-find-bar').count()).toBe(0);
  });
});

describe('the two views', () => {
  it('keep the chosen entry when the user switches', async () => {
    const page = await streaming(5_000);
    await page.locator('#row-4995').click();
    await page.locator('frameline-message-detail').waitFor();
    const entry = 4_995 * 2 + 1;
    await page.getByRole('tab', { name: /Frames/ }).click();
    await page.locator(`#row-${entry}[aria-selected=true]`).waitFor();
    await page.getByRole('tab', { name: /Messages/ }).click();
    await page.locator('#row-4995[aria-selected=true]').waitFor();
  });

  it('say that frames can not be seen', async () => {
    const page = await streaming(10);
    await page.evaluate(() => window.fakeHost.snapshot({ framesAvailable: false }));
    await expect.poll(() => page.getByRole('tab', { name: /Frames/ }).isDisabled()).toBe(true);
  });

  it('save the transcript from a menu that the keyboard opens', async () => {
    const page = await streaming(10);
    await page.getByRole('button', { name: 'Save transcript' }).focus();
    await page.keyboard.press('Enter');
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    const [save] = await waitForPosted(page, 'saveTranscript');
    expect(save?.format).toBe('jsonl');
  });

  it('survive a host that refuses', async () => {
    const page = await streaming(5_000);
    await page.evaluate(() => {
      window.fakeHost.failRequests = true;
    });
    await scroll(page, 0.5);
    await page.locator('frameline-timeline .row.loading').first().click();
    expect(await elements(page)).toBeGreaterThan(0);
    const asked = await page.evaluate(() => window.fakeHost.requests.length);
    await page.waitForTimeout(300);
    expect(await page.evaluate(() => window.fakeHost.requests.length)).toBeLessThan(asked + 5);
  });
});
