import type { FrameLocator, Locator, Page } from 'playwright-core';
import type { Workbench } from './editorWorkbench';

export type CallButton = 'send' | 'endStream' | 'cancel';

/** The request panel that is shown, as a user works it. Every look-up in its page is in this file. */
export class RequestPanel {
  readonly #page: Page;
  readonly #frame: FrameLocator;

  constructor(workbench: Workbench) {
    this.#page = workbench.page;
    this.#frame = workbench.webview;
  }

  get root(): Locator {
    return this.#frame.locator('frameline-panel');
  }

  /** Waits until the panel of a method can send. */
  async ready(method: string): Promise<void> {
    await this.#frame.locator('frameline-header h1').getByText(method, { exact: true }).waitFor();
    await this.enabled('send');
  }

  button(name: CallButton): Locator {
    return this.#frame.locator(`vscode-button[data-command="${name}"]`);
  }

  /** Waits until a button can be pressed. */
  async enabled(name: CallButton): Promise<void> {
    await this.#frame.locator(`vscode-button[data-command="${name}"]:not([disabled])`).waitFor();
  }

  async press(name: CallButton): Promise<void> {
    await this.enabled(name);
    await this.button(name).click();
  }

  get body(): Locator {
    return this.#frame.locator('frameline-body-editor .cm-content');
  }

  async setBody(body: unknown): Promise<void> {
    await this.tab('Body').click();
    // As a user does it: what Playwright's `fill` does to an editable element breaks its own page's policy.
    await this.body.click();
    await this.body.press('ControlOrMeta+a');
    await this.body.press('Backspace');
    await this.#page.keyboard.insertText(JSON.stringify(body));
  }

  /** Sends a body: for a method that streams requests, one message. */
  async send(body: unknown): Promise<void> {
    await this.setBody(body);
    await this.press('send');
  }

  get deadline(): Locator {
    return this.#frame.locator('#deadline');
  }

  /** An input of the options tab, by the option's name: `keepalive-time`. */
  async setOption(name: string, value: string): Promise<void> {
    await this.tab('Options').click();
    await this.#frame.locator(`#option-${name}`).fill(value);
  }

  /** The field of the last row of metadata. */
  metadata(part: 'key' | 'value'): Locator {
    return this.#frame.locator(`frameline-request [data-part="${part}"]`).last();
  }

  /** The values of the rows of metadata. */
  async metadataValues(): Promise<readonly string[]> {
    const fields = this.#frame.locator('frameline-request [data-part="value"]');
    const values = await fields.evaluateAll((inputs) =>
      inputs.map((input) => (input as unknown as { readonly value: string }).value),
    );
    return values.filter((value) => value !== '');
  }

  tab(name: 'Body' | 'Metadata' | 'Options' | 'Messages' | 'Frames' | 'JSON' | 'Fields and bytes') {
    return this.#frame.getByRole('tab', { name: new RegExp(`^${name}`) });
  }

  /** The line above the timeline: status, time, counts. */
  get summary(): Locator {
    return this.#frame.locator('frameline-call-summary');
  }

  /** The line that says that the call is one of the history. */
  get keptLine(): Locator {
    return this.#frame.locator('frameline-call .kept');
  }

  /** Waits until the call has ended with a status, `OK`. */
  async ended(status: string): Promise<void> {
    await this.summary.getByText(status, { exact: true }).waitFor();
    await this.row('status').waitFor();
  }

  /** Rows of the timeline that are on the screen. */
  get rows(): Locator {
    return this.#frame.locator('frameline-timeline .row');
  }

  /** Rows of a kind, `HEADERS` or `message 1`, with a text in their content. */
  row(kind: string, content: string | RegExp = ''): Locator {
    return this.rows
      .filter({ has: this.#frame.locator('.kind').getByText(kind, { exact: true }) })
      .filter({ has: this.#frame.locator('.content').filter({ hasText: content }) })
      .last();
  }

  /** Goes to the first or last row: only rows on the screen are in the page. */
  async goTo(end: 'Home' | 'End'): Promise<void> {
    await this.#frame.locator('frameline-timeline [role="grid"]').press(end);
  }

  /** What is shown of the chosen row. */
  get detail(): Locator {
    return this.#frame.locator('frameline-detail');
  }

  get statusCard(): Locator {
    return this.#frame.locator('frameline-status-card article');
  }

  /** A button without text, by its name: `Copy as grpcurl`. */
  tool(name: string): Locator {
    return this.#frame.getByRole('button', { name, exact: true });
  }
}
