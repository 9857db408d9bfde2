import type * as vscode from 'vscode';

/** What of a server is secret: kept in the editor's SecretStorage and nowhere else. */
export interface ServerSecrets {
  /** Of the client certificate's key. */
  readonly passphrase?: string;
  /** Metadata that the reflection call needs, e.g. `authorization`; the values may be tokens. */
  readonly reflectionMetadata?: readonly { readonly key: string; readonly value: string }[];
}

const keyOf = (serverId: string): string => `server:${serverId}`;

export class SecretStore {
  readonly #storage: vscode.SecretStorage;
  /** Of servers that are named in files only: what their files say, for as long as the window is open. */
  readonly #ofFiles = new Map<string, ServerSecrets>();

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  async get(serverId: string): Promise<ServerSecrets> {
    const ofFile = this.#ofFiles.get(serverId);
    if (ofFile) {
      return ofFile;
    }
    const text = await this.#storage.get(keyOf(serverId));
    return text === undefined ? {} : parseSecrets(text);
  }

  /** Holds the secrets of a server in memory only. */
  hold(serverId: string, secrets: ServerSecrets): void {
    this.#ofFiles.set(serverId, secrets);
  }

  async set(serverId: string, secrets: ServerSecrets): Promise<void> {
    if (secrets.passphrase === undefined && !secrets.reflectionMetadata?.length) {
      await this.#storage.delete(keyOf(serverId));
    } else {
      await this.#storage.store(keyOf(serverId), JSON.stringify(secrets));
    }
  }

  async delete(serverId: string): Promise<void> {
    this.#ofFiles.delete(serverId);
    await this.#storage.delete(keyOf(serverId));
  }
}

function parseSecrets(text: string): ServerSecrets {
  try {
    // Only `set` above writes these.
    return JSON.parse(text) as ServerSecrets;
  } catch {
    return {};
  }
}
