import * as vscode from 'vscode';
import type { App } from '../app';
import { UserError } from '../errors';
import { registerPasteAsRequest } from '../grpcurl/pasteAsRequest';
import { Language } from '../ids';
import { AnswerDocument } from './answerDocument';
import { isRequestFile } from './documents';
import { FailedChecks } from './failedChecks';
import { ProtoLenses } from './protoLenses';
import { RequestLenses, type RequestPlace } from './requestLenses';
import { requestAt, requestKeys } from './requestPlaces';
import type { RequestSender } from './requestSender';
import { RequestStates } from './requestStates';

/** Request files in the editor: lenses and commands. What sends is loaded when something is sent. */
export class RequestFiles implements vscode.Disposable {
  readonly #states = new RequestStates();
  readonly #failed = new FailedChecks();
  readonly #answer = new AnswerDocument();
  readonly #subscriptions = vscode.Disposable.from(
    this.#states,
    this.#failed,
    this.#answer,
    vscode.languages.registerCodeLensProvider(
      { language: Language.RequestFile },
      new RequestLenses(this.#states, this.#failed),
    ),
    vscode.languages.registerCodeLensProvider(
      [{ language: 'proto' }, { language: 'proto3' }],
      new ProtoLenses(),
    ),
    registerPasteAsRequest(),
  );
  #sender: Promise<RequestSender> | undefined;

  /**
   * Sends a request, fills the panel with it, or copies it.
   * @param argument a lens's place; without one, the cursor's
   */
  async use(
    app: App,
    argument: unknown,
    how: 'send' | 'openInPanel' | 'copyAsGrpcurl',
  ): Promise<void> {
    const { document, file, node } = await requestOf(argument, 'Sending a request');
    await (await this.#load(app))[how](document, file, node);
  }

  async sendAll(app: App, argument: unknown): Promise<void> {
    const { document } = await placeOf(argument, 'Sending the requests of a file');
    await (await this.#load(app)).sendAll(document);
  }

  async cancel(argument: unknown): Promise<void> {
    const { document, file, node } = await requestOf(argument, 'Cancelling a request');
    const state = this.#states.get(document.uri, requestKeys(file).get(node) ?? '');
    if (state?.kind === 'running') {
      state.cancel();
    }
  }

  dispose(): void {
    void this.#sender?.then((sender) => sender.dispose());
    this.#subscriptions.dispose();
  }

  #load(app: App): Promise<RequestSender> {
    this.#sender ??= import('./requestSender').then(
      ({ RequestSender: Sender }) => new Sender(app, this.#states, this.#failed, this.#answer),
    );
    return this.#sender;
  }
}

/** The document and place that a command is about. */
async function placeOf(argument: unknown, what: string) {
  const place = isPlace(argument) ? argument : undefined;
  const editor = vscode.window.activeTextEditor;
  const document =
    place === undefined
      ? editor?.document
      : await vscode.workspace.openTextDocument(vscode.Uri.parse(place.uri));
  if (!document || !isRequestFile(document)) {
    throw new UserError('no-request', {
      what,
      why: 'No request file is open in the editor.',
      next: 'Open a .grpc file and put the cursor on a request.',
    });
  }
  return { document, line: place?.line ?? editor?.selection.active.line ?? 0 };
}

async function requestOf(argument: unknown, what: string) {
  const { document, line } = await placeOf(argument, what);
  const { parseRequestFile } = await import('../../request/file/parse');
  const file = parseRequestFile(document.getText());
  const node = requestAt(file, document.offsetAt(document.lineAt(line).range.end));
  if (!node) {
    throw new UserError('no-request', {
      what,
      why: 'There is no request in this file yet.',
      next: 'Write a line such as "GRPC localhost:50051/market.v1.ListingService/GetListing".',
    });
  }
  return { document, file, node };
}

/** Menus hand over a `Uri`, or nothing. */
function isPlace(argument: unknown): argument is RequestPlace {
  return (
    typeof argument === 'object' &&
    argument !== null &&
    'uri' in argument &&
    typeof argument.uri === 'string'
  );
}
