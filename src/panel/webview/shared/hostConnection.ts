import {
  isSecretName,
  type PanelRequestName,
  type PanelRequests,
  type PanelState,
  type RequestForm,
  type ToHost,
  type ToWebview,
} from '../../protocol';

/** What VS Code gives a webview once, through `acquireVsCodeApi()`. */
export interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

/** The panel went away, or the host could not answer, before a request was answered. */
export class HostRequestError extends Error {
  override readonly name = 'HostRequestError';
  constructor(
    readonly reason: 'closed' | 'refused',
    message: string,
  ) {
    super(message);
  }
}

interface Waiting {
  resolve(result: unknown): void;
  reject(error: Error): void;
}

/** The one seam between the panel and the extension host: posts messages, correlates requests with replies. */
export class HostConnection {
  readonly #api: VsCodeApi;
  readonly #source: EventTarget;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Set<(message: ToWebview) => void>();
  #nextId = 1;
  #closed = false;

  constructor(api: VsCodeApi, source: EventTarget) {
    this.#api = api;
    this.#source = source;
    source.addEventListener('message', this.#receive);
  }

  /** Calls `listener` with every message that isn't a reply. Returns what stops it. */
  listen(listener: (message: ToWebview) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  post(message: ToHost): void {
    if (!this.#closed) {
      this.#api.postMessage(message);
    }
  }

  /** Rejects with `HostRequestError` when the host refuses or the connection closes. */
  request<N extends PanelRequestName>(
    name: N,
    argument: PanelRequests[N]['argument'],
  ): Promise<PanelRequests[N]['result']> {
    if (this.#closed) {
      return Promise.reject(new HostRequestError('closed', 'The panel is closed.'));
    }
    const id = this.#nextId;
    this.#nextId += 1;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, {
        // The reply to `name` carries the result of `name`: both sides share the protocol's types.
        resolve: (result) => resolve(result as PanelRequests[N]['result']),
        reject,
      });
      this.#api.postMessage({ type: 'request', id, name, argument });
    });
  }

  /** What `save` kept last, or undefined when there is nothing of this version. */
  saved(): PanelState | undefined {
    const state = this.#api.getState();
    return isPanelState(state) ? state : undefined;
  }

  /** Keeps the state over a reload. The editor writes it to disk: the values of secret metadata stay out. */
  save(state: PanelState): void {
    this.#api.setState({ ...state, form: withoutSecrets(state.form) });
  }

  /** Stops listening and rejects every request that still waits. */
  close(): void {
    this.#closed = true;
    this.#source.removeEventListener('message', this.#receive);
    this.#listeners.clear();
    for (const waiting of this.#waiting.values()) {
      waiting.reject(new HostRequestError('closed', 'The panel was closed.'));
    }
    this.#waiting.clear();
  }

  readonly #receive = (event: Event): void => {
    const data: unknown = event instanceof MessageEvent ? event.data : undefined;
    if (!isToWebview(data)) {
      return;
    }
    if (data.type !== 'reply' && data.type !== 'replyError') {
      for (const listener of this.#listeners) {
        listener(data);
      }
      return;
    }
    const waiting = this.#waiting.get(data.id);
    this.#waiting.delete(data.id);
    if (data.type === 'reply') {
      waiting?.resolve(data.result);
    } else {
      waiting?.reject(new HostRequestError('refused', data.message));
    }
  };
}

function withoutSecrets(form: RequestForm): RequestForm {
  return {
    ...form,
    metadata: form.metadata.map((row) => (isSecretName(row.key) ? { ...row, value: '' } : row)),
  };
}

function isToWebview(data: unknown): data is ToWebview {
  return typeof data === 'object' && data !== null && 'type' in data;
}

function isPanelState(state: unknown): state is PanelState {
  return typeof state === 'object' && state !== null && 'version' in state && state.version === 1;
}
