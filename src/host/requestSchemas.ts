import * as vscode from 'vscode';
import type {
  DescribeServerParams,
  DescribeServerResult,
  KnownServer,
} from '../languageServer/protocol';
import type { ServerSpec } from '../request/serverSpec';
import type { Schema } from '../schema/schema';
import type { App } from './app';
import { UserError } from './errors';
import { explorerServer } from './requestFiles/fileServers';
import type { Server } from './servers';

/** How long after a failure a server is not tried again, in milliseconds. */
const patience = 20_000;

/** Servers that were only looked at whose schema is kept. */
const looked = 20;

type Parts = Pick<App, 'store' | 'fileServers' | 'secrets' | 'discovery' | 'environments'>;

/** Answers what the language server wants to know for request files: it has no network, and no secrets. */
export class RequestSchemas implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #versions = new WeakMap<Schema, string>();
  #lastVersion = 0;
  /** Ids of servers that were only looked at, the oldest first, and when each was last tried. */
  readonly #tried = new Map<string, number>();

  /** Fires when a server may be described in another way now. */
  readonly onDidChange = this.#changed.event;

  /** Fires when another environment may be chosen for a file. */
  readonly onDidChangeEnvironment: vscode.Event<void>;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.onDidChangeEnvironment = parts.environments.onDidChange;
    const changed = (): void => this.#changed.fire();
    this.#subscriptions = [
      this.#changed,
      parts.store.onDidChange(changed),
      parts.discovery.onDidChange((server) => {
        if (parts.discovery.state(server).kind !== 'loading') {
          changed();
        }
      }),
      vscode.workspace.onDidGrantWorkspaceTrust(changed),
    ];
  }

  servers(): KnownServer[] {
    return this.#parts.store.all.map(({ name, target }) => ({
      name,
      address: target.address,
      plaintext: target.security.kind === 'plaintext',
    }));
  }

  async environment(uri: string): Promise<string | null> {
    const environment = await this.#parts.environments.chosenFor(vscode.Uri.parse(uri));
    return environment?.name ?? null;
  }

  /** In Restricted Mode nothing is connected to: what the explorer knows already is all. */
  async describe({
    uri,
    server: spec,
    known,
  }: DescribeServerParams): Promise<DescribeServerResult> {
    const { store, discovery, fileServers } = this.#parts;
    const explored = explorerServer(store.all, spec);
    const server = explored ?? fileServers.of(spec);
    const state = discovery.state(server);
    if (state.kind === 'ready') {
      return this.#answer(state.discovered.schema, known);
    }
    if (!vscode.workspace.isTrusted) {
      return {
        kind: 'failed',
        message: explored
          ? 'In Restricted Mode a file connects to nothing. Open the server in the explorer, or trust the folder.'
          : 'In Restricted Mode a file connects to nothing. Trust the folder to read what the server offers.',
      };
    }
    try {
      if (explored === undefined) {
        await this.#holdMetadata(server, spec, vscode.Uri.parse(uri));
      }
      const { schema } = await this.#read(server);
      return this.#answer(schema, known);
    } catch (error) {
      const { message, next } = UserError.from(error, `Reading the services of ${server.name}`);
      return { kind: 'failed', message: [message, next].filter((text) => text).join(' ') };
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  /** A failure is believed for a while: each answer makes the language server ask anew. */
  #read(server: Server): ReturnType<Parts['discovery']['read']> {
    const { discovery, store } = this.#parts;
    const now = performance.now();
    const last = this.#tried.get(server.id) ?? Number.NEGATIVE_INFINITY;
    const isDue = now - last > patience;
    if (isDue) {
      this.#tried.delete(server.id);
      this.#tried.set(server.id, now);
    }
    const [oldest] = this.#tried.keys();
    if (this.#tried.size > looked && oldest !== undefined) {
      this.#tried.delete(oldest);
      if (store.get(oldest) === undefined) {
        discovery.forget(oldest);
      }
    }
    return isDue && discovery.state(server).kind === 'failed'
      ? discovery.refresh(server)
      : discovery.read(server);
  }

  async #holdMetadata(
    { id }: Server,
    { reflectionMetadata }: ServerSpec,
    uri: vscode.Uri,
  ): Promise<void> {
    if (reflectionMetadata.length === 0) {
      return;
    }
    const [{ Values }, scope] = await Promise.all([
      import('../request/variables/values'),
      this.#parts.environments.scopeFor(uri, 'silent'),
    ]);
    const values = new Values([]);
    const filled = [];
    for (const { key, value } of reflectionMetadata) {
      const { text, problems } = await values.fill(value, 'text', scope);
      const [problem] = problems;
      if (problem) {
        throw new UserError('no-secret', {
          what: `Reading the services with the metadata ${key}`,
          why: problem.message,
        });
      }
      filled.push({ key, value: text });
    }
    this.#parts.secrets.hold(id, { reflectionMetadata: filled });
  }

  async #answer(schema: Schema, known: string | undefined): Promise<DescribeServerResult> {
    const version = this.#versions.get(schema) ?? `${++this.#lastVersion}`;
    this.#versions.set(schema, version);
    if (version === known) {
      return { kind: 'unchanged' };
    }
    const [{ schemaParts }, { packParts }] = await Promise.all([
      import('../schema/load'),
      import('../schema/packedParts'),
    ]);
    const parts = schemaParts(schema);
    return parts
      ? { kind: 'schema', version, parts: packParts(parts) }
      : { kind: 'failed', message: 'Its schema can’t be handed over.' };
  }
}
