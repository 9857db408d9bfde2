import type { Connection, WorkDoneProgressReporter } from 'vscode-languageserver/node';
import type { IndexProgress } from './workspaceIndexes';

/** What is over sooner is not shown, in milliseconds. */
const patience = 500;

export const silentProgress: IndexProgress = { begin() {}, report() {}, end() {} };

/** Shows in the editor how far the reading of the workspace is, once it takes long. */
export class EditorProgress implements IndexProgress {
  readonly #connection: Connection;
  #delay: NodeJS.Timeout | undefined;
  #shown: Promise<WorkDoneProgressReporter | undefined> | undefined;
  #percentage = 0;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  begin(): void {
    this.#percentage = 0;
    this.#delay = setTimeout(() => {
      this.#shown = this.#show();
    }, patience);
  }

  report(share: number, count: number): void {
    const percentage = Math.floor(share * 100);
    if (percentage > this.#percentage) {
      this.#percentage = percentage;
      void this.#shown?.then((shown) => shown?.report(percentage, `${count} files`));
    }
  }

  end(): void {
    clearTimeout(this.#delay);
    void this.#shown?.then((shown) => shown?.done());
    this.#shown = undefined;
  }

  async #show(): Promise<WorkDoneProgressReporter | undefined> {
    try {
      const shown = await this.#connection.window.createWorkDoneProgress();
      shown.begin('Frameline: reading the workspace', this.#percentage);
      return shown;
    } catch {
      // The editor goes away, or can't show it: nothing depends on it.
      return undefined;
    }
  }
}
