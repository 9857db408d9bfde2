import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';

/** Two panes and a separator that the mouse and the keyboard move (ARIA "window splitter"). */
@customElement('frameline-split')
export class FramelineSplit extends LitElement {
  /** `columns`: side by side. `rows`: one over the other. */
  @property({ reflect: true }) direction: 'columns' | 'rows' = 'columns';
  /** Share of the first pane, 0 to 1; undefined until the user has chosen one. */
  @property({ type: Number }) ratio: number | undefined;
  /** Share while the user has chosen none. */
  @property({ type: Number }) initial = 0.5;
  /** Pixels that the first pane needs; while the user has chosen no ratio it gets no more than this. */
  @property({ type: Number }) fit: number | undefined;
  @property() label = 'Resize';

  static override styles = css`
    :host {
      display: flex;
      min-width: 0;
      min-height: 0;
      overflow: hidden;
    }
    :host([direction='rows']) {
      flex-direction: column;
    }
    .pane {
      display: flex;
      flex: 1 1 0;
      min-width: 0;
      min-height: 0;
      overflow: hidden;
    }
    .first {
      flex: 0 0 auto;
    }
    .separator {
      position: relative;
      flex: none;
      z-index: 2;
      background: var(--vscode-panel-border, var(--vscode-contrastBorder));
      touch-action: none;
    }
    .separator::after {
      content: '';
      position: absolute;
      background: transparent;
      transition: background 0.1s 0.15s;
    }
    .separator:hover::after,
    .separator:focus-visible::after,
    .separator.dragging::after {
      background: var(--vscode-sash-hoverBorder, var(--vscode-focusBorder));
    }
    .separator:focus-visible {
      outline: none;
    }
    :host([direction='columns']) > .separator {
      width: 1px;
      cursor: col-resize;
    }
    :host([direction='rows']) > .separator {
      height: 1px;
      cursor: row-resize;
    }
    :host([direction='columns']) > .separator::after {
      inset: 0 -2px;
    }
    :host([direction='rows']) > .separator::after {
      inset: -2px 0;
    }
    @media (prefers-reduced-motion: reduce) {
      .separator::after {
        transition: none;
      }
    }
  `;

  override render() {
    return html`<div class="pane first" id="first"><slot name="first"></slot></div>
      <div
        class="separator"
        role="separator"
        tabindex="0"
        aria-label=${this.label}
        aria-controls="first"
        aria-orientation=${this.direction === 'columns' ? 'vertical' : 'horizontal'}
        aria-valuemin="10"
        aria-valuemax="90"
        aria-valuenow=${Math.round((this.ratio ?? this.initial) * 100)}
        @pointerdown=${this.#drag}
        @dblclick=${() => this.#choose(undefined)}
        @keydown=${this.#key}
      ></div>
      <div class="pane"><slot name="second"></slot></div>`;
  }

  protected override updated(): void {
    const first = this.renderRoot.querySelector<HTMLElement>('.first');
    if (first !== null) {
      const share = `${(this.ratio ?? this.initial) * 100}%`;
      const size =
        this.ratio === undefined && this.fit !== undefined ? `min(${this.fit}px, ${share})` : share;
      first.style.flexBasis = size;
    }
  }

  #choose(ratio: number | undefined): void {
    this.ratio = ratio === undefined ? undefined : Math.min(0.9, Math.max(0.1, ratio));
    this.dispatchEvent(new CustomEvent('ratio-change', { detail: this.ratio }));
  }

  #key(event: KeyboardEvent): void {
    const columns = this.direction === 'columns';
    const first = this.renderRoot.querySelector('.first');
    const box = this.getBoundingClientRect();
    const own = first?.getBoundingClientRect();
    const now =
      own === undefined ? this.initial : columns ? own.width / box.width : own.height / box.height;
    const back = columns ? 'ArrowLeft' : 'ArrowUp';
    const on = columns ? 'ArrowRight' : 'ArrowDown';
    const next = { [back]: now - 0.03, [on]: now + 0.03, Home: 0.1, End: 0.9 }[event.key];
    if (next !== undefined) {
      event.preventDefault();
      this.#choose(next);
    }
  }

  #drag(event: PointerEvent): void {
    const separator = event.currentTarget;
    if (!(separator instanceof HTMLElement) || event.button !== 0) {
      return;
    }
    event.preventDefault();
    separator.setPointerCapture(event.pointerId);
    separator.classList.add('dragging');
    const move = (to: PointerEvent): void => {
      const box = this.getBoundingClientRect();
      this.#choose(
        this.direction === 'columns'
          ? (to.clientX - box.left) / box.width
          : (to.clientY - box.top) / box.height,
      );
    };
    const end = (): void => {
      separator.classList.remove('dragging');
      separator.removeEventListener('pointermove', move);
      separator.removeEventListener('lostpointercapture', end);
    };
    separator.addEventListener('pointermove', move);
    separator.addEventListener('lostpointercapture', end);
  }
}
