import { oneLine } from '../../panel/text';
import type { App } from '../app';
import { UserError } from '../errors';
import type { Subject } from '../requestPanel/panelInit';
import type { SubjectListener, SubjectSource } from '../requestPanel/panelSubject';
import { isSample } from '../sampleServer';
import type { KeptCall } from './callHistory';

/**
 * A method as it was when a call of the history was made: it needs no server to be shown. What is sent from there
 * goes to the server as it is now.
 */
export class KeptSubject implements SubjectSource {
  readonly #app: App;
  readonly #id: string;
  readonly #listener: SubjectListener;
  readonly #opened: (call: KeptCall) => void;
  #opening: Promise<KeptCall> | undefined;
  #current: Subject | undefined;
  #disposed = false;

  /** @param opened takes the call, and disposes of its transcript */
  constructor(app: App, id: string, listener: SubjectListener, opened: (call: KeptCall) => void) {
    this.#app = app;
    this.#id = id;
    this.#listener = listener;
    this.#opened = opened;
  }

  get current(): Subject | undefined {
    return this.#current;
  }

  async start(): Promise<void> {
    if (this.#current) {
      this.#listener.known(this.#current);
      return;
    }
    try {
      const call = await this.#open();
      if (call && !this.#current) {
        const { entry, schema, service, method } = call;
        this.#current = { server: entry.server, schema, service, method };
        this.#opened(call);
        this.#listener.known(this.#current);
      }
    } catch (error) {
      const { what, why } = UserError.from(error, 'Opening a call of the history');
      this.#listener.unavailable({
        type: 'unavailable',
        title: `${what} failed`,
        reason: oneLine(why, 2000),
        action: 'Try Again',
      });
    }
  }

  mend(): Promise<void> {
    return this.start();
  }

  /** The method as the server offers it now; as it was, when that can't be found out. */
  async toSend(): Promise<Subject | undefined> {
    const kept = this.#current;
    if (!kept) {
      return undefined;
    }
    const { id } = kept.server;
    if (isSample(id)) {
      await this.#app.sampleServer.start();
    }
    const server = this.#app.store.get(id);
    if (!server) {
      return kept;
    }
    // The call itself tells why a server is not reached.
    const found = await this.#app.discovery.read(server).catch(() => undefined);
    const service = found?.schema.services.find((it) =>
      it.methods.some(({ path }) => path === kept.method.path),
    );
    const method = found?.schema.findMethod(kept.method.path);
    return found && service && method
      ? { server, schema: found.schema, service, method }
      : { ...kept, server };
  }

  dispose(): void {
    this.#disposed = true;
  }

  /** The call; nothing when the panel was closed meanwhile. A failure is forgotten, so that it can be tried again. */
  async #open(): Promise<KeptCall | undefined> {
    this.#opening ??= this.#app.history.open(this.#id);
    try {
      const call = await this.#opening;
      if (this.#disposed) {
        call.transcript.dispose();
        return undefined;
      }
      return call;
    } catch (error) {
      this.#opening = undefined;
      throw error;
    }
  }
}
