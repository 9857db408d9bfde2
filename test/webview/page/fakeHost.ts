import { optionSpecs } from '../../../src/grpc/callOptionSpecs';
import type {
  CallSnapshot,
  FormCheck,
  PanelInit,
  PanelRequestName,
  RequestForm,
  ToHost,
  ToWebview,
} from '../../../src/panel/protocol';
import { marketBody, marketSchema } from './marketSchema';
import {
  endless,
  type FakeTranscript,
  notFoundStatus,
  okStatus,
  refusedStatus,
  unary,
} from './transcripts';

const stateKey = 'frameline-state';

/** Plays the extension host for the panel: answers its requests from a transcript that the test chooses. */
class FakeHost {
  /** Every message that the panel posted, requests left out. */
  readonly posted: ToHost[] = [];
  readonly requests: string[] = [];
  transcript: FakeTranscript = unary('ok');
  /** Longest main-thread task in milliseconds since the page began. */
  longestTask = 0;
  failRequests = false;
  readonly unary = unary;
  readonly endless = endless;
  readonly statuses = { ok: okStatus, refused: refusedStatus, notFound: notFoundStatus };
  #snapshot: CallSnapshot | undefined;
  #state: unknown;
  #watch: Extract<ToHost, { type: 'watch' }> | undefined;

  constructor() {
    const text = sessionStorage.getItem(stateKey);
    this.#state = text === null ? undefined : JSON.parse(text);
    addEventListener('pagehide', () => {
      const text = JSON.stringify(this.#state) ?? '';
      if (text.length < 1_000_000 && text !== '') {
        sessionStorage.setItem(stateKey, text);
      }
    });
  }

  /** What the panel is opened with; `overrides` are merged over it. */
  initial(overrides: Partial<PanelInit> = {}): PanelInit {
    return {
      target: {
        id: 'local',
        name: 'localhost:50051',
        address: 'localhost:50051',
        security: 'plaintext',
      },
      method: {
        service: 'market.v1.ListingService',
        method: 'SearchListings',
        kind: 'unary',
        requestType: 'market.v1.SearchRequest',
        responseType: 'market.v1.Listing',
        comment: 'Finds listings by words, condition and place.',
        deprecated: false,
      },
      form: { body: marketBody, metadata: [], options: {} },
      optionSpecs: optionSpecs(),
      requestSchema: marketSchema,
      problems: [],
      emptyRequest: false,
      ...overrides,
    };
  }

  open(overrides: Partial<PanelInit> = {}, kind: PanelInit['method']['kind'] = 'unary'): void {
    const init = this.initial(overrides);
    this.send({ type: 'init', init: { ...init, method: { ...init.method, kind } } });
  }

  send(message: ToWebview): void {
    dispatchEvent(new MessageEvent('message', { data: structuredClone(message) }));
  }

  /** Sends a snapshot made of the last one, `change`, and the counts of the transcript; with the watched window. */
  snapshot(change: Partial<CallSnapshot> = {}): void {
    const { transcript } = this;
    const rows = { messages: transcript.count('messages'), frames: transcript.count('frames') };
    this.#snapshot = {
      callId: 1,
      phase: 'streaming',
      canSend: false,
      deadline: 15_000,
      sentMessages: 1,
      receivedMessages: 0,
      receivedBytes: 0,
      timing: {},
      framesAvailable: true,
      ...this.#snapshot,
      ...change,
      rows,
    };
    const watch = this.#watch;
    if (watch === undefined) {
      this.send({ type: 'snapshot', snapshot: this.#snapshot });
      return;
    }
    const total = rows[watch.view];
    const first = watch.follow ? Math.max(0, total - watch.count) : watch.first;
    this.send({
      type: 'snapshot',
      snapshot: this.#snapshot,
      window: { view: watch.view, rows: this.#rows(watch.view, first, watch.count) },
    });
  }

  lastSnapshot(): CallSnapshot {
    if (this.#snapshot === undefined) {
      throw new Error('No snapshot was sent yet.');
    }
    return this.#snapshot;
  }

  /** Ends the call with what a unary call looks like. */
  end(outcome: 'ok' | 'refused' | 'notFound', callId = 1): void {
    this.transcript = unary(outcome);
    const ok = outcome === 'ok';
    const { answerRow: _, ...before } = this.#snapshot ?? {};
    this.#snapshot = undefined;
    this.snapshot({
      ...before,
      callId,
      phase: 'ended',
      canSend: false,
      status: this.statuses[outcome],
      sentMessages: outcome === 'refused' ? 0 : 1,
      receivedMessages: ok ? 1 : 0,
      receivedBytes: ok ? 46 : 0,
      timing:
        outcome === 'refused'
          ? { resolved: 310, ended: 1_400 }
          : {
              resolved: 310,
              connected: 730,
              headersSent: 1_400,
              firstByte: 11_800,
              ...(ok ? { lastMessage: 12_200 } : {}),
              ended: 12_800,
            },
      ...(ok ? { answerRow: 3 } : {}),
    });
  }

  /** The saved state, as VS Code would give it back after a reload. */
  savedState(): unknown {
    return this.#state;
  }

  /** VS Code keeps the state over a reload; the page has only its session storage for that. */
  setState(state: unknown): void {
    this.#state = structuredClone(state);
  }

  take(message: ToHost): void {
    if (message.type !== 'request') {
      this.posted.push(message);
      if (message.type === 'watch') {
        this.#watch = message;
      }
      return;
    }
    this.requests.push(message.name);
    const { id } = message;
    // A real host answers later too.
    setTimeout(() => {
      if (this.failRequests) {
        this.send({ type: 'replyError', id, message: 'The transcript is gone.' });
      } else {
        this.send({ type: 'reply', id, result: this.#answer(message) });
      }
    }, 1);
  }

  #answer(message: Extract<ToHost, { type: 'request' }>): unknown {
    const { transcript } = this;
    switch (message.name satisfies PanelRequestName) {
      case 'check':
        return message.name === 'check' ? check(message.argument.form) : undefined;
      case 'rows':
        return message.name === 'rows'
          ? {
              rows: this.#rows(
                message.argument.view,
                message.argument.first,
                message.argument.count,
              ),
            }
          : undefined;
      case 'detail':
        return message.name === 'detail'
          ? transcript.detail(message.argument.entry, message.argument.defaults)
          : undefined;
      case 'find':
        return message.name === 'find' ? this.#find(message.argument) : undefined;
      case 'template':
        return { body: marketBody };
    }
  }

  #rows(view: 'messages' | 'frames', first: number, count: number) {
    const end = Math.min(first + count, this.transcript.count(view));
    return Array.from({ length: Math.max(0, end - first) }, (_, at) =>
      this.transcript.row(view, first + at),
    );
  }

  // Searches at most 1,000 rows at a time, so that the panel has to go on.
  #find(find: { view: 'messages' | 'frames'; text: string; from: number; backwards: boolean }) {
    const total = this.transcript.count(find.view);
    const step = find.backwards ? -1 : 1;
    let row = find.from;
    for (let searched = 0; searched < 1_000; searched += 1, row += step) {
      if (row < 0 || row >= total) {
        return { row: -1, complete: true, searchedTo: row };
      }
      if (
        this.transcript.row(find.view, row).content.toLowerCase().includes(find.text.toLowerCase())
      ) {
        return { row, complete: true, searchedTo: row };
      }
    }
    return { row: -1, complete: false, searchedTo: row };
  }
}

function check(form: RequestForm): FormCheck {
  const at = form.body.indexOf('"oops"');
  const { deadline } = form.options;
  const options: FormCheck['options'][number][] = [];
  if (deadline === 'none') {
    options.push({
      name: 'deadline',
      severity: 'warning',
      message: 'Without a deadline this call can wait for ever.',
    });
  } else if (deadline !== undefined && !/^\d+(ms|s|m)$/.test(deadline)) {
    options.push({
      name: 'deadline',
      severity: 'error',
      message: `"${deadline}" is no duration: write 500ms, 5s or 2m.`,
    });
  }
  if (form.options['keepalive-time'] === '1s') {
    options.push({
      name: 'keepalive-time',
      severity: 'warning',
      message:
        'A default server accepts a PING every 5 minutes and answers more with GOAWAY too_many_pings.',
    });
  }
  return {
    body:
      at < 0
        ? []
        : [
            {
              from: at,
              to: at + 6,
              severity: 'error',
              message: 'market.v1.SearchRequest has no field oops.',
            },
          ],
    metadata: form.metadata.flatMap((row, index) =>
      row.key.startsWith('grpc-')
        ? [{ row: index, message: 'Keys that begin with grpc- are reserved for gRPC itself.' }]
        : [],
    ),
    options,
  };
}

declare global {
  interface Window {
    readonly fakeHost: FakeHost;
    acquireVsCodeApi(): unknown;
    readonly violations: string[];
  }
}

const host = new FakeHost();
const violations: string[] = [];
addEventListener('securitypolicyviolation', (event) => {
  violations.push(
    `${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber} ${event.sample}`,
  );
});
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    host.longestTask = Math.max(host.longestTask, entry.duration);
  }
}).observe({ type: 'longtask', buffered: true });

Object.assign(window, {
  fakeHost: host,
  violations,
  acquireVsCodeApi: () => ({
    postMessage: (message: ToHost) => host.take(structuredClone(message)),
    getState: () => host.savedState(),
    setState: (state: unknown) => host.setState(state),
  }),
});
