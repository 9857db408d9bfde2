import './fieldsDetail';
import './messageDetail';
import './statusCard';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntryDetail } from '../../protocol';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { visible } from '../shared/text';
import type { MessageTab } from './messageDetail';

/** What stands in the chosen row. Fires `copy`, `open`, `tab-change` and `defaults-change`. */
@customElement('frameline-detail')
export class FramelineDetail extends LitElement {
  @property({ attribute: false }) detail: EntryDetail | undefined;
  @property() problem = '';
  @property() tab: MessageTab = 'json';
  @property({ type: Boolean }) defaults = false;

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      .title {
        display: flex;
        flex: none;
        align-items: center;
        gap: 6px;
        padding: 5px 8px 3px 12px;
      }
      .title b {
        flex: 1;
        font-weight: 600;
      }
      .tools {
        display: inline-flex;
        flex: none;
      }
      .hint {
        margin: auto;
        padding: 12px;
        color: var(--vscode-descriptionForeground);
        text-align: center;
      }
      .notice {
        margin: 10px 12px;
      }
    `,
  ];

  override render() {
    if (this.problem !== '') {
      return html`<div class="notice" role="alert">${icon('error')}<span>${visible(this.problem)}</span></div>`;
    }
    const { detail } = this;
    switch (detail?.kind) {
      case undefined:
        return html`<div class="hint">Choose a row to see its fields and bytes.</div>`;
      case 'status':
        return html`<frameline-status-card .detail=${detail}>${this.#tools()}</frameline-status-card>`;
      case 'message':
        return html`<frameline-message-detail
          .detail=${detail}
          .tab=${this.tab}
          .defaults=${this.defaults}
          @open=${() => this.#fire('open')}
          @tab-change=${(event: CustomEvent<MessageTab>) => this.#fire('tab-change', event.detail)}
          @defaults-change=${(event: CustomEvent<boolean>) => this.#fire('defaults-change', event.detail)}
          >${this.#tools()}</frameline-message-detail
        >`;
      case 'fields':
        return html`<div class="title">
            <b class="clip">${visible(detail.title, 100)}</b>
            ${this.#tools()}
          </div>
          <frameline-fields-detail .detail=${detail}></frameline-fields-detail>`;
    }
  }

  #tools() {
    return html`<span slot="tools" class="tools">
      <button class="tool" title="Copy" aria-label="Copy entry" @click=${() => this.#fire('copy')}>
        ${icon('copy')}
      </button>
      <button
        class="tool"
        title="Open in an editor"
        aria-label="Open in an editor"
        @click=${() => this.#fire('open')}
      >
        ${icon('go-to-file')}
      </button>
    </span>`;
  }

  #fire(name: string, detail?: unknown): void {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}
