import { isSecretName } from '../../grpc/secretName';
import type { StartedRequest } from '../../request/run/startRequest';
import type { Entry, HeadersEntry, MessageEntry } from '../../transcript/entry';
import { messageBytes } from '../../transcript/messageBytes';
import type { Paint } from '../colors';
import type { Output } from '../environment';
import { JsonOutput } from '../jsonOutput';
import { printable } from '../printable';
import { Timeline } from './timeline';

export interface PrinterOptions {
  readonly out: Output;
  readonly err: Output;
  /** For `err`. */
  readonly paint: Paint;
  /** One message a line. */
  readonly json: boolean;
  /** Fields that have their default value are shown. */
  readonly defaults: boolean;
  /** Headers and trailers are shown. */
  readonly verbose: boolean;
  /** The timeline is shown. */
  readonly frames: boolean;
}

/** Longest message that is printed, in bytes, where the call itself has no limit: a text can't be longer. */
const messageLimit = 256 * 1024 * 1024;

/**
 * Prints a call while it runs: messages to the standard output, what is told of it to the standard error. When a
 * reader is slower than the server, the server has to wait.
 */
export class CallPrinter {
  readonly #started: StartedRequest;
  readonly #options: PrinterOptions;
  readonly #json: JsonOutput;
  readonly #timeline: Timeline;
  readonly #stop: () => void;
  #next = 0;
  #nextMessage = 0;
  #printing: Promise<void> | undefined;
  /** Messages that could not be shown as JSON. */
  undecodable = 0;

  constructor(started: StartedRequest, options: PrinterOptions) {
    this.#started = started;
    this.#options = options;
    this.#json = new JsonOutput(options.out);
    const { call, schema, method } = started;
    const { err } = options;
    const source = { transcript: call.transcript, schema, method };
    this.#timeline = new Timeline(source, options.paint, err.isTTY ? err.columns : undefined);
    this.#stop = call.transcript.onAppend(() => this.#print());
    this.#print();
  }

  /** Settles when all of an ended call is printed. */
  async finish(): Promise<void> {
    this.#stop();
    await this.#printing;
    await this.#printAll();
  }

  #print(): void {
    this.#printing ??= this.#printAll().finally(() => {
      this.#printing = undefined;
    });
  }

  async #printAll(): Promise<void> {
    const { call } = this.#started;
    const { out, err } = this.#options;
    while (this.#printNext()) {
      const full = out.drained() ?? err.drained();
      if (full !== undefined) {
        call.pause();
        await full;
        call.resume();
      }
      if (out.isClosed) {
        call.cancel();
      }
    }
  }

  /** False when there is nothing more, and all is written. */
  #printNext(): boolean {
    const { verbose, frames } = this.#options;
    const isMore = verbose || frames ? this.#printEntry() : this.#printMessage();
    if (!isMore) {
      this.#json.flush();
    }
    return isMore;
  }

  /** What was printed before comes before it at a terminal. */
  #tell(text: string): void {
    this.#json.flush();
    this.#options.err.write(text);
  }

  /** False when there is nothing more. */
  #printEntry(): boolean {
    const { transcript } = this.#started.call;
    if (this.#next >= transcript.length) {
      return false;
    }
    const entry = transcript.entry(this.#next++);
    const { verbose, frames } = this.#options;
    if (frames) {
      this.#tell(this.#timeline.line(entry));
    }
    if (verbose && (entry.kind === 'headers' || entry.kind === 'trailers')) {
      this.#tell(this.#fields(entry));
    }
    if (isAnswer(entry)) {
      this.#message(entry);
    }
    return true;
  }

  #printMessage(): boolean {
    const { transcript } = this.#started.call;
    const number = transcript.messageEntry('received', this.#nextMessage);
    const entry = number === undefined ? undefined : transcript.entry(number);
    if (entry?.kind !== 'message') {
      return false;
    }
    this.#nextMessage++;
    this.#message(entry);
    return true;
  }

  #message(entry: MessageEntry): void {
    const { call, schema, method } = this.#started;
    const { json: oneLine, defaults } = this.#options;
    const { bytes, truncated, problem } = messageBytes(call.transcript, entry, messageLimit);
    if (problem !== undefined || truncated) {
      this.#unprintable(entry, problem ?? 'It is too long to be shown.');
      return;
    }
    try {
      const options = { defaults, oneLine };
      schema.print(method.responseType, bytes, (piece) => this.#json.put(piece), options);
      this.#json.put('\n');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#unprintable(entry, `It does not fit ${method.responseType}: ${reason}`);
    }
  }

  #unprintable({ index }: MessageEntry, why: string): void {
    this.undecodable++;
    this.#tell(`frameline: message ${index + 1}: ${printable(why)}\n`);
  }

  #fields({ direction, kind, fields }: HeadersEntry): string {
    const { paint } = this.#options;
    const arrow = direction === 'sent' ? '>' : '<';
    const lines = fields.map(([name, value]) => {
      const shown = isSecretName(name) ? '(hidden)' : value;
      return `${arrow} ${paint('bold', printable(name))}: ${printable(shown)}`;
    });
    return `${[paint('dim', `${arrow} ${kind}`), ...lines].join('\n')}\n`;
  }
}

function isAnswer(entry: Entry): entry is MessageEntry {
  return entry.kind === 'message' && entry.direction === 'received';
}
