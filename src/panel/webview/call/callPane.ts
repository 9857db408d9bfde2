import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import '../shared/menu';
import '../shared/split';
import './callSummary';
import './detailPane';
import './findBar';
import './timeline';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type {
  CallSnapshot,
  EntryDetail,
  MethodLabel,
  TimelineRow,
  TimelineView,
} from '../../protocol';
import { sendKey } from '../request/sendBar';
import type { HostConnection } from '../shared/hostConnection';
import { icon } from '../shared/icons';
import { sharedStyles } from '../shared/styles';
import { tabStyles, tabs } from '../shared/tabs';
import { count, visible } from '../shared/text';
import type { FramelineFindBar } from './findBar';
import type { MessageTab } from './messageDetail';
import { NewestMessage } from './newestMessage';
import { type FramelineTimeline, headHeight, rowHeight } from './timeline';

/** Rows at the end among which the newest message is looked for: trailers, status and notes may follow it. */
const lastRows = 8;

/** How this pane is arranged; kept across reloads. */
export interface CallView {
  readonly timeline: TimelineView;
  readonly detailTab: MessageTab;
  readonly split: number | undefined;
}

/** What happened: summary, timeline and the detail of the chosen row. Fires `view-change` and `send-again`. */
@customElement('frameline-call')
export class FramelineCall extends LitElement {
  @property({ attribute: false }) host: HostConnection | undefined;
  @property({ attribute: false }) method: MethodLabel | undefined;
  @property({ attribute: false }) snapshot: CallSnapshot | undefined;
  /** A call was asked for, and the host has not said anything about it yet. */
  @property({ type: Boolean }) starting = false;
  @property({ attribute: false }) view: CallView = {
    timeline: 'messages',
    detailTab: 'json',
    split: undefined,
  };
  @state() private chosen: number | undefined;
  @state() private detail: EntryDetail | undefined;
  @state() private problem = '';
  @state() private defaults = false;
  @state() private finding = false;
  @state() private findText = '';
  @query('frameline-timeline') private timeline!: FramelineTimeline | null;
  @query('frameline-find-bar') private findBar!: FramelineFindBar | null;
  #choice = 0;
  /** What was chosen for the user in this call: each once, so that the user's own choice after it stays. */
  #autoChosen: 'nothing' | 'answer' | 'status' = 'nothing';
  readonly #newest = new NewestMessage(() => void this.#showNewest());

  static override styles = [
    sharedStyles,
    tabStyles,
    css`
      :host {
        position: relative;
        display: flex;
        flex: 1;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      .starting {
        position: absolute;
        inset: 0 0 auto;
        animation: appear 0s 0.15s backwards;
      }
      @keyframes appear {
        from {
          visibility: hidden;
        }
      }
      .head {
        display: flex;
        flex: none;
        align-items: center;
        gap: 4px;
        padding: 0 8px 0 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .tabs {
        flex: 1;
      }
      frameline-split {
        flex: 1;
      }
      .rows {
        display: flex;
        flex: 1;
        min-width: 0;
        min-height: 0;
      }
      .kept {
        display: flex;
        flex: none;
        align-items: center;
        gap: 6px;
        padding: 5px 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        color: var(--vscode-descriptionForeground);
      }
      .idle {
        margin: auto;
        padding: 24px 16px;
        text-align: center;
        color: var(--vscode-descriptionForeground);
      }
      kbd {
        padding: 0 4px;
        border: 1px solid var(--vscode-keybindingLabel-border, var(--vscode-contrastBorder));
        border-radius: 3px;
        background: var(--vscode-keybindingLabel-background);
        color: var(--vscode-keybindingLabel-foreground);
        font: inherit;
        font-size: 11px;
      }
    `,
  ];

  /** Takes the rows that the host pushed. */
  push(callId: number, view: TimelineView, rows: readonly TimelineRow[]): void {
    this.timeline?.push(callId, view, rows);
  }

  override focus(): void {
    this.timeline?.focus();
  }

  /** Opens find with the cursor in it. */
  async openFind(): Promise<void> {
    if (this.snapshot !== undefined && this.snapshot.phase !== 'idle') {
      this.finding = true;
      await this.updateComplete;
      await this.findBar?.updateComplete;
      this.findBar?.focus();
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('snapshot') && changed.get('snapshot')?.callId !== this.snapshot?.callId) {
      this.#choice += 1;
      this.#newest.reset();
      this.#autoChosen = 'nothing';
      this.chosen = undefined;
      this.detail = undefined;
      this.problem = '';
    }
  }

  override render() {
    const { snapshot } = this;
    const progress = this.starting
      ? html`<vscode-progress-bar class="starting" indeterminate aria-label="Starting the call"></vscode-progress-bar>`
      : nothing;
    if (snapshot === undefined || snapshot.phase === 'idle') {
      return html`${progress}
        <p class="idle">
        Press <kbd>${sendKey}</kbd> to call ${visible(this.method?.method ?? 'the method', 200)}. Headers, messages and
        frames appear here.
      </p>`;
    }
    const rows = snapshot.rows[this.view.timeline];
    // Room for the rows to come, so that the detail doesn't move with each; an ended call has all its rows.
    const least = snapshot.phase === 'ended' ? 2 : 6;
    const enough = headHeight + rowHeight * Math.max(least, Math.min(rows, 40)) + 4;
    return html`${progress}${this.#keptLine(snapshot)}<frameline-call-summary
        .snapshot=${snapshot}
        @show-status=${() => this.#showStatus()}
      ></frameline-call-summary>
      ${this.#toolbar(snapshot)}
      ${
        this.finding
          ? html`<frameline-find-bar
              .find=${this.#find}
              .current=${() => this.timeline?.current ?? 0}
              .rows=${() => this.snapshot?.rows[this.view.timeline] ?? 0}
              @text-change=${(event: CustomEvent<string>) => {
                this.findText = event.detail;
              }}
              @found=${(event: CustomEvent<number>) => void this.timeline?.goTo(event.detail)}
              @close=${() => this.#closeFind()}
            ></frameline-find-bar>`
          : nothing
      }
      <frameline-split
        direction="rows"
        label="Resize timeline and detail"
        .ratio=${this.view.split}
        .initial=${0.5}
        .fit=${enough}
        @ratio-change=${(event: CustomEvent<number | undefined>) => this.#arrange({ split: event.detail })}
      >
        <frameline-timeline
          slot="first"
          role="tabpanel"
          id="panel-${this.view.timeline}"
          aria-labelledby="tab-${this.view.timeline}"
          .snapshot=${snapshot}
          .view=${this.view.timeline}
          .fetchRows=${this.#fetchRows}
          .watch=${this.#watch}
          .chosen=${this.chosen}
          .mark=${this.finding ? this.findText : ''}
          @choose=${(event: CustomEvent<TimelineRow>) => this.#choose(event.detail.entry)}
          @row-command=${(event: CustomEvent<'copy' | 'open'>) => this.#entryCommand(event.detail)}
        ></frameline-timeline>
        <frameline-detail
          slot="second"
          .detail=${this.detail}
          .problem=${this.problem}
          .tab=${this.view.detailTab}
          .defaults=${this.defaults}
          @copy=${() => this.#entryCommand('copy')}
          @open=${() => this.#entryCommand('open')}
          @tab-change=${(event: CustomEvent<MessageTab>) => this.#arrange({ detailTab: event.detail })}
          @defaults-change=${(event: CustomEvent<boolean>) => this.#setDefaults(event.detail)}
        ></frameline-detail>
      </frameline-split>`;
  }

  protected override updated(changed: PropertyValues<this>): void {
    if (changed.has('snapshot')) {
      void this.#chooseForUser();
      this.#newest.update(this.snapshot?.receivedMessages ?? 0);
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#newest.reset();
  }

  #keptLine({ kept }: CallSnapshot) {
    return kept === undefined
      ? nothing
      : html`<div class="kept" role="note">
          ${icon('history')}<span class="clip">From the history: ${visible(kept, 80)}</span>
          <button class="link" @click=${() => this.dispatchEvent(new CustomEvent('send-again'))}>
            Send Again
          </button>
        </div>`;
  }

  #toolbar(snapshot: CallSnapshot) {
    return html`<div class="head">
      ${tabs(
        'Timeline',
        [
          { id: 'messages', label: 'Messages', badge: count(snapshot.rows.messages) },
          {
            id: 'frames',
            label: 'Frames',
            badge: snapshot.framesAvailable ? count(snapshot.rows.frames) : undefined,
            disabled: snapshot.framesAvailable
              ? undefined
              : 'Frames can not be read with this version of the gRPC library.',
          },
        ],
        this.view.timeline,
        (timeline) => void this.#switchView(timeline),
      )}
      <button
        class="tool"
        title="Find in the timeline (Ctrl+F)"
        aria-label="Find in the timeline"
        @click=${() => this.openFind()}
      >
        ${icon('search')}
      </button>
      <frameline-menu
        icon="save"
        label="Save transcript"
        .items=${[
          { id: 'text', label: 'Save as Text…' },
          { id: 'jsonl', label: 'Save as JSON Lines…' },
        ]}
        @pick=${(event: CustomEvent<string>) =>
          this.host?.post({
            type: 'saveTranscript',
            callId: snapshot.callId,
            format: event.detail === 'jsonl' ? 'jsonl' : 'text',
          })}
      ></frameline-menu>
    </div>`;
  }

  readonly #fetchRows: FramelineTimeline['fetchRows'] = (argument) =>
    this.host?.request('rows', argument) ?? Promise.resolve({ rows: [] });

  readonly #watch: FramelineTimeline['watch'] = (message) => this.host?.post(message);

  readonly #find: FramelineFindBar['find'] = (text, from, backwards) => {
    const { host, snapshot } = this;
    if (host === undefined || snapshot === undefined) {
      return Promise.resolve({ row: -1, complete: true, searchedTo: from });
    }
    const { callId } = snapshot;
    return host.request('find', { callId, view: this.view.timeline, text, from, backwards });
  };

  /** A unary answer is shown at once, and so is a failure, whatever was looked at before. */
  async #chooseForUser(): Promise<void> {
    const { snapshot } = this;
    if (snapshot === undefined || this.#autoChosen === 'status') {
      return;
    }
    const failed = snapshot.status !== undefined && snapshot.status.code !== 0;
    if (failed) {
      this.#autoChosen = 'status';
      await this.#showStatus();
    } else if (snapshot.answerRow !== undefined && this.#autoChosen === 'nothing') {
      this.#autoChosen = 'answer';
      await this.#goToMessagesRow(snapshot.answerRow);
    }
  }

  async #showStatus(): Promise<void> {
    const rows = this.snapshot?.rows[this.view.timeline] ?? 0;
    if (rows > 0) {
      await this.updateComplete;
      await this.timeline?.goTo(rows - 1);
    }
  }

  // `row` counts in the messages view; the frames view has the same entry in another row.
  async #goToMessagesRow(row: number): Promise<void> {
    const { host, snapshot } = this;
    await this.updateComplete;
    if (this.view.timeline === 'messages') {
      await this.timeline?.goTo(row);
    } else if (host !== undefined && snapshot !== undefined) {
      const { callId } = snapshot;
      const argument = { callId, view: 'messages', first: row, count: 1 } as const;
      const found = await host.request('rows', argument).catch(() => undefined);
      const entry = found?.rows[0]?.entry;
      if (entry !== undefined) {
        await this.#goToEntry(entry);
      }
    }
  }

  async #goToEntry(entry: number): Promise<void> {
    const row = await this.timeline?.find(entry);
    if (row !== undefined) {
      await this.timeline?.goTo(row);
    }
  }

  async #switchView(timeline: TimelineView): Promise<void> {
    if (timeline === this.view.timeline) {
      return;
    }
    const entry = this.chosen;
    this.#arrange({ timeline });
    await this.updateComplete;
    if (entry !== undefined) {
      await this.#goToEntry(entry);
    }
  }

  /** While nothing is chosen and the end is followed, the detail is that of the newest message. */
  async #showNewest(): Promise<void> {
    const { host, snapshot } = this;
    const wanted = (): boolean =>
      this.chosen === undefined &&
      this.snapshot?.callId === snapshot?.callId &&
      this.timeline?.following === true;
    await this.updateComplete;
    if (host === undefined || snapshot === undefined || !wanted()) {
      return;
    }
    const first = Math.max(0, snapshot.rows.messages - lastRows);
    const argument = { callId: snapshot.callId, view: 'messages', first, count: lastRows } as const;
    const found = await host.request('rows', argument).catch(() => undefined);
    const newest = found?.rows.findLast(
      ({ kind, direction }) => kind === 'message' && direction === 'received',
    );
    if (newest !== undefined && wanted()) {
      await this.#load(newest.entry);
    }
  }

  async #choose(entry: number): Promise<void> {
    this.chosen = entry;
    await this.#load(entry);
  }

  async #load(entry: number): Promise<void> {
    const { host, snapshot } = this;
    if (host === undefined || snapshot === undefined) {
      return;
    }
    this.#choice += 1;
    const choice = this.#choice;
    try {
      const { callId } = snapshot;
      const detail = await host.request('detail', { callId, entry, defaults: this.defaults });
      if (choice === this.#choice) {
        this.detail = detail;
        this.problem = '';
      }
    } catch (error) {
      if (choice === this.#choice) {
        this.problem = error instanceof Error ? error.message : 'The entry could not be read.';
      }
    }
  }

  #setDefaults(defaults: boolean): void {
    this.defaults = defaults;
    const entry = this.chosen ?? this.detail?.entry;
    if (entry !== undefined) {
      void this.#load(entry);
    }
  }

  #entryCommand(command: 'copy' | 'open'): void {
    const { snapshot } = this;
    const entry = this.chosen ?? this.detail?.entry;
    if (snapshot !== undefined && entry !== undefined) {
      const type = command === 'copy' ? 'copyEntry' : 'openEntry';
      this.host?.post({ type, callId: snapshot.callId, entry });
    }
  }

  #closeFind(): void {
    this.finding = false;
    this.timeline?.focus();
  }

  #arrange(change: Partial<CallView>): void {
    this.view = { ...this.view, ...change };
    this.dispatchEvent(new CustomEvent('view-change', { detail: this.view }));
  }
}
