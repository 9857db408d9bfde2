import '../editor/jsonViewer';
import './fieldTree';
import './hexView';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { EntryDetail } from '../../protocol';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { tabStyles, tabs } from '../shared/tabs';
import { bytes, visible } from '../shared/text';
import { fieldAtByte, fieldByPath } from './byteRange';
import type { FramelineHexView } from './hexView';

export type MessageTab = 'json' | 'bytes';

/** One message: as ProtoJSON, and as its fields beside its bytes. Fires `tab-change`, `defaults-change`, `open`. */
@customElement('frameline-message-detail')
export class FramelineMessageDetail extends LitElement {
  @property({ attribute: false }) detail: Extract<EntryDetail, { kind: 'message' }> | undefined;
  @property() tab: MessageTab = 'json';
  @property({ type: Boolean }) defaults = false;
  @state() private field: string | undefined;
  @state() private onWire = false;
  @query('frameline-hex-view') private hex!: FramelineHexView | null;

  static override styles = [
    sharedStyles,
    fieldStyles,
    tabStyles,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        container-type: size;
      }
      .head {
        display: flex;
        align-items: center;
        gap: 10px;
        flex: none;
        padding: 0 8px 0 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .tabs {
        flex: none;
      }
      .title {
        flex: 1;
        text-align: end;
        font-size: 12px;
      }
      .check {
        flex: none;
        align-items: center;
        gap: 5px;
        font-size: 12px;
      }
      .panel {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
      }
      .panel > frameline-json-viewer {
        flex: 1;
      }
      .notice {
        flex: none;
        margin: 8px 12px;
      }
      .link-view {
        display: grid;
        flex: 1;
        grid-template: minmax(0, 1fr) / minmax(0, 1fr) minmax(0, 1.1fr);
        min-height: 0;
      }
      frameline-hex-view {
        border-inline-start: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        padding-top: 4px;
      }
      @container (max-width: 640px) {
        .link-view {
          grid-template: minmax(0, 1fr) minmax(0, 1fr) / minmax(0, 1fr);
        }
        frameline-hex-view {
          border-inline-start: 0;
          border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        }
      }
      .legend {
        display: flex;
        flex: none;
        align-items: center;
        gap: 14px;
        overflow: hidden;
        white-space: nowrap;
        padding: 3px 12px;
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
        color: var(--vscode-descriptionForeground);
        font-size: 11px;
        font-variant-numeric: tabular-nums;
      }
      .framing {
        border-bottom: 2px solid var(--vscode-charts-yellow);
      }
    `,
  ];

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('detail') && changed.get('detail')?.entry !== this.detail?.entry) {
      this.field = undefined;
      this.onWire = false;
    }
  }

  override render() {
    const { detail } = this;
    if (detail === undefined) {
      return nothing;
    }
    return html`<div class="head">
        ${tabs(
          'Message detail',
          [
            { id: 'json', label: 'JSON' },
            { id: 'bytes', label: 'Fields and bytes', badge: bytes(detail.bytes.total) },
          ],
          this.tab,
          (tab) => this.dispatchEvent(new CustomEvent('tab-change', { detail: tab })),
        )}
        <span class="title clip dim" title="${visible(detail.title, 100)} ${visible(detail.typeName, 300)}"
          >${visible(detail.title, 100)} · ${visible(detail.typeName, 300)}</span
        >
        ${
          this.tab === 'json'
            ? html`<label class="check" title="Also show fields that have their default value and are not on the wire">
                <input
                  type="checkbox"
                  .checked=${live(this.defaults)}
                  @change=${() => this.dispatchEvent(new CustomEvent('defaults-change', { detail: !this.defaults }))}
                />Defaults
              </label>`
            : nothing
        }
        <slot name="tools"></slot>
      </div>
      <div class="panel" role="tabpanel" id="panel-${this.tab}" aria-labelledby="tab-${this.tab}">
        ${this.#notices(detail)} ${this.tab === 'json' ? this.#json(detail) : this.#bytes(detail)}
      </div>`;
  }

  #notices(detail: Extract<EntryDetail, { kind: 'message' }>) {
    return html`${
      detail.problem === undefined
        ? nothing
        : html`<div class="notice" role="status">${icon('error')}<span>${visible(detail.problem)}</span></div>`
    }${
      detail.truncated
        ? html`<div class="notice warning" role="status">
            ${icon('info')}<span
              >${
                this.tab === 'json' && detail.json === undefined
                  ? 'This message is too large to be shown here as JSON.'
                  : 'Only the beginning of this message is shown.'
              }
              <button class="link" @click=${() => this.dispatchEvent(new CustomEvent('open'))}>
                Open all of it in an editor</button
              ></span
            >
          </div>`
        : nothing
    }`;
  }

  #json(detail: Extract<EntryDetail, { kind: 'message' }>) {
    return detail.json === undefined
      ? nothing
      : html`<frameline-json-viewer
          label="${visible(detail.title, 100)} as JSON"
          .value=${detail.json}
        ></frameline-json-viewer>`;
  }

  #bytes(detail: Extract<EntryDetail, { kind: 'message' }>) {
    const plain =
      detail.decompressed !== undefined && !this.onWire ? detail.decompressed : undefined;
    const window = plain ?? detail.bytes;
    // Fields count from the end of the prefix, and of a compressed message in its decompressed form.
    const base = plain === undefined ? detail.prefixLength : 0;
    const linked = detail.decompressed === undefined || plain !== undefined;
    const field =
      linked && this.field !== undefined ? fieldByPath(detail.fields, this.field) : undefined;
    return html`<div class="link-view">
        <frameline-field-tree
          .fields=${detail.fields}
          .chosen=${this.field}
          @choose-field=${(event: CustomEvent<string>) => this.#chooseField(event.detail, detail, base)}
        ></frameline-field-tree>
        <frameline-hex-view
          .window=${window}
          .framing=${plain === undefined ? detail.prefixLength : 0}
          .chosen=${field === undefined ? undefined : { from: base + field.start, to: base + field.end }}
          .chosenValue=${field === undefined ? undefined : { from: base + field.valueStart, to: base + field.end }}
          @choose-byte=${(event: CustomEvent<number>) => {
            this.field = linked ? fieldAtByte(detail.fields, event.detail - base) : undefined;
          }}
        ></frameline-hex-view>
      </div>
      <div class="legend">
        ${
          field === undefined
            ? html`<span>Choose a field or a byte to see them linked.</span>`
            : html`<span
                >Bytes ${base + field.start}–${base + field.end - 1}: tag${field.wireType === 'bytes' ? ' and length' : ''}
                ${bytes(field.valueStart - field.start)}, value ${bytes(field.end - field.valueStart)}</span
              >`
        }
        ${
          plain === undefined
            ? html`<span
                ><span class="framing">${detail.prefixLength}-byte prefix</span>: compressed flag and length</span
              >`
            : html`<span>Decompressed, ${bytes(plain.total)}</span>`
        }
        ${
          detail.decompressed === undefined
            ? nothing
            : html`<button class="link" @click=${() => this.#toggleWire()}>
                ${this.onWire ? 'Show decompressed bytes' : `Show ${visible(detail.encoding ?? 'compressed', 40)} bytes on the wire`}
              </button>`
        }
      </div>`;
  }

  #toggleWire(): void {
    this.onWire = !this.onWire;
    this.field = undefined;
  }

  #chooseField(
    path: string,
    detail: Extract<EntryDetail, { kind: 'message' }>,
    base: number,
  ): void {
    this.field = path;
    const field = fieldByPath(detail.fields, path);
    if (field !== undefined) {
      this.hex?.reveal(base + field.start);
    }
  }
}
