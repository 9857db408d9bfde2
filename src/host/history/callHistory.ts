import * as vscode from 'vscode';
import { oneLine } from '../../panel/text';
import type { RequestDraft } from '../../request/draft';
import type { MethodInfo, Schema, ServiceInfo } from '../../schema/schema';
import type { CallStatus } from '../../transcript/entry';
import type { Transcript } from '../../transcript/transcript';
import { reasonOf, UserError } from '../errors';
import type { Server } from '../servers';
import { readSettings } from '../settings';
import type { HistoryEntry } from './historyEntry';
import { HistoryFolder, type ListedCall } from './historyFolder';
import { keptRequest, parseKeptDraft, withoutValues } from './keptRequest';
import { type PackedSchema, packSchema, unpackSchema } from './schemaParts';

/** A call that has ended, with all that is kept of it. */
export interface CallToKeep {
  /** Its reflection metadata is not kept. */
  readonly server: Server;
  readonly method: MethodInfo;
  readonly schema: Schema;
  /** Must not be disposed of before `record` has resolved. */
  readonly transcript: Transcript;
  readonly status: CallStatus;
  /** What was asked for, as it was written: references to variables instead of their values. */
  readonly request: RequestDraft;
  /** Messages of the request that `request` doesn't have. */
  readonly messagesLeftOut?: number;
  /** False when the caller left the request stream open; true when left out. */
  readonly requestEnded?: boolean;
  /** Values that must not be written down. */
  readonly secrets: readonly string[];
  /** Milliseconds; undefined for none. */
  readonly deadline: number | undefined;
  /** False when frames could not be seen; true when left out. */
  readonly framesAvailable?: boolean;
  /** Name of the environment that the request was resolved with. */
  readonly environment?: string | undefined;
}

/** A call of the history, opened. Whoever opens it disposes of the transcript. */
export interface KeptCall {
  readonly entry: HistoryEntry;
  readonly request: RequestDraft;
  readonly transcript: Transcript;
  /** The transcript's. */
  readonly status: CallStatus;
  readonly schema: Schema;
  readonly service: ServiceInfo;
  readonly method: MethodInfo;
}

/** No call takes more than this part of the whole history. */
const largestShare = 1 / 4;
/** Bytes that one call takes at the most. */
const callLimit = 32 * 1024 * 1024;

/** Every call that the editor sends, kept on disk within the bounds of the settings. */
export class CallHistory implements vscode.Disposable {
  readonly #folder: HistoryFolder;
  readonly #log: vscode.LogOutputChannel;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #packed = new WeakMap<Schema, Promise<PackedSchema | undefined>>();
  /** One call is written after the other. */
  #writing: Promise<void> = Promise.resolve();

  /** Fires when this window has changed what is kept. */
  readonly onDidChange = this.#changed.event;
  /** Where the calls are. */
  readonly uri: vscode.Uri;

  constructor(uri: vscode.Uri, log: vscode.LogOutputChannel) {
    this.uri = uri;
    this.#log = log;
    this.#folder = new HistoryFolder(uri.fsPath, (message) => log.warn(message));
  }

  /** Keeps a call that has ended. Never rejects: what can't be kept is said in the log. */
  record(call: CallToKeep): Promise<void> {
    const done = this.#writing.then(async () => {
      try {
        await this.#write(call);
      } catch (error) {
        this.#log.warn(`History: ${call.method.path.slice(1)} is not kept: ${reasonOf(error)}`);
      }
    });
    this.#writing = done;
    return done;
  }

  /** Resolves when every call that was recorded so far is on disk. */
  settled(): Promise<void> {
    return this.#writing;
  }

  /** Every call that is kept, the newest first. */
  list(): Promise<ListedCall[]> {
    return this.#folder.list();
  }

  /** Opens a call. Rejects with a `UserError` when it is gone or damaged. */
  async open(id: string): Promise<KeptCall> {
    try {
      // The archive's reader and protobuf come with these: only now are they needed.
      const [{ readArchive }, { buildSchemaInTurns }] = await Promise.all([
        import('../../transcript/archive'),
        import('../../schema/load'),
      ]);
      const { entry, request, transcript } = await this.#folder.read(id);
      if (entry.schema === undefined) {
        throw new Error('The schema that it was made with was not kept.');
      }
      const packed = await this.#folder.readSchema(entry.schema);
      const schema = await buildSchemaInTurns(await unpackSchema(packed));
      const service = schema.services.find((it) => it.methods.some(isMethod(entry)));
      const method = service?.methods.find(isMethod(entry));
      if (!service || !method) {
        throw new Error('The schema that was kept with it does not have its method.');
      }
      const draft = parseKeptDraft(request, entry.server);
      const read = await readArchive(transcript);
      const { status } = read;
      if (!status) {
        read.dispose();
        throw new Error('Its transcript is cut off.');
      }
      return { entry, request: draft, transcript: read, ...{ status, schema, service, method } };
    } catch (error) {
      throw unreadable(error);
    }
  }

  /** The request of a call. Rejects with a `UserError` when it is gone or damaged. */
  async request(id: string): Promise<RequestDraft> {
    try {
      const { entry, request } = await this.#folder.read(id);
      return parseKeptDraft(request, entry.server);
    } catch (error) {
      throw unreadable(error);
    }
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    await this.#folder.pin(id, pinned);
    this.#changed.fire();
  }

  async remove(id: string): Promise<void> {
    await this.#folder.remove([id]);
    this.#changed.fire();
  }

  async clear(pinnedToo: boolean): Promise<void> {
    await this.#writing;
    await this.#folder.clear(pinnedToo);
    this.#changed.fire();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #write(call: CallToKeep): Promise<void> {
    const { historyMaxCalls: calls, historyMaxSize: bytes } = readSettings();
    if (!(calls > 0)) {
      return;
    }
    const { transcript, status, method, secrets, deadline, environment } = call;
    const kept = keptRequest(call.request, call.messagesLeftOut);
    const { writeArchive } = await import('../../transcript/archive');
    const schema = await this.#pack(call.schema);
    const { id, name, target, sources, origin } = call.server;
    await this.#folder.add({
      entry: {
        startedAt: transcript.startedAt.getTime(),
        server: { id, origin, ...withoutValues({ name, target, sources }, secrets) },
        path: method.path,
        kind: method.kind,
        status: {
          code: status.code,
          name: status.name,
          message: withoutValues(oneLine(status.message, 500), secrets),
          origin: status.origin,
        },
        duration: transcript.timing.ended ?? 0,
        sentMessages: transcript.messageCount('sent'),
        receivedMessages: transcript.messageCount('received'),
        receivedBytes: transcript.messageBytes('received'),
        ...(deadline === undefined ? {} : { deadline }),
        framesAvailable: call.framesAvailable ?? true,
        ...(environment === undefined ? {} : { environment }),
        hiddenMetadata: kept.hiddenMetadata,
        messagesLeftOut: kept.messagesLeftOut,
        requestEnded: call.requestEnded ?? true,
      },
      request: JSON.stringify({
        ...withoutValues(kept.draft, secrets),
        method: kept.draft.method,
      }),
      transcript: writeArchive(transcript, Math.min(callLimit, bytes * largestShare)),
      ...(schema ? { schema } : {}),
    });
    await this.#folder.trim({ calls, bytes });
    this.#changed.fire();
  }

  /** Packed once for all calls that were made with it. */
  #pack(schema: Schema): Promise<PackedSchema | undefined> {
    let packed = this.#packed.get(schema);
    if (!packed) {
      packed = import('../../schema/load').then(({ schemaParts }) => {
        const parts = schemaParts(schema);
        return parts && packSchema(parts);
      });
      this.#packed.set(schema, packed);
    }
    return packed;
  }
}

function isMethod({ path }: HistoryEntry): (method: MethodInfo) => boolean {
  return (method) => method.path === path;
}

function unreadable(error: unknown): UserError {
  const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
  return new UserError('history-unreadable', {
    what: 'Opening a call of the history',
    why: gone ? 'It was removed meanwhile.' : reasonOf(error),
    cause: error,
  });
}
