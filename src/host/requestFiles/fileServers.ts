import { createHash } from 'node:crypto';
import type * as vscode from 'vscode';
import type { Security, Target } from '../../grpc/target';
import type { ServerSpec } from '../../request/serverSpec';
import type { SchemaSources } from '../../schema/sources';
import { parseSavedServers, type Server } from '../servers';

const storageKey = 'fileServers';

/** More than anyone has tabs for. */
const limit = 50;

/**
 * Servers that request files and `.proto` files name and the explorer doesn't have. They are found by id as all
 * others are, so that a panel can be about one, also after a reload; they are listed nowhere.
 */
export class FileServers {
  readonly #memento: Pick<vscode.Memento, 'get' | 'update'>;
  readonly #forget: (serverId: string) => void;
  /** The one that was used longest ago first. */
  readonly #servers: Map<string, Server>;
  /** Ids of servers that must not be written to disk. */
  readonly #unwritten = new Set<string>();

  /** @param forget called for a server that nobody used for long */
  constructor(memento: Pick<vscode.Memento, 'get' | 'update'>, forget: (serverId: string) => void) {
    this.#memento = memento;
    this.#forget = forget;
    this.#servers = new Map(
      parseSavedServers(memento.get(storageKey)).map((server) => [
        server.id,
        { ...server, origin: 'file' },
      ]),
    );
  }

  get(id: string): Server | undefined {
    return this.#servers.get(id);
  }

  /** As `add`, for who only wants to look at a server: one that isn't kept yet stays so. */
  of(spec: ServerSpec): Server {
    const id = idOf(spec);
    const { name, target, sources } = spec;
    return this.#servers.get(id) ?? { id, name, target, sources, origin: 'file' };
  }

  /**
   * The server for a spec, always the same for the same one. Its reflection metadata is not part of it.
   * @param secrets values that must not be written to disk
   */
  add(spec: ServerSpec, secrets: readonly string[] = []): Server {
    const server = this.of(spec);
    const { id } = server;
    const known = this.#servers.get(id);
    this.#servers.delete(id);
    this.#servers.set(id, server);
    if (known === undefined) {
      const text = JSON.stringify(server);
      // As it stands in JSON: quotes and backslashes of a secret are escaped there.
      const written = (secret: string): string => JSON.stringify(secret).slice(1, -1);
      if (secrets.some((secret) => secret !== '' && text.includes(written(secret)))) {
        this.#unwritten.add(id);
      }
      this.#evict();
      const kept = [...this.#servers.values()].filter((it) => !this.#unwritten.has(it.id));
      void this.#memento.update(storageKey, kept);
    }
    return server;
  }

  #evict(): void {
    const [oldest] = this.#servers.keys();
    if (this.#servers.size > limit && oldest !== undefined) {
      this.#servers.delete(oldest);
      this.#unwritten.delete(oldest);
      this.#forget(oldest);
    }
  }
}

/**
 * The server of the explorer that a spec is about: one with the same target that learns at least what the spec
 * asks for.
 */
export function explorerServer(servers: readonly Server[], spec: ServerSpec): Server | undefined {
  if (spec.reflectionMetadata.length > 0) {
    return undefined;
  }
  const same = servers.filter((server) => sameTarget(server.target, spec.target));
  const sources = sourcesKey(spec.sources);
  return (
    same.find((server) => sourcesKey(server.sources) === sources) ??
    (isReflectionOnly(spec.sources) ? same[0] : undefined)
  );
}

/** Whether two targets are reached in the same way. */
export function sameTarget(a: Target, b: Target): boolean {
  return targetKey(a) === targetKey(b);
}

function idOf({ target, sources, reflectionMetadata }: ServerSpec): string {
  // Only the keys: values may be secret, and a new token doesn't make another server.
  const keys = reflectionMetadata.map(({ key }) => key);
  const text = JSON.stringify([targetKey(target), sourcesKey(sources), keys]);
  return `file:${createHash('sha256').update(text).digest('base64url').slice(0, 24)}`;
}

function targetKey({ address, authority, security }: Target): string {
  return JSON.stringify([address, authority, ...securityKey(security)]);
}

function securityKey(security: Security): unknown[] {
  if (security.kind === 'plaintext') {
    return [security.kind];
  }
  const { kind, verify, ca, client } = security;
  return [kind, verify, ca, client?.certificate, client?.key];
}

function sourcesKey({
  reflection,
  protoFiles,
  importPaths,
  protoFolder,
  descriptorSets,
}: SchemaSources): string {
  return JSON.stringify([reflection, protoFiles, importPaths, protoFolder, descriptorSets]);
}

function isReflectionOnly({ reflection, protoFiles, descriptorSets }: SchemaSources): boolean {
  return reflection && protoFiles.length + descriptorSets.length === 0;
}
