import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const FIRST_SEGMENT = 4 * 1024;
const SEGMENT = 256 * 1024;
const DEFAULT_MEMORY_BUDGET = 16 * 1024 * 1024;
/** So many times its budget a store may hold when the disk takes nothing. */
const OVERDRAFT = 8;

interface Segment {
  /** Offset of the segment's first byte in its log. */
  readonly start: number;
  readonly capacity: number;
  used: number;
  /** Absent once the segment stands in the spill file. */
  buffer: Uint8Array | undefined;
  filePosition: number;
}

/**
 * Memory for the bytes of one transcript. Up to a budget they stay in memory; past it the oldest full
 * segments move to a spill file, private to the user, that goes away with the store or the process.
 */
export class ByteStore {
  readonly #memoryBudget: number;

  readonly #full: Segment[] = [];
  #nextToSpill = 0;
  #inMemory = 0;
  #spare: Uint8Array | undefined;
  #file: { readonly descriptor: number; readonly folder: string } | undefined;
  #fileLength = 0;
  #spillError: unknown;

  constructor(memoryBudget = DEFAULT_MEMORY_BUDGET) {
    this.#memoryBudget = memoryBudget;
  }

  /** Bytes held in memory and on disk. */
  get usage(): { readonly memory: number; readonly disk: number } {
    return { memory: this.#inMemory, disk: this.#fileLength };
  }

  /** Why no more should be put in: the disk takes nothing, and the memory is far over its budget. */
  get problem(): string | undefined {
    const isFull = this.#inMemory > this.#memoryBudget * OVERDRAFT;
    return isFull && this.#spillError !== undefined ? reasonOf(this.#spillError) : undefined;
  }

  createLog(): ByteLog {
    return new ByteLog(this);
  }

  allocate(start: number, capacity: number): Segment {
    const reusable = this.#spare?.length === capacity ? this.#spare : undefined;
    if (reusable) {
      this.#spare = undefined;
    }
    this.#inMemory += capacity;
    // Not pooled: a pooled Buffer would pin its whole slab.
    const buffer = reusable ?? Buffer.allocUnsafeSlow(capacity);
    return { start, capacity, used: 0, buffer, filePosition: 0 };
  }

  /** Called when nothing more goes into `segment`. */
  retire(segment: Segment): void {
    this.#full.push(segment);
    while (this.#inMemory > this.#memoryBudget && this.#nextToSpill < this.#full.length) {
      if (!this.#spill(this.#full[this.#nextToSpill] as Segment)) {
        return;
      }
      this.#nextToSpill++;
    }
    if (this.#nextToSpill > 1024) {
      this.#full.splice(0, this.#nextToSpill);
      this.#nextToSpill = 0;
    }
  }

  /** Throws when the bytes are gone: zeros in their place would look like what was received. */
  read(segment: Segment, from: number, into: Uint8Array): void {
    if (segment.buffer) {
      into.set(segment.buffer.subarray(from, from + into.length));
      return;
    }
    if (!this.#file) {
      throw new Error('The transcript of this call has been given up.');
    }
    let done = 0;
    while (done < into.length) {
      const position = segment.filePosition + from + done;
      const count = readSync(this.#file.descriptor, into, done, into.length - done, position);
      if (count === 0) {
        throw new Error(
          'The spill file of this transcript is shorter than what was written to it.',
        );
      }
      done += count;
    }
  }

  /** Writes over bytes of a segment. Throws when the disk refuses that. */
  overwrite(segment: Segment, from: number, bytes: Uint8Array): void {
    if (segment.buffer) {
      segment.buffer.set(bytes, from);
    } else if (this.#file) {
      writeAll(this.#file.descriptor, bytes, segment.filePosition + from);
    }
  }

  dispose(): void {
    if (this.#file) {
      closeSync(this.#file.descriptor);
      removeFolder(this.#file.folder);
      this.#file = undefined;
    }
    // What comes late must not open another file, which nobody would remove.
    this.#spillError = new Error('The transcript of this call has been given up.');
    this.#full.length = 0;
    this.#spare = undefined;
  }

  /** Keeps the bytes in memory when the disk refuses them: over budget is better than lost. */
  #spill(segment: Segment): boolean {
    if (!segment.buffer || this.#spillError !== undefined) {
      return false;
    }
    try {
      this.#file ??= openSpillFile();
      const { descriptor } = this.#file;
      writeAll(descriptor, segment.buffer.subarray(0, segment.used), this.#fileLength);
    } catch (error) {
      this.#spillError = error;
      return false;
    }
    segment.filePosition = this.#fileLength;
    this.#fileLength += segment.used;
    this.#inMemory -= segment.capacity;
    this.#spare = segment.capacity === SEGMENT ? segment.buffer : this.#spare;
    segment.buffer = undefined;
    return true;
  }
}

function writeAll(descriptor: number, bytes: Uint8Array, position: number): void {
  let done = 0;
  while (done < bytes.length) {
    done += writeSync(descriptor, bytes, done, bytes.length - done, position + done);
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * The file has no name any more when it is given out: the system frees it however the process ends. Windows may
 * keep the folder until the file is closed.
 */
function openSpillFile(): { descriptor: number; folder: string } {
  const folder = mkdtempSync(join(tmpdir(), 'frameline-'));
  try {
    return { descriptor: openSync(join(folder, 'transcript'), 'wx+', 0o600), folder };
  } finally {
    removeFolder(folder);
  }
}

/** A folder that can't be removed now is no reason to fail: nothing of it is read by name. */
function removeFolder(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch {
    // Left to the system's own cleaning of temporary files.
  }
}

/** An append-only sequence of bytes in a `ByteStore`. */
export class ByteLog {
  readonly #store: ByteStore;

  readonly #segments: Segment[] = [];
  #last: Segment | undefined;
  #total = 0;

  constructor(store: ByteStore) {
    this.#store = store;
  }

  get length(): number {
    return this.#total;
  }

  /** Copies `bytes` to the end; returns the offset of the first one. */
  append(bytes: Uint8Array): number {
    const offset = this.#total;
    let done = 0;
    while (done < bytes.length) {
      const segment = this.#room();
      const count = Math.min(segment.capacity - segment.used, bytes.length - done);
      segment.buffer?.set(
        count === bytes.length ? bytes : bytes.subarray(done, done + count),
        segment.used,
      );
      segment.used += count;
      this.#total += count;
      done += count;
    }
    return offset;
  }

  /** Copies out the bytes of `[offset, offset + length)` that exist. */
  read(offset: number, length: number): Uint8Array {
    const end = Math.min(offset + length, this.#total);
    // From Node's pool when it is short, which is many times faster than memory of its own.
    const result = Buffer.allocUnsafe(Math.max(0, end - offset));
    const first = this.#segments[this.#segmentAt(offset)];
    if (first !== undefined && end <= first.start + first.used) {
      this.#store.read(first, offset - first.start, result);
      return result;
    }
    this.#eachPart(offset, result, (segment, from, part) => {
      this.#store.read(segment, from, part);
    });
    return result;
  }

  /** Writes over bytes that have been appended. */
  overwrite(offset: number, bytes: Uint8Array): void {
    this.#eachPart(offset, bytes, (segment, from, part) => {
      this.#store.overwrite(segment, from, part);
    });
  }

  /** The parts of `bytes` that stand in one segment each, when the first byte stands at `offset`. */
  #eachPart(
    offset: number,
    bytes: Uint8Array,
    visit: (segment: Segment, from: number, part: Uint8Array) => void,
  ): void {
    let done = 0;
    for (let index = this.#segmentAt(offset); done < bytes.length; index++) {
      const segment = this.#segments[index];
      if (!segment) {
        break;
      }
      const from = offset + done - segment.start;
      const count = Math.min(segment.used - from, bytes.length - done);
      visit(segment, from, bytes.subarray(done, done + count));
      done += count;
    }
  }

  #room(): Segment {
    if (this.#last && this.#last.used < this.#last.capacity) {
      return this.#last;
    }
    if (this.#last) {
      this.#store.retire(this.#last);
    }
    const segment = this.#store.allocate(this.#total, this.#last ? SEGMENT : FIRST_SEGMENT);
    this.#segments.push(segment);
    this.#last = segment;
    return segment;
  }

  #segmentAt(offset: number): number {
    let low = 0;
    let high = this.#segments.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#segments[middle] as Segment).start <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
