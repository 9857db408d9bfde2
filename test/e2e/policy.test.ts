import { beforeAll, expect, test } from 'vitest';
import { editorForFile } from '../tools/editorHooks';
import { openMethod } from './targets';

const editor = editorForFile();

beforeAll(async () => {
  const { workbench } = editor();
  await workbench.openView('Frameline');
  await workbench.welcomeButton('Start Sample Server').click();
  await openMethod(workbench, 'Sample market', 'ListingService', 'GetListing');
});

// The guard that all other tests rest on.
test.each([
  ['an inline style', '<p style="color: red">x</p>'],
  ['an inline event handler', '<img alt="" src="data:," onerror="1">'],
])('%s in the panel is blocked and noticed', async (_, html) => {
  const { workbench, console } = editor();
  const body = workbench.webview.locator('body');
  await body.evaluate((element, text) => element.insertAdjacentHTML('beforeend', text), html);
  await expect.poll(() => console.violations.length).toBeGreaterThan(0);
  console.clear();
});

test('a request from the panel to the network is blocked and noticed', async () => {
  const { workbench, console, page } = editor();
  const body = workbench.webview.locator('body');
  const url = new URL('/', page.url()).href;
  const outcome = await body.evaluate(
    (_, address) =>
      fetch(address).then(
        () => 'sent',
        () => 'blocked',
      ),
    url,
  );
  expect(outcome).toBe('blocked');
  await expect.poll(() => console.violations.length).toBeGreaterThan(0);
  console.clear();
});
