import * as vscode from 'vscode';
import { exportTranscript } from '../../panel/exportTranscript';
import { rowSource } from '../../panel/rowSource';
import { parseRequestFile } from '../../request/file/parse';
import type { RequestFile, RequestNode, Span } from '../../request/file/syntax';
import type { CallResult, RequestResult } from '../../request/run/result';
import { FileRun } from '../../request/run/runFile';
import type { StartedRequest } from '../../request/run/startRequest';
import type { App } from '../app';
import { reasonOf } from '../errors';
import { TestWord } from '../ids';
import { filesOf } from '../requestFiles/documents';
import { HostCaller } from '../requestFiles/hostCaller';
import { keepCall } from '../requestFiles/keepCall';
import { neededRequests } from '../requestFiles/neededRequests';
import { panelForm } from '../requestFiles/panelForm';
import { nameOf, requestKeys } from '../requestFiles/requestPlaces';
import { startedCall } from '../requestFiles/requestSender';
import { passed, resultText } from '../requestFiles/resultText';
import { callDefaults } from '../settings';
import type { TestCalls } from './testCalls';

/** Characters of the transcript of one call that go to the output of a run. */
const outputLimit = 64 * 1024;

/** Runs tests, file by file and in the order of each file. */
export async function runTests(
  app: App,
  run: vscode.TestRun,
  files: ReadonlyMap<vscode.TestItem, readonly vscode.TestItem[]>,
  token: vscode.CancellationToken,
  calls: TestCalls,
): Promise<void> {
  for (const tests of files.values()) {
    for (const test of tests) {
      run.enqueued(test);
    }
  }
  app.sampleServer.restore();
  await app.sampleServer.settled();
  const abort = new AbortController();
  const subscription = token.onCancellationRequested(() => abort.abort());
  try {
    for (const [file, tests] of files) {
      if (file.uri) {
        await new FileTests(app, run, file.uri, tests, calls).run(abort.signal);
      }
    }
  } finally {
    subscription.dispose();
  }
}

class FileTests {
  readonly #app: App;
  readonly #run: vscode.TestRun;
  readonly #uri: vscode.Uri;
  readonly #tests: readonly vscode.TestItem[];
  readonly #calls: TestCalls;

  constructor(
    app: App,
    run: vscode.TestRun,
    uri: vscode.Uri,
    tests: readonly vscode.TestItem[],
    calls: TestCalls,
  ) {
    this.#app = app;
    this.#run = run;
    this.#uri = uri;
    this.#tests = tests;
    this.#calls = calls;
  }

  async run(signal: AbortSignal): Promise<void> {
    const document = await this.#open();
    if (!document) {
      return;
    }
    const file = parseRequestFile(document.getText());
    const tests = this.#testsOf(file);
    const caller = new HostCaller(this.#app);
    const scope = await this.#app.environments.scopeFor(this.#uri);
    const fileRun = new FileRun(file, { scope, files: await filesOf(this.#uri), caller });
    const failed: string[] = [];
    for (const node of neededRequests(file, new Set(tests.keys()))) {
      const test = tests.get(node);
      if (signal.aborted) {
        if (test) {
          this.#run.skipped(test);
        }
        continue;
      }
      if (test) {
        this.#run.started(test);
      } else {
        this.#print(`${nameOf(node)} is sent first: a later request needs what it captures.\n`);
      }
      let started: StartedRequest | undefined;
      const result = await fileRun.run(node, {
        defaults: callDefaults(),
        signal,
        onStart: (call) => {
          started = call;
        },
      });
      this.#printResult(node, result, test);
      if (test) {
        this.#report(document, test, result, failed);
      }
      if (!passed(result)) {
        failed.push(`${nameOf(node)} (${resultText(result)})`);
      }
      if (result.kind === 'called' && started) {
        const { request, transcript } = result;
        const server = caller.server(request.server, request.secrets);
        const known = { ...scope, captures: fileRun.captures };
        const { framesAvailable } = started;
        const kept = keepCall(this.#app, {
          ...{ file, node, scope: known, server, result, framesAvailable },
        });
        if (test && !passed(result)) {
          this.#calls.keep(test.id, {
            key: { serverId: server.id, path: request.path, file: this.#uri.toString() },
            form: panelForm(file, node, request, known),
            started: startedCall(request, started, kept),
          });
        } else {
          void kept.then(() => transcript.dispose());
        }
      }
    }
  }

  async #open(): Promise<vscode.TextDocument | undefined> {
    try {
      return await vscode.workspace.openTextDocument(this.#uri);
    } catch (error) {
      for (const test of this.#tests) {
        this.#run.errored(
          test,
          new vscode.TestMessage(`The file can't be read: ${reasonOf(error)}`),
        );
      }
      return undefined;
    }
  }

  /** The request of each test; it may have been renamed a moment ago. */
  #testsOf(file: RequestFile): ReadonlyMap<RequestNode, vscode.TestItem> {
    const chosen = new Map(this.#tests.map((test) => [test.id, test]));
    const tests = new Map<RequestNode, vscode.TestItem>();
    for (const [node, key] of requestKeys(file)) {
      const id = `${this.#uri.toString()}\n${key}`;
      const test = chosen.get(id);
      if (test) {
        tests.set(node, test);
        chosen.delete(id);
      }
    }
    for (const test of chosen.values()) {
      this.#run.skipped(test);
    }
    return tests;
  }

  #report(
    document: vscode.TextDocument,
    test: vscode.TestItem,
    result: RequestResult,
    failedBefore: readonly string[],
  ): void {
    const at = (message: vscode.TestMessage, { from, to }: Span): vscode.TestMessage => {
      const range = new vscode.Range(document.positionAt(from), document.positionAt(to));
      message.location = new vscode.Location(this.#uri, range);
      return message;
    };
    if (result.kind === 'refused') {
      // A value that is missing is most often one that an earlier request was to give.
      const why = failedBefore.length === 0 ? '' : `\nFailed before it: ${failedBefore.join(', ')}`;
      const messages = result.problems.map(({ span, message }) =>
        at(new vscode.TestMessage(`Not sent: ${message}${why}`), span),
      );
      this.#run.errored(test, messages);
      return;
    }
    const { ended } = result.transcript.timing;
    const duration = ended === undefined ? undefined : ended / 1000;
    const failures = result.checks.filter((check) => !check.passed);
    if (failures.length === 0) {
      this.#run.passed(test, duration);
      return;
    }
    const messages = failures.map(({ message, expected, actual, span }) => {
      const failure = at(vscode.TestMessage.diff(message, expected, actual), span);
      failure.contextValue = TestWord.Call;
      return failure;
    });
    this.#run.failed(test, messages, duration);
  }

  #printResult(node: RequestNode, result: RequestResult, test: vscode.TestItem | undefined): void {
    const lines = [`${passed(result) ? '✓' : '✗'} ${nameOf(node)}: ${resultText(result)}\n`];
    if (result.kind === 'refused') {
      lines.push(...result.problems.map(({ message }) => `  ${message}\n`));
    } else {
      lines.push(
        ...result.checks
          .filter((check) => !check.passed)
          .map((check) => `  ${check.text}: ${check.message}\n`),
        ...transcriptText(result),
      );
    }
    this.#print(lines.join(''), test);
  }

  /** The output is a terminal: nothing in it may be obeyed, and its lines end with a carriage return. */
  #print(text: string, test?: vscode.TestItem): void {
    const safe = text.replace(/[\p{Cc}]/gu, (found) => (found === '\n' ? '\r\n' : '\uFFFD'));
    this.#run.appendOutput(safe, undefined, test);
  }
}

/** The timeline of a call, as far as there is room for it. */
function* transcriptText({ transcript, schema, method, request }: CallResult): Generator<string> {
  let length = 0;
  const pieces = exportTranscript(
    {
      transcript,
      schema,
      types: method,
      title: { target: request.server.target.address, method: request.path.slice(1) },
      ...rowSource(transcript, schema, method),
    },
    'text',
  );
  for (const piece of pieces) {
    length += piece.length;
    if (length > outputLimit) {
      yield '  … the rest is left out here.\n';
      return;
    }
    yield piece;
  }
}
