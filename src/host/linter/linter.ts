import * as vscode from 'vscode';
import { reasonOf, UserError } from '../errors';
import { Setting } from '../ids';
import type { RequestSchemas } from '../requestSchemas';
import { onSettingChange, readSettings } from '../settings';
import { ConfiguredClients } from './configuredClients';
import { isRequestFile, isSource, needsLinter } from './lintable';

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
  readonly #schemas: RequestSchemas;
  readonly #clients = new ConfiguredClients(readText);
  readonly #subscriptions: readonly vscode.Disposable[];
  /** One that could not start stays here, so that it isn't tried on and on. */
  #running: Promise<Running> | undefined;
  /** Documents that were changed while no server runs. */
  readonly #changed = new Map<vscode.TextDocument, NodeJS.Timeout>();

  constructor(extensionUri: vscode.Uri, log: vscode.LogOutputChannel, schemas: RequestSchemas) {
    this.#extensionUri = extensionUri;
    this.#log = log;
    this.#schemas = schemas;
    this.#subscriptions = [
      vscode.workspace.onDidOpenTextDocument((document) => void this.#consider(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#considerLater(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#forget(document)),
      onSettingChange([Setting.LintEnable], () => void this.#settingChanged()),
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
      void this.#consider(document);
    }
  }

  async #consider(document: vscode.TextDocument): Promise<void> {
    this.#forget(document);
    if (this.#running || !(await this.#isWanted(document)) || this.#running) {
      return;
    }
    try {
      await this.#start();
    } catch (error) {
      this.#log.error(`Starting the linter: ${reasonOf(error)}`);
    }
  }

  #considerLater(document: vscode.TextDocument): void {
    this.#forget(document);
    if (!this.#running) {
      this.#changed.set(
        document,
        setTimeout(() => void this.#consider(document), rest),
      );
    }
  }

  #forget(document: vscode.TextDocument): void {
    clearTimeout(this.#changed.get(document));
    this.#changed.delete(document);
  }

  /** A running server reads the setting itself; it ends when nothing open is left for it. */
  async #settingChanged(): Promise<void> {
    if (!this.#running) {
      this.#considerAll();
      return;
    }
    const wanted = await Promise.all(
      vscode.workspace.textDocuments.map((document) => this.#isWanted(document)),
    );
    if (!wanted.includes(true)) {
      await this.#stop();
    }
  }

  async #isWanted(document: vscode.TextDocument): Promise<boolean> {
    const { uri } = document;
    if (isRequestFile(document)) {
      return true;
    }
    if (!readSettings(uri).lintEnable) {
      return false;
    }
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return (
      needsLinter(document) ||
      (folder !== undefined &&
        isSource(document) &&
        (await this.#clients.hold(uri.path, folder.uri.path)))
    );
  }

  async #start(): Promise<void> {
    this.#running = import('./client').then(({ createClient }) => {
      const client = createClient(this.#extensionUri, this.#log, this.#schemas);
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

async function readText(path: string): Promise<string | undefined> {
  try {
    return new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.file(path)));
  } catch {
    // There is none, or none that can be read: the server says so when it runs.
    return undefined;
  }
}
