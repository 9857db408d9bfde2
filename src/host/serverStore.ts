import * as vscode from 'vscode';
import { Setting } from './ids';
import type { FileServers } from './requestFiles/fileServers';
import { parseSavedServers, type Server } from './servers';
import { onSettingChange, readTeamServers } from './settings';

const storageKey = 'servers';

/**
 * All servers of the explorer: those that the user saved (kept for all windows), those that the settings of
 * the open folders define, and those of the running sample server (kept for as long as it runs).
 */
export class ServerStore implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #fileServers: Pick<FileServers, 'get'>;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  #saved: Server[];
  #team: Server[] = [];
  #sample: Server[] = [];

  /** Fires when a server is added, changed or removed. */
  readonly onDidChange = this.#changed.event;

  constructor(
    memento: vscode.Memento,
    fileServers: Pick<FileServers, 'get'>,
    log: vscode.LogOutputChannel,
  ) {
    this.#memento = memento;
    this.#fileServers = fileServers;
    this.#log = log;
    this.#saved = parseSavedServers(memento.get(storageKey));
    this.#readTeam();
    const reread = (): void => {
      this.#readTeam();
      this.#changed.fire();
    };
    this.#subscriptions = [
      this.#changed,
      onSettingChange([Setting.Targets], reread),
      vscode.workspace.onDidChangeWorkspaceFolders(reread),
      vscode.workspace.onDidGrantWorkspaceTrust(reread),
    ];
  }

  get all(): readonly Server[] {
    return [...this.#sample, ...this.#saved, ...this.#team];
  }

  /** Also a server that is named in a file only, and so not among all. */
  get(id: string): Server | undefined {
    return this.all.find((server) => server.id === id) ?? this.#fileServers.get(id);
  }

  /** Adds a server, or replaces the saved one with the same id. */
  async save(server: Server): Promise<void> {
    const index = this.#saved.findIndex((saved) => saved.id === server.id);
    this.#saved = index === -1 ? [...this.#saved, server] : this.#saved.with(index, server);
    await this.#store();
  }

  async remove(id: string): Promise<void> {
    this.#saved = this.#saved.filter((server) => server.id !== id);
    await this.#store();
  }

  /** Replaces the servers of the sample server; an empty list when it stopped. */
  setSample(servers: readonly Server[]): void {
    this.#sample = [...servers];
    this.#changed.fire();
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #store(): Promise<void> {
    this.#changed.fire();
    await this.#memento.update(storageKey, this.#saved);
  }

  #readTeam(): void {
    const { servers, problems } = readTeamServers();
    this.#team = servers;
    for (const problem of problems) {
      this.#log.warn(`Settings: ${problem}`);
    }
  }
}
