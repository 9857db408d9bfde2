import { extname } from 'node:path';
import type {
  CodeAction,
  CompletionItem,
  Diagnostic,
  Hover,
  PublishDiagnosticsParams,
  Range,
  SnippetTextEdit,
  TextEdit,
  WorkspaceEdit,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import type { RunningServer } from './languageServer';
import { until } from './until';

const languageIds: Readonly<Record<string, string>> = {
  '.go': 'go',
  '.grpc': 'grpc',
  '.java': 'java',
  '.json': 'json',
  '.proto': 'proto',
  '.py': 'python',
  '.ts': 'typescript',
};

const severityNames = ['', 'error', 'warning', 'information', 'hint'];

/** Plays the editor to a language server and writes down what both say, without what differs from run to run. */
export class LspConversation {
  readonly server: RunningServer;
  readonly #lines: string[] = [];
  readonly #documents = new Map<string, TextDocument>();
  readonly #published = new Map<string, PublishDiagnosticsParams>();
  /** Settings by document; what isn't there has its default. */
  readonly #settings = new Map<string, unknown>();

  constructor(server: RunningServer) {
    this.server = server;
    const { connection } = server;
    connection.onNotification(
      'textDocument/publishDiagnostics',
      (params: PublishDiagnosticsParams) => {
        this.#published.set(params.uri, params);
      },
    );
    connection.onRequest(
      'workspace/configuration',
      ({ items }: { items: readonly { scopeUri?: string }[] }) =>
        items.map(({ scopeUri = '' }) => this.#settings.get(scopeUri) ?? null),
    );
  }

  /** Everything that was said. */
  get text(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  note(text: string): void {
    this.#lines.push(`# ${text}`);
  }

  // What a person does

  async open(name: string, text: string, languageId = languageIds[extname(name)] ?? 'plaintext') {
    const uri = this.#uri(name);
    this.#documents.set(uri, TextDocument.create(uri, languageId, 1, text));
    this.#say('->', `open ${name}`);
    await this.#notify('textDocument/didOpen', {
      textDocument: { uri, languageId, version: 1, text },
    });
  }

  /** Replaces a piece of the text that stands there once. */
  async replace(name: string, before: string, after: string): Promise<void> {
    const range = this.#rangeOf(name, before);
    this.#say('->', `change ${name} ${place(range)}: ${JSON.stringify(after)}`);
    await this.#change(name, [{ range, text: after }]);
  }

  /** Replaces the whole text. */
  async write(name: string, text: string): Promise<void> {
    this.#say('->', `change ${name}, all of it`);
    await this.#change(name, [{ text }]);
  }

  async close(name: string): Promise<void> {
    const uri = this.#uri(name);
    this.#documents.delete(uri);
    this.#published.delete(uri);
    this.#say('->', `close ${name}`);
    await this.#notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** Writes a file on disk and says so, as the editor's watcher does. */
  async save(name: string, text: string): Promise<void> {
    await this.server.write(name, text);
    this.#say('->', `${name} changed on disk`);
    await this.#notify('workspace/didChangeWatchedFiles', {
      changes: [{ uri: this.#uri(name), type: 2 }],
    });
  }

  async configure(name: string, isEnabled: boolean): Promise<void> {
    this.#settings.set(this.#uri(name), isEnabled);
    this.#say('->', `the setting for ${name} is ${isEnabled}`);
    await this.#notify('workspace/didChangeConfiguration', { settings: null });
  }

  // What is seen

  /** Waits for what is found in the text as it is now, and writes it down. */
  async diagnostics(name: string): Promise<void> {
    const uri = this.#uri(name);
    await until(() => this.#isCurrent(uri));
    this.#sayDiagnostics(name);
  }

  /** Waits until as many are shown as given, for what comes later by itself, and writes them down. */
  async diagnosticsBecome(name: string, count: number): Promise<void> {
    const uri = this.#uri(name);
    await until(() => this.#published.get(uri)?.diagnostics.length === count);
    this.#sayDiagnostics(name);
  }

  /** Waits until one of those that are shown reads like this, and writes all down. */
  async diagnosticsAre(name: string, like: RegExp): Promise<void> {
    const uri = this.#uri(name);
    await until(
      () =>
        this.#published.get(uri)?.diagnostics.some((one) => like.test(describeDiagnostic(one))) ??
        false,
    );
    this.#sayDiagnostics(name);
  }

  /** @param at a piece of the text that stands there once */
  async hover(name: string, at: string): Promise<void> {
    const { start } = this.#rangeOf(name, at);
    this.#say('->', `hover over ${JSON.stringify(at)} in ${name}`);
    const hover = await this.server.connection.sendRequest<Hover | null>('textDocument/hover', {
      textDocument: { uri: this.#uri(name) },
      position: start,
    });
    const contents = (hover?.contents as { value: string } | undefined)?.value ?? 'nothing';
    this.#say('<-', 'hover', ...this.#plain(contents).split('\n'));
  }

  /** Asks what can be done at a piece of the text, and writes it down. */
  async codeActions(
    name: string,
    at: string,
    only?: readonly string[],
  ): Promise<readonly CodeAction[]> {
    const range = this.#rangeOf(name, at);
    const kinds = only ? ` (${only.join(', ')})` : '';
    this.#say('->', `code actions at ${JSON.stringify(at)} in ${name}${kinds}`);
    const actions = await this.server.connection.sendRequest<CodeAction[]>(
      'textDocument/codeAction',
      {
        textDocument: { uri: this.#uri(name) },
        range,
        context: { diagnostics: [], ...(only ? { only } : {}) },
      },
    );
    this.#say('<-', 'code actions', ...actions.map(describeAction));
    return actions;
  }

  /** Chooses an action: asks for its edit where it has none, applies it, and shows the text. */
  async choose(name: string, { title }: { title: string }, actions: readonly CodeAction[]) {
    const offered = actions.find((action) => action.title === title);
    if (!offered) throw new Error(`${title} is not offered`);
    this.#say('->', `choose "${title}"`);
    const chosen = offered.edit
      ? offered
      : await this.server.connection.sendRequest<CodeAction>('codeAction/resolve', offered);
    await this.#apply(name, chosen.edit);
  }

  /** Asks what could be written behind a piece of the text that stands there once. */
  async completion(name: string, behind: string): Promise<readonly CompletionItem[]> {
    this.#say('->', `completion behind ${JSON.stringify(behind)} in ${name}`);
    const items = await this.server.connection.sendRequest<CompletionItem[]>(
      'textDocument/completion',
      {
        textDocument: { uri: this.#uri(name) },
        position: this.#rangeOf(name, behind).end,
        context: { triggerKind: 1 },
      },
    );
    this.#say('<-', 'completion', ...items.map(describeItem));
    return items;
  }

  /** Takes what is offered under a label, and shows the text. */
  async take(name: string, label: string, items: readonly CompletionItem[]): Promise<void> {
    const item = items.find((one) => one.label === label);
    if (!item?.textEdit) throw new Error(`${label} is not offered`);
    this.#say('->', `take ${JSON.stringify(label)}`);
    const edit = item.textEdit as TextEdit;
    const newText =
      item.insertTextFormat === 2
        ? edit.newText.replaceAll(/(?<!\\)\$\d/g, '‸').replaceAll(/\\([\\$}])/g, '$1')
        : edit.newText;
    await this.#edit(name, [{ range: edit.range, newText }]);
  }

  /** Asks something about the whole document, and writes the answer down. */
  async ask(name: string, question: string, params: object = {}): Promise<void> {
    await this.#ask(`${question} of ${name}`, question, {
      textDocument: { uri: this.#uri(name) },
      ...params,
    });
  }

  /** Asks something about the beginning of a piece of the text that stands there once. */
  async askAt(name: string, at: string, question: string, params: object = {}): Promise<void> {
    await this.#ask(`${question} at ${JSON.stringify(at)} in ${name}`, question, {
      textDocument: { uri: this.#uri(name) },
      position: this.#rangeOf(name, at).start,
      ...params,
    });
  }

  async format(name: string): Promise<void> {
    this.#say('->', `format ${name}`);
    const edits = await this.server.connection.sendRequest<TextEdit[]>('textDocument/formatting', {
      textDocument: { uri: this.#uri(name) },
      options: { tabSize: 2, insertSpaces: true },
    });
    await this.#edit(name, edits);
  }

  /** @param at the beginning of a piece of the text that stands there once */
  async rename(name: string, at: string, newName: string): Promise<void> {
    this.#say('->', `rename ${JSON.stringify(at)} in ${name} to ${newName}`);
    const edit = await this.server.connection.sendRequest<WorkspaceEdit>('textDocument/rename', {
      textDocument: { uri: this.#uri(name) },
      position: this.#rangeOf(name, at).start,
      newName,
    });
    await this.#apply(name, edit);
  }

  /** What stands in the log so far. */
  log(): void {
    this.#say('<-', 'log', ...this.server.log.map((line) => this.#plain(line)));
  }

  /** Writes down an answer, or the words of a refusal, with places as people count them. */
  async #ask(what: string, question: string, params: object): Promise<void> {
    this.#say('->', what);
    let answer: unknown;
    try {
      answer = await this.server.connection.sendRequest(`textDocument/${question}`, params);
    } catch (error) {
      answer = { refused: (error as Error).message };
    }
    const parts = Array.isArray(answer) ? answer : [answer];
    this.#say('<-', question, ...parts.map((part) => this.#plain(describeAnswer(part))));
  }

  #apply(name: string, edit: WorkspaceEdit | undefined): Promise<void> {
    const edits = (edit?.documentChanges ?? []).flatMap((change) => {
      if (!('textDocument' in change)) throw new Error('not an edit of a document');
      const { uri, version } = change.textDocument;
      if (uri !== this.#uri(name) || version !== this.#document(name).version) {
        throw new Error(`an edit of ${uri} ${version}`);
      }
      return change.edits.map(plainEdit);
    });
    return this.#edit(name, edits);
  }

  #edit(name: string, edits: TextEdit[]): Promise<void> {
    const text = TextDocument.applyEdits(this.#document(name), edits);
    this.#say('==', `${name} is now`, ...text.trimEnd().split('\n'));
    return this.#change(name, [{ text }]);
  }

  async #change(name: string, contentChanges: { range?: Range; text: string }[]): Promise<void> {
    const document = this.#document(name);
    const version = document.version + 1;
    TextDocument.update(document, contentChanges, version);
    await this.#notify('textDocument/didChange', {
      textDocument: { uri: document.uri, version },
      contentChanges,
    });
  }

  #isCurrent(uri: string): boolean {
    const published = this.#published.get(uri);
    const version = this.#documents.get(uri)?.version;
    return published !== undefined && (version === undefined || published.version === version);
  }

  #sayDiagnostics(name: string): void {
    const { diagnostics = [] } = this.#published.get(this.#uri(name)) ?? {};
    const lines = diagnostics.length === 0 ? ['none'] : diagnostics.map(describeDiagnostic);
    this.#say('<-', `diagnostics of ${name}`, ...lines.map((line) => this.#plain(line)));
  }

  #say(arrow: string, what: string, ...details: readonly string[]): void {
    this.#lines.push(`${arrow} ${what}`, ...details.map((line) => `     ${line}`.trimEnd()));
  }

  /** Without the places of this machine. */
  #plain(text: string): string {
    return text
      .replaceAll(this.server.workspace, '<workspace>')
      .replaceAll(/file:\/\/[^\s)]*\/docs\/rules\//g, '<rules>/');
  }

  #uri(name: string): string {
    return name.includes(':') ? name : this.server.uri(name);
  }

  #document(name: string): TextDocument {
    const document = this.#documents.get(this.#uri(name));
    if (!document) throw new Error(`${name} is not open`);
    return document;
  }

  #rangeOf(name: string, piece: string): Range {
    const document = this.#document(name);
    const text = document.getText();
    const from = text.indexOf(piece);
    if (from < 0 || text.indexOf(piece, from + 1) >= 0) {
      throw new Error(`${JSON.stringify(piece)} does not stand in ${name} once`);
    }
    return { start: document.positionAt(from), end: document.positionAt(from + piece.length) };
  }

  async #notify(method: string, params: object): Promise<void> {
    await this.server.connection.sendNotification(method, params);
  }
}

/** As people count: from 1. */
function place({ start, end }: Range): string {
  const point = ({ line, character }: Range['start']) => `${line + 1}:${character + 1}`;
  return `${point(start)}-${point(end)}`;
}

function describeDiagnostic(diagnostic: Diagnostic): string {
  const { range, severity = 0, source, code, message, codeDescription } = diagnostic;
  const link = codeDescription ? ` <${codeDescription.href}>` : '';
  const rule = code === undefined ? '' : ` ${code}${link}`;
  return `${place(range)} ${severityNames[severity]} ${source}${rule}: ${message}`;
}

function describeItem({ label, kind, detail, documentation, tags }: CompletionItem): string {
  const about = [`kind ${kind}`, detail, documentation, tags?.length ? 'deprecated' : undefined];
  return `${label} [${about.filter((part) => part !== undefined).join('; ')}]`;
}

/** As JSON in one line, with places as people count them. */
function describeAnswer(answer: unknown): string {
  return JSON.stringify(answer, (_, value: unknown) =>
    typeof value === 'object' && value !== null && 'start' in value && 'end' in value
      ? place(value as Range)
      : value,
  );
}

function describeAction({ title, kind, isPreferred, edit, command }: CodeAction): string {
  const how = [
    kind,
    ...(isPreferred ? ['preferred'] : []),
    ...(command ? [`runs ${command.command}(${command.arguments?.join(', ')})`] : []),
    ...(edit || command ? [] : ['edit on choice']),
  ];
  return `${title} [${how.join('; ')}]`;
}

/** A snippet as plain text, with the cursor's place marked. */
function plainEdit(edit: TextEdit | SnippetTextEdit): TextEdit {
  return 'newText' in edit
    ? edit
    : {
        range: edit.range,
        newText: edit.snippet.value.replaceAll('$0', '‸').replaceAll(/\\([\\$}])/g, '$1'),
      };
}
