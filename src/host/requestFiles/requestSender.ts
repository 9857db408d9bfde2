import * as vscode from 'vscode';
import { plural } from '../../panel/text';
import { capturedNames } from '../../request/expect/captures';
import { effectiveAnnotations } from '../../request/file/effectiveAnnotations';
import { parseRequestFile } from '../../request/file/parse';
import type { RequestFile, RequestNode, Span } from '../../request/file/syntax';
import type { RequestProblem, ResolvedRequest } from '../../request/resolve/resolved';
import { resolveRequest } from '../../request/resolve/resolveRequest';
import type { RequestResult } from '../../request/run/result';
import { runRequest } from '../../request/run/runRequest';
import type { StartedRequest } from '../../request/run/startRequest';
import type { Scope } from '../../request/variables/scope';
import { Values } from '../../request/variables/values';
import type { App } from '../app';
import { noticeText } from '../notice';
import type { StartedCall } from '../requestPanel/panelKey';
import { callDefaults, readSettings } from '../settings';
import type { AnswerDocument } from './answerDocument';
import { filesOf } from './documents';
import type { FailedChecks } from './failedChecks';
import { HostCaller } from './hostCaller';
import { keepCall } from './keepCall';
import { neededRequests } from './neededRequests';
import { panelForm } from './panelForm';
import { nameOf, requestKeys } from './requestPlaces';
import type { RequestStates } from './requestStates';
import { failedChecks, passed, resultText } from './resultText';
import { withSecretReferences } from './secretReferences';

/** Sends requests of files from the editor, and shows what comes of them. Heavy: import it on first use. */
export class RequestSender implements vscode.Disposable {
  readonly #app: App;
  readonly #states: RequestStates;
  readonly #failed: FailedChecks;
  readonly #answer: AnswerDocument;
  readonly #caller: HostCaller;
  /** What the answers to the requests of a file gave, for its later requests: by URI, as long as the file is open. */
  readonly #captures = new Map<string, Map<string, string>>();
  /** Where a request was last meant to go. */
  readonly #address = new WeakMap<RequestNode, string>();
  readonly #subscription = vscode.workspace.onDidCloseTextDocument(({ uri }) =>
    this.#captures.delete(uri.toString()),
  );

  constructor(app: App, states: RequestStates, failed: FailedChecks, answer: AnswerDocument) {
    this.#app = app;
    this.#states = states;
    this.#failed = failed;
    this.#answer = answer;
    this.#caller = new HostCaller(app);
  }

  /** Sends one request. What is wrong with it is shown at its place. */
  async send(document: vscode.TextDocument, file: RequestFile, node: RequestNode): Promise<void> {
    const result = await this.#run(document, file, node, new Values(file.variables));
    if (result.kind === 'called') {
      return;
    }
    const captures = this.#captures.get(document.uri.toString());
    const before = neededRequests(file, new Set([node])).filter(
      (other) =>
        other !== node && !capturedNames(other.annotations).every((name) => captures?.has(name)),
    );
    if (before.length === 0) {
      if (this.#app.sampleServer.isMissingAt(this.#address.get(node) ?? '')) {
        await this.#offerSampleServer(document, file, node);
      } else {
        await showProblems(document, nameOf(node), result.problems);
      }
      return;
    }
    const names = before.map(nameOf).join(', ');
    const answer = await vscode.window.showErrorMessage(
      noticeText(`${nameOf(node)} was not sent: it needs what the answer to ${names} gives.`),
      before.length === 1 ? 'Send It First' : 'Send Them First',
    );
    if (answer !== undefined) {
      await this.#sendAll(document, file, [...before, node]);
    }
  }

  async #offerSampleServer(
    document: vscode.TextDocument,
    file: RequestFile,
    node: RequestNode,
  ): Promise<void> {
    const start = 'Start It and Send';
    const answer = await vscode.window.showErrorMessage(
      noticeText(`${nameOf(node)} was not sent: the sample server is not running.`),
      start,
    );
    if (answer === start) {
      await this.#app.sampleServer.start();
      await this.send(document, file, node);
    }
  }

  /** Sends every request of a file, one after the other; a variable of the file has one value in all of them. */
  async sendAll(document: vscode.TextDocument): Promise<void> {
    const file = parseRequestFile(document.getText());
    await this.#sendAll(document, file, file.requests);
  }

  async #sendAll(
    document: vscode.TextDocument,
    file: RequestFile,
    requests: readonly RequestNode[],
  ): Promise<void> {
    const values = new Values(file.variables);
    const failed: { readonly node: RequestNode; readonly result: RequestResult }[] = [];
    for (const node of requests) {
      const result = await this.#run(document, file, node, values);
      if (!passed(result)) {
        failed.push({ node, result });
      }
      if (result.kind === 'called' && result.status.cause === 'cancelled-here') {
        break;
      }
    }
    const [first] = failed;
    if (!first) {
      vscode.window.setStatusBarMessage(
        `$(pass) All ${plural(requests.length, 'request')} passed`,
        5000,
      );
      return;
    }
    const { node, result } = first;
    const message = `${failed.length} of ${plural(requests.length, 'request')} failed; the first is ${nameOf(node)}: ${resultText(result)}`;
    await showProblem(
      document,
      message,
      result.kind === 'refused' ? result.problems[0]?.span : node.line.span,
    );
  }

  /** Fills the panel with a request, without sending it. */
  async openInPanel(
    document: vscode.TextDocument,
    file: RequestFile,
    node: RequestNode,
  ): Promise<void> {
    const scope = await this.#scope(document.uri);
    // Whoever opens it may want to mend the rest there.
    const target: RequestNode = {
      ...node,
      annotations: effectiveAnnotations(file, node).filter(({ name }) => {
        return name.text !== 'expect' && name.text !== 'capture';
      }),
      metadata: [],
      messages: node.messages.slice(0, 1).filter(({ kind }) => kind === 'file'),
    };
    const resolution = await resolveRequest(file, target, {
      scope,
      files: await filesOf(document.uri),
    });
    if (!resolution.ok) {
      await showProblems(document, nameOf(node), resolution.problems);
      return;
    }
    const { request } = resolution;
    const form = panelForm(file, node, request, scope);
    await this.#app.panels.fill(this.#key(document, request), form, true);
  }

  /** Copies a request as a command for grpcurl; its secrets are variables of the shell there. */
  async copyAsGrpcurl(
    document: vscode.TextDocument,
    file: RequestFile,
    node: RequestNode,
  ): Promise<void> {
    const scope = withSecretReferences(await this.#scope(document.uri));
    const files = await filesOf(document.uri);
    const resolution = await resolveRequest(file, node, { scope, files });
    if (!resolution.ok) {
      await showProblems(document, nameOf(node), resolution.problems, 'copied');
      return;
    }
    const { draftAsGrpcurl } = await import('../../request/grpcurl/draftAsGrpcurl');
    const { server, path, metadata, options, messages } = resolution.request;
    const { command, notes } = draftAsGrpcurl(
      {
        ...{ ...server, metadata, options },
        method: path.slice(1),
        messages: messages.map(({ json }) => json),
      },
      { secrets: scope.environment?.secrets ?? [], defaults: callDefaults() },
    );
    await vscode.env.clipboard.writeText(command);
    vscode.window.setStatusBarMessage('$(check) Copied as grpcurl', 3000);
    if (notes.length > 0) {
      void vscode.window.showInformationMessage(noticeText(...notes));
    }
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  async #run(
    document: vscode.TextDocument,
    file: RequestFile,
    node: RequestNode,
    values: Values,
  ): Promise<RequestResult> {
    const { uri } = document;
    const key = requestKeys(file).get(node) ?? '';
    const before = this.#states.get(uri, key);
    if (before?.kind === 'running') {
      before.cancel();
    }
    const abort = new AbortController();
    const running = { kind: 'running', cancel: () => abort.abort() } as const;
    this.#states.set(uri, key, running);
    this.#failed.clear(uri, key);
    const reading = new Reading();
    try {
      const result = await this.#send(document, file, node, values, abort.signal, reading);
      if (this.#states.get(uri, key) === running) {
        const checks = failedChecks(result);
        if (checks.length > 0) {
          const now = parseRequestFile(document.getText());
          this.#failed.set(document, key, { file, node, checks }, now);
        }
        this.#states.set(uri, key, {
          kind: 'done',
          passed: passed(result),
          title: resultText(result),
        });
      }
      return result;
    } catch (error) {
      this.#states.set(uri, key, { kind: 'done', passed: false, title: 'Failed' });
      throw error;
    } finally {
      reading.end();
    }
  }

  async #send(
    document: vscode.TextDocument,
    file: RequestFile,
    node: RequestNode,
    values: Values,
    signal: AbortSignal,
    reading: Reading,
  ): Promise<RequestResult> {
    const { uri } = document;
    this.#app.sampleServer.restore();
    await this.#app.sampleServer.settled();
    const scope = await this.#scope(uri);
    const files = await filesOf(uri);
    const resolution = await resolveRequest(file, node, { scope, files, values });
    if (!resolution.ok) {
      return { kind: 'refused', name: nameOf(node), problems: resolution.problems };
    }
    const { request } = resolution;
    const server = this.#caller.server(request.server, request.secrets);
    this.#address.set(node, server.target.address);
    const show = await this.#place(document, request, () => panelForm(file, node, request, scope));
    let framesAvailable = true;
    const result = await runRequest(request, this.#caller, {
      defaults: callDefaults(),
      signal,
      onStart: (started) => {
        framesAvailable = started.framesAvailable;
        show(startedCall(request, started, reading.done));
      },
    });
    if (result.kind === 'called') {
      reading.add(keepCall(this.#app, { file, node, scope, server, result, framesAvailable }));
      const captures = this.#captures.get(uri.toString()) ?? new Map<string, string>();
      for (const [name, value] of result.captured) {
        captures.set(name, value);
      }
      this.#captures.set(uri.toString(), captures);
    }
    return result;
  }

  /** Where the call will be shown. */
  async #place(
    document: vscode.TextDocument,
    request: ResolvedRequest,
    form: () => ReturnType<typeof panelForm>,
  ): Promise<(started: StartedCall) => void> {
    if (readSettings(document.uri).requestFileAnswer === 'document') {
      return (started) => void this.#answer.show(started);
    }
    const adopt = await this.#app.panels.fill(this.#key(document, request), form(), false);
    return (started) => {
      if (!adopt(started)) {
        // The panel was closed: nobody looks at the call any more.
        started.call.cancel();
        void Promise.allSettled([started.call.done, started.held]).then(() =>
          started.call.transcript.dispose(),
        );
      }
    };
  }

  #key({ uri }: vscode.TextDocument, { server, path, secrets }: ResolvedRequest) {
    const { id } = this.#caller.server(server, secrets);
    return { serverId: id, path, file: uri.toString() };
  }

  async #scope(uri: vscode.Uri): Promise<Scope> {
    const scope = await this.#app.environments.scopeFor(uri);
    return { ...scope, captures: this.#captures.get(uri.toString()) ?? new Map() };
  }
}

/** Keeps a transcript from being disposed of while somebody reads it. */
class Reading {
  readonly #readers: Promise<unknown>[] = [];
  #resolve: (value: unknown) => void = () => undefined;
  readonly done = new Promise<unknown>((resolve) => {
    this.#resolve = resolve;
  });

  add(reader: Promise<unknown>): void {
    this.#readers.push(reader);
  }

  /** No more readers follow. */
  end(): void {
    this.#resolve(Promise.allSettled(this.#readers));
  }
}

/** @param held settles when the result has been read */
export function startedCall(
  { server }: ResolvedRequest,
  { call, schema, method, framesAvailable, deadline }: StartedRequest,
  held: Promise<unknown>,
): StartedCall {
  return {
    call,
    context: {
      target: server.target.address,
      method,
      schema,
      framesAvailable,
      ...(deadline === undefined ? {} : { deadline }),
    },
    held,
  };
}

async function showProblems(
  document: vscode.TextDocument,
  name: string,
  problems: readonly RequestProblem[],
  what: 'sent' | 'copied' = 'sent',
): Promise<void> {
  const [first, ...more] = problems;
  const line = first ? document.positionAt(first.span.from).line + 1 : 0;
  const rest = more.length === 0 ? '' : ` And ${more.length} more.`;
  await showProblem(
    document,
    `${name} was not ${what}. Line ${line}: ${first?.message ?? ''}${rest}`,
    first?.span,
  );
}

async function showProblem(
  document: vscode.TextDocument,
  message: string,
  span: Span | undefined,
): Promise<void> {
  const show = 'Go to Line';
  const answer = await vscode.window.showErrorMessage(
    noticeText(message),
    ...(span === undefined ? [] : [show]),
  );
  if (answer === show && span !== undefined) {
    await vscode.window.showTextDocument(document, {
      selection: new vscode.Range(document.positionAt(span.from), document.positionAt(span.to)),
    });
  }
}
