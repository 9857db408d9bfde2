import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { readUint32, writeUint32 } from '../../wire/bytes';

/** Raised when what stands in an archive changes in a way that older versions can't read. */
const version = 1;
const title = 'Frameline transcript ';
/** Longest first line that is looked for a version. */
const titleLimit = 64;

/** Bytes of a block at the most: making one must keep nobody waiting, however small the entries in it are. */
const blockSize = 16 * 1024;
/** Milliseconds that reading keeps others waiting at the most. */
const slice = 12;
const checksumLength = 8;
/** Bytes in front of a block: its length and a part of its SHA-256. */
const blockHead = 4 + checksumLength;

/** Why a file can't be opened as a transcript. The message is a whole sentence for people. */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';

  constructor(
    readonly code: 'not-an-archive' | 'newer' | 'truncated' | 'corrupt',
    message: string,
  ) {
    super(message);
  }

  static truncated(): ArchiveError {
    return new ArchiveError(
      'truncated',
      'The saved transcript ends before it is complete: the file was cut off, or not written to its end.',
    );
  }

  static corrupt(what: string): ArchiveError {
    return new ArchiveError('corrupt', `The saved transcript is damaged: ${what}.`);
  }
}

/** Bytes of the whole archive, title and checksums included, when `length` bytes stand in its blocks. */
export function archiveSize(length: number): number {
  return titleLine().length + length + (Math.ceil(length / blockSize) + 1) * blockHead;
}

/**
 * Puts bytes into an archive: a line with the version, blocks with their checksums, and an empty block, by which
 * a reader knows that nothing is missing.
 */
export function* writeBlocks(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  yield titleLine();
  let block = new Uint8Array(blockHead + blockSize);
  let used = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; ) {
      const count = Math.min(blockSize - used, part.length - at);
      block.set(part.subarray(at, at + count), blockHead + used);
      used += count;
      at += count;
      if (used === blockSize) {
        yield sealed(block, used);
        block = new Uint8Array(blockHead + blockSize);
        used = 0;
      }
    }
  }
  if (used > 0) {
    yield sealed(block, used);
  }
  yield sealed(new Uint8Array(blockHead), 0);
}

/** What stands in the blocks of an archive, block by block, once its checksum has been compared. */
export async function* readBlocks(
  archive: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const input = new ByteInput(archive);
  await readTitle(input);
  let sliceEnd = performance.now() + slice;
  for (;;) {
    if (performance.now() > sliceEnd) {
      await setImmediate();
      sliceEnd = performance.now() + slice;
    }
    if (!(await input.fill(blockHead))) {
      throw ArchiveError.truncated();
    }
    const head = input.take(blockHead).slice();
    const length = readUint32(head, 0);
    if (length > blockSize) {
      throw ArchiveError.corrupt('a block is longer than any that Frameline writes');
    }
    if (!(await input.fill(length))) {
      throw ArchiveError.truncated();
    }
    const content = input.take(length);
    if (!Buffer.from(checksum(content)).equals(head.subarray(4))) {
      throw ArchiveError.corrupt('its bytes are not those that were written');
    }
    if (length === 0) {
      break;
    }
    yield content;
  }
  if (await input.fill(1)) {
    throw ArchiveError.corrupt('something follows its end');
  }
}

function titleLine(): Uint8Array {
  return Buffer.from(`${title}${version}\n`, 'latin1');
}

async function readTitle(input: ByteInput): Promise<void> {
  let line = '';
  while (!line.endsWith('\n') && line.length < titleLimit && (await input.fill(1))) {
    line += String.fromCharCode(input.take(1)[0] ?? 0);
    if (!isTitle(line)) {
      break;
    }
  }
  const found = /^(\d{1,9})\n$/.exec(line.slice(title.length));
  if (line !== '' && !line.endsWith('\n') && !(await input.fill(1)) && isTitle(line)) {
    throw ArchiveError.truncated();
  }
  if (!isTitle(line) || !found || Number(found[1]) < version) {
    throw new ArchiveError('not-an-archive', 'This is not a transcript that Frameline saved.');
  }
  if (Number(found[1]) > version) {
    throw new ArchiveError(
      'newer',
      `The transcript was saved by a newer version of Frameline (format ${found[1]}; this one reads format ${version}). Update Frameline to open it.`,
    );
  }
}

/** Whether a beginning of a file may be the first line of an archive. */
function isTitle(line: string): boolean {
  return title.startsWith(line.slice(0, title.length));
}

function sealed(block: Uint8Array, used: number): Uint8Array {
  const content = block.subarray(blockHead, blockHead + used);
  writeUint32(block, 0, used);
  block.set(checksum(content), 4);
  return block.subarray(0, blockHead + used);
}

function checksum(content: Uint8Array): Uint8Array {
  return createHash('sha256').update(content).digest().subarray(0, checksumLength);
}

/** Bytes that come in pieces, taken in the lengths that a reader wants. It holds no more than has come. */
export class ByteInput {
  readonly #pieces: Iterator<Uint8Array> | AsyncIterator<Uint8Array>;
  #bytes: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(pieces: Iterable<Uint8Array> | AsyncIterable<Uint8Array>) {
    this.#pieces =
      Symbol.asyncIterator in pieces ? pieces[Symbol.asyncIterator]() : pieces[Symbol.iterator]();
  }

  /** Whether `count` bytes can be taken at once. */
  has(count: number): boolean {
    return this.#bytes.length - this.#at >= count;
  }

  /** Waits until `count` bytes can be taken; false when so many don't come. */
  async fill(count: number): Promise<boolean> {
    if (this.has(count)) {
      return true;
    }
    const pieces = [this.#bytes.subarray(this.#at)];
    let length = this.#bytes.length - this.#at;
    while (length < count) {
      const next = await this.#pieces.next();
      if (next.done) {
        break;
      }
      pieces.push(next.value);
      length += next.value.length;
    }
    this.#bytes =
      pieces.length === 2 && pieces[0]?.length === 0
        ? (pieces[1] as Uint8Array)
        : Buffer.concat(pieces, length);
    this.#at = 0;
    return length >= count;
  }

  /** The next `count` bytes, of which `has` or `fill` has said that they are there. */
  take(count: number): Uint8Array {
    this.#at += count;
    return this.#bytes.subarray(this.#at - count, this.#at);
  }
}
