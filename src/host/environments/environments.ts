import { basename } from 'node:path';
import * as vscode from 'vscode';
import { configFileName } from '../../config/configFileName';
import type { EnvironmentFiles } from '../../config/environmentFiles';
import {
  chosenEnvironment,
  type Environment,
  type EnvironmentFile,
} from '../../config/environments';
import type { Scope, SecretAnswer } from '../../request/variables/scope';
import { askSecret } from './askSecret';
import type { EnvironmentSecrets, SecretKey } from './environmentSecrets';

const storageKey = 'environments';

/** Whether the user is there to be asked for a secret that has no value yet. */
export type Presence = 'interactive' | 'silent';

/**
 * The environments of the `frameline.json` that is nearest to a request file, and which one is chosen, for each
 * `frameline.json` and workspace. Files are read when they are asked for, and kept until they change.
 */
export class Environments implements vscode.Disposable {
  readonly secrets: EnvironmentSecrets;
  readonly #memento: vscode.Memento;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #reported = new WeakSet<EnvironmentFile>();
  #files: Promise<EnvironmentFiles> | undefined;
  /** One question at a time: each new one would close the last. */
  #lastQuestion: Promise<unknown> = Promise.resolve();

  /** Fires when another environment was chosen, or a `frameline.json` or the open folders changed. */
  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento, secrets: EnvironmentSecrets, log: vscode.LogOutputChannel) {
    this.#memento = memento;
    this.secrets = secrets;
    this.#log = log;
    const watcher = vscode.workspace.createFileSystemWatcher(`**/${configFileName}`);
    const changed = ({ fsPath }: vscode.Uri): void => void this.#forget(fsPath);
    this.#subscriptions = [
      this.#changed,
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      watcher.onDidDelete(changed),
      // The watcher sees neither files outside the open folders nor folders that go as a whole.
      vscode.workspace.onDidSaveTextDocument(({ uri }) => {
        if (basename(uri.fsPath) === configFileName) {
          changed(uri);
        }
      }),
      vscode.workspace.onDidDeleteFiles(({ files }) => files.forEach(changed)),
      vscode.workspace.onDidRenameFiles(({ files }) => {
        for (const { oldUri, newUri } of files) {
          changed(oldUri);
          changed(newUri);
        }
      }),
      vscode.workspace.onDidChangeWorkspaceFolders(() => {
        this.#files = undefined;
        this.#changed.fire();
      }),
    ];
  }

  /**
   * What holds for a request file; for one that isn't on disk, what holds in the first open folder that has
   * environments. Undefined when there is no `frameline.json`.
   */
  async fileFor(uri: vscode.Uri | undefined): Promise<EnvironmentFile | undefined> {
    this.#files ??= loadFiles();
    const files = await this.#files;
    const found =
      uri?.scheme === 'file' ? await files.nearest(uri.fsPath) : await firstOfFolders(files);
    if (found !== undefined && !this.#reported.has(found)) {
      this.#reported.add(found);
      for (const { message } of found.problems) {
        this.#log.warn(`${found.path}: ${message}`);
      }
    }
    return found;
  }

  /** The environment that holds for a request file: the one that was chosen, or else the first. */
  async chosenFor(uri: vscode.Uri | undefined): Promise<Environment | undefined> {
    const file = await this.fileFor(uri);
    return file && this.chosenIn(file);
  }

  chosenIn({ path, environments }: EnvironmentFile): Environment | undefined {
    return chosenEnvironment(environments, this.#choices()[path]);
  }

  async choose({ path }: EnvironmentFile, name: string): Promise<void> {
    await this.#memento.update(storageKey, { ...this.#choices(), [path]: name });
    this.#changed.fire();
  }

  /**
   * Where the values of variables come from for a request of a file; for one that isn't on disk as with `fileFor`.
   * A secret without a value is asked for when somebody is there.
   */
  async scopeFor(uri: vscode.Uri | undefined, presence: Presence = 'interactive'): Promise<Scope> {
    const file = await this.fileFor(uri);
    const environment = file && this.chosenIn(file);
    const answers = new Map<string, Promise<SecretAnswer>>();
    return {
      overrides: new Map(),
      captures: new Map(),
      environment,
      secret: (name) => {
        const known = answers.get(name);
        if (known !== undefined) {
          return known;
        }
        const answer =
          file === undefined || environment === undefined
            ? Promise.resolve(refusal(`There is no environment that has the secret ${name}.`))
            : this.#secret({ file: file.path, environment: environment.name, name }, presence);
        answers.set(name, answer);
        return answer;
      },
    };
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  async #secret(key: SecretKey, presence: Presence): Promise<SecretAnswer> {
    if (!vscode.workspace.isTrusted) {
      return refusal(
        `The secret ${key.name} can't be used in Restricted Mode. Trust the folder first: "Workspaces: Manage Workspace Trust".`,
      );
    }
    const value = (await this.secrets.get(key)) ?? (await this.#ask(key, presence));
    return value === undefined
      ? refusal(
          `The secret ${key.name} of the environment ${key.environment} has no value. Give it one with "gRPC: Set Secret…".`,
        )
      : { ok: true, value };
  }

  async #ask(key: SecretKey, presence: Presence): Promise<string | undefined> {
    if (presence === 'silent') {
      return undefined;
    }
    const question = this.#lastQuestion.then(async () => {
      // Another request may have asked for the same one meanwhile.
      const known = await this.secrets.get(key);
      const value = known ?? (await askSecret(key));
      if (known === undefined && value !== undefined) {
        await this.secrets.set(key, value);
      }
      return value;
    });
    this.#lastQuestion = question.catch(() => undefined);
    return question;
  }

  async #forget(path: string): Promise<void> {
    if (this.#files !== undefined) {
      (await this.#files).changed(path);
      this.#changed.fire();
    }
  }

  /** Names of environments by the path of their `frameline.json`. */
  #choices(): Readonly<Record<string, unknown>> {
    const stored = this.#memento.get<unknown>(storageKey);
    return typeof stored === 'object' && stored !== null ? { ...stored } : {};
  }
}

function refusal(message: string): SecretAnswer {
  return { ok: false, message };
}

function rootPaths(): string[] {
  return (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
}

/** The reader of JSON comes with it: only now is it needed. */
async function loadFiles(): Promise<EnvironmentFiles> {
  const [{ EnvironmentFiles: Files }, { readConfigFile }] = await Promise.all([
    import('../../config/environmentFiles'),
    import('../../config/readConfigFile'),
  ]);
  return new Files(readConfigFile, rootPaths());
}

async function firstOfFolders(files: EnvironmentFiles): Promise<EnvironmentFile | undefined> {
  const found = await Promise.all(rootPaths().map((folder) => files.in(folder)));
  return found.find((file) => file !== undefined && file.environments.length > 0) ?? found[0];
}
