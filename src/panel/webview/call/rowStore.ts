import type { PanelRequests, TimelineRow, TimelineView } from '../../protocol';

type Fetch = (
  argument: PanelRequests['rows']['argument'],
) => Promise<PanelRequests['rows']['result']>;

/** Rows kept in the browser; the host has all of them. */
const keep = 1_200;
const batch = 150;

/**
 * A bounded cache of timeline rows. It asks the host for what is missing in the wanted window, one request
 * at a time: while the user drags the scrollbar only the newest window matters.
 */
export class RowStore {
  readonly #fetch: Fetch;
  readonly #arrived: () => void;
  #callId = -1;
  #view: TimelineView = 'messages';
  #rows = new Map<number, TimelineRow>();
  #wanted: { readonly first: number; readonly end: number } | undefined;
  #asking = false;
  /** A window that the host couldn't fill isn't asked for again until the window changes. */
  #unanswered = '';

  constructor(fetch: Fetch, arrived: () => void) {
    this.#fetch = fetch;
    this.#arrived = arrived;
  }

  get size(): number {
    return this.#rows.size;
  }

  get(row: number): TimelineRow | undefined {
    return this.#rows.get(row);
  }

  /** Empties the store when it is about another call or view than before. */
  use(callId: number, view: TimelineView): void {
    if (callId !== this.#callId || view !== this.#view) {
      this.#callId = callId;
      this.#view = view;
      this.#rows = new Map();
      this.#wanted = undefined;
      this.#unanswered = '';
    }
  }

  put(rows: readonly TimelineRow[]): void {
    for (const row of rows) {
      this.#rows.set(row.row, row);
    }
    this.#trim();
  }

  /** Says which rows are in sight: [first, end). */
  want(first: number, end: number): void {
    this.#wanted = { first, end };
    if (!this.#asking) {
      void this.#ask();
    }
  }

  /** One row, from the cache or from the host; undefined when there is none, or the host can't say. */
  async load(row: number): Promise<TimelineRow | undefined> {
    const known = this.#rows.get(row);
    if (known !== undefined) {
      return known;
    }
    const argument = { callId: this.#callId, view: this.#view, first: row, count: 1 };
    const found = await this.#fetch(argument).catch(() => undefined);
    return found?.rows.find((one) => one.row === row);
  }

  async #ask(): Promise<void> {
    this.#asking = true;
    try {
      for (let window = this.#missing(); window !== undefined; window = this.#missing()) {
        const callId = this.#callId;
        const view = this.#view;
        this.#unanswered = window.key;
        const { rows } = await this.#fetch({
          callId,
          view,
          first: window.first,
          count: window.count,
        });
        if (callId === this.#callId && view === this.#view && rows.length > 0) {
          this.put(rows);
          this.#arrived();
        }
      }
    } catch {
      // The host refused or went away; the rows stay empty until another window is wanted.
    } finally {
      this.#asking = false;
    }
  }

  #missing(): { readonly first: number; readonly count: number; readonly key: string } | undefined {
    if (this.#wanted === undefined) {
      return undefined;
    }
    let { first, end } = this.#wanted;
    while (first < end && this.#rows.has(first)) {
      first += 1;
    }
    while (end > first && this.#rows.has(end - 1)) {
      end -= 1;
    }
    if (first >= end) {
      return undefined;
    }
    // A little on both sides makes the next wheel step free.
    const start = Math.max(0, first - Math.max(0, (batch - (end - first)) >> 1));
    const key = `${this.#callId} ${this.#view} ${first} ${end}`;
    return key === this.#unanswered
      ? undefined
      : { first: start, count: Math.max(batch, end - start), key };
  }

  #trim(): void {
    if (this.#rows.size <= keep) {
      return;
    }
    const middle = this.#wanted === undefined ? 0 : (this.#wanted.first + this.#wanted.end) / 2;
    const near = [...this.#rows.keys()]
      .sort((a, b) => Math.abs(a - middle) - Math.abs(b - middle))
      .slice(0, keep / 2);
    this.#rows = new Map(near.map((row) => [row, this.#rows.get(row)]).filter(isPair));
  }
}

function isPair(pair: (number | TimelineRow | undefined)[]): pair is [number, TimelineRow] {
  return pair[1] !== undefined;
}
