import type { Entry, MessageEntry } from '../../src/transcript/entry';
import type { Transcript } from '../../src/transcript/transcript';
import type { Direction } from '../../src/wire/frame';

const data = 0;
const prefixLength = 5;

/** What of an ended call's transcript contradicts itself; empty when all fits together. */
export function transcriptProblems(transcript: Transcript): string[] {
  const problems: string[] = [];
  const check = new TranscriptCheck(transcript, (text) => problems.push(text));
  let before = 0;
  for (let number = 0; number < transcript.length; number++) {
    const entry = transcript.entry(number);
    if (entry.number !== number) {
      problems.push(`entry ${number} says that it is ${entry.number}`);
    }
    if (entry.time < before) {
      problems.push(`entry ${number} (${entry.kind}) is at ${entry.time}, after one at ${before}`);
    }
    before = entry.time;
    check.entry(entry);
  }
  check.end();
  return problems;
}

/** One direction of one stream. */
interface StreamBytes {
  readonly direction: Direction;
  data: Uint8Array[];
  messages: Uint8Array[];
}

class TranscriptCheck {
  readonly #streams = new Map<string, StreamBytes>();
  readonly #next = { sent: 0, received: 0 };
  #statuses = 0;

  constructor(
    readonly transcript: Transcript,
    readonly report: (text: string) => void,
  ) {}

  entry(entry: Entry): void {
    const payload = this.transcript.payload(entry.number);
    if (payload.length !== this.transcript.payloadLength(entry.number)) {
      const wanted = this.transcript.payloadLength(entry.number);
      this.report(`entry ${entry.number} has ${payload.length} of its ${wanted} bytes`);
    }
    if (entry.kind === 'status') {
      this.#statuses++;
    } else if (entry.kind === 'message') {
      this.#message(entry, payload);
    } else if (entry.kind === 'frame') {
      this.#frame(entry, payload);
    }
  }

  end(): void {
    const { transcript } = this;
    const last = transcript.length > 0 ? transcript.entry(transcript.length - 1) : undefined;
    if (this.#statuses !== 1 || last?.kind !== 'status') {
      this.report(`there are ${this.#statuses} status entries, and ${last?.kind} is the last`);
    }
    for (const direction of ['sent', 'received'] as const) {
      const count = transcript.messageCount(direction);
      if (count !== this.#next[direction]) {
        this.report(`${count} messages ${direction}, but ${this.#next[direction]} entries`);
      }
    }
    for (const [key, stream] of this.#streams) {
      this.#compare(key, stream);
    }
  }

  #message(entry: MessageEntry, payload: Uint8Array): void {
    const { number, direction, length, compressed, index } = entry;
    const expected = this.#next[direction]++;
    if (index !== expected || this.transcript.messageEntry(direction, index) !== number) {
      this.report(`entry ${number} is message ${index} ${direction}, not ${expected}`);
    }
    const prefix = Buffer.from(payload.subarray(0, prefixLength));
    if (
      payload.length !== length + prefixLength ||
      prefix.readUInt32BE(1) !== length ||
      (prefix.readUInt8(0) & 1) !== Number(compressed)
    ) {
      this.report(`message ${index} ${direction} is not what its prefix says`);
    }
    this.#stream(entry).messages.push(payload);
  }

  #frame(entry: Entry & { kind: 'frame' }, payload: Uint8Array): void {
    const { header, direction, messages } = entry;
    if (header.type !== data) {
      if (payload.length !== header.length) {
        this.report(`frame ${entry.number} has ${payload.length} of ${header.length} bytes`);
      }
      return;
    }
    this.#stream(entry).data.push(payload);
    const known = this.transcript.messageCount(direction);
    if (messages && (messages.first > messages.end || messages.end > known + 1)) {
      this.report(`frame ${entry.number} carries messages ${messages.first} to ${messages.end}`);
    }
  }

  #stream(entry: { readonly number: number; readonly direction: Direction }): StreamBytes {
    const { direction } = entry;
    const key = `stream ${this.transcript.streamIndex(entry.number)} ${direction}`;
    const known = this.#streams.get(key) ?? { direction, data: [], messages: [] };
    this.#streams.set(key, known);
    return known;
  }

  /** Messages stand one after the other in DATA; what is left is one that has begun. */
  #compare(key: string, stream: StreamBytes): void {
    const bytes = Buffer.concat(stream.data);
    const messages = Buffer.concat(stream.messages);
    if (!bytes.subarray(0, messages.length).equals(messages)) {
      this.report(`${key}: its messages are not what stands in DATA`);
    }
    const rest = bytes.subarray(messages.length);
    const isWhole =
      rest.length >= prefixLength && rest.length - prefixLength >= rest.readUInt32BE(1);
    if (isWhole) {
      this.report(`${key}: a whole message stands in DATA and is no entry`);
    }
  }
}
