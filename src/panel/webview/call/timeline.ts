import { html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type { CallSnapshot, TimelineRow, TimelineView, ToHost } from '../../protocol';
import { icon } from '../shared/icons';
import { sharedStyles } from '../shared/styles';
import { bytes, duration, plural, visible } from '../shared/text';
import { VirtualScroller } from '../shared/virtualScroller';
import { RowStore } from './rowStore';
import { timelineStyles } from './timelineStyles';

type Fetch = ConstructorParameters<typeof RowStore>[0];

/** Row height in pixels, as VS Code's own lists have it. */
export const rowHeight = 22;
/** Pixels above the first row: the column titles. */
export const headHeight = 22;

/**
 * One row an entry. The host owns the rows; this draws those in sight and says which they are (`watch`).
 * Fires `choose` (a `TimelineRow`) and `row-command` (`copy`, `open`).
 */
@customElement('frameline-timeline')
export class FramelineTimeline extends LitElement {
  @property({ attribute: false }) snapshot: CallSnapshot | undefined;
  @property() view: TimelineView = 'messages';
  @property({ attribute: false }) fetchRows: Fetch = () => Promise.resolve({ rows: [] });
  @property({ attribute: false }) watch: (message: Extract<ToHost, { type: 'watch' }>) => void =
    () => {};
  /** Entry number of the chosen row. */
  @property({ type: Number }) chosen: number | undefined;
  /** Marked where it occurs in a row's content. */
  @property() mark = '';
  @query('.scroll') private scrollElement!: HTMLElement | null;

  readonly #scroller = new VirtualScroller(this, rowHeight, (up) => this.#userScrolled(up));
  readonly #store = new RowStore(
    (argument) => this.fetchRows(argument),
    () => this.requestUpdate(),
  );
  #follow = true;
  #followedRows = 0;
  /** Row number of `chosen` in this view, when known. */
  #active: number | undefined;
  #watched = '';
  #watchTimer: ReturnType<typeof setTimeout> | undefined;

  static override styles = [sharedStyles, timelineStyles];

  get rows(): number {
    return this.snapshot?.rows[this.view] ?? 0;
  }

  /** True while the newest row is kept in sight. */
  get following(): boolean {
    return this.#follow;
  }

  /** For tests: how many rows the browser holds. */
  get cachedRows(): number {
    return this.#store.size;
  }

  /** Takes the rows that the host pushed for the watched window. */
  push(callId: number, view: TimelineView, rows: readonly TimelineRow[]): void {
    if (view === this.view && callId === this.snapshot?.callId) {
      this.#store.use(callId, view);
      this.#store.put(rows);
      this.requestUpdate();
    }
  }

  /** Chooses a row by its number in this view and brings it into sight. Undefined when the host has no such row. */
  async goTo(row: number): Promise<TimelineRow | undefined> {
    this.#useStore();
    const clamped = Math.max(0, Math.min(row, this.rows - 1));
    this.#active = clamped;
    this.#follow = this.#follow && clamped === this.rows - 1;
    this.#scroller.setRows(this.rows);
    this.#scroller.reveal(clamped);
    const loaded = await this.#store.load(clamped);
    if (loaded !== undefined && this.#active === clamped) {
      this.dispatchEvent(new CustomEvent('choose', { detail: loaded }));
    }
    return loaded;
  }

  /** The row of entry `entry` or the next one after it: rows are in the order of their entries. */
  async find(entry: number): Promise<number> {
    this.#useStore();
    let low = 0;
    let high = this.rows - 1;
    // In the frames view rows and entries mostly go together, so the first guess is often right.
    let middle = Math.min(entry, high);
    while (low < high) {
      const row = await this.#store.load(middle);
      if (row === undefined) {
        break;
      }
      if (row.entry === entry) {
        return middle;
      }
      if (row.entry < entry) {
        low = middle + 1;
      } else {
        high = middle;
      }
      middle = (low + high) >> 1;
    }
    return Math.max(0, low);
  }

  /** The row from which find goes on. */
  get current(): number {
    return this.#active ?? this.#scroller.first;
  }

  override focus(): void {
    this.scrollElement?.focus();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearTimeout(this.#watchTimer);
    this.#watchTimer = undefined;
  }

  #useStore(): void {
    this.#store.use(this.snapshot?.callId ?? -1, this.view);
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    const before = changed.get('snapshot');
    const newCall = changed.has('snapshot') && before?.callId !== this.snapshot?.callId;
    if (newCall || changed.has('view')) {
      this.#follow = true;
      this.#active = undefined;
      this.#followedRows = 0;
    }
    this.#useStore();
    this.#scroller.setRows(this.rows);
    if (this.#follow) {
      this.#scroller.scrollToEnd();
      this.#followedRows = this.rows;
    }
    this.#store.want(this.#scroller.first, this.#scroller.end);
  }

  override render() {
    const { first, end } = this.#scroller;
    // Not keyed by row: a flood shows other rows in each update, and elements are dearer than texts.
    const inSight = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
    const active = this.#activeInSight(first, end);
    return html`<div
        class="scroll"
        role="grid"
        tabindex="0"
        aria-label=${this.view === 'messages' ? 'Messages' : 'Frames'}
        aria-rowcount=${this.rows + 1}
        aria-colcount="6"
        aria-activedescendant=${active === undefined ? nothing : `row-${active}`}
        @keydown=${this.#key}
        @click=${this.#click}
        @dblclick=${() => this.#rowCommand('open')}
      >
        <div class="head" role="row" aria-rowindex="1">
          <span role="columnheader" class="time">Time</span>
          <span role="columnheader" class="delta" title="Since the row before">Δ</span>
          <span role="columnheader" class="arrow"><span class="screen-reader">Direction</span></span>
          <span role="columnheader" class="kind">Kind</span>
          <span role="columnheader" class="size">Size</span>
          <span role="columnheader" class="content">Content</span>
        </div>
        <div class="layer" role="rowgroup">
          ${inSight.map((row) => this.#row(row, active))}
        </div>
        <div class="spacer"></div>
      </div>
      ${this.#jump()}`;
  }

  protected override updated(): void {
    const element = this.scrollElement;
    const layer = this.renderRoot.querySelector<HTMLElement>('.layer');
    const spacer = this.renderRoot.querySelector<HTMLElement>('.spacer');
    if (element === null || layer === null || spacer === null) {
      return;
    }
    this.#scroller.attach(element, headHeight);
    element.style.setProperty('--digits', String(String(this.rows).length));
    spacer.style.height = `${this.#scroller.trackHeight}px`;
    for (const row of layer.children) {
      if (row instanceof HTMLElement) {
        row.style.top = `${this.#scroller.top(Number(row.dataset.row))}px`;
      }
    }
    this.#scroller.sync();
    this.#scheduleWatch();
  }

  #activeInSight(first: number, end: number): number | undefined {
    if (this.#active === undefined && this.chosen !== undefined) {
      for (let row = first; row < end; row += 1) {
        if (this.#store.get(row)?.entry === this.chosen) {
          this.#active = row;
        }
      }
    }
    const active = this.#active;
    return active !== undefined && active >= first && active < end ? active : undefined;
  }

  #row(index: number, active: number | undefined) {
    const row = this.#store.get(index);
    if (row === undefined) {
      return html`<div class="row loading" role="row" id="row-${index}" data-row=${index} aria-rowindex=${index + 2}>
        <span role="gridcell" class="content">…</span>
      </div>`;
    }
    const chosen = active === undefined ? row.entry === this.chosen : index === active;
    const sent = row.direction === 'sent';
    return html`<div
      class="row ${row.tone ?? ''} ${chosen ? 'chosen' : ''} ${row.streamId === 0 ? 'connection' : ''}"
      role="row"
      id="row-${index}"
      data-row=${index}
      aria-rowindex=${index + 2}
      aria-selected=${chosen}
    >
      <span role="gridcell" class="time">${duration(row.time)}</span>
      <span role="gridcell" class="delta">${index === 0 ? '' : `+${duration(row.delta)}`}</span>
      <span role="gridcell" class="arrow ${row.direction ?? ''}"
        >${
          row.direction === undefined
            ? nothing
            : html`${icon(sent ? 'arrow-right' : 'arrow-left', 'small')}<span class="screen-reader"
                  >${row.direction}</span
                >`
        }</span
      >
      <span role="gridcell" class="kind">${visible(row.label, 60)}</span>
      <span role="gridcell" class="size">${row.size === undefined ? '' : bytes(row.size)}</span>
      <span role="gridcell" class="content">${this.#marked(visible(row.content, 600))}</span>
    </div>`;
  }

  #marked(content: string) {
    const at = this.mark === '' ? -1 : content.toLowerCase().indexOf(this.mark.toLowerCase());
    return at < 0
      ? content
      : html`${content.slice(0, at)}<mark>${content.slice(at, at + this.mark.length)}</mark>${content.slice(at + this.mark.length)}`;
  }

  #jump() {
    if (this.#follow || this.#scroller.atEnd) {
      return nothing;
    }
    const fresh = this.rows - this.#followedRows;
    return html`<button class="jump" @click=${() => this.#startFollowing()}>
      ${icon('arrow-down', 'small')}Jump to latest${fresh > 0 ? html`<span class="numbers">· ${plural(fresh, 'new row')}</span>` : nothing}
    </button>`;
  }

  #startFollowing(): void {
    this.#follow = true;
    this.requestUpdate();
    this.focus();
  }

  #userScrolled(up: boolean): void {
    if (up) {
      this.#follow = false;
    } else if (this.#scroller.atEnd) {
      this.#follow = true;
    }
  }

  #click(event: MouseEvent): void {
    const row = event
      .composedPath()
      .find((target) => target instanceof HTMLElement && target.dataset.row !== undefined);
    if (row instanceof HTMLElement) {
      void this.goTo(Number(row.dataset.row));
    }
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || this.rows === 0) {
      return;
    }
    if (event.ctrlKey || event.metaKey) {
      if (event.key.toLowerCase() === 'c' && (getSelection()?.isCollapsed ?? true)) {
        this.#rowCommand('copy');
      }
      return;
    }
    if (event.key === 'Enter') {
      this.#rowCommand('open');
      return;
    }
    const at = this.#active;
    const page = this.#scroller.page;
    const to = {
      ArrowDown: at === undefined ? this.#scroller.first : at + 1,
      ArrowUp: at === undefined ? this.#scroller.end - 1 : at - 1,
      PageDown: (at ?? this.#scroller.first) + page,
      PageUp: (at ?? this.#scroller.end) - page,
      Home: 0,
      End: this.rows - 1,
    }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      if (event.key === 'End') {
        this.#follow = true;
      }
      void this.goTo(to);
    }
  }

  #rowCommand(command: 'copy' | 'open'): void {
    if (this.chosen !== undefined) {
      this.dispatchEvent(new CustomEvent('row-command', { detail: command }));
    }
  }

  // The host needs the newest window, not each step of a drag.
  #scheduleWatch(): void {
    this.#watchTimer ??= setTimeout(() => {
      this.#watchTimer = undefined;
      const { first, end } = this.#scroller;
      const message = {
        type: 'watch',
        view: this.view,
        first,
        count: this.#follow ? this.#scroller.page + 1 : end - first,
        follow: this.#follow,
      } as const;
      const key = `${message.view} ${this.#follow ? 'end' : first} ${message.count}`;
      if (key !== this.#watched) {
        this.#watched = key;
        this.watch(message);
      }
    }, 40);
  }
}
