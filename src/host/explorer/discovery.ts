import * as vscode from 'vscode';
import type { Target } from '../../grpc/target';
import type { Engine } from '../engine';
import { reasonOf, UserError } from '../errors';
import type { SecretStore } from '../secrets';
import type { Server } from '../servers';
import { readSettings } from '../settings';
import { type Discovered, type DiscoveryState, discoveredIn } from './discovered';

interface Reading {
  readonly target: Target;
  /** What was read: another target or other sources make it worthless. */
  readonly key: string;
  state: DiscoveryState;
  readonly promise?: Promise<Discovered>;
  readonly abort: AbortController;
}

const unread: DiscoveryState = { kind: 'unread' };

/** Reads servers on first use and remembers what was found. One reading of a server runs at a time. */
export class Discovery implements vscode.Disposable {
  readonly #loadEngine: () => Promise<Engine>;
  readonly #secrets: SecretStore;
  readonly #log: vscode.LogOutputChannel;
  readonly #readings = new Map<string, Reading>();
  readonly #changed = new vscode.EventEmitter<Server>();

  /** Fires when the state of a server's reading changes. */
  readonly onDidChange = this.#changed.event;

  constructor(
    loadEngine: () => Promise<Engine>,
    secrets: SecretStore,
    log: vscode.LogOutputChannel,
  ) {
    this.#loadEngine = loadEngine;
    this.#secrets = secrets;
    this.#log = log;
  }

  state(server: Server): DiscoveryState {
    const reading = this.#readings.get(server.id);
    return reading && reading.key === keyOf(server) ? reading.state : unread;
  }

  /** What is known of the server; reads it when that has not been done. A failure stays until `refresh`. */
  read(server: Server): Promise<Discovered> {
    const reading = this.#readings.get(server.id);
    return reading?.promise && reading.key === keyOf(server)
      ? reading.promise
      : this.refresh(server);
  }

  /** Reads the server anew. Rejects with a `UserError`. */
  refresh(server: Server): Promise<Discovered> {
    const state = this.state(server);
    this.#end(server.id);
    const abort = new AbortController();
    const previous = discoveredIn(state);
    const promise = this.#run(server, abort);
    // The state tells of a failure; who awaits the promise learns of it too.
    promise.catch(() => undefined);
    this.#readings.set(server.id, {
      target: server.target,
      key: keyOf(server),
      state: { kind: 'loading', ...(previous ? { previous } : {}) },
      promise,
      abort,
    });
    this.#changed.fire(server);
    return promise;
  }

  /** Stops a running reading; what was known before stays. */
  cancel(server: Server): void {
    this.#readings.get(server.id)?.abort.abort();
  }

  /** Reads a server that may not be saved yet, without remembering it. */
  async try(
    server: Server,
    secrets: Awaited<ReturnType<SecretStore['get']>>,
    signal: AbortSignal,
  ): Promise<Discovered> {
    try {
      const engine = await this.#loadEngine();
      return await engine.discover(server, secrets, {
        timeout: readSettings().reflectionTimeout,
        signal,
      });
    } catch (error) {
      throw failure(error, server, signal.aborted);
    }
  }

  forget(serverId: string): void {
    this.#end(serverId);
    this.#readings.delete(serverId);
  }

  dispose(): void {
    for (const reading of this.#readings.values()) {
      reading.abort.abort();
    }
    this.#readings.clear();
    this.#changed.dispose();
  }

  /** Ends a reading and lets go of its connections: the certificates may be others now, or the server removed. */
  #end(serverId: string): void {
    const reading = this.#readings.get(serverId);
    if (reading) {
      reading.abort.abort();
      void this.#loadEngine().then((engine) => engine.retire(reading.target));
    }
  }

  async #run(server: Server, abort: AbortController): Promise<Discovered> {
    const settle = (state: DiscoveryState): void => {
      const reading = this.#readings.get(server.id);
      if (reading?.abort === abort) {
        reading.state = state;
        this.#changed.fire(server);
      }
    };
    try {
      const secrets = await this.#secrets.get(server.id);
      const discovered = await this.try(server, secrets, abort.signal);
      const { services, problems } = discovered.schema;
      this.#log.info(
        `${server.name} (${server.target.address}): ${services.length} services, ${problems.length} problems`,
      );
      settle({ kind: 'ready', discovered });
      return discovered;
    } catch (error) {
      const why = failure(error, server, abort.signal.aborted);
      if (why.code !== 'discovery-cancelled') {
        this.#log.warn(why.message);
      }
      settle({ kind: 'failed', error: why });
      throw why;
    }
  }
}

function keyOf(server: Server): string {
  return JSON.stringify([server.target, server.sources]);
}

function failure(error: unknown, server: Server, cancelled: boolean): UserError {
  if (UserError.is(error)) {
    return error;
  }
  const what = `Reading the services of ${server.name}`;
  return cancelled
    ? new UserError('discovery-cancelled', { what, why: 'It was cancelled.' })
    : new UserError('discovery-failed', { what, why: reasonOf(error), cause: error });
}
