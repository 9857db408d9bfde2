import {
  CompletionRequest,
  DefinitionRequest,
  type DidChangeTextDocumentParams,
  DocumentFormattingRequest,
  DocumentLinkRequest,
  DocumentSymbolRequest,
  type FileEvent,
  FoldingRangeRequest,
  type Hover,
  type HoverParams,
  ReferencesRequest,
  RenameRequest,
  type ServerCapabilities,
  type TextDocumentItem,
} from 'vscode-languageserver/node';
import { filePath } from '../documentPath';
import {
  environmentChangedNotification,
  requestLanguage,
  serversChangedNotification,
} from '../protocol';
import type { RequestDocument } from './requestDocument';
import type { RequestSession, RequestSessionParts } from './requestSession';

type Loaded = typeof import('./requestServer');

/** Characters after which the editor asks for completions by itself. */
const triggerCharacters = ['@', '/', '"', '{', '.', ':', ' ', '$', '<'];

/** The features of request files, for an editor that can't be told which language they are for. */
export const requestCapabilities: ServerCapabilities = {
  completionProvider: { triggerCharacters },
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentFormattingProvider: true,
  documentLinkProvider: {},
  definitionProvider: true,
  referencesProvider: true,
  renameProvider: { prepareProvider: true },
};

/** The request files of one editor. Nothing about them is loaded before the first one is opened. */
export class RequestFiles {
  readonly #parts: RequestSessionParts;
  readonly #uris = new Set<string>();
  #loaded: Promise<{ readonly loaded: Loaded; readonly session: RequestSession }> | undefined;

  constructor(parts: RequestSessionParts) {
    this.#parts = parts;
    this.#answer();
  }

  /** Says to an editor that takes it for which language the features are. */
  async register(): Promise<void> {
    const { client } = this.#parts.connection;
    const documentSelector = [{ language: requestLanguage }];
    await Promise.all([
      client.register(CompletionRequest.type, { documentSelector, triggerCharacters }),
      client.register(DocumentSymbolRequest.type, { documentSelector }),
      client.register(FoldingRangeRequest.type, { documentSelector }),
      client.register(DocumentFormattingRequest.type, { documentSelector }),
      client.register(DocumentLinkRequest.type, { documentSelector }),
      client.register(DefinitionRequest.type, { documentSelector }),
      client.register(ReferencesRequest.type, { documentSelector }),
      client.register(RenameRequest.type, { documentSelector, prepareProvider: true }),
    ]);
  }

  has(uri: string): boolean {
    return this.#uris.has(uri);
  }

  /** Follows a document when it is a request file; whether it is one. */
  open(item: TextDocumentItem): boolean {
    if (item.languageId !== requestLanguage) {
      return false;
    }
    this.#uris.add(item.uri);
    this.#loaded ??= import('./requestServer').then((loaded) => ({
      loaded,
      session: new loaded.RequestSession(this.#parts),
    }));
    this.#tell((session) => session.open(item));
    return true;
  }

  change(params: DidChangeTextDocumentParams): void {
    this.#tell((session) => session.change(params));
  }

  close(uri: string): void {
    this.#uris.delete(uri);
    this.#tell((session) => session.close(uri));
  }

  /** Files came, changed or went, on disk or in an editor. */
  filesChanged(events: readonly Pick<FileEvent, 'uri'>[]): void {
    const paths = events.flatMap(({ uri }) => filePath(uri) ?? []);
    this.#tell((session) => session.filesChanged(paths));
  }

  foldersChanged(): void {
    this.#tell((session) => session.foldersChanged());
  }

  async hover({ textDocument: { uri }, position }: HoverParams): Promise<Hover | null> {
    return this.#ask(uri, null, ({ hoverAt }, document, session) =>
      hoverAt(session, document, position),
    );
  }

  dispose(): void {
    this.#tell((session) => session.dispose());
    this.#loaded = undefined;
    this.#uris.clear();
  }

  #answer(): void {
    const { connection, abilities } = this.#parts;
    connection.onNotification(environmentChangedNotification, () =>
      this.#tell((session) => session.environmentChanged()),
    );
    connection.onNotification(serversChangedNotification, () =>
      this.#tell((session) => session.serversChanged()),
    );
    connection.onCompletion((params) =>
      this.#ask(params.textDocument.uri, [], ({ completeAt }, document, session) =>
        completeAt(session, document, params, abilities),
      ),
    );
    connection.onDocumentSymbol(({ textDocument: { uri } }) =>
      this.#ask(uri, [], ({ symbolsOf }, document) => symbolsOf(document)),
    );
    connection.onFoldingRanges(({ textDocument: { uri } }) =>
      this.#ask(uri, [], ({ foldingsOf }, document) => foldingsOf(document)),
    );
    connection.onDocumentFormatting(({ textDocument: { uri } }) =>
      this.#ask(uri, [], ({ formatEdits }, document) => formatEdits(document)),
    );
    connection.onDocumentLinks(({ textDocument: { uri } }) =>
      this.#ask(uri, [], ({ linksOf }, document) => linksOf(document)),
    );
    connection.onDefinition(({ textDocument: { uri }, position }) =>
      this.#ask(uri, [], ({ definitionsAt }, document) => definitionsAt(document, position)),
    );
    connection.onReferences(({ textDocument: { uri }, position, context }) =>
      this.#ask(uri, [], ({ referencesAt }, document) =>
        referencesAt(document, position, context.includeDeclaration),
      ),
    );
    connection.onPrepareRename(({ textDocument: { uri }, position }) =>
      this.#ask(uri, null, ({ renameAt }, document) => renameAt(document, position)),
    );
    connection.onRenameRequest(({ textDocument: { uri }, position, newName }) =>
      this.#ask(uri, null, ({ renameEdit }, document) =>
        renameEdit(document, position, newName, abilities),
      ),
    );
  }

  /** In the order in which it is told; nothing when there is no request file yet. */
  #tell(what: (session: RequestSession) => void): void {
    void this.#loaded?.then(({ session }) => what(session));
  }

  async #ask<Answer>(
    uri: string,
    otherwise: Answer,
    question: (
      loaded: Loaded,
      document: RequestDocument,
      session: RequestSession,
    ) => Answer | Promise<Answer>,
  ): Promise<Answer> {
    const { loaded, session } = (await this.#loaded) ?? {};
    const document = session?.document(uri);
    return loaded && session && document ? question(loaded, document, session) : otherwise;
  }
}
