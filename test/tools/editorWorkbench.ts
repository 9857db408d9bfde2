import type { FrameLocator, Locator, Page } from 'playwright-core';

/** Longest wait for any state of the workbench; a state that is there is seen at once. */
const patience = 30_000;

export type Theme = 'dark' | 'light' | 'highContrast' | 'highContrastLight';

interface ThemeNames {
  /** In settings. */
  readonly name: string;
  /** In the list that a user chooses from. */
  readonly label: string;
  /** Class that the workbench has under it. */
  readonly className: string;
}

export const themes: Readonly<Record<Theme, ThemeNames>> = {
  dark: { name: 'Dark Modern', label: 'Dark Modern', className: 'vs-dark' },
  light: { name: 'Light Modern', label: 'Light Modern', className: 'vs' },
  highContrast: {
    name: 'Default High Contrast',
    label: 'Dark High Contrast',
    className: 'hc-black',
  },
  highContrastLight: {
    name: 'Default High Contrast Light',
    label: 'Light High Contrast',
    className: 'hc-light',
  },
};

/** Every look-up in VS Code's own DOM is in this file. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(patience);
  }

  /** Waits until the workbench is drawn and extensions have put in what they contribute. */
  async ready(): Promise<void> {
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor();
    await this.#activityTab('Frameline').waitFor();
  }

  #activityTab(name: string): Locator {
    return this.page
      .locator('.part.activitybar li.action-item')
      .filter({ has: this.page.locator(`.action-label[aria-label^="${name}"]`) });
  }

  // Quick input

  get quickInput(): Locator {
    return this.page.locator('.quick-input-widget').filter({ visible: true });
  }

  get quickRows(): Locator {
    return this.quickInput.locator('.quick-input-list .monaco-list-row');
  }

  /** The row whose label is exactly `label`. */
  quickRow(label: string): Locator {
    const name = this.page.locator('.label-name').getByText(label, { exact: true });
    return this.quickRows.filter({ has: name }).first();
  }

  /** Runs a command by the title that the palette shows, `gRPC: Send RPC…`. */
  async runCommand(title: string): Promise<void> {
    await this.#palette(title);
    const row = this.quickRow(title);
    await row.click();
    // What the command asks next comes in the same box: it must not be typed into the palette.
    await row.waitFor({ state: 'hidden' });
  }

  /** A panel that has just loaded takes the focus, which closes the palette: then it is opened again. */
  async #palette(text: string): Promise<void> {
    for (const timeout of [5_000, 5_000, undefined]) {
      await this.page.keyboard.press('F1');
      try {
        await this.type(`>${text}`, timeout);
        return;
      } catch (error) {
        if (timeout === undefined) throw error;
      }
    }
  }

  /** Titles of the commands that the palette offers for a search text. */
  async commandTitles(text: string): Promise<readonly string[]> {
    await this.#palette(text);
    await this.quickRows.first().waitFor();
    const labels = await this.quickRows.locator('.label-name').allInnerTexts();
    await this.page.keyboard.press('Escape');
    await this.quickInput.waitFor({ state: 'hidden' });
    // A row has a second, mostly empty label for its details.
    return labels.filter((label) => label !== '');
  }

  /** Types the answer to an input box and accepts it. */
  async answer(text: string): Promise<void> {
    await this.type(text);
    await this.page.keyboard.press('Enter');
  }

  /** Finds the row with exactly this label by typing it, and chooses it. */
  async pick(label: string): Promise<void> {
    await this.type(label);
    await this.quickRow(label).click();
  }

  /** Types into the quick input. `timeout` in milliseconds; the page's own when left out. */
  async type(text: string, timeout?: number): Promise<void> {
    const input = this.quickInput.locator('.quick-input-box input');
    const limit = timeout === undefined ? {} : { timeout };
    await input.waitFor(limit);
    await input.fill(text, limit);
  }

  // Explorer

  /** Shows a view container by its name in the activity bar. */
  async openView(name: string): Promise<void> {
    const titles = this.page.locator('.part.sidebar .composite.title h2');
    const title = titles.getByText(name);
    await this.#activityTab(name).waitFor();
    await titles.filter({ hasText: /\S/ }).first().waitFor();
    // Not a click on the tab: it would hide a view that is shown, also one that is just coming after a reload.
    if (!(await title.isVisible())) await this.runCommand(`View: Show ${name}`);
    await title.waitFor();
  }

  /** A view of the side bar, by the name in its header. */
  #pane(name: string): Locator {
    const header = this.page.locator(`.pane-header[aria-label^="${name}"]`);
    return this.page.locator('.part.sidebar .pane').filter({ has: header });
  }

  #rowsOf(view: string): Locator {
    return this.#pane(view).locator('.monaco-list-row[role="treeitem"]');
  }

  #labelled(label: string): { readonly has: Locator } {
    return { has: this.page.locator('.label-name').getByText(label, { exact: true }) };
  }

  /** Rows of the view Servers. */
  get treeRows(): Locator {
    return this.#rowsOf('Servers');
  }

  /** The row of the view Servers whose label is exactly `label`. */
  treeRow(label: string): Locator {
    return this.treeRows.filter(this.#labelled(label));
  }

  /** Rows of the view History. */
  get historyRows(): Locator {
    return this.#rowsOf('History');
  }

  /** A row of the view History: its label, and a text of its description. */
  historyRow(label: string, description: string | RegExp = ''): Locator {
    return this.historyRows.filter(this.#labelled(label)).filter({ hasText: description }).first();
  }

  /** Clicks a button in the header of the view History. */
  async historyAction(action: string): Promise<void> {
    const pane = this.#pane('History');
    await pane.hover();
    await pane.locator(`.pane-header .actions a[aria-label^="${action}"]`).click();
  }

  /** Shows the Test Explorer, once there are tests. */
  async openTests(): Promise<void> {
    await this.#activityTab('Testing').click();
    await this.page.locator('.part.sidebar .test-explorer .monaco-list-row').first().waitFor();
  }

  /** The row of a test or a file in the Test Explorer; with a state, once it is said with the name: `Failed`. */
  testRow(name: string, state = ''): Locator {
    const label = `[aria-label^="${name} (${state}"]`;
    return this.page
      .locator('.part.sidebar .test-explorer .monaco-list-row')
      .and(this.page.locator(label));
  }

  async expandTest(name: string): Promise<void> {
    await this.testRow(name).locator('.monaco-tl-twistie').click();
    await this.testRow(name).and(this.page.locator('[aria-expanded="true"]')).waitFor();
  }

  /** Clicks an inline action of a test, by its title. */
  async testAction(name: string, action: string): Promise<void> {
    await this.testRow(name).hover();
    await this.testRow(name).locator(`.action-label[aria-label^="${action}"]`).click();
  }

  /** Where a failure is shown: its two sides, and a button. */
  get testFailure(): Locator {
    return this.page.locator('.test-output-peek-message-container').filter({ visible: true });
  }

  /** What the view History says when it is empty. */
  get historyWelcome(): Locator {
    return this.#pane('History').locator('.welcome-view');
  }

  async expand(label: string): Promise<void> {
    await this.#setExpanded(label, true);
  }

  async collapse(label: string): Promise<void> {
    await this.#setExpanded(label, false);
  }

  async #setExpanded(label: string, expanded: boolean): Promise<void> {
    const row = this.treeRow(label).first();
    const inState = row.and(this.page.locator(`[aria-expanded="${expanded}"]`));
    await row.and(this.page.locator('[aria-expanded]')).waitFor();
    // The extension may open a row at the same moment, which makes a click close it.
    for (let attempt = 0; attempt < 3 && !(await inState.isVisible()); attempt++) {
      await row.locator('.monaco-tl-twistie').click();
      await inState.waitFor({ timeout: patience / 10 }).catch(() => undefined);
    }
    await inState.waitFor();
  }

  /** Clicks an inline action of a row, by the action's title. A label stands for a row of the view Servers. */
  async rowAction(label: string | Locator, action: string): Promise<void> {
    const row = this.#rowOf(label);
    await row.hover();
    await row.locator(`.actions a[aria-label^="${action}"]`).click();
  }

  #rowOf(label: string | Locator): Locator {
    return typeof label === 'string' ? this.treeRow(label).first() : label;
  }

  /** Chooses an entry of a row's context menu. A label stands for a row of the view Servers. */
  async rowMenu(label: string | Locator, entry: string): Promise<void> {
    await this.#rowOf(label).click({ button: 'right' });
    const item = this.page.locator('.monaco-menu .action-item').filter({
      has: this.page.locator(`.action-label[aria-label="${entry}"]`),
    });
    // A menu takes no clicks in its first moments; keys it takes at once.
    await item.hover();
    await this.page.keyboard.press('Enter');
    await item.waitFor({ state: 'hidden' });
  }

  /** A button of the welcome content of an empty view. */
  welcomeButton(text: string): Locator {
    return this.page.locator('.part.sidebar .welcome-view').getByRole('button', { name: text });
  }

  // Webviews and editors

  /** The document of the visible webview editor. */
  get webview(): FrameLocator {
    return this.page
      .locator('iframe.webview.ready')
      .filter({ visible: true })
      .contentFrame()
      .frameLocator('#active-frame');
  }

  editorTab(title: string | RegExp): Locator {
    return this.page.locator('.part.editor .tab').filter({ hasText: title });
  }

  /** One side of the diff editor that is shown. */
  diffSide(side: 'original' | 'modified'): Locator {
    return this.page.locator(`.part.editor .monaco-diff-editor .editor.${side}`);
  }

  /** The text editor that is shown. */
  get textEditor(): Locator {
    return this.page.locator('.part.editor .monaco-editor').filter({ visible: true }).first();
  }

  /** An item of the status bar, by the name that a screen reader reads. */
  statusItem(name: string | RegExp): Locator {
    return this.page.locator('.part.statusbar').getByRole('button', { name });
  }

  // Notifications and dialogs

  get notifications(): Locator {
    return this.page.locator('.notifications-toasts .notification-list-item');
  }

  notification(text: string | RegExp): Locator {
    return this.notifications.filter({ hasText: text });
  }

  async clickNotification(text: string | RegExp, button: string): Promise<void> {
    await this.notification(text).getByRole('button', { name: button }).click();
  }

  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  async answerDialog(button: string): Promise<void> {
    await this.dialog.getByRole('button', { name: button, exact: true }).click();
    await this.dialog.waitFor({ state: 'hidden' });
  }

  // The window

  async setTheme(theme: Theme): Promise<void> {
    const { label, className } = themes[theme];
    await this.runCommand('Preferences: Color Theme');
    await this.pick(label);
    await this.page.locator(`.monaco-workbench.${className}`).waitFor();
  }

  async resize(width: number, height: number): Promise<void> {
    await this.page.setViewportSize({ width, height });
  }

  /** Reloads as the user's command does: what the browser does by itself leaves the editor no time to save. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.runCommand('Developer: Reload Window');
    await loaded;
    await this.ready();
  }
}
