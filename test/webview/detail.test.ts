import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { EntryDetail } from '../../src/panel/protocol';
import { codicons } from '../../src/panel/webview/shared/codicons';
import { usePanel, waitForPosted } from './setup';

const panel = usePanel();

async function ended(
  outcome: 'ok' | 'refused' | 'notFound',
  look: Parameters<typeof panel.page>[0] = {},
): Promise<Page> {
  const page = await panel.page({ width: 1300, ...look });
  await page.evaluate((outcome) => {
    window.fakeHost.open();
    window.fakeHost.end(outcome);
  }, outcome);
  return page;
}

/** Opens the panel on a call whose every entry has this detail, and chooses the first row. */
async function showing(detail: EntryDetail): Promise<Page> {
  const page = await panel.page({ width: 1300 });
  await page.evaluate((detail) => {
    const host = window.fakeHost;
    host.open();
    host.end('ok');
    host.transcript = { ...host.unary('ok'), detail: () => detail };
  }, detail);
  await page.locator('#row-0').click();
  return page;
}

describe('a unary answer', () => {
  it('is shown at once, also in the frames view', async () => {
    const page = await ended('ok');
    await page.getByText('"Touring bicycle, 28 inch"', { exact: true }).waitFor();
    await page.locator('#row-3[aria-selected=true]').waitFor();
    await page.getByRole('tab', { name: /Frames/ }).click();
    await page.evaluate(() => window.fakeHost.end('ok', 2));
    await page.locator('#row-11[aria-selected=true]').waitFor();
  });

  it('shows defaults on demand, and is copied and opened', async () => {
    const page = await ended('ok');
    await page.getByRole('checkbox', { name: 'Defaults' }).click();
    await page.getByText('"photos"').waitFor();
    await page.getByRole('button', { name: 'Copy entry' }).click();
    const [copy] = await waitForPosted(page, 'copyEntry');
    expect(copy?.entry).toBe(11);
    await page.getByRole('button', { name: 'Open in an editor' }).click();
    const [open] = await waitForPosted(page, 'openEntry');
    expect(open?.entry).toBe(11);
  });

  it('can be searched on its own', async () => {
    const page = await ended('ok');
    await page.locator('frameline-json-viewer .cm-content').click();
    await page.keyboard.press('Control+F');
    await page.locator('.cm-search').waitFor();
    expect(await page.locator('frameline-find-bar').count()).toBe(0);
  });
});

describe('fields and bytes', () => {
  it('mark the prefix and link both ways', async () => {
    const page = await ended('ok');
    await page.getByRole('tab', { name: /Fields and bytes/ }).click();
    expect(await page.locator('.octets .framing').count()).toBe(5);
    const shown = (kind: string): Promise<string[]> =>
      page.locator(`.octets .${kind}`).allInnerTexts();
    await page.getByRole('treeitem').filter({ hasText: 'currency' }).click();
    await expect.poll(() => shown('value')).toEqual(['45', '55', '52']);
    expect(await shown('tag')).toEqual(['0a', '03']);
    await page.locator('.octets [data-byte="12"]').click();
    const id = page.getByRole('treeitem', { selected: true });
    await expect.poll(() => id.innerText()).toContain('"lst_42"');
    await page.locator('frameline-field-tree .tree').focus();
    await page.keyboard.press('ArrowDown');
    await expect.poll(() => id.innerText()).toContain('title');
    await page.keyboard.press('End');
    await expect.poll(() => shown('value')).toEqual(['02']);
    await page.keyboard.press('ArrowUp');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => id.innerText()).toContain('price');
    await page.keyboard.press('ArrowLeft');
    await expect.poll(() => page.getByRole('treeitem').count()).toBe(4);
  });

  it('of a compressed message belong to the decompressed bytes', async () => {
    const page = await showing({
      kind: 'message',
      entry: 4,
      title: 'Message 1 received on stream 1',
      typeName: 'market.v1.Listing',
      json: '{}',
      truncated: false,
      bytes: { base64: btoa('\x01\0\0\0\x02zz'), offset: 0, total: 7 },
      prefixLength: 5,
      fields: [
        {
          number: 1,
          wireType: 'bytes',
          name: 'id',
          value: '"ab"',
          start: 0,
          valueStart: 2,
          end: 4,
        },
      ],
      decompressed: { base64: btoa('\x0a\x02ab'), offset: 0, total: 4 },
      encoding: 'gzip',
    });
    await page.getByRole('tab', { name: /Fields and bytes/ }).click();
    await page.getByRole('treeitem').click();
    await expect.poll(() => page.locator('.octets .value').allInnerTexts()).toEqual(['61', '62']);
    await page.getByRole('button', { name: 'Show gzip bytes on the wire' }).click();
    await expect.poll(() => page.locator('.octets .framing').count()).toBe(5);
  });

  it('of a large message are drawn line by line', async () => {
    const page = await showing({
      kind: 'message',
      entry: 4,
      title: 'Message 1',
      typeName: 'market.v1.Photo',
      problem: 'It does not fit market.v1.Photo.',
      truncated: true,
      bytes: { base64: btoa('x'.repeat(200_000)), offset: 0, total: 5_000_000 },
      prefixLength: 5,
      fields: [],
    });
    await page.getByText('It does not fit market.v1.Photo.').waitFor();
    await page.getByRole('button', { name: 'Open all of it in an editor' }).click();
    await waitForPosted(page, 'openEntry');
    await page.getByRole('tab', { name: /Fields and bytes/ }).click();
    await page.getByText('195 KiB of 4.77 MiB shown').waitFor();
    expect(await page.locator('frameline-hex-view .line').count()).toBeLessThan(100);
  });
});

describe('the failure card', () => {
  it('is on the screen when a call fails: code, origin, sentence, next steps, evidence', async () => {
    const page = await ended('refused');
    const card = page.getByRole('article', { name: 'Status UNAVAILABLE' });
    await card.waitFor();
    const text = await card.innerText();
    expect(text).toContain('14');
    expect(text).toContain('Transport');
    expect(text).toContain('observed');
    expect(text).toContain('Nothing listens at localhost:50051');
    expect(text).toContain('ECONNREFUSED 127.0.0.1:50051');
    expect(text).toContain('Check that the server is running');
    expect(text).toContain('no byte was received');
    expect(await card.evaluate((element) => element.classList.contains('failed'))).toBe(true);
  });

  it('shows the details of the service, also one that can not be decoded', async () => {
    const page = await ended('notFound');
    const card = page.getByRole('article', { name: 'Status NOT_FOUND' });
    await card.getByText('"resourceName": "lst_404"').waitFor();
    await card.getByText('The schema has no type acme.internal.Trace.').waitFor();
  });

  it('comes back from another row with one click on the outcome', async () => {
    const page = await ended('notFound');
    await page.locator('#row-0').click();
    await page.getByText(':path').first().waitFor();
    await page.getByRole('button', { name: 'NOT_FOUND' }).click();
    await page.getByRole('article').waitFor();
  });

  it('of a call that the user cancelled does not look like a failure', async () => {
    const page = await panel.page();
    await page.evaluate(() => {
      const host = window.fakeHost;
      host.open();
      host.end('notFound');
      const status = {
        ...host.statuses.notFound,
        code: 1,
        name: 'CANCELLED',
        origin: 'client',
      } as const;
      host.transcript = {
        ...host.unary('notFound'),
        detail: (entry) => ({ kind: 'status', entry, status, details: [] }),
      };
      host.snapshot({ callId: 7, status });
    });
    const card = page.getByRole('article', { name: 'Status CANCELLED' });
    await card.waitFor();
    expect(await card.getAttribute('class')).toBe('cancelled');
  });
});

describe('text from a server', () => {
  it('is text: no markup, no hidden or reordering characters', async () => {
    const hostile = '<img src=x onerror=alert(1)>\u0007\u202egnp.exe\u200b';
    const page = await showing({
      kind: 'fields',
      entry: 1,
      title: hostile,
      fields: [{ name: hostile, value: `${hostile}\n<script>alert(2)</script>`, note: hostile }],
    });
    await page.getByRole('rowheader').waitFor();
    expect(await page.getByRole('rowheader').textContent()).toBe(
      '<img src=x onerror=alert(1)>\u2407\\u{202E}gnp.exe\\u{200B}',
    );
    expect(await page.locator('frameline-fields-detail :is(img, script)').count()).toBe(0);
  });

  it('everywhere else is text too', async () => {
    const page = await panel.page({ width: 1300 });
    await page.evaluate(() => {
      const host = window.fakeHost;
      const hostile = '<b onclick=alert(1)>\u001b[31m\u202e';
      const initial = host.initial();
      host.open({
        target: { id: hostile, name: hostile, address: hostile, security: 'tls' },
        method: { ...initial.method, service: hostile, method: hostile, comment: hostile },
        problems: [{ code: 'missing-import', subject: hostile, message: hostile }],
      });
      const status = {
        ...host.statuses.notFound,
        name: hostile,
        message: hostile,
        explanation: hostile,
        evidence: [hostile],
        nextActions: [hostile],
      };
      host.transcript = {
        count: () => 2,
        row: (_view, row) => ({
          row,
          entry: row,
          time: row,
          delta: 0,
          kind: row === 1 ? 'status' : 'message',
          label: hostile,
          content: hostile,
        }),
        detail: (entry) => ({
          kind: 'status',
          entry,
          status,
          details: [{ type: hostile, json: hostile, problem: hostile }],
        }),
      };
      host.snapshot({ phase: 'ended', status });
    });
    await page.getByRole('article').waitFor();
    expect(await page.locator('b[onclick]').count()).toBe(0);
    const all = await page.locator('frameline-panel').evaluate((panel) => {
      const texts: string[] = [];
      const walk = (node: Node): void => {
        if (node instanceof Text) {
          texts.push(node.data);
        }
        if (node instanceof Element && node.shadowRoot !== null) {
          walk(node.shadowRoot);
        }
        node.childNodes.forEach(walk);
      };
      walk(panel);
      return texts.join('');
    });
    expect(all).toContain('<b onclick=alert(1)>\u241b[31m\\u{202E}');
    expect(all).not.toContain('\u001b');
    expect(all).not.toContain('\u202e');
  });

  it('of ten million characters is clipped', async () => {
    const page = await panel.page();
    await page.evaluate(() => {
      const host = window.fakeHost;
      const long = 'x'.repeat(10_000_000);
      host.open({ method: { ...host.initial().method, method: long } });
      host.end('notFound');
      const status = { ...host.statuses.notFound, message: long };
      host.transcript = {
        ...host.unary('notFound'),
        detail: (entry) => ({ kind: 'status', entry, status, details: [] }),
      };
      host.snapshot({ callId: 9, status });
    });
    const message = page.locator('article .message');
    await message.waitFor();
    const text = await message.innerText();
    expect(text.length).toBeLessThan(21_000);
    expect(text).toContain('more characters');
    expect((await page.getByRole('heading', { level: 1 }).innerText()).length).toBeLessThan(400);
  });
});

describe('the look', () => {
  it.each(['light', 'dark', 'high-contrast'] as const)(
    'holds in the %s theme at every width',
    async (theme) => {
      for (const width of [420, 900, 1400]) {
        const page = await ended('notFound', { theme, width });
        await page.getByRole('article').waitFor();
        const wide = await page
          .locator('frameline-panel')
          .evaluate((panel) => ({ scroll: panel.scrollWidth, client: panel.clientWidth }));
        expect(wide.scroll).toBeLessThanOrEqual(wide.client);
        const direction = page.locator('frameline-split').first();
        expect(await direction.getAttribute('direction')).toBe(width >= 900 ? 'columns' : 'rows');
      }
    },
  );

  it('moves its separators with the keyboard, and keeps them', async () => {
    const page = await ended('ok');
    const separator = page.getByRole('separator', { name: 'Resize request and answer' });
    await separator.focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await expect.poll(() => separator.getAttribute('aria-valuenow')).toBe('48');
    const saved = await page.evaluate(() => window.fakeHost.savedState());
    const box = await separator.boundingBox();
    await page.mouse.move((box?.x ?? 0) + 0.5, 400);
    await page.mouse.down();
    await page.mouse.move(520, 400, { steps: 4 });
    await page.mouse.up();
    await expect.poll(() => separator.getAttribute('aria-valuenow')).toBe('40');
    await separator.dblclick();
    await expect.poll(() => separator.getAttribute('aria-valuenow')).toBe('42');
    expect(saved).toMatchObject({
      version: 1,
      target: 'local',
      view: { columns: expect.closeTo(0.48, 1) },
    });
  });

  it('has no animation when the user wants none', async () => {
    const page = await panel.page({ reducedMotion: true });
    await page.evaluate(() => {
      window.fakeHost.open();
      window.fakeHost.transcript = window.fakeHost.endless(0);
      window.fakeHost.snapshot({ phase: 'connecting' });
    });
    await page.getByText('Connecting').first().waitFor();
    expect(
      await page.locator('.icon.spin').evaluate((icon) => getComputedStyle(icon).animationName),
    ).toBe('none');
  });

  it('uses icons that the codicon font has', async () => {
    const css = await readFile(
      join(import.meta.dirname, '../../node_modules/@vscode/codicons/dist/codicon.css'),
      'utf8',
    );
    for (const [name, code] of Object.entries(codicons)) {
      expect(css).toContain(`.codicon-${name}:before { content: "\\${code.toString(16)}" }`);
    }
  });
});
