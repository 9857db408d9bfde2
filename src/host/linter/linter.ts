import * as vscode from 'vscode';
import { reasonOf, UserError } from '../errors';
import { Setting } from '../ids';
import { onSettingChange, readSettings } from '../settings';
import { needsLinter } from './lintable';

/** How long a document must rest before it is looked at again, in milliseconds. */
const rest = 300;

/** A language server that was started, and whether it could be. */
interface Running {
  readonly client: { dispose(): Promise<void> };
  readonly started: Promise<void>;
}

/**
 * Runs the language server from the moment that an open document has to do with gRPC, and loads nothing of it
 * before.
 */
export class Linter implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #log: vscode.LogOutputChannel;
  readonly #subscriptions: readonly vscode.Disposable[];
  /** One that could not start stays here, so that it isn't tried on and on. */
  #running: Promise<Running> | undefined;
  /** Documents that were changed while no server runs. */
  readonly #changed = new Map<vscode.TextDocument, NodeJS.Timeout>();

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => this.#consider(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#considerLater(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      onSettingChange([Setting.LintEnable], () => this.#settingChanged()),
    ];
    this.#considerAll();
  }

  /** Ends the server if it runs and starts it. Rejects with a `UserError`. */
  async restart(): Promise<void> {
    await this.#stop();
    try {
      await this.#start();
    } catch (error) {
      throw new UserError('linter-failed', {
        what: 'Starting the linter',
        why: reasonOf(error),
        next: 'The log has more: "gRPC: Show Log".',
        cause: error,
      });
    }
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
    for (const document of [...this.#changed.keys()]) {
      this.#forget(document);
    }
    void this.#stop();
  }

  #considerAll(): void {
    for (const document of vscode.workspace.textDocuments) {
      this.#consider(document);
    }
  }

  #consider(document: vscode.TextDocument): void {
    this.#forget(document);
    if (!this.#running && isWanted(document)) {
      this.#start().catch((error: unknown) =>
        this.#log.error(`Starting the linter: ${reasonOf(error)}`),
      );
    }
  }

  #considerLater(document: vscode.TextDocument): void {
    this.#forget(document);
    if (!this.#running) {
      this.#changed.set(
        document,
        setTimeout(() => this.#consider(document), rest),
      );
    }
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#changed.get(document));
    this.#changed.delete(document);
  }

  /** A running server reads the setting itself; it ends when nothing open is left for it. */
  #settingChanged(): void {
    if (!this.#running) {
      this.#considerAll();
    } else if (!vscode.workspace.textDocuments.some(isWanted)) {
      void this.#stop();
    }
  }

  async #start(): Promise<void> {
    this.#running = import('./client').then(({ createClient }) => {
      const client = createClient(this.#extensionUri, this.#log);
      return { client, started: client.start() };
    });
    await (await this.#running).started;
  }

  async #stop(): Promise<void> {
    const stopped = this.#running;
    this.#running = undefined;
    try {
      const { client, started } = (await stopped) ?? {};
      // In the middle of its start it can't be stopped.
      await started?.catch(() => undefined);
      await client?.dispose();
    } catch (error) {
      // One that could not start, or has crashed, has nothing to stop.
      this.#log.debug(`Stopping the linter: ${reasonOf(error)}`);
    }
  }
}

function isWanted(document: vscode.TextDocument): boolean {
  return readSettings(document.uri).lintEnable && needsLinter(document);
}
