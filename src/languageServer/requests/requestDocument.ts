import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { RequestChecker } from '../../request/check/requestChecker';
import { parseRequestFile } from '../../request/file/parse';
import type { RequestFile } from '../../request/file/syntax';

/** A request file that is open in the editor. */
export class RequestDocument {
  readonly checker = new RequestChecker();
  #document: TextDocument;
  #file: RequestFile | undefined;

  /** @param path of its file; for one that has none, a path that it could have */
  constructor(
    readonly path: string,
    item: TextDocumentItem,
  ) {
    this.#document = TextDocument.create(item.uri, item.languageId, item.version, item.text);
  }

  get uri(): string {
    return this.#document.uri;
  }

  get version(): number {
    return this.#document.version;
  }

  /** For places in the text. */
  get positions(): Pick<TextDocument, 'positionAt' | 'offsetAt'> {
    return this.#document;
  }

  /** The text as it is now. */
  get file(): RequestFile {
    this.#file ??= parseRequestFile(this.#document.getText());
    return this.#file;
  }

  change(changes: TextDocumentContentChangeEvent[], version: number): void {
    this.#document = TextDocument.update(this.#document, changes, version);
    this.#file = undefined;
  }
}
