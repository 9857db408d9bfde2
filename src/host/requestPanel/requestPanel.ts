import * as vscode from 'vscode';
import { checkForm } from '../../panel/formCheck';
import type {
  PanelRequestName,
  PanelRequests,
  RequestForm,
  ToHost,
  ToWebview,
} from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import { formAsGrpcurl } from '../../request/grpcurl/formAsGrpcurl';
import type { App } from '../app';
import { serverFor } from '../commands/pick';
import { UserError } from '../errors';
import { Setting } from '../ids';
import { noticeText } from '../notice';
import type { Server } from '../servers';
import { callDefaults, onSettingChange, readSettings } from '../settings';
import type { CallRun, Watch } from './callRun';
import { panelInit, type Subject } from './panelInit';
import type { PanelKey } from './panelKey';
import { PanelSubject } from './panelSubject';
import { saveTranscript } from './saveTranscript';
import { encodeBody, planCall, startRun } from './startRun';

type Request = Extract<ToHost, { type: 'request' }>;

/** The host's side of one request panel: answers the webview, runs the calls, shows what they do. */
export class RequestPanel implements vscode.Disposable {
  readonly #app: App;
  readonly #panel: vscode.WebviewPanel;
  readonly #key: PanelKey;
  readonly #openDocument: (run: CallRun, entry: number) => Promise<void>;
  readonly #openPanel: (key: PanelKey, form: RequestForm) => Promise<void>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #subject: PanelSubject;
  #form: RequestForm | undefined;
  #run: CallRun | undefined;
  /** Which rows are on the screen; a new call starts with the same. */
  #watch: Watch | undefined;
  #disposed = false;
  #callCount = 0;
  /** Only the newest search is worth finishing. */
  #searchCount = 0;

  constructor(
    app: App,
    panel: vscode.WebviewPanel,
    key: PanelKey,
    form: RequestForm | undefined,
    actions: {
      openDocument(run: CallRun, entry: number): Promise<void>;
      openPanel(key: PanelKey, form: RequestForm): Promise<void>;
    },
  ) {
    this.#app = app;
    this.#panel = panel;
    this.#key = key;
    this.#form = form;
    this.#openDocument = actions.openDocument;
    this.#openPanel = actions.openPanel;
    this.#subject = new PanelSubject(
      app,
      key,
      {
        known: (subject) => this.#show(subject),
        unavailable: (message) => this.#post(message),
      },
      () => this.#changeTarget(),
    );
    this.#subscriptions = [
      this.#subject,
      panel.webview.onDidReceiveMessage((message: ToHost) => this.#receive(message)),
      onSettingChange([Setting.DefaultDeadline], () => {
        if (this.#subject.current) {
          this.#show(this.#subject.current);
        }
      }),
    ];
  }

  reveal(): void {
    this.#panel.reveal();
    this.#post({ type: 'focus', part: 'body' });
  }

  dispose(): void {
    this.#disposed = true;
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#run?.dispose();
    this.#run = undefined;
  }

  #post(message: ToWebview): void {
    if (!this.#disposed) {
      void this.#panel.webview.postMessage(message);
    }
  }

  #receive(message: ToHost): void {
    this.#handle(message).catch((error: unknown) => {
      void this.#showError(error, 'Handling the request panel');
    });
  }

  async #handle(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.#subject.start();
      case 'formChanged':
        this.#form = message.form;
        return;
      case 'send':
        this.#form = message.form;
        return this.#send(message.form, message.openOnly ?? false);
      case 'sendMessage':
        return this.#sendMessage(message.body);
      case 'endStream':
        this.#run?.call.halfClose();
        return this.#sendSnapshot();
      case 'cancel':
        this.#run?.call.cancel();
        return;
      case 'watch':
        this.#watch = message;
        this.#run?.watch(message);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'copyEntry': {
        const { showDefaults } = readSettings();
        await vscode.env.clipboard.writeText(
          this.#runOf(message.callId).entryText(message.entry, showDefaults),
        );
        return;
      }
      case 'openEntry':
        return this.#openDocument(this.#runOf(message.callId), message.entry);
      case 'saveTranscript':
        return saveTranscript(this.#runOf(message.callId), message.format);
      case 'copyAsGrpcurl':
        return this.#copyAsGrpcurl(message.form);
      case 'showDefinition':
        return this.#app.protoDocuments.show(this.#server(), message.symbol);
      case 'changeTarget':
        return this.#changeTarget();
      case 'unavailableAction':
        return this.#subject.mend();
      case 'openSettings':
        if (Object.values<string>(Setting).includes(message.setting)) {
          await vscode.commands.executeCommand('workbench.action.openSettings', message.setting);
        }
        return;
      case 'request':
        return this.#answer(message);
      default:
        throw unknownMessage(message);
    }
  }

  async #answer(request: Request): Promise<void> {
    try {
      this.#post({ type: 'reply', id: request.id, result: await this.#result(request) });
    } catch (error) {
      this.#post({
        type: 'replyError',
        id: request.id,
        message: UserError.from(error, request.name).why,
      });
    }
  }

  async #result(request: Request): Promise<PanelRequests[PanelRequestName]['result']> {
    switch (request.name) {
      case 'check': {
        const { schema, method } = this.#needSubject();
        return checkForm(request.argument.form, schema, method, callDefaults());
      }
      case 'rows': {
        const { callId, view, first, count } = request.argument;
        return { rows: this.#runOf(callId).rows(view, first, count) };
      }
      case 'detail': {
        const { callId, entry, defaults } = request.argument;
        return this.#runOf(callId).detail(entry, defaults);
      }
      case 'find': {
        this.#searchCount++;
        const search = this.#searchCount;
        const { callId, ...query } = request.argument;
        return this.#runOf(callId).find(query, () => search !== this.#searchCount);
      }
      case 'template': {
        const { schema, method } = this.#needSubject();
        return { body: schema.template(method.requestType) };
      }
      default:
        throw unknownMessage(request);
    }
  }

  /** Gives the webview all that it shows. */
  #show(subject: Subject): void {
    const { server, schema, method } = subject;
    this.#panel.title = oneLine(`${method.name} · ${server.name}`, 60);
    this.#form ??= { body: schema.template(method.requestType), metadata: [], options: {} };
    this.#run?.forgetSent();
    this.#post({
      type: 'init',
      init: panelInit(subject, this.#form, callDefaults()),
      ...(this.#run ? { snapshot: this.#run.snapshot() } : {}),
    });
  }

  async #send(form: RequestForm, openOnly: boolean): Promise<void> {
    const subject = this.#subject.current;
    if (!subject) {
      this.#refuse('call', 'The services of the server are not known yet.');
      return;
    }
    const plan = planCall(form, subject, callDefaults(), openOnly);
    if ('refused' in plan) {
      this.#refuse(plan.refused, plan.message);
      return;
    }
    this.#run?.dispose();
    this.#run = undefined;
    this.#callCount++;
    const callId = this.#callCount;
    try {
      const run = await startRun(this.#app, subject, plan, callId, (update) => {
        // A hidden webview is gone; it asks for everything when it comes back.
        if (this.#run === run && this.#panel.visible) {
          this.#post({ type: 'snapshot', ...update });
        }
      });
      if (this.#disposed || callId !== this.#callCount) {
        run.dispose();
        return;
      }
      this.#run = run;
      if (this.#watch) {
        run.watch(this.#watch);
      }
      this.#sendSnapshot();
    } catch (error) {
      this.#refuse('call', UserError.from(error, `Calling ${subject.method.path.slice(1)}`).why);
    }
  }

  async #sendMessage(text: string): Promise<void> {
    const { schema, method } = this.#needSubject();
    const call = this.#run?.call;
    if (!call?.canSend) {
      this.#refuse('call', 'The request stream is closed: no message can follow.');
      return;
    }
    const encoded = encodeBody(schema, method, text);
    if ('refused' in encoded) {
      this.#refuse(encoded.refused, encoded.message);
      return;
    }
    call.send(encoded.bytes);
    await call.drained();
  }

  #refuse(where: Extract<ToWebview, { type: 'refused' }>['where'], message: string): void {
    this.#post({ type: 'refused', where, message: oneLine(message, 2000) });
  }

  #sendSnapshot(): void {
    if (this.#run) {
      this.#post({ type: 'snapshot', snapshot: this.#run.snapshot() });
    }
  }

  async #copyAsGrpcurl(form: RequestForm): Promise<void> {
    const { server, method } = this.#needSubject();
    const command = formAsGrpcurl(server, method, form, callDefaults());
    await vscode.env.clipboard.writeText(command);
    vscode.window.setStatusBarMessage('$(check) Copied as grpcurl', 3000);
  }

  async #changeTarget(): Promise<void> {
    const form = this.#form;
    const server = await serverFor(
      this.#app,
      undefined,
      `Which server do you want to send ${this.#key.path.slice(1)} to?`,
    );
    if (server && form) {
      await this.#openPanel({ serverId: server.id, path: this.#key.path }, form);
    }
  }

  #needSubject(): Subject {
    const subject = this.#subject.current;
    if (!subject) {
      throw new UserError('no-method', {
        what: `Calling ${this.#key.path.slice(1)}`,
        why: 'The services of the server are not known yet.',
      });
    }
    return subject;
  }

  #server(): Server {
    return this.#needSubject().server;
  }

  #runOf(callId: number): CallRun {
    if (this.#run?.context.callId !== callId) {
      throw new UserError('no-method', {
        what: 'Reading the timeline',
        why: 'The call has been replaced by a newer one.',
      });
    }
    return this.#run;
  }

  async #showError(error: unknown, what: string): Promise<void> {
    const { message, next } = UserError.from(error, what);
    this.#app.log.error(message);
    await vscode.window.showErrorMessage(noticeText(message, next));
  }
}

/** Both sides share one protocol file: only another version of the webview could say something else. */
function unknownMessage(message: never): Error {
  return new Error(`The panel said something unknown: ${JSON.stringify(message).slice(0, 200)}`);
}
