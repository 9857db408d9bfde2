import * as vscode from 'vscode';
import type {
  PanelRequestName,
  PanelRequests,
  RequestForm,
  ToHost,
  ToWebview,
} from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import { draftAsGrpcurl } from '../../request/grpcurl/draftAsGrpcurl';
import type { Scope } from '../../request/variables/scope';
import type { App } from '../app';
import { serverFor } from '../commands/pick';
import { UserError } from '../errors';
import type { KeptCall } from '../history/callHistory';
import { clockTime, fullTime } from '../history/historyLook';
import { draftOf, formOf } from '../history/keptRequest';
import { KeptSubject } from '../history/keptSubject';
import { Setting } from '../ids';
import { noticeText } from '../notice';
import { withSecretReferences } from '../requestFiles/secretReferences';
import type { Server } from '../servers';
import { callDefaults, onSettingChange, readSettings } from '../settings';
import { type CallRun, endedCall, type Watch } from './callRun';
import { checkFormWithReferences, fillForm } from './formReferences';
import { Gate } from './gate';
import { PanelCalls } from './panelCalls';
import { panelInit, type Subject } from './panelInit';
import type { PanelKey, StartedCall } from './panelKey';
import { PanelSubject, type SubjectListener, type SubjectSource } from './panelSubject';
import { saveTranscript } from './saveTranscript';

type Request = Extract<ToHost, { type: 'request' }>;

/** The host's side of one request panel: answers the webview, runs the calls, shows what they do. */
export class RequestPanel implements vscode.Disposable {
  readonly #app: App;
  readonly #panel: vscode.WebviewPanel;
  readonly #key: PanelKey;
  readonly #openDocument: (run: CallRun, entry: number) => Promise<void>;
  readonly #openPanel: (key: PanelKey, form: RequestForm) => Promise<void>;
  readonly #subscriptions: vscode.Disposable[];
  readonly #subject: SubjectSource;
  #form: RequestForm | undefined;
  readonly #calls: PanelCalls;
  #disposed = false;
  /** The call of the history that the panel was opened for. */
  #kept: KeptCall | undefined;
  /** Whether the form was changed. */
  #edited = false;
  /** Open while the page is there and knows what it is about. */
  readonly #page = new Gate();
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
    watch?: Watch,
  ) {
    this.#app = app;
    this.#panel = panel;
    this.#key = key;
    this.#form = form;
    this.#openDocument = actions.openDocument;
    this.#openPanel = actions.openPanel;
    this.#calls = new PanelCalls(
      app,
      {
        post: (message) => this.#post(message),
        isVisible: () => panel.visible,
        refuse: (where, message) => this.#refuse(where, message),
        shown: () => this.#nameTab(),
      },
      () => this.#scope(),
      watch,
    );
    const listener: SubjectListener = {
      known: (subject) => this.#show(subject),
      unavailable: (message) => this.#post(message),
    };
    this.#subject =
      key.history === undefined
        ? new PanelSubject(app, key, listener, () => this.#changeTarget())
        : new KeptSubject(app, key.history, listener, (kept) => this.#showKept(kept));
    this.#subscriptions = [
      this.#subject,
      panel.webview.onDidReceiveMessage((message: ToHost) => this.#receive(message)),
      // A hidden page is gone; when it is shown again it asks for everything.
      panel.onDidChangeViewState(() => {
        if (!panel.visible) {
          this.#page.close();
        }
      }),
      onSettingChange([Setting.DefaultDeadline], () => this.#showCurrent()),
    ];
  }

  reveal(): void {
    this.#panel.reveal();
    this.#post({ type: 'focus', part: 'body' });
  }

  /** Which rows are on the screen. */
  get watched(): Watch | undefined {
    return this.#calls.watched;
  }

  /** Shows the method; called when the page is there. */
  async start(): Promise<void> {
    await this.#subject.start();
    this.#page.open();
  }

  /** Shows a call that was started elsewhere, and owns it; false when the panel is closed, and doesn't. */
  adopt(started: StartedCall): boolean {
    if (!this.#disposed) {
      this.#calls.adopt(started);
    }
    return !this.#disposed;
  }

  /** Whether the panel shows the call of the history that it was opened for, and nothing was done in it. */
  get isUntouched(): boolean {
    return this.#kept !== undefined && this.#calls.run?.context.kept !== undefined && !this.#edited;
  }

  /** Whether no call runs in the panel. */
  get isIdle(): boolean {
    return this.#calls.isIdle;
  }

  /** Sends the request of the call of the history once more: all of its messages, and the end of the stream. */
  async sendAgain(): Promise<void> {
    await this.#page.passed();
    const { entry, request } = this.#kept ?? {};
    if (!entry || !request) {
      return;
    }
    this.#form = formOf(request);
    this.#showCurrent();
    const [hidden] = entry.hiddenMetadata;
    if (hidden !== undefined) {
      const message = `The value of ${hidden} is a secret and was not kept. Type it, and send.`;
      this.#refuse('metadata', message);
      return;
    }
    if (entry.messagesLeftOut > 0) {
      const message = `Only the first ${request.messages.length} messages of the request were kept: it can't be sent again as it was.`;
      this.#refuse('call', message);
      return;
    }
    const [first, ...more] = request.messages;
    await this.#send(this.#form, first === undefined);
    await this.#calls.sendRest(more, entry.requestEnded);
  }

  dispose(): void {
    this.#disposed = true;
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#calls.dispose();
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
        return this.start();
      case 'formChanged':
        this.#edited = true;
        this.#form = message.form;
        return;
      case 'send':
        this.#form = message.form;
        return this.#send(message.form, message.openOnly ?? false);
      case 'sendAgain':
        return this.sendAgain();
      case 'sendMessage':
        return this.#calls.sendMessage(message.body);
      case 'endStream':
        return this.#calls.endStream();
      case 'cancel':
        this.#calls.cancel();
        return;
      case 'watch':
        this.#calls.watch(message);
        return;
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
      case 'copyEntry': {
        const { showDefaults } = readSettings();
        await vscode.env.clipboard.writeText(
          this.#calls.runOf(message.callId).entryText(message.entry, showDefaults),
        );
        return;
      }
      case 'openEntry':
        return this.#openDocument(this.#calls.runOf(message.callId), message.entry);
      case 'saveTranscript':
        return saveTranscript(this.#calls.runOf(message.callId), message.format);
      case 'copyAsGrpcurl':
        return this.#copyAsGrpcurl(message.form);
      case 'saveAsRequestFile':
        return this.#saveAsRequestFile(message.form);
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
        const environment = await this.#app.environments.chosenFor(this.#file);
        const { form } = request.argument;
        return checkFormWithReferences(form, { schema, method }, callDefaults(), environment);
      }
      case 'rows': {
        const { callId, view, first, count } = request.argument;
        return { rows: this.#calls.runOf(callId).rows(view, first, count) };
      }
      case 'detail': {
        const { callId, entry, defaults } = request.argument;
        return this.#calls.runOf(callId).detail(entry, defaults);
      }
      case 'find': {
        this.#searchCount++;
        const search = this.#searchCount;
        const { callId, ...query } = request.argument;
        return this.#calls.runOf(callId).find(query, () => search !== this.#searchCount);
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
    const { schema, method } = subject;
    this.#nameTab();
    this.#form ??= { body: schema.template(method.requestType), metadata: [], options: {} };
    const { run } = this.#calls;
    run?.forgetSent();
    this.#post({
      type: 'init',
      init: panelInit(subject, this.#form, callDefaults(), this.#key),
      ...(run ? { snapshot: run.snapshot() } : {}),
    });
  }

  /** A call of the history is told from others by its time. */
  #nameTab(): void {
    const subject = this.#subject.current;
    if (subject) {
      const isKept = this.#calls.run?.context.kept !== undefined;
      const about =
        this.#kept && isKept ? clockTime(this.#kept.entry.startedAt) : subject.server.name;
      this.#panel.title = oneLine(`${subject.method.name} · ${about}`, 60);
    }
  }

  #showKept(kept: KeptCall): void {
    const { entry, transcript, status, schema, method } = kept;
    this.#kept = kept;
    this.#form ??= formOf(kept.request);
    this.adopt({
      call: endedCall(transcript, status),
      context: {
        target: entry.server.target.address,
        ...{ method, schema },
        framesAvailable: entry.framesAvailable,
        kept: fullTime(entry.startedAt),
        ...(entry.deadline === undefined ? {} : { deadline: entry.deadline }),
      },
    });
  }

  #showCurrent(): void {
    if (this.#subject.current) {
      this.#show(this.#subject.current);
    }
  }

  async #send(form: RequestForm, openOnly: boolean): Promise<void> {
    const subject = await this.#subject.toSend();
    if (!subject) {
      this.#refuse('call', 'The services of the server are not known yet.');
      return;
    }
    await this.#calls.send(form, subject, openOnly);
  }

  #scope(): Promise<Scope> {
    return this.#app.environments.scopeFor(this.#file);
  }

  /** The request file that the form comes from. */
  get #file(): vscode.Uri | undefined {
    const { file } = this.#key;
    return file === undefined ? undefined : vscode.Uri.parse(file);
  }

  #refuse(where: Extract<ToWebview, { type: 'refused' }>['where'], message: string): void {
    this.#post({ type: 'refused', where, message: oneLine(message, 2000) });
  }

  async #copyAsGrpcurl(form: RequestForm): Promise<void> {
    const { server, method } = this.#needSubject();
    const scope = withSecretReferences(await this.#scope());
    const filled = await fillForm(form, scope);
    if ('refused' in filled) {
      this.#refuse(filled.refused, filled.message);
      return;
    }
    const { command } = draftAsGrpcurl(
      draftOf(server, method.path, filled.form, [filled.form.body]),
      { secrets: scope.environment?.secrets ?? [], defaults: callDefaults() },
    );
    await vscode.env.clipboard.writeText(command);
    vscode.window.setStatusBarMessage('$(check) Copied as grpcurl', 3000);
  }

  async #saveAsRequestFile(form: RequestForm): Promise<void> {
    const { server, method } = this.#needSubject();
    const { saveAsRequestFile } = await import('../requestFiles/saveAsRequestFile');
    await saveAsRequestFile(this.#app, draftOf(server, method.path, form, [form.body]));
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
