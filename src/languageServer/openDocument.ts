import type { TextDocumentContentChangeEvent, TextDocumentItem } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { Finding, TextEdit } from '../lint/finding';
import { languageFor, languageForEditor } from '../lint/languages';
import type { Fix, LintContext, LintedFile, Linter, LintResult, TextChange } from '../lint/linter';

/** What the last lint found. */
export interface Linted extends LintResult {
  readonly version: number;
  readonly context: LintContext;
}

/** A document that is open in the editor, its tree, and what was found in it. */
export class OpenDocument {
  readonly #linter: Linter;
  #document: TextDocument;
  #file: LintedFile | undefined;
  /** Changes that the file hasn't seen; undefined when it must be read anew. */
  #unseen: TextChange[] | undefined = [];
  #linted: Linted | undefined;

  /** @param path of its file; for one that has none, a name with the ending of its language */
  constructor(
    readonly path: string,
    item: TextDocumentItem,
    linter: Linter,
  ) {
    this.#linter = linter;
    this.#document = TextDocument.create(item.uri, item.languageId, item.version, item.text);
  }

  get uri(): string {
    return this.#document.uri;
  }

  get version(): number {
    return this.#document.version;
  }

  get text(): string {
    return this.#document.getText();
  }

  /** For places in the text. */
  get positions(): Pick<TextDocument, 'positionAt' | 'offsetAt'> {
    return this.#document;
  }

  /** What was found in the text as it is now; undefined when it has changed since, or wasn't linted. */
  get linted(): Linted | undefined {
    return this.#linted?.version === this.version ? this.#linted : undefined;
  }

  change(changes: readonly TextDocumentContentChangeEvent[], version: number): void {
    for (const change of changes) {
      if ('range' in change) {
        const start = this.#document.offsetAt(change.range.start);
        const end = this.#document.offsetAt(change.range.end);
        this.#unseen?.push({
          from: Math.min(start, end),
          to: Math.max(start, end),
          text: change.text,
        });
      } else {
        this.#unseen = undefined;
      }
      this.#document = TextDocument.update(this.#document, [change], version);
    }
  }

  /** Lints the text as it is now. The answer is of no use when `version` is another one by then. */
  async lint(context: LintContext): Promise<Linted> {
    const { version } = this;
    const result = await this.#current()?.lint(context);
    const linted = { findings: [], notes: [], ...result, version, context };
    this.#linted = linted;
    return linted;
  }

  /** Forgets what was found: the document is not linted. */
  clear(): void {
    this.#linted = undefined;
    this.release();
  }

  async fixes(finding: Finding, { context }: Linted): Promise<readonly Fix[]> {
    return (await this.#current()?.fixes(finding, context)) ?? [];
  }

  async fixAll({ context }: Linted): Promise<readonly TextEdit[]> {
    return (await this.#current()?.fixAll(context)) ?? [];
  }

  /** Looks afresh at text that can't be parsed, once nobody types; whether there was reason to. */
  settle(): boolean {
    return this.linted !== undefined && this.#file?.settle() === true;
  }

  /** Gives the tree back; it is made again when it is needed. */
  release(): void {
    this.#file?.dispose();
    this.#file = undefined;
  }

  #current(): LintedFile | undefined {
    const changes = this.#unseen;
    this.#unseen = [];
    const language = languageFor(this.path) ?? languageForEditor(this.#document.languageId);
    // JSON becomes a service config, or stops being one, with any change.
    if (this.#file && language) {
      if (changes === undefined || changes.length > 0) {
        this.#file.update(this.text, changes);
      }
    } else {
      this.release();
      this.#file = this.#linter.open(this.path, this.text, language);
    }
    return this.#file;
  }
}
