import * as vscode from 'vscode';
import { diagnosticSource } from '../../languageServer/protocol';
import { oneLine } from '../../panel/text';
import type { RequestFile } from '../../request/file/syntax';
import { type FailedRequest, placeChecks } from './placeChecks';

/** Longest message of a problem, in UTF-16 units: it may have a value that a server sent. */
const messageLimit = 2000;

interface Kept {
  readonly failed: FailedRequest;
  readonly diagnostics: readonly vscode.Diagnostic[];
}

/**
 * What did not hold of the answers to the requests of open files, as errors at the lines that expect it. They go when
 * the request is sent again or its lines change, and with the document.
 */
export class FailedChecks implements vscode.Disposable {
  readonly #collection = vscode.languages.createDiagnosticCollection(diagnosticSource);
  /** URI to what failed, by the keys of the requests. */
  readonly #kept = new Map<string, Map<string, Kept>>();
  readonly #subscriptions = vscode.Disposable.from(
    this.#collection,
    vscode.workspace.onDidChangeTextDocument(({ document }) => void this.#follow(document)),
    vscode.workspace.onDidCloseTextDocument(({ uri }) => {
      this.#kept.delete(uri.toString());
      this.#collection.delete(uri);
    }),
  );

  /** Where the first one of a request stands. */
  first(uri: vscode.Uri, key: string): vscode.Range | undefined {
    return this.#kept.get(uri.toString())?.get(key)?.diagnostics[0]?.range;
  }

  /** @param now the file as it is in the document */
  set(document: vscode.TextDocument, key: string, failed: FailedRequest, now: RequestFile): void {
    if (document.isClosed) {
      return;
    }
    const uri = document.uri.toString();
    const ofFile = this.#kept.get(uri) ?? new Map<string, Kept>();
    this.#kept.set(uri, ofFile.set(key, { failed, diagnostics: [] }));
    this.#place(document, ofFile, now);
  }

  clear(uri: vscode.Uri, key: string): void {
    if (this.#kept.get(uri.toString())?.delete(key)) {
      this.#show(uri);
    }
  }

  dispose(): void {
    this.#subscriptions.dispose();
  }

  async #follow(document: vscode.TextDocument): Promise<void> {
    const uri = document.uri.toString();
    if (!this.#kept.get(uri)?.size) {
      return;
    }
    const { parseRequestFile } = await import('../../request/file/parse');
    const ofFile = this.#kept.get(uri);
    if (ofFile) {
      this.#place(document, ofFile, parseRequestFile(document.getText()));
    }
  }

  #place(document: vscode.TextDocument, ofFile: Map<string, Kept>, now: RequestFile): void {
    for (const [key, { failed }] of ofFile) {
      const diagnostics = placeChecks(failed, key, now).map(({ span, message }) => {
        const range = new vscode.Range(
          document.positionAt(span.from),
          document.positionAt(span.to),
        );
        const diagnostic = new vscode.Diagnostic(
          range,
          oneLine(message, messageLimit),
          vscode.DiagnosticSeverity.Error,
        );
        diagnostic.source = diagnosticSource;
        return diagnostic;
      });
      if (diagnostics.length === 0) {
        ofFile.delete(key);
      } else {
        ofFile.set(key, { failed, diagnostics });
      }
    }
    this.#show(document.uri);
  }

  #show(uri: vscode.Uri): void {
    const ofFile = this.#kept.get(uri.toString());
    this.#collection.set(
      uri,
      [...(ofFile?.values() ?? [])].flatMap(({ diagnostics }) => diagnostics),
    );
  }
}
