import * as vscode from 'vscode';
import { Lines, type Region } from '../../config/lines';
import type { App } from '../app';
import { UserError } from '../errors';
import { requestFilePattern } from '../ids';
import { isRequestFile } from '../requestFiles/documents';
import { nameOf, requestKeys } from '../requestFiles/requestPlaces';
import { TestCalls } from './testCalls';

/** More files and longer ones are no requests that somebody wrote. */
const fileLimit = 2000;
const sizeLimit = 2 * 1024 * 1024;
/** Files that are read at a time. */
const readers = 8;
/** Milliseconds without typing before the tests of a file are read anew. */
const typingPause = 200;

/** Requests with expectations in the Test Explorer: files, and in each its requests. */
export class RequestTests implements vscode.Disposable {
  readonly #controller = vscode.tests.createTestController('frameline.requests', 'gRPC requests');
  readonly #calls = new TestCalls();
  readonly #timers = new Map<string, NodeJS.Timeout>();
  readonly #subscriptions: vscode.Disposable[];
  #watcher: vscode.Disposable | undefined;
  #discovered: Promise<void> | undefined;
  #app: App | undefined;

  constructor() {
    this.#controller.resolveHandler = async (item) => {
      await (item?.uri ? this.#update(item.uri) : this.#discover());
    };
    this.#controller.refreshHandler = () => {
      this.#discovered = undefined;
      return this.#discover();
    };
    this.#controller.createRunProfile(
      'Run',
      vscode.TestRunProfileKind.Run,
      (request, token) => this.#run(request, token),
      true,
    );
    const changed = (document: vscode.TextDocument): void => {
      if (isRequestFile(document)) {
        this.#schedule(document.uri);
      }
    };
    this.#subscriptions = [
      this.#controller,
      this.#calls,
      vscode.workspace.onDidOpenTextDocument(changed),
      vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document)),
      // What was not saved is gone.
      vscode.workspace.onDidCloseTextDocument(changed),
    ];
    for (const document of vscode.workspace.textDocuments) {
      changed(document);
    }
  }

  /** Called once, when all parts are there. */
  connect(app: App): void {
    this.#app = app;
  }

  /** Opens the call of a failed test in the panel. */
  async showTranscript(argument: unknown): Promise<void> {
    const id = testId(argument);
    const kept = id === undefined ? undefined : this.#calls.show(id);
    if (!kept || !this.#app) {
      throw new UserError('no-request', {
        what: 'Showing the transcript of a test',
        why: 'Its call is not kept any more.',
        next: 'Run the test again.',
      });
    }
    const adopt = await this.#app.panels.fill(kept.key, kept.form, true);
    adopt(kept.started);
  }

  dispose(): void {
    for (const timer of this.#timers.values()) {
      clearTimeout(timer);
    }
    this.#watcher?.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #discover(): Promise<void> {
    this.#watch();
    this.#discovered ??= this.#read();
    return this.#discovered;
  }

  async #read(): Promise<void> {
    const uris = await vscode.workspace.findFiles(
      requestFilePattern,
      '**/node_modules/**',
      fileLimit,
    );
    const found = new Set(uris.map(String));
    for (const [id, item] of [...this.#controller.items]) {
      if (!found.has(id) && item.uri?.scheme === 'file') {
        this.#schedule(item.uri);
      }
    }
    const queue = uris.values();
    const reader = async (): Promise<void> => {
      for (const uri of queue) {
        await this.#update(uri);
      }
    };
    await Promise.all(Array.from({ length: readers }, reader));
  }

  #watch(): void {
    if (this.#watcher) {
      return;
    }
    const watcher = vscode.workspace.createFileSystemWatcher(requestFilePattern);
    const changed = (uri: vscode.Uri): void => this.#schedule(uri);
    this.#watcher = vscode.Disposable.from(
      watcher,
      watcher.onDidCreate(changed),
      watcher.onDidChange(changed),
      watcher.onDidDelete(changed),
    );
  }

  #schedule(uri: vscode.Uri): void {
    const id = uri.toString();
    clearTimeout(this.#timers.get(id));
    this.#timers.set(
      id,
      setTimeout(() => {
        this.#timers.delete(id);
        void this.#update(uri);
      }, typingPause),
    );
  }

  /** Reads the tests of a file: from the editor where it is open, else from the disk. */
  async #update(uri: vscode.Uri): Promise<void> {
    const [{ parseRequestFile }, { hasExpectations }, text] = await Promise.all([
      import('../../request/file/parse'),
      import('../requestFiles/neededRequests'),
      textOf(uri),
    ]);
    const id = uri.toString();
    const file = parseRequestFile(text ?? '');
    const tests = [...requestKeys(file)].filter(([node]) => hasExpectations(file, node));
    if (tests.length === 0) {
      this.#controller.items.delete(id);
      return;
    }
    const { items } = this.#controller;
    const item =
      items.get(id) ??
      this.#controller.createTestItem(id, vscode.workspace.asRelativePath(uri), uri);
    const lines = new Lines(text ?? '');
    item.children.replace(
      tests.map(([node, key], index) => {
        const name = nameOf(node);
        const test =
          item.children.get(`${id}\n${key}`) ??
          this.#controller.createTestItem(`${id}\n${key}`, name, uri);
        test.range = rangeOf(lines.region(node.line.span));
        test.sortText = String(index).padStart(6, '0');
        return test;
      }),
    );
    items.add(item);
  }

  async #run(request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> {
    const app = this.#app;
    if (!app) {
      return;
    }
    if (request.include === undefined) {
      await this.#discover();
    }
    const files = chosenTests(this.#controller.items, request);
    const run = this.#controller.createTestRun(request);
    try {
      const { runTests } = await import('./runTests');
      await runTests(app, run, files, token, this.#calls);
    } finally {
      run.end();
    }
  }
}

/** The tests that a run is asked for, by file. */
function chosenTests(
  items: vscode.TestItemCollection,
  { include, exclude = [] }: vscode.TestRunRequest,
): ReadonlyMap<vscode.TestItem, readonly vscode.TestItem[]> {
  const files = new Map<vscode.TestItem, vscode.TestItem[]>();
  const add = (item: vscode.TestItem): void => {
    if (exclude.includes(item)) {
      return;
    }
    if (item.parent) {
      const chosen = files.get(item.parent) ?? [];
      files.set(item.parent, chosen.includes(item) ? chosen : [...chosen, item]);
      return;
    }
    for (const [, child] of item.children) {
      add(child);
    }
  };
  for (const item of include ?? [...items].map(([, file]) => file)) {
    add(item);
  }
  return files;
}

async function textOf(uri: vscode.Uri): Promise<string | undefined> {
  const open = vscode.workspace.textDocuments.find(
    (document) => document.uri.toString() === uri.toString(),
  );
  if (open) {
    return open.getText();
  }
  try {
    const { size, type } = await vscode.workspace.fs.stat(uri);
    // A device or a pipe has no size and may never end.
    return size > sizeLimit || (type & vscode.FileType.File) === 0
      ? undefined
      : new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
  } catch {
    // It was deleted, or can't be read: then it has no tests.
    return undefined;
  }
}

/** Editors show places from 1 and count them from 0. */
function rangeOf({ start, end }: Region): vscode.Range {
  return new vscode.Range(start.line - 1, start.column - 1, end.line - 1, end.column - 1);
}

/** The menus of the Test Explorer hand over the test and its message. */
function testId(argument: unknown): string | undefined {
  if (typeof argument !== 'object' || argument === null || !('test' in argument)) {
    return undefined;
  }
  const { test } = argument;
  return typeof test === 'object' && test !== null && 'id' in test && typeof test.id === 'string'
    ? test.id
    : undefined;
}
