import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { FormCheck, MetadataRow } from '../../protocol';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { visible } from '../shared/text';

/** The metadata that goes with the call, row by row; a key may stand in several. Fires `rows-change`. */
@customElement('frameline-metadata-editor')
export class FramelineMetadataEditor extends LitElement {
  @property({ attribute: false }) rows: readonly MetadataRow[] = [];
  @property({ attribute: false }) problems: FormCheck['metadata'] = [];

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: block;
        padding: 10px 12px;
        overflow: auto;
      }
      .rows {
        display: grid;
        gap: 6px;
        margin: 0 0 8px;
        padding: 0;
        list-style: none;
      }
      .row {
        display: grid;
        grid-template-columns: auto minmax(90px, 2fr) minmax(110px, 3fr) auto;
        align-items: center;
        gap: 6px;
      }
      .row.off input.field {
        opacity: 0.55;
      }
      .value {
        position: relative;
      }
      .value.binary input {
        padding-inline-end: 54px;
      }
      .encoding {
        position: absolute;
        inset-inline-end: 6px;
        top: 3px;
        color: var(--vscode-descriptionForeground);
        font-size: 11px;
        pointer-events: none;
      }
      .problem {
        grid-column: 2 / 4;
        margin: -3px 0 0;
      }
      p {
        margin: 0 0 8px;
        max-width: 60ch;
      }
      .add {
        display: inline-flex;
        align-items: center;
        gap: 4px;
      }
    `,
  ];

  override render() {
    return html`${
      this.rows.length === 0
        ? html`<p class="dim">
            No metadata goes with this call. A row sends one value, for example an authorization token.
          </p>`
        : html`<ul class="rows" aria-label="Metadata">
            ${this.rows.map((row, index) => this.#row(row, index))}
          </ul>`
    }
      <button class="link add" @click=${this.#add}>${icon('add', 'small')}Add metadata</button>`;
  }

  #row(row: MetadataRow, index: number) {
    const problem = this.problems.find((one) => one.row === index);
    const binary = row.key.toLowerCase().endsWith('-bin');
    const described = problem === undefined ? nothing : `problem-${index}`;
    return html`<li class="row ${row.enabled ? '' : 'off'}">
      <input
        type="checkbox"
        aria-label="Send row ${index + 1}"
        title="Send this row"
        .checked=${live(row.enabled)}
        @change=${() => this.#set(index, { enabled: !row.enabled })}
      />
      <input
        class="field mono"
        data-part="key"
        placeholder="key"
        aria-label="Key of row ${index + 1}"
        aria-describedby=${described}
        aria-invalid=${problem !== undefined}
        spellcheck="false"
        autocomplete="off"
        .value=${live(row.key)}
        @input=${(event: InputEvent) => this.#set(index, { key: typed(event) })}
        @keydown=${(event: KeyboardEvent) => this.#key(event, index)}
      />
      <div class="value ${binary ? 'binary' : ''}">
        <input
          class="field mono"
          data-part="value"
          placeholder="value"
          aria-label="Value of row ${index + 1}${binary ? ', base64' : ''}"
          aria-describedby=${described}
          spellcheck="false"
          autocomplete="off"
          .value=${live(row.value)}
          @input=${(event: InputEvent) => this.#set(index, { value: typed(event) })}
          @keydown=${(event: KeyboardEvent) => this.#key(event, index)}
        />
        ${binary ? html`<span class="encoding" aria-hidden="true">base64</span>` : nothing}
      </div>
      <button
        class="tool"
        title="Remove"
        aria-label="Remove row ${index + 1}"
        @click=${() => this.#change(this.rows.filter((_, at) => at !== index))}
      >
        ${icon('close')}
      </button>
      ${
        problem === undefined
          ? nothing
          : html`<div class="problem error" id="problem-${index}" role="status">
              ${icon('error')}<span>${visible(problem.message)}</span>
            </div>`
      }
    </li>`;
  }

  #set(index: number, change: Partial<MetadataRow>): void {
    this.#change(this.rows.map((row, at) => (at === index ? { ...row, ...change } : row)));
  }

  #change(rows: readonly MetadataRow[]): void {
    this.rows = rows;
    this.dispatchEvent(new CustomEvent('rows-change', { detail: rows }));
  }

  readonly #add = (): void => {
    this.#change([...this.rows, { key: '', value: '', enabled: true }]);
    void this.updateComplete.then(() => {
      const keys = this.renderRoot.querySelectorAll<HTMLElement>('[data-part=key]');
      keys[keys.length - 1]?.focus();
    });
  };

  #key(event: KeyboardEvent, index: number): void {
    if (
      event.key === 'Enter' &&
      !event.ctrlKey &&
      !event.metaKey &&
      index === this.rows.length - 1
    ) {
      event.preventDefault();
      this.#add();
    }
  }
}

function typed(event: InputEvent): string {
  return event.target instanceof HTMLInputElement ? event.target.value : '';
}
