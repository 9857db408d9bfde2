import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { usePanel } from './setup';

const panel = usePanel();

/** The panel with `body` in the editor and the cursor where `|` stands. */
async function editing(body: string): Promise<Page> {
  const page = await panel.page({ width: 1200 });
  const at = body.indexOf('|');
  const text = body.replace('|', '');
  await page.evaluate(
    (text) => window.fakeHost.open({ form: { body: text, metadata: [], options: {} } }),
    text,
  );
  await page.locator('frameline-body-editor .cm-content').focus();
  await page.keyboard.press('Control+Home');
  for (let step = 0; step < at; step += 1) {
    await page.keyboard.press('ArrowRight');
  }
  return page;
}

async function labels(page: Page): Promise<string[]> {
  const items = page.locator('.cm-tooltip-autocomplete li');
  await items.first().waitFor();
  return page.locator('.cm-completionLabel').allInnerTexts();
}

/** CodeMirror takes a completion only after it has stood for a moment, against accidents. */
async function accept(page: Page): Promise<void> {
  await page.waitForTimeout(120);
  await page.keyboard.press('Enter');
}

const text = (page: Page): Promise<string> =>
  page.evaluate(
    () =>
      window.fakeHost.posted.filter((one) => one.type === 'formChanged').at(-1)?.form.body ?? '',
  );

describe('completion', () => {
  it('offers the fields that are not there yet, and fills in a value of the right shape', async () => {
    const page = await editing('{"query":"a",|}');
    await page.keyboard.type('"');
    expect(await labels(page)).toEqual([
      'condition',
      'pageSize',
      'includeSold',
      'near',
      'postcode',
      'filters',
      'limits',
      'oldQuery',
    ]);
    await page.keyboard.type('ne');
    await expect.poll(() => labels(page)).toEqual(['near']);
    await accept(page);
    await expect.poll(() => text(page)).toBe('{"query":"a","near": {}}');
    await page.keyboard.type('"');
    expect(await labels(page)).toEqual(['latitude', 'longitude']);
  });

  it('leaves out the other members of a oneof', async () => {
    const page = await editing('{"near":{},|}');
    await page.keyboard.type('"');
    const offered = await labels(page);
    expect(offered).not.toContain('postcode');
    expect(offered).not.toContain('near');
  });

  it('goes straight on to the values of an enum', async () => {
    const page = await editing('{|}');
    await page.keyboard.type('"cond');
    await labels(page);
    await accept(page);
    await expect
      .poll(() => labels(page))
      .toEqual(['CONDITION_UNSPECIFIED', 'NEW', 'USED', 'BROKEN']);
    await page.waitForTimeout(120);
    await page.keyboard.press('ArrowDown');
    await accept(page);
    await expect.poll(() => text(page)).toBe('{"condition": "NEW"}');
  });

  it('finds its way through lists, maps and recursion', async () => {
    const page = await editing('{"filters":[{"also":{"also":{|}}}],"limits":{"home":{}}}');
    await page.keyboard.type('"');
    expect(await labels(page)).toEqual(['field', 'also']);
  });

  it('adds the comma that a following field needs', async () => {
    const page = await editing('{|"query":"a"}');
    await page.keyboard.press('Control+Space');
    expect(await labels(page)).toContain('pageSize');
    await page.keyboard.type('"pageS');
    await expect.poll(() => labels(page)).toEqual(['pageSize']);
    await accept(page);
    await expect.poll(() => text(page)).toBe('{"pageSize": ,"query":"a"}');
  });
});

describe('hover', () => {
  it('shows type, number and comment', async () => {
    const page = await editing('{"query": "a"}|');
    await page.getByText('"query"').hover();
    const hover = page.locator('.frameline-hover');
    await hover.getByText('Words that the title').waitFor();
    expect(await hover.innerText()).toContain('string · field 1');
  });

  it('explains an enum value', async () => {
    const page = await editing('{"condition": "USED"}|');
    await page.getByText('"USED"').hover();
    await page.locator('.frameline-hover').getByText('Works, and shows').waitFor();
  });
});

describe('validation', () => {
  it('marks broken JSON at once, and the schema a moment later', async () => {
    const page = await editing('{"query": 1|}');
    await page.keyboard.type('2,');
    await page.locator('.cm-lintRange-error').waitFor();
    await page.getByRole('tab', { name: /Body/ }).waitFor();
    await page.keyboard.type('"oops": 1');
    await expect
      .poll(() => page.locator('.cm-lintRange-error').allInnerTexts())
      .toEqual(['"oops"']);
    await page.getByRole('tab', { name: /Body.*1 error/s }).waitFor();
    await page.locator('.cm-lintRange-error').hover();
    await page.locator('.cm-diagnostic').getByText('has no field oops').waitFor();
  });
});

describe('commands', () => {
  it('formats without touching a 64-bit integer', async () => {
    const page = await editing(
      '{"pageSize":18446744073709551615,"filters":[],"near":{"latitude":1}}|',
    );
    await page.getByRole('button', { name: 'Format' }).click();
    await expect
      .poll(() => text(page))
      .toBe(
        '{\n  "pageSize": 18446744073709551615,\n  "filters": [],\n  "near": {\n    "latitude": 1\n  }\n}',
      );
  });

  it('resets to the template', async () => {
    const page = await editing('{}|');
    await page.getByRole('button', { name: 'Reset to template' }).click();
    await page.getByText('"bicycle"').waitFor();
  });

  it('undoes and redoes itself, without VS Code doing it once more', async () => {
    const page = await editing('{|}');
    const reached = await page.evaluateHandle(() => {
      const keys: string[] = [];
      addEventListener('keydown', (event) => keys.push(event.key));
      return keys;
    });
    await page.keyboard.insertText('"id": 1');
    await expect.poll(() => text(page)).toBe('{"id": 1}');
    await page.keyboard.press('Control+z');
    await expect.poll(() => text(page)).toBe('{}');
    await page.keyboard.press('Control+y');
    await expect.poll(() => text(page)).toBe('{"id": 1}');
    // With nothing to redo it is still not VS Code's turn.
    await page.keyboard.press('Control+y');
    await page.keyboard.press('Control+a');
    await page.keyboard.press('Control+Shift+p');
    expect((await reached.jsonValue()).filter((key) => key !== 'Control')).toEqual(['Shift', 'p']);
  });

  it('lets Tab leave the editor', async () => {
    const page = await editing('{|}');
    await page.keyboard.press('Tab');
    expect(await page.evaluate(() => document.activeElement?.localName)).toBe('frameline-panel');
    await expect.poll(() => page.locator('frameline-body-editor .cm-focused').count()).toBe(0);
  });
});
