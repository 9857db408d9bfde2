import * as vscode from 'vscode';
import { UserError } from './errors';
import type { Discovery } from './explorer/discovery';
import { Scheme } from './ids';
import type { ServerStore } from './serverStore';
import type { Server } from './servers';

/** Read-only `.proto` documents, rendered from a server's schema. */
export class ProtoDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #store: ServerStore;
  readonly #discovery: Discovery;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscriptions: vscode.Disposable[];

  readonly onDidChange = this.#changed.event;

  constructor(store: ServerStore, discovery: Discovery) {
    this.#store = store;
    this.#discovery = discovery;
    this.#subscriptions = [
      this.#changed,
      vscode.workspace.registerTextDocumentContentProvider(Scheme.Proto, this),
      discovery.onDidChange((server) => this.#refresh(server)),
    ];
  }

  /** Opens the file that defines `symbol`, at its line. Throws a `UserError` when nothing defines it. */
  async show(server: Server, symbol: string): Promise<void> {
    const what = `Showing the definition of ${symbol}`;
    const { schema } = await this.#discovery.read(server);
    const definition = schema.definition(symbol);
    if (!definition) {
      throw new UserError('no-definition', {
        what,
        why: `No file that ${server.name} gave defines it.`,
      });
    }
    const uri = vscode.Uri.from({
      scheme: Scheme.Proto,
      // The name is the server's: only the last part decides what the tab says.
      path: `/${definition.file.replace(/[\\\p{Cc}]/gu, '_').replace(/^\/+/, '')}`,
      query: new URLSearchParams({ server: server.id, symbol }).toString(),
    });
    let document = await vscode.workspace.openTextDocument(uri);
    if (document.languageId === 'plaintext') {
      document = await vscode.languages.setTextDocumentLanguage(document, 'proto');
    }
    const position = new vscode.Position(Math.max(0, definition.line), 0);
    const editor = await vscode.window.showTextDocument(document, {
      preview: true,
      selection: new vscode.Range(position, position),
    });
    editor.revealRange(
      new vscode.Range(position, position),
      vscode.TextEditorRevealType.InCenterIfOutsideViewport,
    );
  }

  async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
    const query = new URLSearchParams(uri.query);
    const server = this.#store.get(query.get('server') ?? '');
    if (!server) {
      return '// The server that this definition came from is not in the explorer any more.\n';
    }
    try {
      const { schema } = await this.#discovery.read(server);
      return (
        schema.definition(query.get('symbol') ?? '')?.text ??
        '// The server does not define this any more.\n'
      );
    } catch (error) {
      const { message } = UserError.from(error, 'Showing a definition');
      return `// ${message.replaceAll('\n', '\n// ')}\n`;
    }
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #refresh(server: Server): void {
    if (this.#discovery.state(server).kind !== 'ready') {
      return;
    }
    for (const { uri } of vscode.workspace.textDocuments) {
      if (
        uri.scheme === Scheme.Proto &&
        new URLSearchParams(uri.query).get('server') === server.id
      ) {
        this.#changed.fire(uri);
      }
    }
  }
}
