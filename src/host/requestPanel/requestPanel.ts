import * as vscode from 'vscode';
import { optionSpecs } from '../../grpc/callOptionSpecs';
import { type CallOptions, parseCallOptions, toGrpcOptions } from '../../grpc/callOptions';
import { buildMetadata } from '../../grpc/metadata';
import { checkForm } from '../../panel/formCheck';
import type {
  PanelInit,
  PanelRequestName,
  PanelRequests,
  RequestForm,
  ToHost,
  ToWebview,
} from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import type { MethodInfo, Schema, ServiceInfo } from '../../schema/schema';
import type { App } from '../app';
import { serverFor } from '../commands/pick';
import { UserError } from '../errors';
import { grpcurlCommand } from '../grpcurlCommand';
import { Setting } from '../ids';
import { isSample } from '../sampleServer';
import { type Server, securityLabel } from '../servers';
import { readSettings } from '../settings';
import { CallRun, type Watch } from './callRun';
import { saveTranscript } from './saveTranscript';

/** Which method of which server a panel is for. */
export interface PanelKey {
  readonly serverId: string;
  /** `/market.v1.ListingService/GetListing`. */
  readonly path: string;
}

type Request = Extract<ToHost, { type: 'request' }>;

/** What the panel is about, once the server has been read. */
interface Subject {
  readonly server: Server;
  readonly schema: Schema;
  readonly service: ServiceInfo;
  readonly method: MethodInfo;
}

/** The host's side of one request panel: answers the webview, runs the calls, shows what they do. */
export class RequestPanel implements vscode.Disposable {
  readonly #app: App;
  readonly #panel: vscode.WebviewPanel;
  readonly #key: PanelKey;
  readonly #openDocument: (run: CallRun, entry: number) => Promise<void>;
  readonly #openPanel: (key: PanelKey, form: RequestForm) => Promise<void>;
  readonly #subscriptions: vscode.Disposable[];
  #form: RequestForm | undefined;
  #subject: Subject | undefined;
  #run: CallRun | undefined;
  /** Which rows are on the screen; a new call starts with the same. */
  #watch: Watch | undefined;
  #callCount = 0;
  /** Only the newest search is worth finishing. */
  #searchCount = 0;
  /** What the button of the `unavailable` message does. */
  #mend: () => Promise<void> = async () => undefined;

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
    this.#subscriptions = [
      panel.webview.onDidReceiveMessage((message: ToHost) => this.#receive(message)),
      app.discovery.onDidChange((server) => {
        if (server.id === key.serverId) {
          this.#schemaChanged(server);
        }
      }),
      app.store.onDidChange(() => this.#serversChanged()),
    ];
  }

  reveal(): void {
    this.#panel.reveal();
    this.#post({ type: 'focus', part: 'body' });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
    this.#run?.dispose();
    this.#run = undefined;
  }

  #post(message: ToWebview): void {
    void this.#panel.webview.postMessage(message);
  }

  #receive(message: ToHost): void {
    this.#handle(message).catch((error: unknown) => {
      void this.#showError(error, 'Handling the request panel');
    });
  }

  async #handle(message: ToHost): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.#start();
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
        return this.#mend();
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
        return checkForm(request.argument.form, schema, method, this.#defaults());
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

  /** The webview is there, for the first time or again after it was hidden: gives it all that it shows. */
  async #start(): Promise<void> {
    this.#app.sampleServer.restore();
    await this.#app.sampleServer.settled();
    const server = this.#app.store.get(this.#key.serverId);
    if (!server) {
      this.#serverGone();
      return;
    }
    await this.#read(server, () => this.#app.discovery.read(server));
  }

  async #read(server: Server, read: () => ReturnType<App['discovery']['read']>): Promise<void> {
    try {
      const { schema } = await read();
      this.#show(server, schema);
    } catch (error) {
      const failure = UserError.from(error, `Reading the services of ${server.name}`);
      this.#unavailable(
        `The services of ${server.name} could not be read`,
        [failure.why, failure.next].filter((line) => line).join(' '),
        'Try Again',
        () => this.#read(server, () => this.#app.discovery.refresh(server)),
      );
    }
  }

  #show(server: Server, schema: Schema): void {
    const method = schema.findMethod(this.#key.path);
    const service = schema.services.find(
      (candidate) =>
        method !== undefined && candidate.methods.some(({ path }) => path === method.path),
    );
    if (!method || !service) {
      this.#unavailable(
        `${server.name} does not offer ${this.#key.path.slice(1)}`,
        'The server was read, and the method was not among what it offers. It may run another version now.',
        'Read the Server Again',
        () => this.#read(server, () => this.#app.discovery.refresh(server)),
      );
      return;
    }
    this.#subject = { server, schema, service, method };
    this.#panel.title = oneLine(`${method.name} · ${server.name}`, 60);
    this.#form ??= { body: schema.template(method.requestType), metadata: [], options: {} };
    this.#run?.forgetSent();
    this.#post({
      type: 'init',
      init: this.#init(this.#subject, this.#form),
      ...(this.#run ? { snapshot: this.#run.snapshot() } : {}),
    });
  }

  #init({ server, schema, service, method }: Subject, form: RequestForm): PanelInit {
    const requestSchema = schema.jsonSchema(method.requestType);
    return {
      target: {
        id: server.id,
        name: oneLine(server.name),
        address: oneLine(server.target.address),
        security: securityLabel(server.target.security),
      },
      method: {
        service: service.name,
        method: method.name,
        kind: method.kind,
        requestType: method.requestType,
        responseType: method.responseType,
        ...(method.comment === undefined ? {} : { comment: method.comment }),
        deprecated: method.deprecated,
      },
      form,
      optionSpecs: optionSpecs(this.#defaults()),
      requestSchema,
      problems: [...service.problems, ...method.problems],
      emptyRequest: isEmptyTemplate(schema.template(method.requestType)),
    };
  }

  #schemaChanged(server: Server): void {
    const state = this.#app.discovery.state(server);
    if (
      state.kind !== 'ready' ||
      !this.#subject ||
      state.discovered.schema === this.#subject?.schema
    ) {
      return;
    }
    this.#show(server, state.discovered.schema);
  }

  #serversChanged(): void {
    const server = this.#app.store.get(this.#key.serverId);
    if (!server) {
      this.#serverGone();
    } else if (this.#subject?.server !== server) {
      void this.#read(server, () => this.#app.discovery.read(server));
    }
  }

  #serverGone(): void {
    this.#subject = undefined;
    if (isSample(this.#key.serverId)) {
      this.#unavailable(
        'The sample server is not running',
        'Your request is kept.',
        'Start Sample Server',
        // Its servers come back with their ids, and that is noticed.
        async () => void (await this.#app.sampleServer.start()),
      );
      return;
    }
    this.#unavailable(
      'The server is not in the explorer any more',
      'It was removed. Your request is kept.',
      'Choose Another Server',
      () => this.#changeTarget(),
    );
  }

  #unavailable(title: string, reason: string, action: string, mend: () => Promise<void>): void {
    this.#mend = mend;
    this.#post({
      type: 'unavailable',
      title: oneLine(title),
      reason: oneLine(reason, 2000),
      action,
    });
  }

  async #send(form: RequestForm, openOnly: boolean): Promise<void> {
    const { server, schema, method } = this.#needSubject();
    const { options, problems } = parseCallOptions(form.options);
    const [problem] = problems;
    if (problem) {
      this.#refuse('options', `${problem.name}: ${problem.message}`);
      return;
    }
    const { metadata, problems: rows } = buildMetadata(form.metadata);
    if (rows[0]) {
      this.#refuse('metadata', rows[0].message);
      return;
    }
    const body = openOnly ? undefined : this.#encode(schema, method, form.body);
    if (!openOnly && !body) {
      return;
    }
    this.#run?.dispose();
    this.#run = undefined;
    const defaults = this.#defaults();
    const all: CallOptions = { ...defaults, ...options };
    const grpcOptions = toGrpcOptions(options, defaults);
    try {
      const engine = await this.#app.loadEngine();
      const channel = await engine.channel(
        server,
        await this.#app.secrets.get(server.id),
        grpcOptions.channel,
      );
      const { deadlineMs, waitForReady } = grpcOptions.call;
      const call = channel.startCall({
        path: method.path,
        metadata,
        waitForReady,
        ...(deadlineMs === undefined ? {} : { deadline: deadlineMs }),
        ...(all.maxReceiveSize === undefined ? {} : { maxReceiveSize: all.maxReceiveSize }),
        ...(all.maxSendSize === undefined ? {} : { maxSendSize: all.maxSendSize }),
      });
      this.#callCount++;
      const run = new CallRun(
        call,
        {
          callId: this.#callCount,
          target: server.target.address,
          method,
          schema,
          framesAvailable: channel.framesAvailable,
          ...(deadlineMs === undefined ? {} : { deadline: deadlineMs }),
        },
        (update) => {
          if (this.#run === run) {
            this.#post({ type: 'snapshot', ...update });
          }
        },
      );
      this.#run = run;
      if (this.#watch) {
        run.watch(this.#watch);
      }
      if (body) {
        call.send(body);
      }
      if (method.kind === 'unary' || method.kind === 'serverStreaming') {
        call.halfClose();
      }
      this.#sendSnapshot();
    } catch (error) {
      this.#refuse('call', UserError.from(error, `Calling ${method.path.slice(1)}`).why);
    }
  }

  async #sendMessage(text: string): Promise<void> {
    const { schema, method } = this.#needSubject();
    const call = this.#run?.call;
    if (!call?.canSend) {
      this.#refuse('call', 'The request stream is closed: no message can follow.');
      return;
    }
    const bytes = this.#encode(schema, method, text);
    if (bytes) {
      call.send(bytes);
      await call.drained();
    }
  }

  /** The message as bytes; `undefined` when it was refused. */
  #encode(schema: Schema, method: MethodInfo, text: string): Uint8Array | undefined {
    try {
      return schema.encode(method.requestType, text);
    } catch (error) {
      this.#refuse('body', UserError.from(error, 'Encoding the message').why);
      return undefined;
    }
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
    const { options } = parseCallOptions(form.options);
    const { protoFiles, importPaths, descriptorSets } = server.sources;
    const command = grpcurlCommand({
      target: server.target,
      path: method.path,
      body: form.body,
      metadata: form.metadata.filter((row) => row.enabled && row.key.trim() !== ''),
      options: { ...this.#defaults(), ...options },
      protoFiles,
      importPaths,
      descriptorSets,
    });
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
    if (!this.#subject) {
      throw new UserError('no-method', {
        what: `Calling ${this.#key.path.slice(1)}`,
        why: 'The services of the server are not known yet.',
      });
    }
    return this.#subject;
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

  /** Call options where the form says nothing. */
  #defaults(): CallOptions {
    return parseCallOptions({ deadline: readSettings().defaultDeadline }).options;
  }

  async #showError(error: unknown, what: string): Promise<void> {
    const { message, next } = UserError.from(error, what);
    this.#app.log.error(message);
    await vscode.window.showErrorMessage([message, next].filter((line) => line).join(' '));
  }
}

/** The template of a type without fields is an empty object. */
function isEmptyTemplate(template: string): boolean {
  return /^\s*\{\s*\}\s*$/.test(template);
}

/** Both sides share one protocol file: only another version of the webview could say something else. */
function unknownMessage(message: never): Error {
  return new Error(`The panel said something unknown: ${JSON.stringify(message).slice(0, 200)}`);
}
