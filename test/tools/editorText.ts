import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { Editor } from './editor';

/** Every look-up in VS Code's text editors is in this file: what a person types there, and is shown. */
export class TextEditor {
  readonly #editor: Editor;

  constructor(editor: Editor) {
    this.#editor = editor;
  }

  get #page(): Page {
    return this.#editor.page;
  }

  /** Opens a file of the workspace by its path in it. */
  async open(path: string): Promise<void> {
    const { workbench } = this.#editor;
    // Not beside an answer, where the file may be open a second time.
    if ((await this.#page.locator('.editor-group-container').count()) > 1) {
      await workbench.runCommand('View: Focus First Editor Group');
    }
    await workbench.runCommand('Go to File...');
    await workbench.type(path);
    await workbench.quickRow(basename(path)).click();
    await workbench.editorTab(basename(path)).and(this.#page.locator('.active')).waitFor();
    await workbench.textEditor.locator('.view-line').first().waitFor();
    await workbench.textEditor.click();
  }

  /** Puts the cursor somewhere; both count from 1, and a tab as many columns as it takes. */
  async goTo(line: number, column = 1): Promise<void> {
    await this.#page.keyboard.press('Control+g');
    await this.#editor.workbench.answer(`:${line}:${column}`);
    await this.#editor.workbench.quickInput.waitFor({ state: 'hidden' });
  }

  /** Types at the cursor, as it comes: the editor's own brackets and quotes may close. */
  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  async press(key: string): Promise<void> {
    await this.#page.keyboard.press(key);
  }

  /** Pastes `text` in the place of everything. */
  async replaceAll(text: string): Promise<void> {
    await this.press('Control+a');
    await this.#page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
    await this.press('Control+v');
    // What comes next would go to where the cursor was before.
    const wanted = lines(text);
    while (lines(await this.#shown()) !== wanted) await this.#page.waitForTimeout(20);
  }

  /** The text as it is drawn; a long one only in part. */
  async #shown(): Promise<string> {
    return this.#editor.workbench.textEditor.locator('.view-lines').innerText();
  }

  /** Saves the file that is shown, and gives its text. */
  async saved(path: string): Promise<string> {
    await this.#editor.workbench.runCommand('File: Save');
    await this.#editor.workbench
      .editorTab(basename(path))
      .and(this.#page.locator(':not(.dirty)'))
      .waitFor();
    return readFile(join(this.#editor.workspace, path), 'utf8');
  }

  /** A line of any text editor that is shown, by its text. */
  line(text: RegExp): Locator {
    return this.#page.locator('.part.editor .view-line').filter({ hasText: text, visible: true });
  }

  /** A lens, by what it says; the first of several. */
  lens(title: string | RegExp): Locator {
    return this.#page
      .locator('.part.editor .codelens-decoration :is(a, span)')
      .filter({ hasText: title, visible: true })
      .first();
  }

  /** Clicks a lens. One that is drawn anew at that moment doesn't notice: it is clicked until `then` is there. */
  async clickLens(title: string | RegExp, then: Locator): Promise<void> {
    let isThere = false;
    while (!isThere) {
      await this.lens(title).click();
      isThere = await then
        .first()
        .waitFor({ timeout: 5_000 })
        .then(
          () => true,
          () => false,
        );
    }
  }

  /** Underlines of problems of this severity. */
  squiggles(severity: 'error' | 'warning' | 'info'): Locator {
    return this.#editor.workbench.textEditor.locator(`.squiggly-${severity}`);
  }

  /** What is shown for the place of the cursor, once it holds `text`. */
  async hover(text: string | RegExp): Promise<Locator> {
    await this.#editor.workbench.runCommand('Show or Focus Hover');
    const hover = this.#page.locator('.monaco-hover').filter({ visible: true, hasText: text });
    await hover.first().waitFor();
    return hover.first();
  }

  /** Opens the list of what can be done at the cursor; its entries. */
  async quickFixes(): Promise<Locator> {
    const entries = this.#page.locator('.action-widget .monaco-list-row.action');
    // Asked before the findings are shown, the editor says that there is nothing to do, and no more.
    let areShown = false;
    while (!areShown) {
      await this.press('Control+.');
      areShown = await entries
        .first()
        .waitFor({ timeout: 3_000 })
        .then(
          () => true,
          () => false,
        );
    }
    return entries;
  }

  /** Chooses an entry of that list. */
  async quickFix(title: string | RegExp): Promise<void> {
    const entry = (await this.quickFixes()).filter({ hasText: title }).first();
    await entry.click();
    await entry.waitFor({ state: 'hidden' });
  }

  /** Asks for completions; the one with this label. */
  async suggestion(label: string): Promise<Locator> {
    await this.press('Control+Space');
    const row = this.#page
      .locator('.suggest-widget.visible .monaco-list-row')
      .filter({ has: this.#page.locator('.label-name').getByText(label, { exact: true }) });
    await row.first().waitFor();
    return row.first();
  }
}

/** The lines of a text in an order of its own: they are drawn in any. */
function lines(text: string): string {
  return text
    .replaceAll('\u00a0', ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .sort()
    .join('\n');
}
