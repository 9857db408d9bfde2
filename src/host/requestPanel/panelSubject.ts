import * as vscode from 'vscode';
import type { ToWebview } from '../../panel/protocol';
import { oneLine } from '../../panel/text';
import type { Schema } from '../../schema/schema';
import type { App } from '../app';
import { UserError } from '../errors';
import { isSample } from '../sampleServer';
import type { Server } from '../servers';
import type { Subject } from './panelInit';
import type { PanelKey } from './panelKey';

/** Milliseconds after which the panel says that it waits for the server. */
const readingPatience = 400;

/** Hears what a panel is about. */
export interface SubjectListener {
  /** The method is there, for the first time or as the server offers it now. */
  known(subject: Subject): void;
  /** It is not there, and why. */
  unavailable(message: Extract<ToWebview, { type: 'unavailable' }>): void;
}

/** Knows what a panel is about. */
export interface SubjectSource extends vscode.Disposable {
  /** Undefined while it is not known, or not there any more. */
  readonly current: Subject | undefined;
  /** The webview is there, for the first time or again after it was hidden: tells the listener what there is. */
  start(): Promise<void>;
  /** Does what the button of the last `unavailable` message says. */
  mend(): Promise<void>;
  /** What a call is made with; undefined when nothing can be sent now. */
  toSend(): Promise<Subject | undefined>;
}

/**
 * Follows the server and the method that a panel is about: reads them, and notices when they change, go away
 * or come back.
 */
export class PanelSubject implements SubjectSource {
  readonly #app: App;
  readonly #key: PanelKey;
  readonly #listener: SubjectListener;
  readonly #chooseAnother: () => Promise<void>;
  readonly #subscriptions: vscode.Disposable;
  #current: Subject | undefined;
  /** The newest reading of the server that the panel waits for: what others find comes too late. */
  #reading: symbol | undefined = Symbol('not before the webview is there');
  /** What the button of the `unavailable` message does. */
  #mend: () => Promise<void> = async () => undefined;

  /** @param chooseAnother Asks for another server, when this one is gone. */
  constructor(
    app: App,
    key: PanelKey,
    listener: SubjectListener,
    chooseAnother: () => Promise<void>,
  ) {
    this.#app = app;
    this.#key = key;
    this.#listener = listener;
    this.#chooseAnother = chooseAnother;
    this.#subscriptions = vscode.Disposable.from(
      app.discovery.onDidChange((server) => {
        if (server.id === key.serverId) {
          this.#schemaChanged(server);
        }
      }),
      app.store.onDidChange(() => this.#serversChanged()),
    );
  }

  get current(): Subject | undefined {
    return this.#current;
  }

  mend(): Promise<void> {
    return this.#mend();
  }

  async toSend(): Promise<Subject | undefined> {
    return this.#current;
  }

  dispose(): void {
    this.#reading = undefined;
    this.#subscriptions.dispose();
  }

  async start(): Promise<void> {
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
    const reading = Symbol(server.id);
    this.#reading = reading;
    const patience = setTimeout(() => {
      this.#listener.unavailable({
        type: 'unavailable',
        title: oneLine(`Reading the services of ${server.name}`),
        reason: oneLine(server.target.address),
      });
    }, readingPatience);
    try {
      const { schema } = await read().finally(() => clearTimeout(patience));
      if (this.#reading === reading) {
        this.#reading = undefined;
        this.#show(server, schema);
      }
    } catch (error) {
      if (this.#reading !== reading) {
        return;
      }
      const failure = UserError.from(error, `Reading the services of ${server.name}`);
      const { discovery } = this.#app;
      if (failure.code === 'discovery-cancelled' && discovery.state(server).kind === 'loading') {
        // A refresh took its place: what that finds is what the panel waits for.
        return this.#read(server, () => discovery.read(server));
      }
      this.#reading = undefined;
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
    this.#current = { server, schema, service, method };
    this.#listener.known(this.#current);
  }

  #schemaChanged(server: Server): void {
    const state = this.#app.discovery.state(server);
    // A reading that the panel waits for shows its result itself.
    if (
      state.kind === 'ready' &&
      this.#reading === undefined &&
      state.discovered.schema !== this.#current?.schema
    ) {
      this.#show(server, state.discovered.schema);
    }
  }

  #serversChanged(): void {
    const server = this.#app.store.get(this.#key.serverId);
    if (!server) {
      this.#serverGone();
    } else if (this.#current?.server !== server) {
      void this.#read(server, () => this.#app.discovery.read(server));
    }
  }

  #serverGone(): void {
    this.#current = undefined;
    this.#reading = undefined;
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
      this.#chooseAnother,
    );
  }

  #unavailable(title: string, reason: string, action: string, mend: () => Promise<void>): void {
    this.#mend = mend;
    this.#listener.unavailable({
      type: 'unavailable',
      title: oneLine(title),
      reason: oneLine(reason, 2000),
      action,
    });
  }
}
