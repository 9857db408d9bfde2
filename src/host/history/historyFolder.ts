import { randomBytes } from 'node:crypto';
import {
  chmod,
  type FileHandle,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  utimes,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import { reasonOf } from '../errors';
import { fieldsOf } from '../fields';
import {
  entryVersion,
  type HistoryEntry,
  isEntryId,
  isSchemaDigest,
  newEntryId,
  parseEntry,
} from './historyEntry';
import type { PackedSchema } from './schemaParts';

/** A call as the list has it. */
export interface ListedCall {
  readonly entry: HistoryEntry;
  readonly pinned: boolean;
  /** Bytes of its file, the schema not counted. */
  readonly size: number;
}

/** What is written of a call. */
export interface NewCall {
  readonly entry: Omit<HistoryEntry, 'id' | 'schema'>;
  /** JSON. */
  readonly request: string;
  /** The transcript's archive, piece by piece. */
  readonly transcript: AsyncIterable<Uint8Array> | Iterable<Uint8Array>;
  readonly schema?: PackedSchema;
}

/** What is read of a call. */
export interface StoredCall {
  readonly entry: HistoryEntry;
  /** JSON value. */
  readonly request: unknown;
  readonly transcript: Uint8Array;
}

export interface Bounds {
  /** Calls that are not pinned. */
  readonly calls: number;
  /** Bytes of calls that are not pinned. */
  readonly bytes: number;
}

/** Longest first line of a file: what an entry says is bounded. */
const headLimit = 64 * 1024;
/** Files read at a time. */
const batch = 32;
/** Milliseconds for which a schema without calls stays: another window may be writing a call that uses it. */
const schemaGrace = 60_000;
/** Milliseconds after which a file that was never finished is taken for left behind. */
const unfinishedGrace = 60 * 60_000;

const suffix = { call: '.call', pin: '.pin', unfinished: '.tmp' } as const;

/**
 * The calls on disk: one file each, private to the user. Nothing is shared between files but schemas, so any number
 * of windows may write at once. A call's file is a line of JSON (the entry and the length of the request), the
 * request, and the transcript's archive. An empty file with the same name and `.pin` says that it is pinned.
 */
export class HistoryFolder {
  readonly #path: string;
  readonly #schemas: string;
  readonly #warn: (message: string) => void;
  /** Files never change once they are there: each is read once. `undefined` for one that can't be read. */
  readonly #known = new Map<string, Omit<ListedCall, 'pinned'> | undefined>();

  /** @param warn hears which file is left out, and why */
  constructor(folder: string, warn: (message: string) => void) {
    this.#path = folder;
    this.#schemas = path.join(folder, 'schemas');
    this.#warn = warn;
  }

  /** Every call that can be read, the newest first. */
  async list(): Promise<ListedCall[]> {
    const { ids, pinned } = await this.#scan();
    return ids.flatMap((id): ListedCall[] => {
      const known = this.#known.get(id);
      return known ? [{ ...known, pinned: pinned.has(id) }] : [];
    });
  }

  /** Writes a call; it is in the list once this has resolved. */
  async add({ entry, request, transcript, schema }: NewCall): Promise<HistoryEntry> {
    await this.#makePrivate(this.#path);
    if (schema) {
      await this.#makePrivate(this.#schemas);
      await this.#addSchema(schema);
    }
    const added: HistoryEntry = {
      ...entry,
      id: newEntryId(entry.startedAt),
      ...(schema ? { schema: schema.digest } : {}),
    };
    const text = Buffer.from(request, 'utf8');
    const head = JSON.stringify({ ...added, version: entryVersion, requestLength: text.length });
    await this.#write(this.#file(added.id, 'call'), async (file) => {
      await file.write(`${head}\n`);
      await file.write(text);
      for await (const piece of transcript) {
        await file.write(piece);
      }
    });
    return added;
  }

  /** Rejects when there is no such call any more, or its file is damaged. */
  async read(id: string): Promise<StoredCall> {
    const bytes = await readFile(this.#file(id, 'call'));
    const { entry, requestLength, headLength } = parseHead(id, bytes);
    const end = headLength + requestLength;
    if (!(requestLength >= 0) || end > bytes.length) {
      throw new Error('Its file is cut off.');
    }
    return {
      entry,
      request: JSON.parse(bytes.toString('utf8', headLength, end)),
      transcript: bytes.subarray(end),
    };
  }

  async readSchema(digest: string): Promise<PackedSchema> {
    return { digest, bytes: await readFile(path.join(this.#schemas, digest)) };
  }

  async pin(id: string, pinned: boolean): Promise<void> {
    const file = this.#file(id, 'pin');
    await (pinned ? writeFile(file, '', { mode: 0o600 }) : rm(file, { force: true }));
  }

  async remove(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      await rm(this.#file(id, 'call'), { force: true });
      await rm(this.#file(id, 'pin'), { force: true });
    }
    await this.#removeLeftOvers(0);
  }

  /** Removes every call, also those that can't be read; pinned ones only where asked for. */
  async clear(pinnedToo: boolean): Promise<void> {
    const { ids, pinned } = await this.#scan();
    await this.remove(pinnedToo ? ids : ids.filter((id) => !pinned.has(id)));
  }

  /** Removes the oldest calls that are not pinned until the bounds hold. Gives how many it removed. */
  async trim(bounds: Bounds): Promise<number> {
    const { ids, pinned } = await this.#scan();
    const schemas = new Set<string>();
    let calls = 0;
    let bytes = 0;
    let full = false;
    const over: string[] = [];
    for (const id of ids.filter((it) => !pinned.has(it))) {
      const known = this.#known.get(id);
      const { schema } = known?.entry ?? {};
      calls++;
      bytes += known?.size ?? 0;
      if (schema !== undefined && !schemas.has(schema)) {
        schemas.add(schema);
        bytes += await sizeOf(path.join(this.#schemas, schema));
      }
      full ||= calls > bounds.calls || bytes > bounds.bytes;
      if (full) {
        over.push(id);
      }
    }
    for (const id of over) {
      await rm(this.#file(id, 'call'), { force: true });
    }
    await this.#removeLeftOvers(schemaGrace);
    return over.length;
  }

  /** The ids of all calls, the newest first, and which are pinned; what is new has been read. */
  async #scan(): Promise<{ readonly ids: readonly string[]; readonly pinned: Set<string> }> {
    const names = await namesIn(this.#path);
    const ids = idsWith(names, suffix.call).sort().reverse();
    const present = new Set(ids);
    for (const id of this.#known.keys()) {
      if (!present.has(id)) {
        this.#known.delete(id);
      }
    }
    const unread = ids.filter((id) => !this.#known.has(id));
    for (let from = 0; from < unread.length; from += batch) {
      await Promise.all(unread.slice(from, from + batch).map((id) => this.#learn(id)));
    }
    return { ids, pinned: new Set(idsWith(names, suffix.pin).filter((id) => present.has(id))) };
  }

  async #learn(id: string): Promise<void> {
    try {
      const file = await open(this.#file(id, 'call'));
      try {
        const { size } = await file.stat();
        const head = Buffer.alloc(Math.min(size, headLimit));
        await file.read(head, 0, head.length, 0);
        this.#known.set(id, { entry: parseHead(id, head).entry, size });
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isMissing(error)) {
        return;
      }
      this.#known.set(id, undefined);
      this.#warn(`History: ${id} is left out: ${reasonOf(error)}`);
    }
  }

  async #addSchema({ digest, bytes }: PackedSchema): Promise<void> {
    const file = path.join(this.#schemas, digest);
    const now = new Date();
    try {
      // Says to other windows that it is in use.
      await utimes(file, now, now);
    } catch {
      await this.#write(file, (handle) => handle.write(bytes));
    }
  }

  /** Schemas that no call uses, pins without a call, and files that were never finished. */
  async #removeLeftOvers(grace: number): Promise<void> {
    const { ids } = await this.#scan();
    const present = new Set(ids);
    const used = new Set(ids.map((id) => this.#known.get(id)?.entry.schema));
    for (const name of await namesIn(this.#schemas)) {
      if (isSchemaDigest(name) && !used.has(name)) {
        await removeOlder(path.join(this.#schemas, name), grace);
      }
    }
    for (const folder of [this.#path, this.#schemas]) {
      for (const name of await namesIn(folder)) {
        const orphan = name.endsWith(suffix.pin) && !present.has(name.slice(0, -4));
        if (orphan || name.endsWith(suffix.unfinished)) {
          await removeOlder(path.join(folder, name), unfinishedGrace);
        }
      }
    }
  }

  /** All or nothing: others see the file when it is whole. */
  async #write(file: string, fill: (handle: FileHandle) => Promise<unknown>): Promise<void> {
    const unfinished = `${file}.${randomBytes(4).toString('hex')}${suffix.unfinished}`;
    try {
      const handle = await open(unfinished, 'wx', 0o600);
      try {
        await fill(handle);
      } finally {
        await handle.close();
      }
      await rename(unfinished, file);
    } catch (error) {
      await rm(unfinished, { force: true });
      throw error;
    }
  }

  /** The editor makes its storage readable for all users of the machine. */
  async #makePrivate(folder: string): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await chmod(folder, 0o700);
  }

  #file(id: string, kind: 'call' | 'pin'): string {
    if (!isEntryId(id)) {
      throw new Error(`${JSON.stringify(id)} names no call.`);
    }
    return path.join(this.#path, `${id}${suffix[kind]}`);
  }
}

function parseHead(id: string, bytes: Buffer) {
  const end = bytes.subarray(0, headLimit).indexOf('\n');
  if (end === -1) {
    throw new Error('Its file has no first line.');
  }
  const head = fieldsOf(JSON.parse(bytes.toString('utf8', 0, end)));
  if (head?.version !== entryVersion) {
    throw new Error('Another version of Frameline wrote its file.');
  }
  return {
    entry: parseEntry(id, head),
    requestLength: Number(head.requestLength),
    headLength: end + 1,
  };
}

function idsWith(names: readonly string[], ending: string): string[] {
  return names
    .filter((name) => name.endsWith(ending))
    .map((name) => name.slice(0, -ending.length))
    .filter(isEntryId);
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isMissing(error)) {
      return [];
    }
    throw error;
  }
}

async function sizeOf(file: string): Promise<number> {
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

async function removeOlder(file: string, milliseconds: number): Promise<void> {
  const info = await stat(file).catch(() => undefined);
  if (info && Date.now() - info.mtimeMs >= milliseconds) {
    await rm(file, { force: true });
  }
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT';
}
