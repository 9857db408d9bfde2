import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { FindResult } from '../../protocol';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { count } from '../shared/text';

export type Find = (text: string, from: number, backwards: boolean) => Promise<FindResult>;

/** Find in the timeline: the host searches content and JSON. Fires `found` (row number), `text-change`, `close`. */
@customElement('frameline-find-bar')
export class FramelineFindBar extends LitElement {
  @property({ attribute: false }) find: Find = () =>
    Promise.resolve({ row: -1, complete: true, searchedTo: 0 });
  /** Row on which the user stands. */
  @property({ attribute: false }) current: () => number = () => 0;
  @property({ attribute: false }) rows: () => number = () => 0;
  @state() private note = '';
  @query('input') private input!: HTMLInputElement | null;
  #search = 0;
  #foundText = '';

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: flex;
        flex: none;
        align-items: center;
        gap: 2px;
        padding: 4px 8px 4px 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        background: var(--vscode-editorWidget-background);
      }
      input.field {
        flex: 1;
        min-width: 60px;
        max-width: 260px;
      }
      .note {
        flex: 1;
        padding: 0 6px;
        font-size: 12px;
      }
    `,
  ];

  override render() {
    return html`<input
        class="field"
        placeholder="Find in content and JSON"
        aria-label="Find in the timeline"
        spellcheck="false"
        @input=${this.#typed}
        @keydown=${this.#key}
      />
      <button class="tool" title="Previous (Shift+Enter)" aria-label="Previous match" @click=${() => this.#go(true)}>
        ${icon('arrow-up')}
      </button>
      <button class="tool" title="Next (Enter)" aria-label="Next match" @click=${() => this.#go(false)}>
        ${icon('arrow-down')}
      </button>
      <span class="note dim clip" role="status">${this.note === '' ? nothing : this.note}</span>
      <button class="tool" title="Close (Escape)" aria-label="Close find" @click=${this.#close}>
        ${icon('close')}
      </button>`;
  }

  override focus(): void {
    this.input?.focus();
    this.input?.select();
  }

  readonly #typed = (): void => {
    this.#search += 1;
    this.note = '';
    this.dispatchEvent(new CustomEvent('text-change', { detail: this.input?.value ?? '' }));
  };

  #key(event: KeyboardEvent): void {
    if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      void this.#go(event.shiftKey);
    } else if (event.key === 'Escape') {
      event.preventDefault();
      this.#close();
    }
  }

  readonly #close = (): void => {
    this.#search += 1;
    this.dispatchEvent(new CustomEvent('close'));
  };

  // The host searches a bounded number of rows at a time; a newer search or closing the bar ends this one.
  async #go(backwards: boolean): Promise<void> {
    const text = this.input?.value ?? '';
    const total = this.rows();
    if (text === '' || total === 0) {
      return;
    }
    this.#search += 1;
    const search = this.#search;
    const step = this.#foundText === text ? 1 : 0;
    let from = this.current() + (backwards ? -step : step);
    let wrapped = from < 0 || from >= total;
    from = wrapped ? (backwards ? total - 1 : 0) : from;
    try {
      for (;;) {
        const result = await this.find(text, from, backwards);
        if (search !== this.#search) {
          return;
        }
        if (result.row >= 0) {
          this.#foundText = text;
          this.note = `Row ${count(result.row + 1)}${wrapped ? ', search wrapped' : ''}`;
          this.dispatchEvent(new CustomEvent('found', { detail: result.row }));
          return;
        }
        if (!result.complete && result.searchedTo !== from) {
          from = result.searchedTo;
          this.note = `Searched to row ${count(from + 1)} of ${count(total)}…`;
        } else if (wrapped) {
          this.note = 'No match';
          return;
        } else {
          wrapped = true;
          from = backwards ? total - 1 : 0;
        }
      }
    } catch (error) {
      this.note = error instanceof Error ? error.message : 'The search failed.';
    }
  }
}
