import type { SchemaState } from '../../request/check/surroundings';
import type { ServerSpec } from '../../request/serverSpec';
import { unpackParts } from '../../schema/packedParts';
import type { DescribeServerParams, DescribeServerResult } from '../protocol';

/** How long a failure is believed, in milliseconds: then the server is asked for again, once somebody needs it. */
const patience = 30_000;

/** Servers that are remembered. */
const limit = 100;

/** Asks the editor what a server offers. */
export type AskForServer = (params: DescribeServerParams) => Promise<DescribeServerResult>;

interface Entry {
  readonly server: ServerSpec;
  state: SchemaState;
  version?: string;
  asking?: Promise<SchemaState>;
  /** When it was answered, in milliseconds; undefined when that answer doesn't hold any more. */
  answered?: number | undefined;
}

const unknown: SchemaState = { kind: 'unknown' };

/** What is known of servers. The server process has no network: the editor is asked. */
export class ServerSchemas {
  readonly #ask: AskForServer;
  readonly #changed: () => void;
  readonly #now: () => number;
  /** The one that was asked for longest ago first. */
  readonly #entries = new Map<string, Entry>();

  /** @param changed called when more is known of a server, or something else */
  constructor(ask: AskForServer, changed: () => void, now: () => number = () => performance.now()) {
    this.#ask = ask;
    this.#changed = changed;
    this.#now = now;
  }

  /** What is known; asks for nothing. */
  stateOf(server: ServerSpec): SchemaState {
    return this.#entries.get(keyOf(server))?.state ?? unknown;
  }

  /** Whether asking may tell more than is known. */
  isWanted(server: ServerSpec): boolean {
    const { asking, answered, state } = this.#entries.get(keyOf(server)) ?? {};
    return (
      asking === undefined &&
      (answered === undefined || (state?.kind === 'failed' && this.#now() - answered > patience))
    );
  }

  /**
   * What is known, once what may be found out is.
   * @param uri of a request file that names the server
   */
  async read(server: ServerSpec, uri: string): Promise<SchemaState> {
    const key = keyOf(server);
    const entry: Entry = this.#entries.get(key) ?? { server, state: unknown };
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    const [oldest] = this.#entries.keys();
    if (this.#entries.size > limit && oldest !== undefined) {
      this.#entries.delete(oldest);
    }
    if (this.isWanted(server)) {
      entry.asking = this.#read(entry, uri);
    }
    return entry.asking ?? entry.state;
  }

  /** Nothing that was answered is sure any more; it is shown until there is another answer. */
  forget(): void {
    for (const entry of this.#entries.values()) {
      entry.answered = undefined;
    }
  }

  async #read(entry: Entry, uri: string): Promise<SchemaState> {
    const before = entry.state;
    entry.answered = this.#now();
    let state: SchemaState;
    try {
      const { server, version } = entry;
      const known = version === undefined ? {} : { known: version };
      state = await this.#stateFor(entry, await this.#ask({ uri, server, ...known }));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      state = { kind: 'failed', message: `The editor can't tell what it offers: ${reason}` };
    }
    delete entry.asking;
    const isSame =
      state.kind === 'failed' && before.kind === 'failed' && state.message === before.message;
    if (state !== before && !isSame) {
      entry.state = state;
      this.#changed();
    }
    return entry.state;
  }

  async #stateFor(entry: Entry, answer: DescribeServerResult): Promise<SchemaState> {
    switch (answer.kind) {
      case 'unchanged':
        return entry.state;
      case 'failed':
        delete entry.version;
        return { kind: 'failed', message: answer.message };
      case 'schema': {
        // protobuf is loaded with the first schema.
        const { buildSchemaInTurns } = await import('../../schema/buildSchema');
        const schema = await buildSchemaInTurns(unpackParts(answer.parts));
        entry.version = answer.version;
        return { kind: 'ready', schema };
      }
    }
  }
}

function keyOf({ target, sources, reflectionMetadata }: ServerSpec): string {
  return JSON.stringify([target, sources, reflectionMetadata]);
}
