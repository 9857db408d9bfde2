import type { Call } from '../../grpc/call';
import type { MethodKind } from '../../grpc/methodKind';
import { type DetailSource, entryDetail } from '../../panel/details';
import { type ExportFormat, exportTranscript } from '../../panel/exportTranscript';
import { type FindQuery, findRow } from '../../panel/find';
import { asMessage, messageType } from '../../panel/messageText';
import type {
  CallPhase,
  CallSnapshot,
  EntryDetail,
  FindResult,
  TimelineRow,
  TimelineView,
  ToHost,
} from '../../panel/protocol';
import { rowSource } from '../../panel/rowSource';
import { type RowSource, timelineRow } from '../../panel/rows';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { CallStatus } from '../../transcript/entry';
import { messageBytes } from '../../transcript/messageBytes';

/** What a run is about; it keeps the schema that the call was made with. */
export interface RunContext {
  readonly callId: number;
  readonly target: string;
  readonly method: MethodInfo;
  readonly schema: Schema;
  readonly framesAvailable: boolean;
  /** Milliseconds; absent when there is none. */
  readonly deadline?: number;
  /** The call is one of the history: when it was made, as text. */
  readonly kept?: string;
}

/** What a run needs of its call. */
export type RunningCall = Pick<
  Call,
  'transcript' | 'canSend' | 'done' | 'send' | 'drained' | 'halfClose' | 'cancel'
>;

/** A call that ended long ago, as its transcript tells it. */
export function endedCall(transcript: Call['transcript'], status: CallStatus): RunningCall {
  return {
    transcript,
    canSend: false,
    done: Promise.resolve(status),
    send: () => false,
    drained: () => Promise.resolve(),
    halfClose: () => undefined,
    cancel: () => undefined,
  };
}

export type Watch = Omit<Extract<ToHost, { type: 'watch' }>, 'type'>;

/** What goes to the webview when something has changed. */
export interface Update {
  readonly snapshot: CallSnapshot;
  readonly window?: { readonly view: TimelineView; readonly rows: readonly TimelineRow[] };
}

/** At most 30 updates a second. */
const updateInterval = 34;
/** Costly updates wait so many times their own length: whatever a server sends, the host has time for others. */
const restFactor = 3;
/** More rows than any screen shows. */
const rowLimit = 500;
/** Longest message that is decoded to be copied or opened: it is decoded at one go. */
const wholeLimit = 16 * 1024 * 1024;

/** One call of a panel: reads what the webview wants to see out of its transcript. */
export class CallRun {
  readonly call: RunningCall;
  readonly context: RunContext;
  readonly #update: (update: Update) => void;
  readonly #stopListening: () => void;
  #held: Promise<unknown>;
  #timer: NodeJS.Timeout | undefined;
  #nextUpdateAt = 0;
  #watch: Watch = { view: 'messages', first: 0, count: 0, follow: true };
  /** The window that the webview has; rows never change once they are there. */
  #sentWindow = '';
  #disposed = false;

  constructor(call: RunningCall, context: RunContext, update: (update: Update) => void) {
    this.call = call;
    this.context = context;
    this.#update = update;
    this.#held = call.done;
    this.#stopListening = call.transcript.onAppend(() => this.#schedule());
    void call.done.then(() => this.#schedule());
  }

  get isDisposed(): boolean {
    return this.#disposed;
  }

  /** Keeps the transcript until `reading` has settled, also when the run is disposed of before. */
  hold(reading: Promise<unknown>): void {
    this.#held = Promise.allSettled([this.#held, reading]);
  }

  /** Which rows are on the screen: they are sent now and when they change. */
  watch(watch: Watch): void {
    this.#watch = { ...watch, count: Math.min(Math.max(0, watch.count), rowLimit) };
    this.#schedule();
  }

  /** The next update has the whole window: the webview has been drawn anew. */
  forgetSent(): void {
    this.#sentWindow = '';
  }

  snapshot(): CallSnapshot {
    const { call, context } = this;
    const { transcript } = call;
    const received = transcript.messageCount('received');
    const { status } = transcript;
    const answer = answersOnce(context.method.kind)
      ? transcript.messageEntry('received', 0)
      : undefined;
    return {
      callId: context.callId,
      phase: this.#phase(),
      canSend: call.canSend,
      ...(context.deadline === undefined ? {} : { deadline: context.deadline }),
      rows: { messages: transcript.rowCount('messages'), frames: transcript.rowCount('frames') },
      sentMessages: transcript.messageCount('sent'),
      receivedMessages: received,
      receivedBytes: transcript.messageBytes('received'),
      timing: { ...transcript.timing },
      ...(status ? { status } : {}),
      framesAvailable: context.framesAvailable,
      ...(context.kept === undefined ? {} : { kept: context.kept }),
      ...(answer === undefined ? {} : { answerRow: transcript.rowOf('messages', answer) }),
    };
  }

  rows(view: TimelineView, first: number, count: number): TimelineRow[] {
    const { transcript } = this.call;
    const from = Math.max(0, Math.floor(first));
    const to = Math.min(from + Math.min(count, rowLimit), transcript.rowCount(view));
    const rows: TimelineRow[] = [];
    const source = this.#rowSource();
    let previousTime = from > 0 ? transcript.entry(transcript.entryNumber(view, from - 1)).time : 0;
    for (let row = from; row < to; row++) {
      const entry = transcript.entry(transcript.entryNumber(view, row));
      rows.push(timelineRow(entry, row, previousTime, source));
      previousTime = entry.time;
    }
    return rows;
  }

  detail(entry: number, defaults: boolean): EntryDetail {
    return entryDetail(entry, this.#detailSource(defaults));
  }

  find(query: FindQuery, cancelled: () => boolean): Promise<FindResult> {
    return findRow(
      query,
      {
        ...this.#rowSource(),
        transcript: this.call.transcript,
        schema: this.context.schema,
        types: this.context.method,
      },
      () => this.#disposed || cancelled(),
    );
  }

  /** An entry as text to read elsewhere: a message as JSON, anything else as its fields in JSON. */
  entryText(number: number, defaults: boolean): string {
    const { transcript } = this.call;
    const entry = transcript.entry(number);
    const message = asMessage(entry);
    if (!message) {
      return JSON.stringify(this.detail(number, defaults), undefined, 2);
    }
    const { schema, method } = this.context;
    const { bytes, truncated, problem } = messageBytes(transcript, message, wholeLimit);
    if (problem !== undefined || truncated) {
      return `// ${problem ?? 'The message is too long to be shown as JSON.'}\n`;
    }
    return schema.decode(messageType(method, message.direction), bytes, { defaults });
  }

  /** What an entry is, for the title of a document: `received message 3`. */
  entryName(number: number): string {
    const entry = this.call.transcript.entry(number);
    return entry.kind === 'message'
      ? `${entry.direction} message ${entry.index + 1}`
      : `${entry.kind} ${number + 1}`;
  }

  export(format: ExportFormat): Generator<string> {
    const { method, schema, target } = this.context;
    return exportTranscript(
      {
        ...this.#rowSource(),
        transcript: this.call.transcript,
        schema,
        types: method,
        title: { target, method: method.path.slice(1) },
      },
      format,
    );
  }

  /** Cancels the call if it runs, and gives its bytes back. */
  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
    this.#stopListening();
    this.call.cancel();
    // The call writes its last entries after it was cancelled.
    void this.#held.then(() => this.call.transcript.dispose());
  }

  #phase(): CallPhase {
    const { transcript } = this.call;
    if (transcript.status) {
      return 'ended';
    }
    const answered =
      transcript.timing.firstByte !== undefined || transcript.messageCount('received') > 0;
    return answered ? 'streaming' : 'connecting';
  }

  #schedule(): void {
    if (this.#timer === undefined && !this.#disposed) {
      const wait = Math.max(0, this.#nextUpdateAt - performance.now());
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        const began = performance.now();
        this.#update(this.#nextUpdate());
        const end = performance.now();
        this.#nextUpdateAt = Math.max(began + updateInterval, end + restFactor * (end - began));
      }, wait);
    }
  }

  #nextUpdate(): Update {
    const snapshot = this.snapshot();
    const { view, follow, count } = this.#watch;
    const total = snapshot.rows[view];
    const first = follow ? Math.max(0, total - count) : this.#watch.first;
    const window = `${view} ${first} ${Math.min(total, first + count)}`;
    if (window === this.#sentWindow || count === 0) {
      return { snapshot };
    }
    this.#sentWindow = window;
    return { snapshot, window: { view, rows: this.rows(view, first, count) } };
  }

  #rowSource(): RowSource {
    const { schema, method } = this.context;
    return rowSource(this.call.transcript, schema, method);
  }

  #detailSource(defaults: boolean): DetailSource {
    const { schema, method } = this.context;
    return { transcript: this.call.transcript, schema, types: method, defaults };
  }
}

function answersOnce(kind: MethodKind): boolean {
  return kind === 'unary' || kind === 'clientStreaming';
}
