import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { ByteWindow } from '../../protocol';
import { sharedStyles } from '../shared/styles';
import { bytes, count } from '../shared/text';
import { VirtualScroller } from '../shared/virtualScroller';
import { type ByteRange, decodeWindow } from './byteRange';

const lineHeight = 18;

/** Bytes as hexadecimal and ASCII, line by line. Fires `choose-byte` with the offset of the byte. */
@customElement('frameline-hex-view')
export class FramelineHexView extends LitElement {
  @property({ attribute: false }) window: ByteWindow | undefined;
  /** Length of the part at the front that is framing, not message. */
  @property({ type: Number }) framing = 0;
  @property({ attribute: false }) chosen: ByteRange | undefined;
  /** The part of `chosen` that is its value, past tag and length. */
  @property({ attribute: false }) chosenValue: ByteRange | undefined;
  @state() private perLine = 16;
  @query('.scroll') private scrollElement!: HTMLElement | null;

  readonly #scroller = new VirtualScroller(this, lineHeight);
  readonly #width = new ResizeObserver((entries) => {
    const width = entries[0]?.contentRect.width ?? 0;
    this.perLine = width > 560 ? 16 : 8;
  });
  #data: Uint8Array = new Uint8Array();

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
      }
      .scroll {
        flex: 1;
        overflow: auto;
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: calc(var(--vscode-editor-font-size, 13px) - 1px);
        line-height: 18px;
      }
      .layer {
        position: sticky;
        top: 0;
        height: 0;
      }
      .line {
        position: absolute;
        display: flex;
        gap: 14px;
        padding: 0 12px;
        white-space: pre;
      }
      .offset {
        color: var(--vscode-editorLineNumber-foreground);
        user-select: none;
      }
      .octets,
      .text {
        display: flex;
      }
      .octets span {
        width: 3ch;
        text-align: center;
      }
      .text span {
        width: 1ch;
      }
      .octets span:nth-child(8n + 9) {
        margin-inline-start: 8px;
      }
      [data-byte] {
        cursor: pointer;
      }
      [data-byte]:hover {
        outline: 1px solid var(--vscode-focusBorder);
        outline-offset: -1px;
      }
      .framing {
        color: var(--vscode-descriptionForeground);
        background: var(--vscode-editorWidget-background);
        text-decoration: underline;
        text-decoration-color: var(--vscode-charts-yellow);
        text-decoration-thickness: 2px;
        text-underline-offset: 4px;
      }
      .tag {
        background: var(--vscode-editor-inactiveSelectionBackground);
        outline: 1px solid var(--vscode-contrastActiveBorder, transparent);
      }
      .value {
        background: var(--vscode-editor-selectionBackground);
        color: var(--vscode-editor-selectionForeground, inherit);
      }
      .note {
        flex: none;
        padding: 2px 12px;
        font-size: 11px;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#width.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#width.disconnect();
  }

  /** Brings the byte at `offset` into sight. */
  reveal(offset: number): void {
    const line = Math.floor((offset - (this.window?.offset ?? 0)) / this.perLine);
    if (line >= 0) {
      this.#scroller.reveal(line);
    }
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('window')) {
      this.#data = this.window === undefined ? new Uint8Array() : decodeWindow(this.window);
    }
    this.#scroller.setRows(Math.ceil(this.#data.length / this.perLine));
  }

  override render() {
    const { window } = this;
    if (window === undefined) {
      return nothing;
    }
    const { first, end } = this.#scroller;
    const lines = Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index);
    const hidden = window.total - window.offset - this.#data.length;
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Bytes" @click=${this.#click}>
        <div class="layer">${lines.map((line) => this.#line(line, window.offset))}</div>
        <div class="spacer"></div>
      </div>
      ${
        hidden > 0
          ? html`<div class="note dim">
              ${bytes(this.#data.length)} of ${bytes(window.total)} shown; ${count(hidden)} more bytes.
            </div>`
          : nothing
      }`;
  }

  protected override updated(): void {
    const element = this.scrollElement;
    const spacer = this.renderRoot.querySelector<HTMLElement>('.spacer');
    if (element === null || spacer === null) {
      return;
    }
    this.#scroller.attach(element);
    spacer.style.height = `${this.#scroller.trackHeight}px`;
    for (const line of this.renderRoot.querySelectorAll<HTMLElement>('.line')) {
      line.style.top = `${this.#scroller.top(Number(line.dataset.line))}px`;
    }
    this.#scroller.sync();
  }

  #line(line: number, base: number) {
    const start = line * this.perLine;
    const data = [...this.#data.subarray(start, start + this.perLine)];
    const offsets = data.map((_, index) => base + start + index);
    const filler = Array.from({ length: this.perLine - data.length }, () => html`<span></span>`);
    return html`<div class="line" data-line=${line}>
      <span class="offset">${(base + start).toString(16).padStart(8, '0')}</span>
      <span class="octets"
        >${data.map(
          (octet, index) =>
            html`<span class=${this.#mark(offsets[index] ?? 0)} data-byte=${offsets[index] ?? 0}
              >${octet.toString(16).padStart(2, '0')}</span
            >`,
        )}${filler}</span
      >
      <span class="text" aria-hidden="true"
        >${data.map(
          (octet, index) =>
            html`<span class=${this.#mark(offsets[index] ?? 0)} data-byte=${offsets[index] ?? 0}
              >${octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '·'}</span
            >`,
        )}</span
      >
    </div>`;
  }

  #mark(offset: number): string {
    if (within(offset, this.chosenValue)) {
      return 'value';
    }
    if (within(offset, this.chosen)) {
      return 'tag';
    }
    return offset < this.framing ? 'framing' : '';
  }

  #click(event: MouseEvent): void {
    const { target } = event;
    if (target instanceof HTMLElement && target.dataset.byte !== undefined) {
      this.dispatchEvent(new CustomEvent('choose-byte', { detail: Number(target.dataset.byte) }));
    }
  }
}

function within(offset: number, range: ByteRange | undefined): boolean {
  return range !== undefined && offset >= range.from && offset < range.to;
}
