import { dirname } from 'node:path';
import type {
  Connection,
  Diagnostic,
  DidChangeTextDocumentParams,
  TextDocumentItem,
} from 'vscode-languageserver/node';
import { EnvironmentFiles } from '../../config/environmentFiles';
import { chosenEnvironment, type Environment } from '../../config/environments';
import { isWithin } from '../../config/paths';
import { readConfigFile } from '../../config/readConfigFile';
import { StaticValues } from '../../request/check/staticValues';
import type { Surroundings } from '../../request/check/surroundings';
import type { ServerSpec } from '../../request/serverSpec';
import type { Schema } from '../../schema/schema';
import type { ClientAbilities } from '../clientAbilities';
import { documentPath } from '../documentPath';
import { LintQueue } from '../lintQueue';
import {
  type DescribeServerResult,
  describeServerRequest,
  environmentRequest,
  type KnownServer,
  knownServersRequest,
} from '../protocol';
import { isConfig } from '../watchedFiles';
import { NamedFiles } from './namedFiles';
import { requestDiagnostic } from './requestDiagnostics';
import { RequestDocument } from './requestDocument';
import { ServerSchemas } from './serverSchemas';

/** How long a document must rest before it is checked again, in milliseconds. */
const rest = 30;

/** How long nobody must type before a server is asked for: what is half typed is no server. */
const pause = 700;

/** How long after a check the files that are named are looked at again, in milliseconds. */
const look = 2_000;

export interface RequestSessionParts {
  readonly connection: Connection;
  readonly abilities: ClientAbilities;
  /** The workspace folders that are open, absolute. */
  readonly folders: () => readonly string[];
  /** The text of a document that is open, saved or not. */
  readonly openText: (path: string) => string | undefined;
}

const noEnvironments: readonly Environment[] = [];

/** The request files that are open in one editor. */
export class RequestSession {
  readonly #parts: RequestSessionParts;
  readonly #documents = new Map<string, RequestDocument>();
  readonly #queue = new LintQueue<RequestDocument>((document) => this.#check(document));
  #environments: EnvironmentFiles;
  /** The editor's answers, by document: the name of the environment that is chosen. */
  readonly #chosen = new Map<string, Promise<string | undefined>>();
  readonly #schemas: ServerSchemas;
  readonly #files: NamedFiles;
  /** Servers that a document needs and that aren't known, by document. */
  readonly #wanted = new Map<RequestDocument, Map<string, ServerSpec>>();
  readonly #asking = new Map<RequestDocument, NodeJS.Timeout>();
  #looking: NodeJS.Timeout | undefined;

  constructor(parts: RequestSessionParts) {
    this.#parts = parts;
    this.#environments = this.#readEnvironments();
    this.#files = new NamedFiles(
      (path) => parts.openText(path),
      () => this.#checkAll(),
    );
    this.#schemas = new ServerSchemas(
      (params) => parts.connection.sendRequest<DescribeServerResult>(describeServerRequest, params),
      () => this.#checkAll(),
    );
  }

  // Documents

  open(item: TextDocumentItem): void {
    const [folder = process.cwd()] = this.#parts.folders();
    const path = documentPath(item.uri, item.languageId, folder);
    if (path !== undefined) {
      const document = new RequestDocument(path, item);
      this.#documents.set(item.uri, document);
      this.#queue.addFirst(document);
    }
  }

  change({ textDocument: { uri, version }, contentChanges }: DidChangeTextDocumentParams): void {
    const document = this.#documents.get(uri);
    if (document) {
      document.change(contentChanges, version);
      this.#queue.addAfter(rest, document);
      this.#askAfter(pause, document);
    }
  }

  close(uri: string): void {
    const document = this.#documents.get(uri);
    if (document) {
      this.#documents.delete(uri);
      this.#chosen.delete(uri);
      this.#queue.delete(document);
      this.#wanted.delete(document);
      clearTimeout(this.#asking.get(document));
      this.#asking.delete(document);
      this.#publish(uri, []);
    }
  }

  dispose(): void {
    for (const uri of [...this.#documents.keys()]) {
      this.close(uri);
    }
    this.#queue.dispose();
    clearTimeout(this.#looking);
  }

  // Surroundings

  /** Files came, changed or went, on disk or in an editor. */
  filesChanged(paths: readonly string[]): void {
    for (const path of paths) {
      this.#environments.changed(path);
    }
    if (paths.some(isConfig)) {
      this.#checkAll();
    }
    if (paths.some((path) => this.#files.has(path))) {
      void this.#files.refresh();
    }
  }

  foldersChanged(): void {
    this.#environments = this.#readEnvironments();
    this.#checkAll();
  }

  environmentChanged(): void {
    this.#chosen.clear();
    this.#checkAll();
  }

  serversChanged(): void {
    this.#schemas.forget();
    this.#checkAll();
  }

  // What answers are made of

  document(uri: string): RequestDocument | undefined {
    return this.#documents.get(uri);
  }

  /** What the references of a document stand for. */
  async valuesOf(document: RequestDocument): Promise<StaticValues> {
    const { environment } = await this.surroundingsOf(document);
    return StaticValues.of(document.file, environment);
  }

  async surroundingsOf(document: RequestDocument): Promise<Surroundings> {
    const { path } = document;
    const [file, chosen] = await Promise.all([
      this.#environments.nearest(path),
      this.#chosenFor(document.uri),
    ]);
    const root = this.rootOf(document);
    const environments = file?.environments ?? noEnvironments;
    return {
      path,
      environments,
      environment: chosenEnvironment(environments, chosen),
      schemaOf: (server) => this.#schemas.stateOf(server),
      fileAt: (absolute) => this.#files.at(absolute, root),
    };
  }

  /** The folder that messages of a document are read from. */
  rootOf({ path }: RequestDocument): string {
    const around = this.#parts.folders().filter((folder) => isWithin(path, folder));
    return around.sort((a, b) => b.length - a.length)[0] ?? dirname(path);
  }

  /** What a server offers, found out if need be; undefined when it can't be. */
  async schemaOf(
    server: ServerSpec | undefined,
    { uri }: RequestDocument,
  ): Promise<Schema | undefined> {
    if (server === undefined || !this.#parts.abilities.knowsServers) {
      return undefined;
    }
    const state = await this.#schemas.read(server, uri);
    return state.kind === 'ready' ? state.schema : undefined;
  }

  async knownServers(): Promise<readonly KnownServer[]> {
    const { abilities, connection } = this.#parts;
    return abilities.knowsServers
      ? await connection.sendRequest<KnownServer[]>(knownServersRequest).catch(() => [])
      : [];
  }

  #readEnvironments(): EnvironmentFiles {
    const { openText, folders } = this.#parts;
    return new EnvironmentFiles(
      async (path) => openText(path) ?? (await readConfigFile(path)),
      folders(),
    );
  }

  // Checking

  #checkAll(): void {
    for (const document of this.#documents.values()) {
      this.#queue.add(document);
    }
  }

  async #check(document: RequestDocument): Promise<void> {
    const { version, uri, positions, file } = document;
    let diagnostics: Diagnostic[] = [];
    try {
      const wanted = new Map<string, ServerSpec>();
      const surroundings = await this.surroundingsOf(document);
      const findings = await document.checker.check(file, {
        ...surroundings,
        schemaOf: (server) => {
          if (this.#schemas.isWanted(server)) {
            wanted.set(JSON.stringify(server), server);
          }
          return surroundings.schemaOf(server);
        },
      });
      diagnostics = findings.map((finding) => requestDiagnostic(finding, positions));
      this.#wanted.set(document, wanted);
    } catch (error) {
      const reason = error instanceof Error ? error.stack : error;
      this.#parts.connection.console.error(`${document.path}: ${reason}`);
    }
    if (this.#documents.get(uri) === document && document.version === version) {
      this.#publish(uri, diagnostics, version);
      this.#lookAtFiles();
      if (!this.#asking.has(document)) {
        this.#askFor(document);
      }
    }
  }

  #publish(uri: string, diagnostics: Diagnostic[], version?: number): void {
    void this.#parts.connection.sendDiagnostics({
      uri,
      diagnostics,
      ...(version === undefined ? {} : { version }),
    });
  }

  /** Not every editor watches the files that are named. */
  #lookAtFiles(): void {
    this.#looking ??= setTimeout(() => {
      this.#looking = undefined;
      void this.#files.refresh();
    }, look);
  }

  // Asking the editor

  #askAfter(milliseconds: number, document: RequestDocument): void {
    clearTimeout(this.#asking.get(document));
    this.#asking.set(
      document,
      setTimeout(() => {
        this.#asking.delete(document);
        void this.#queue.settled(document).then(() => this.#askFor(document));
      }, milliseconds),
    );
  }

  #askFor(document: RequestDocument): void {
    const wanted = this.#wanted.get(document);
    if (wanted && this.#parts.abilities.knowsServers) {
      this.#wanted.delete(document);
      for (const server of wanted.values()) {
        void this.#schemas.read(server, document.uri);
      }
    }
  }

  #chosenFor(uri: string): Promise<string | undefined> {
    const { abilities, connection } = this.#parts;
    let chosen = this.#chosen.get(uri);
    if (!chosen) {
      chosen = abilities.knowsServers
        ? connection.sendRequest<string | null>(environmentRequest, { uri }).then(
            (name) => name ?? undefined,
            () => undefined,
          )
        : Promise.resolve(undefined);
      this.#chosen.set(uri, chosen);
    }
    return chosen;
  }
}
