import type * as vscode from 'vscode';

/** Which secret: of an environment of a `frameline.json`. */
export interface SecretKey {
  /** Path of the `frameline.json`. */
  readonly file: string;
  readonly environment: string;
  readonly name: string;
}

const textOf = ({ file, environment, name }: SecretKey): string =>
  `environment:${JSON.stringify([file, environment, name])}`;

/** Values of the secrets that environments name, in the editor's SecretStorage and nowhere else. */
export class EnvironmentSecrets {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  async get(key: SecretKey): Promise<string | undefined> {
    return this.#storage.get(textOf(key));
  }

  async set(key: SecretKey, value: string): Promise<void> {
    await this.#storage.store(textOf(key), value);
  }

  async delete(key: SecretKey): Promise<void> {
    await this.#storage.delete(textOf(key));
  }
}
