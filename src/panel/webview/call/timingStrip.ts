import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { CallSnapshot } from '../../protocol';
import { sharedStyles } from '../shared/styles';
import { duration, length } from '../shared/text';
import { type Phase, phases, stripScale } from './timing';

/** Where the call's time went, in proportion, with the deadline where it matters. */
@customElement('frameline-timing-strip')
export class FramelineTimingStrip extends LitElement {
  @property({ attribute: false }) snapshot: CallSnapshot | undefined;
  /** Microseconds since the call began, while it runs. */
  @property({ type: Number }) elapsed = 0;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        padding: 0 12px 6px;
      }
      .bar {
        position: relative;
        height: 6px;
        border: 1px solid var(--vscode-contrastBorder, transparent);
        border-radius: 3px;
        background: var(--vscode-toolbar-hoverBackground);
        overflow: hidden;
      }
      .phase,
      .deadline {
        position: absolute;
        inset-block: 0;
      }
      .phase {
        min-width: 2px;
      }
      .deadline {
        width: 2px;
        background: var(--vscode-errorForeground);
      }
      .elapsed {
        background: var(--vscode-scrollbarSlider-background);
      }
      .resolve {
        background: var(--vscode-charts-purple);
      }
      .connect {
        background: var(--vscode-terminal-ansiCyan, var(--vscode-charts-foreground));
      }
      .tls {
        background: var(--vscode-charts-yellow);
      }
      .send {
        background: var(--vscode-charts-blue);
      }
      .wait {
        background: var(--vscode-charts-lines, var(--vscode-descriptionForeground));
      }
      .receive {
        background: var(--vscode-charts-green);
      }
      .finish {
        background: var(--vscode-descriptionForeground);
        opacity: 0.35;
      }
      ul {
        display: flex;
        flex-wrap: wrap;
        gap: 0 12px;
        margin: 4px 0 0;
        padding: 0;
        max-height: 32px;
        overflow: hidden;
        list-style: none;
        color: var(--vscode-descriptionForeground);
        font-size: 11px;
        line-height: 16px;
        font-variant-numeric: tabular-nums;
      }
      li {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        white-space: nowrap;
      }
      .swatch {
        width: 8px;
        height: 8px;
        border-radius: 2px;
      }
      .swatch.deadline {
        position: static;
        width: 2px;
        height: 10px;
        border-radius: 0;
      }
    `,
  ];

  override render() {
    const { snapshot } = this;
    if (snapshot === undefined) {
      return nothing;
    }
    const list = phases(snapshot.timing);
    const scale = stripScale(snapshot, this.elapsed);
    const deadline = snapshot.deadline;
    const showDeadline = deadline !== undefined && deadline * 1000 <= scale;
    return html`<div class="bar" aria-hidden="true">
        ${
          snapshot.phase === 'ended'
            ? nothing
            : html`<span class="phase elapsed" data-from="0" data-to=${this.elapsed / scale}></span>`
        }
        ${list.map(
          (phase) =>
            html`<span
              class="phase ${phase.id}"
              data-from=${phase.from / scale}
              data-to=${phase.to / scale}
              title="${phase.label} ${duration(phase.to - phase.from)}"
            ></span>`,
        )}
        ${
          showDeadline
            ? html`<span class="deadline" data-at=${(deadline * 1000) / scale} title="Deadline ${length(deadline)}"></span>`
            : nothing
        }
      </div>
      <ul aria-label="Timing">
        ${snapshot.timing.reusedConnection === true ? html`<li>Reused connection</li>` : nothing}
        ${list.map((phase) => this.#legend(phase))}
        ${
          showDeadline
            ? html`<li><span class="swatch deadline"></span>Deadline ${length(deadline)}</li>`
            : nothing
        }
      </ul>`;
  }

  #legend(phase: Phase) {
    const title = `${phase.label}: from ${duration(phase.from)} to ${duration(phase.to)}`;
    return html`<li title=${title}>
      <span class="swatch ${phase.id}"></span>${phase.label} ${duration(phase.to - phase.from)}
    </li>`;
  }

  protected override updated(_changed: PropertyValues<this>): void {
    // Through CSSOM: the content security policy forbids style attributes in markup.
    for (const span of this.renderRoot.querySelectorAll<HTMLElement>('.bar span')) {
      const from = Number(span.dataset.from ?? span.dataset.at);
      span.style.left =
        span.dataset.at === undefined ? percent(from) : `calc(${percent(from)} - 2px)`;
      if (span.dataset.to !== undefined) {
        span.style.width = percent(Number(span.dataset.to) - from);
      }
    }
  }
}

function percent(share: number): string {
  return `${(Math.max(0, Math.min(1, share)) * 100).toFixed(3)}%`;
}
