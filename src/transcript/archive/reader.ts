import { type Direction, FrameFlag, FrameType } from '../../wire/frame';
import { Transcript } from '../transcript';
import { ArchiveError, type ByteInput } from './blocks';
import { Kind, Numbers } from './item';
import { isArchiveHead, isRecordBody } from './recordCheck';

/** Longest text of a record. Header blocks are the longest, and far shorter. */
const recordLimit = 16 * 1024 * 1024;
const frameLimit = 2 ** 24 - 1;
/** A byte says how many padding bytes follow it. */
const paddingLimit = 256;

/** A transcript to which everything has been appended that stands in an archive. Throws `ArchiveError`. */
export async function readContent(input: ByteInput): Promise<Transcript> {
  const head = (await input.fill(1)) ? await readNumbers(input) : undefined;
  if (head?.kind !== Kind.Head) {
    throw ArchiveError.corrupt('it does not begin with when the call was made');
  }
  const { startedAt, timing } = await readJson(input, head.next(recordLimit), isArchiveHead);
  const transcript = new Transcript({ saved: { startedAt: new Date(startedAt), timing } });
  try {
    await new ArchiveReader(input, transcript).read();
  } catch (error) {
    transcript.dispose();
    throw error;
  }
  return transcript;
}

/** Appends what stands in an archive to a transcript. */
class ArchiveReader {
  readonly #input: ByteInput;
  readonly #transcript: Transcript;
  readonly #streamIds: number[] = [];
  #time = 0;

  constructor(input: ByteInput, transcript: Transcript) {
    this.#input = input;
    this.#transcript = transcript;
  }

  async read(): Promise<void> {
    const input = this.#input;
    while (input.has(1) || (await input.fill(1))) {
      if (this.#transcript.status) {
        throw ArchiveError.corrupt('something follows the status');
      }
      const numbers = await readNumbers(input);
      switch (numbers.kind) {
        case Kind.Frame:
          await this.#frame(numbers);
          break;
        case Kind.Message:
          await this.#message(numbers);
          break;
        case Kind.Fields:
          await this.#fields(numbers);
          break;
        case Kind.Record:
          await this.#record(numbers);
          break;
        case Kind.Status:
          await this.#status(numbers);
          break;
        default:
          throw ArchiveError.corrupt('it has an entry of an unknown kind');
      }
    }
  }

  async #frame(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const direction = directionOf(numbers);
    const stream = this.#stream(numbers);
    const type = numbers.next(255);
    const flags = numbers.next(255);
    const padding = numbers.next(paddingLimit);
    const bytes = await takeBytes(this.#input, numbers.next(frameLimit - padding));
    const isPadded = type === FrameType.Data && (flags & FrameFlag.Padded) !== 0;
    if (padding > 0 && !isPadded) {
      throw ArchiveError.corrupt('a frame without padding has some');
    }
    const payload = padding === 0 ? bytes : padded(bytes, padding);
    const streamId = this.#streamIds[stream] ?? 0;
    const header = { length: payload.length, type, flags, streamId };
    this.#transcript.appendFrame(stream + 1, direction, header, payload, this.#time);
  }

  async #message(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const direction = directionOf(numbers);
    const bytes = await takeBytes(this.#input, numbers.next(2 ** 32 - 1));
    this.#transcript.appendMessage(direction, bytes, this.#time);
  }

  async #fields(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const stream = this.#stream(numbers);
    const body = await readJson(this.#input, numbers.next(recordLimit), isRecordBody);
    if (body.kind !== 'headers' && body.kind !== 'trailers') {
      throw ArchiveError.corrupt('header fields are missing');
    }
    const { direction, streamId, fields, kind } = body;
    const isEnd = kind === 'trailers';
    this.#transcript.appendFields(stream + 1, direction, streamId, fields, isEnd, this.#time);
  }

  async #record(numbers: Numbers): Promise<void> {
    this.#pass(numbers);
    const body = await readJson(this.#input, numbers.next(recordLimit), isRecordBody);
    if (body.kind === 'status') {
      throw ArchiveError.corrupt('it has a status that does not end it');
    }
    this.#transcript.appendRecord(body, this.#time);
  }

  async #status(numbers: Numbers): Promise<void> {
    const body = await readJson(this.#input, numbers.next(recordLimit), isRecordBody);
    if (body.kind !== 'status') {
      throw ArchiveError.corrupt('the status is missing');
    }
    this.#transcript.end(body.status, this.#transcript.timing.ended ?? 0);
  }

  #pass(numbers: Numbers): void {
    const delta = numbers.next();
    this.#time += delta % 2 === 0 ? delta / 2 : -(delta + 1) / 2;
    if (this.#time < 0 || !Number.isSafeInteger(this.#time)) {
      throw ArchiveError.corrupt('an entry has an impossible time');
    }
  }

  #stream(numbers: Numbers): number {
    const stream = numbers.next(this.#streamIds.length);
    if (stream === this.#streamIds.length) {
      this.#streamIds.push(numbers.next(2 ** 31 - 1));
    }
    return stream;
  }
}

async function readNumbers(input: ByteInput): Promise<Numbers> {
  const length = (await takeBytes(input, 1))[0] ?? 0;
  return new Numbers(await takeBytes(input, length));
}

async function readJson<T>(
  input: ByteInput,
  length: number,
  check: (value: unknown) => value is T,
): Promise<T> {
  const text = Buffer.from(await takeBytes(input, length)).toString('utf8');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw ArchiveError.corrupt('an entry is not JSON');
  }
  if (!check(value)) {
    throw ArchiveError.corrupt('an entry is not one that a transcript has');
  }
  return value;
}

async function takeBytes(input: ByteInput, count: number): Promise<Uint8Array> {
  if (!input.has(count) && !(await input.fill(count))) {
    throw ArchiveError.corrupt('an entry is not whole');
  }
  return input.take(count);
}

function directionOf(numbers: Numbers): Direction {
  return numbers.next(1) === 0 ? 'sent' : 'received';
}

/** The payload of a DATA frame as it stood on the wire but for the padding's own bytes, which nobody keeps. */
function padded(data: Uint8Array, padding: number): Uint8Array {
  const payload = new Uint8Array(data.length + padding);
  payload[0] = padding - 1;
  payload.set(data, 1);
  return payload;
}
