import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import type { MethodKind } from '../../src/panel/protocol';
import { posted, usePanel, waitForPosted } from './setup';

const panel = usePanel();

/** Names of the call's buttons that can be pressed, in order. */
async function pressable(page: Page): Promise<string[]> {
  const buttons = page.locator('frameline-send-bar [data-command]:not([disabled])');
  return buttons.evaluateAll((list) =>
    list.map((button) => button.getAttribute('aria-label') ?? button.textContent?.trim() ?? ''),
  );
}

async function opened(kind: MethodKind, options = {}): Promise<Page> {
  const page = await panel.page();
  await page.evaluate(([kind, options]) => window.fakeHost.open(options, kind), [
    kind,
    options,
  ] as const);
  await page.locator('frameline-send-bar').waitFor();
  return page;
}

describe('the buttons of a call', () => {
  it.each(['unary', 'serverStreaming'] as const)('%s: Send, then Cancel', async (kind) => {
    const page = await opened(kind);
    expect(await pressable(page)).toEqual(['Send']);
    await page.getByRole('button', { name: 'Send' }).click();
    const [send] = await waitForPosted(page, 'send');
    expect(send?.form.body).toContain('bicycle');
    expect(await pressable(page)).toEqual([]);
    await page.evaluate(() => window.fakeHost.snapshot({ phase: 'connecting' }));
    await expect.poll(() => pressable(page)).toEqual(['Cancel']);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await waitForPosted(page, 'cancel');
    await page.evaluate(() => window.fakeHost.end('ok'));
    await expect.poll(() => pressable(page)).toEqual(['Send']);
  });

  it.each(['clientStreaming', 'bidirectional'] as const)(
    '%s: Send message, End stream and Cancel',
    async (kind) => {
      const page = await opened(kind);
      expect(await pressable(page)).toEqual(['Send message', 'Open stream without a message']);
      await page.getByRole('button', { name: 'Send message' }).click();
      expect(await waitForPosted(page, 'send')).toHaveLength(1);
      await page.evaluate(() => {
        window.fakeHost.transcript = window.fakeHost.endless(1);
        window.fakeHost.snapshot({ phase: 'streaming', canSend: true });
      });
      await expect.poll(() => pressable(page)).toEqual(['Send message', 'End stream', 'Cancel']);
      await page.getByRole('button', { name: 'Send message' }).click();
      const [message] = await waitForPosted(page, 'sendMessage');
      expect(message?.body).toContain('bicycle');
      await page.getByRole('button', { name: 'End stream' }).click();
      await waitForPosted(page, 'endStream');
      await page.evaluate(() => window.fakeHost.snapshot({ canSend: false }));
      await expect.poll(() => pressable(page)).toEqual(['Cancel']);
      await page.evaluate(() => window.fakeHost.end('notFound'));
      await expect
        .poll(() => pressable(page))
        .toEqual(['Send message', 'Open stream without a message']);
    },
  );

  it('opens a stream without a message', async () => {
    const page = await opened('bidirectional');
    await page.getByRole('button', { name: 'Open stream without a message' }).click();
    const [send] = await waitForPosted(page, 'send');
    expect(send?.openOnly).toBe(true);
  });

  it('sends with Ctrl+Enter from the body, and once only', async () => {
    const page = await opened('unary');
    await page.locator('frameline-body-editor .cm-content').click();
    await page.keyboard.press('Control+Enter');
    await page.keyboard.press('Control+Enter');
    await waitForPosted(page, 'send');
    expect(await posted(page, 'send')).toHaveLength(1);
    expect(await page.locator('.cm-content').first().innerText()).toContain('bicycle');
  });

  it('sends what was typed last, before any pause', async () => {
    const page = await opened('unary');
    await page.locator('frameline-body-editor .cm-content').click();
    await page.keyboard.press('Control+A');
    await page.keyboard.insertText('{"query":"boat"}');
    await page.keyboard.press('Control+Enter');
    const [send] = await waitForPosted(page, 'send');
    expect(send?.form.body).toBe('{"query":"boat"}');
  });

  it('needs no body for an empty request', async () => {
    const page = await opened('unary', { emptyRequest: true });
    await page.getByText('This request has no fields.').waitFor();
    expect(await page.locator('frameline-body-editor').count()).toBe(0);
    await page.getByRole('button', { name: 'Send' }).click();
    await waitForPosted(page, 'send');
  });

  it('shows a refusal where it belongs and lets the user send again', async () => {
    const page = await opened('unary');
    await page.getByRole('button', { name: 'Send' }).click();
    await page.evaluate(() =>
      window.fakeHost.send({
        type: 'refused',
        where: 'metadata',
        message: 'Row 1: the key is reserved.',
      }),
    );
    await page.getByRole('alert').getByText('Row 1: the key is reserved.').waitFor();
    expect(await page.getByRole('tab', { name: 'Metadata' }).getAttribute('aria-selected')).toBe(
      'true',
    );
    expect(await pressable(page)).toEqual(['Send']);
    await page.getByRole('button', { name: 'Add metadata' }).click();
    await expect.poll(() => page.getByRole('alert').count()).toBe(0);
  });

  it('shows a refused deadline beside it, whatever tab is open', async () => {
    const page = await opened('unary');
    await page.getByLabel('Deadline', { exact: true }).fill('5 apples');
    await page.getByText('"5 apples" is no duration').waitFor();
    await page.getByRole('button', { name: 'Send' }).click();
    await page.evaluate(() =>
      window.fakeHost.send({ type: 'refused', where: 'options', message: 'deadline: no duration' }),
    );
    await page.getByRole('alert').getByText('deadline: no duration').waitFor();
    expect(await page.getByRole('tab', { name: 'Body' }).getAttribute('aria-selected')).toBe(
      'true',
    );
  });

  it('says why the schema is missing, and keeps the last answer', async () => {
    const page = await opened('unary');
    await page.evaluate(() => {
      window.fakeHost.end('ok');
      window.fakeHost.send({
        type: 'unavailable',
        title: 'The schema is gone',
        reason: 'The server stopped answering.',
        action: 'Try Again',
      });
    });
    await page.getByText('The server stopped answering.').waitFor();
    expect(await pressable(page)).toEqual([]);
    expect(await page.getByRole('row').count()).toBeGreaterThan(3);
    await page.getByRole('button', { name: 'Try Again' }).click();
    await waitForPosted(page, 'unavailableAction');
  });
});

describe('the deadline', () => {
  it('stands beside Send on every tab and says at once what is wrong or risky', async () => {
    const page = await opened('unary');
    const deadline = page.getByLabel('Deadline', { exact: true });
    expect(await deadline.getAttribute('placeholder')).toBe('15s');
    await deadline.fill('5 apples');
    await page.getByText('"5 apples" is no duration').waitFor();
    expect(await deadline.getAttribute('aria-invalid')).toBe('true');
    await page.getByRole('tab', { name: 'Options' }).click();
    await deadline.fill('none');
    await page.getByText('Without a deadline this call can wait for ever.').waitFor();
    await deadline.fill('2s');
    await expect.poll(() => page.locator('#deadline-problem').count()).toBe(0);
    await page.getByRole('button', { name: 'Send' }).click();
    const [send] = await waitForPosted(page, 'send');
    expect(send?.form.options).toEqual({ deadline: '2s' });
  });

  it('shows how much is left while the call runs', async () => {
    const page = await opened('serverStreaming');
    await page.evaluate(() => {
      window.fakeHost.transcript = window.fakeHost.endless(0);
      window.fakeHost.snapshot({ phase: 'connecting', deadline: 600_000 });
    });
    await page.getByText(/^(10 m 00|9 m 5\d) s left$/).waitFor();
    await page.evaluate(() => {
      const { deadline: _, ...rest } = { ...window.fakeHost.lastSnapshot() };
      window.fakeHost.send({ type: 'snapshot', snapshot: rest });
    });
    await page.getByText('No deadline').waitFor();
  });
});

describe('metadata', () => {
  it('adds, switches off and removes rows, and marks the wrong one', async () => {
    const page = await opened('unary');
    await page.getByRole('tab', { name: 'Metadata' }).click();
    await page.getByRole('button', { name: 'Add metadata' }).click();
    await page.keyboard.type('authorization');
    await page.keyboard.press('Tab');
    await page.keyboard.type('Bearer abc');
    await page.keyboard.press('Enter');
    await page.keyboard.type('grpc-thing');
    await page.getByText('reserved for gRPC itself').waitFor();
    expect(await page.getByLabel('Key of row 2').getAttribute('aria-invalid')).toBe('true');
    await page.getByLabel('Key of row 2').fill('trace-bin');
    await page.getByLabel('Value of row 2, base64').fill('AAEC');
    await page.getByRole('checkbox', { name: 'Send row 2' }).click();
    await page.getByRole('tab', { name: 'Metadata 1' }).waitFor();
    await page.getByRole('button', { name: 'Remove row 1' }).click();
    await page.keyboard.press('Control+Enter');
    const [send] = await waitForPosted(page, 'send');
    expect(send?.form.metadata).toEqual([{ key: 'trace-bin', value: 'AAEC', enabled: false }]);
  });
});

describe('options', () => {
  it('come with default and help, are reset one by one, and warn right under the field', async () => {
    const page = await opened('unary');
    await page.getByRole('tab', { name: 'Options' }).click();
    const keepalive = page.locator('[data-option="keepalive-time"]');
    await keepalive.getByRole('textbox').fill('1s');
    await keepalive.getByText('too_many_pings').first().waitFor();
    await page.getByRole('tab', { name: /Options 1 changed/ }).waitFor();
    await page.locator('[data-option="wait-for-ready"] label.check').click();
    await page.getByRole('tab', { name: /Options 2 changed/ }).waitFor();
    await page.getByRole('button', { name: 'Reset Keepalive time' }).click();
    expect(await keepalive.getByRole('textbox').inputValue()).toBe('');
    await page.locator('[data-option="compression"] vscode-single-select').click();
    await page.getByRole('option', { name: 'gzip' }).click();
    await page.keyboard.press('Control+Enter');
    const [send] = await waitForPosted(page, 'send');
    expect(send?.form.options).toEqual({ 'wait-for-ready': 'true', compression: 'gzip' });
  });
});

describe('what is kept', () => {
  it('tells the host about changes, and comes back with form and arrangement after a reload', async () => {
    const page = await opened('unary');
    await page.getByLabel('Deadline', { exact: true }).fill('3s');
    const told = await waitForPosted(page, 'formChanged');
    expect(told.at(-1)?.form.options).toEqual({ deadline: '3s' });
    await page.getByRole('tab', { name: 'Options' }).click();
    await page.reload();
    await page.evaluate(() => {
      const state = window.fakeHost.savedState();
      const form =
        typeof state === 'object' && state !== null && 'form' in state ? state.form : undefined;
      window.fakeHost.open({ form: form as never });
    });
    await page.locator('frameline-options-form').waitFor();
    expect(await page.getByLabel('Deadline', { exact: true }).inputValue()).toBe('3s');
  });

  it('is not overwritten by a host that has not heard of the last key yet', async () => {
    const page = await opened('unary');
    await page.getByLabel('Deadline', { exact: true }).fill('7s');
    await page.evaluate(() => window.fakeHost.open());
    expect(await page.getByLabel('Deadline', { exact: true }).inputValue()).toBe('7s');
    const told = await waitForPosted(page, 'formChanged');
    expect(told.at(-1)?.form.options).toEqual({ deadline: '7s' });
  });

  it('says of a call of the history when it was made, and sends it again', async () => {
    const page = await opened('unary', { history: 'an-id' });
    await page.evaluate(() => {
      window.fakeHost.end('ok');
      window.fakeHost.snapshot({ kept: '22 November 2026, 20:13:12' });
    });
    await page.getByText('From the history: 22 November 2026, 20:13:12').waitFor();
    await page.getByRole('button', { name: 'Send Again' }).click();
    expect(await waitForPosted(page, 'sendAgain')).toHaveLength(1);
    expect(await page.evaluate(() => window.fakeHost.savedState())).toMatchObject({
      history: 'an-id',
    });
    await page.evaluate(() => {
      window.fakeHost.end('ok', 2);
      const { kept: _, ...live } = window.fakeHost.lastSnapshot();
      window.fakeHost.send({ type: 'snapshot', snapshot: live });
    });
    await page.getByText('From the history').waitFor({ state: 'detached' });
  });

  it('comes back in the middle of a call', async () => {
    const page = await panel.page();
    await page.evaluate(() => {
      const host = window.fakeHost;
      host.end('notFound');
      host.send({ type: 'init', init: host.initial(), snapshot: host.lastSnapshot() });
    });
    await page.getByRole('article', { name: 'Status NOT_FOUND' }).waitFor();
  });
});

describe('the header', () => {
  it('names method, kind and target, and says loudly that TLS is not verified', async () => {
    const page = await panel.page();
    await page.evaluate(() =>
      window.fakeHost.open({
        target: { id: 's', name: 'staging', address: 'staging:443', security: 'tls-unverified' },
      }),
    );
    await page.getByRole('heading', { name: 'SearchListings' }).waitFor();
    await page.getByText('Unary', { exact: true }).waitFor();
    await page.getByRole('button', { name: /TLS not verified/ }).click();
    await waitForPosted(page, 'changeTarget');
    await page.getByRole('button', { name: 'Copy as grpcurl' }).click();
    const [copy] = await waitForPosted(page, 'copyAsGrpcurl');
    expect(copy?.form.body).toContain('bicycle');
    await page.getByRole('button', { name: 'Show definition' }).click();
    const [show] = await waitForPosted(page, 'showDefinition');
    expect(show?.symbol).toBe('market.v1.ListingService.SearchListings');
  });

  it('keeps its target, its buttons and those of the call apart in a narrow column', async () => {
    const page = await panel.page({ width: 270 });
    await page.evaluate(() =>
      window.fakeHost.open(
        { target: { id: 's', name: 'Sample market', address: '::1:50551', security: 'plaintext' } },
        'bidirectional',
      ),
    );
    const target = page.getByRole('button', { name: /Sample market/ });
    const box = (await target.boundingBox()) ?? { x: 0, width: Number.NaN };
    const inside = await target.evaluate((button) => button.scrollWidth <= button.clientWidth);
    expect(inside).toBe(true);
    const save = await page.getByRole('button', { name: 'Save as request file' }).boundingBox();
    expect(save?.x).toBeGreaterThanOrEqual(box.x + box.width);
    const show = await page.getByRole('button', { name: 'Show definition' }).boundingBox();
    expect(show?.y).toBe(save?.y);
    for (const name of ['Show definition', 'Cancel', 'Open stream without a message']) {
      const button = await page.getByRole('button', { name }).boundingBox();
      expect((button?.x ?? Number.NaN) + (button?.width ?? 0)).toBeLessThanOrEqual(270);
    }
  });
});
