import '@vscode-elements/elements/dist/vscode-progress-bar/index.js';
import './timingStrip';
import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { CallSnapshot } from '../../protocol';
import { icon } from '../shared/icons';
import { sharedStyles } from '../shared/styles';
import { bytes, clock, count, duration, plural, visible } from '../shared/text';
import { originNames, toneIcons, toneOf } from './outcome';

/** Length of the window over which the rate is measured, in milliseconds. */
const rateWindow = 1_000;

/** One line on how the call stands, and where its time went. Fires `show-status`. */
@customElement('frameline-call-summary')
export class FramelineCallSummary extends LitElement {
  @property({ attribute: false }) snapshot: CallSnapshot | undefined;
  @state() private now = performance.now();
  #started = performance.now();
  #samples: { readonly at: number; readonly received: number }[] = [];
  #rate = { at: 0, value: 0 };
  #clock: ReturnType<typeof setInterval> | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        position: relative;
        flex: none;
      }
      .line {
        display: flex;
        align-items: center;
        flex-wrap: wrap;
        gap: 0 14px;
        min-height: 34px;
        padding: 6px 12px;
        font-variant-numeric: tabular-nums;
      }
      .outcome {
        display: inline-flex;
        align-items: center;
        gap: 6px;
        min-width: 0;
        font-weight: 600;
      }
      button.outcome {
        padding: 0;
        border: 0;
        background: none;
        color: inherit;
        font: inherit;
        font-weight: 600;
        cursor: pointer;
      }
      button.outcome:hover .name {
        text-decoration: underline;
      }
      .ok .icon {
        color: var(--vscode-testing-iconPassed);
      }
      button.failed {
        color: var(--vscode-errorForeground);
      }
      .cancelled .icon {
        color: var(--vscode-descriptionForeground);
      }
      .fact {
        display: inline-flex;
        align-items: center;
        gap: 3px;
        white-space: nowrap;
        color: var(--vscode-descriptionForeground);
      }
      .fact.short {
        color: var(--vscode-editorWarning-foreground);
      }
      .sent {
        color: var(--vscode-charts-blue);
      }
      .received {
        color: var(--vscode-charts-green);
      }
      vscode-progress-bar {
        position: absolute;
        inset: 0 0 auto;
      }
    `,
  ];

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stopClock();
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (!changed.has('snapshot')) {
      return;
    }
    const { snapshot } = this;
    if (snapshot === undefined) {
      this.#stopClock();
      return;
    }
    this.now = performance.now();
    if (changed.get('snapshot')?.callId !== snapshot.callId) {
      // A panel that was restored in the middle of a call has only the newest time to go by.
      this.#started = this.now - latest(snapshot) / 1000;
      this.#samples = [];
      this.#rate = { at: 0, value: 0 };
    }
    this.#samples.push({ at: this.now, received: snapshot.receivedMessages });
    while (this.#samples.length > 2 && (this.#samples[1]?.at ?? 0) < this.now - rateWindow) {
      this.#samples.shift();
    }
    if (snapshot.phase === 'connecting' || snapshot.phase === 'streaming') {
      this.#clock ??= setInterval(() => {
        this.now = performance.now();
      }, 100);
    } else {
      this.#stopClock();
    }
  }

  override render() {
    const { snapshot } = this;
    if (snapshot === undefined || snapshot.phase === 'idle') {
      return nothing;
    }
    const elapsed = snapshot.timing.ended ?? (this.now - this.#started) * 1000;
    return html`${
      isConnecting(snapshot)
        ? html`<vscode-progress-bar indeterminate aria-label="Connecting"></vscode-progress-bar>`
        : nothing
    }
      <div class="line">${this.#outcome(snapshot)}${this.#facts(snapshot, elapsed)}</div>
      <frameline-timing-strip .snapshot=${snapshot} .elapsed=${elapsed}></frameline-timing-strip>
      <span class="screen-reader" role="status">${announcement(snapshot)}</span>`;
  }

  #outcome(snapshot: CallSnapshot) {
    const { status } = snapshot;
    if (status === undefined) {
      return html`<span class="outcome"
        >${icon('loading', 'spin')}<span class="name">${stateName(snapshot)}</span></span
      >`;
    }
    const tone = toneOf(status);
    return html`<button
      class="outcome ${tone}"
      title="Show the status"
      @click=${() => this.dispatchEvent(new CustomEvent('show-status'))}
    >
      ${icon(toneIcons[tone])}<span class="name clip">${visible(status.name, 60)}</span>
    </button>`;
  }

  #facts(snapshot: CallSnapshot, elapsed: number) {
    const ended = snapshot.phase === 'ended';
    const { status } = snapshot;
    const rate = this.#currentRate();
    return html`<span class="fact" title="Time since the call began"
        >${ended ? duration(elapsed) : clock(elapsed / 1000)}</span
      >
      <span class="fact" title="${plural(snapshot.sentMessages, 'message')} sent"
        ><span class="sent">${icon('arrow-right', 'small')}</span>${count(snapshot.sentMessages)}</span
      >
      <span
        class="fact"
        title="${plural(snapshot.receivedMessages, 'message')} received, ${bytes(snapshot.receivedBytes)}"
        ><span class="received">${icon('arrow-left', 'small')}</span>${count(snapshot.receivedMessages)}${
          snapshot.receivedMessages > 0 ? html` · ${bytes(snapshot.receivedBytes)}` : nothing
        }</span
      >
      ${rate > 0 && !ended ? html`<span class="fact" title="Messages received a second">${count(rate)}/s</span>` : nothing}
      ${this.#remaining(snapshot, elapsed)}
      ${
        status !== undefined && toneOf(status) === 'failed'
          ? html`<span class="fact" title=${originNames[status.origin].title}
              >from ${originNames[status.origin].label.toLowerCase()}</span
            >`
          : nothing
      }`;
  }

  #remaining(snapshot: CallSnapshot, elapsed: number) {
    if (snapshot.phase === 'ended') {
      return nothing;
    }
    if (snapshot.deadline === undefined) {
      return html`<span class="fact short" title="Nothing ends this call but the server or you">No deadline</span>`;
    }
    const left = snapshot.deadline - elapsed / 1000;
    const short = left < snapshot.deadline * 0.2;
    return html`<span class="fact ${short ? 'short' : ''}" title="Until the deadline"
      >${clock(Math.max(0, left))} left</span
    >`;
  }

  /** Messages received a second, over the last second; steady enough to be read. */
  #currentRate(): number {
    if (this.now - this.#rate.at >= 250) {
      this.#rate = { at: this.now, value: this.#measureRate() };
    }
    return this.#rate.value;
  }

  #measureRate(): number {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (first === undefined || last === undefined || last.at - first.at < 100) {
      return 0;
    }
    return Math.round(((last.received - first.received) * 1000) / (last.at - first.at));
  }

  #stopClock(): void {
    clearInterval(this.#clock);
    this.#clock = undefined;
  }
}

function latest(snapshot: CallSnapshot): number {
  return Math.max(0, ...Object.values(snapshot.timing).filter((time) => typeof time === 'number'));
}

// Changes only with the phase, so that a screen reader isn't flooded.
function announcement(snapshot: CallSnapshot): string {
  if (snapshot.status !== undefined) {
    const { name, explanation } = snapshot.status;
    return `Call ended: ${visible(name, 60)}. ${visible(explanation, 300)}`;
  }
  return stateName(snapshot);
}

function isConnecting(snapshot: CallSnapshot): boolean {
  return snapshot.phase === 'connecting' && snapshot.timing.headersSent === undefined;
}

function stateName(snapshot: CallSnapshot): string {
  if (snapshot.phase === 'streaming') {
    return 'Streaming';
  }
  return isConnecting(snapshot) ? 'Connecting' : 'Waiting for the server';
}
