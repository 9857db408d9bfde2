import type {
  CodeAction,
  CodeActionParams,
  Connection,
  Diagnostic,
  DidChangeTextDocumentParams,
  FileEvent,
  Hover,
  HoverParams,
  TextDocumentItem,
} from 'vscode-languageserver/node';
import type { Linter } from '../lint/linter';
import type { ClientAbilities } from './clientAbilities';
import { type ActionSource, codeActions, type FixAllData, resolveFixAll } from './codeActions';
import { configDiagnostic, noteDiagnostic, toDiagnostic } from './diagnostics';
import { documentPath, filePath } from './documentPath';
import { hoverAt } from './hover';
import { EditorProgress, silentProgress } from './indexProgress';
import { LintQueue } from './lintQueue';
import { OpenDocument } from './openDocument';
import { enableSetting } from './protocol';
import type { RulePages } from './rulePages';
import { ShownConfigs } from './shownConfigs';
import { TreeBudget } from './treeBudget';
import { isConfig, isIgnoreFile } from './watchedFiles';
import { Workspace } from './workspace';

/** How long a document must rest before it is linted again, in milliseconds. */
const rest = 100;

/** How long nobody must type before broken text is parsed afresh, in milliseconds. */
const pause = 1_000;

/** How long news about the workspace are gathered before open documents are linted again, in milliseconds. */
const gathering = 200;

/** Texts whose trees are kept, in UTF-16 units together. */
const treeBudget = 4_000_000;

/** What a session works with. */
export interface SessionParts {
  readonly connection: Connection;
  readonly abilities: ClientAbilities;
  readonly linter: Linter;
  readonly pages: RulePages;
  /** Absolute. */
  readonly folders: readonly string[];
}

/** The open documents of one editor, linted as they change. */
export class Session {
  readonly #parts: SessionParts;
  readonly #documents = new Map<string, OpenDocument>();
  readonly #trees = new TreeBudget<OpenDocument>(treeBudget);
  readonly #queue = new LintQueue<OpenDocument>((document) => this.#check(document));
  readonly #settling = new Map<OpenDocument, NodeJS.Timeout>();
  /** Answers of the editor, whether a document is linted. */
  readonly #enabled = new Map<string, Promise<boolean>>();
  /** What the log says already. */
  readonly #said = new Set<string>();
  readonly #shownConfigs = new ShownConfigs((uri, diagnostics) => this.#publish(uri, diagnostics));
  /** Open configurations with changes that don't hold yet. */
  readonly #changedConfigs = new Set<OpenDocument>();
  #folders: readonly string[];
  #workspace: Workspace;
  #gathering: NodeJS.Timeout | undefined;

  constructor(parts: SessionParts) {
    this.#parts = parts;
    this.#folders = parts.folders;
    this.#workspace = this.#openWorkspace();
  }

  setFolders(folders: readonly string[]): void {
    this.#folders = folders;
    this.#workspace.dispose();
    this.#workspace = this.#openWorkspace();
    this.#checkAll();
  }

  get folders(): readonly string[] {
    return this.#folders;
  }

  /** The text of a document that is open, by its path. */
  textOf(path: string | undefined): string | undefined {
    for (const document of this.#documents.values()) {
      if (document.path === path) {
        return document.text;
      }
    }
    return undefined;
  }

  // Documents

  open(item: TextDocumentItem): void {
    const [folder = process.cwd()] = this.#folders;
    const path = documentPath(item.uri, item.languageId, folder);
    if (path !== undefined) {
      const document = new OpenDocument(path, item, this.#parts.linter);
      this.#documents.set(item.uri, document);
      this.#shownConfigs.hide(path);
      this.#queue.addFirst(document);
    }
  }

  change({ textDocument: { uri, version }, contentChanges }: DidChangeTextDocumentParams): void {
    const document = this.#documents.get(uri);
    if (document) {
      document.change(contentChanges, version);
      if (isConfig(document.path)) {
        this.#changedConfigs.add(document);
      }
      this.#queue.addAfter(rest, document);
      this.#settleAfter(pause, document);
    }
  }

  close(uri: string): void {
    const document = this.#documents.get(uri);
    if (!document) {
      return;
    }
    this.#documents.delete(uri);
    this.#enabled.delete(uri);
    this.#queue.delete(document);
    clearTimeout(this.#settling.get(document));
    this.#settling.delete(document);
    this.#trees.delete(document);
    this.#changedConfigs.delete(document);
    this.#publish(uri, []);
    // What was not saved does not count any more.
    this.filesChanged([document.path]);
  }

  // Surroundings

  settingsChanged(): void {
    this.#enabled.clear();
    this.#checkAll();
  }

  watchedFilesChanged(events: readonly FileEvent[]): void {
    this.filesChanged(events.flatMap(({ uri }) => filePath(uri) ?? []));
  }

  filesChanged(paths: readonly string[]): void {
    for (const path of paths) {
      this.#workspace.touch(path);
      this.#shownConfigs.hide(path);
    }
    if (paths.some((path) => isConfig(path) || isIgnoreFile(path))) {
      this.#checkAll();
    }
  }

  // Questions

  async hover({ textDocument: { uri }, position }: HoverParams): Promise<Hover | null> {
    const document = await this.#settled(uri);
    return document ? hoverAt(document, position, this.#parts.pages) : null;
  }

  async codeActions(params: CodeActionParams): Promise<CodeAction[]> {
    const document = await this.#settled(params.textDocument.uri);
    return document ? codeActions(this.#sourceOf(document), params) : [];
  }

  /** The edit of an action that was offered without. */
  async resolve(action: CodeAction): Promise<CodeAction> {
    const document = await this.#settled((action.data as FixAllData | undefined)?.uri);
    const resolved = document && (await resolveFixAll(action, this.#sourceOf(document)));
    return resolved ?? action;
  }

  dispose(): void {
    clearTimeout(this.#gathering);
    for (const timer of this.#settling.values()) {
      clearTimeout(timer);
    }
    this.#settling.clear();
    this.#queue.dispose();
    this.#workspace.dispose();
    for (const document of this.#documents.values()) {
      this.#trees.delete(document);
    }
    this.#documents.clear();
  }

  #sourceOf(document: OpenDocument): ActionSource {
    const { abilities, pages } = this.#parts;
    return { document, abilities, pages };
  }

  /** The document, once its text as it is now has been linted. */
  async #settled(uri: string | undefined): Promise<OpenDocument | undefined> {
    const document = this.#documents.get(uri ?? '');
    await (document && this.#queue.settled(document));
    return document;
  }

  // Checking

  #checkAll(): void {
    for (const document of this.#documents.values()) {
      this.#queue.add(document);
    }
  }

  #settleAfter(milliseconds: number, document: OpenDocument): void {
    clearTimeout(this.#settling.get(document));
    this.#settling.set(
      document,
      setTimeout(() => {
        this.#settling.delete(document);
        if (document.settle()) {
          this.#queue.add(document);
        }
        this.#workspace.rested(document.path);
      }, milliseconds),
    );
  }

  async #check(document: OpenDocument): Promise<void> {
    const { version, uri } = document;
    let diagnostics: Diagnostic[] = [];
    try {
      diagnostics = await this.#diagnose(document);
    } catch (error) {
      this.#say('error', `${document.path}: ${error instanceof Error ? error.stack : error}`);
    }
    if (this.#documents.get(uri) === document && document.version === version) {
      this.#publish(uri, diagnostics, version);
    }
  }

  async #diagnose(document: OpenDocument): Promise<Diagnostic[]> {
    if (this.#changedConfigs.delete(document)) {
      this.#workspace.configChanged(document.path);
      this.#checkAll();
    }
    const config = await this.#workspace.configFor(document.path);
    if (config.path === document.path) {
      return config.problems.map((problem) => configDiagnostic(problem, document.positions));
    }
    if (this.textOf(config.path) === undefined) {
      await this.#shownConfigs.show(config);
    }
    const context = (await this.#isEnabled(document.uri))
      ? await this.#workspace.contextOf(document.path, document.text)
      : undefined;
    if (!context) {
      this.#trees.delete(document);
      document.clear();
      return [];
    }
    this.#trees.use(document);
    const { positions } = document;
    const { findings, notes } = await document.lint(context);
    for (const note of notes) {
      this.#say('warn', note);
    }
    return [
      ...notes.map(noteDiagnostic),
      ...findings.map((finding) => toDiagnostic(finding, positions, this.#parts.pages)),
    ];
  }

  #isEnabled(uri: string): Promise<boolean> {
    const { abilities, connection } = this.#parts;
    let enabled = this.#enabled.get(uri);
    if (!enabled) {
      enabled = abilities.configuration
        ? connection.workspace
            .getConfiguration({ scopeUri: uri, section: enableSetting })
            .then((value: unknown) => value !== false)
        : Promise.resolve(true);
      this.#enabled.set(uri, enabled);
    }
    return enabled;
  }

  #publish(uri: string, diagnostics: Diagnostic[], version?: number): void {
    void this.#parts.connection.sendDiagnostics({
      uri,
      diagnostics,
      ...(version === undefined ? {} : { version }),
    });
  }

  // The workspace

  #openWorkspace(): Workspace {
    const { connection, abilities } = this.#parts;
    return new Workspace(this.#folders, this.#parts.linter, {
      openText: (path) => this.textOf(path),
      changed: () => this.#gather(),
      progress: abilities.progress ? new EditorProgress(connection) : silentProgress,
      report: (path, note) => this.#say('warn', `${path} ${note}`),
    });
  }

  #gather(): void {
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => this.#checkAll(), gathering);
  }

  #say(level: 'warn' | 'error', text: string): void {
    if (!this.#said.has(text)) {
      this.#said.add(text);
      this.#parts.connection.console[level](text);
    }
  }
}
