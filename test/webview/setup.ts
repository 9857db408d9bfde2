import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import type { ToHost } from '../../src/panel/protocol';
import { PanelHarness } from './harness';

/** Starts a browser for the test file; after each test its pages must have had no error and no CSP violation. */
export function usePanel(): { page: PanelHarness['page'] } {
  let harness: PanelHarness | undefined;
  beforeAll(async () => {
    harness = await PanelHarness.start();
  }, 300_000);
  afterEach(async () => {
    expect(await harness?.closePages()).toEqual([]);
  });
  afterAll(async () => {
    await harness?.stop();
  });
  return {
    page: (look) => {
      if (harness === undefined) {
        throw new Error('The browser has not started.');
      }
      return harness.page(look);
    },
  };
}

/** The messages of one type that the panel has posted. */
export async function posted<T extends ToHost['type']>(
  page: Page,
  type: T,
): Promise<Extract<ToHost, { type: T }>[]> {
  const all = await page.evaluate(() => window.fakeHost.posted);
  return all.filter((message): message is Extract<ToHost, { type: T }> => message.type === type);
}

/** Waits until the panel has posted `count` messages of `type`, and returns them. */
export async function waitForPosted<T extends ToHost['type']>(
  page: Page,
  type: T,
  count = 1,
): Promise<Extract<ToHost, { type: T }>[]> {
  await page.waitForFunction(
    ([wanted, least]) =>
      window.fakeHost.posted.filter((message) => message.type === wanted).length >= least,
    [type, count] as const,
  );
  return posted(page, type);
}
