import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntryDetail } from '../../protocol';
import { icon } from '../shared/icons';
import { sharedStyles } from '../shared/styles';
import { visible, visibleLines } from '../shared/text';
import { certaintyTitles, originNames, toneIcons, toneOf } from './outcome';

/** How the call ended: what happened, who says so, what to do next, and the evidence. */
@customElement('frameline-status-card')
export class FramelineStatusCard extends LitElement {
  @property({ attribute: false }) detail: Extract<EntryDetail, { kind: 'status' }> | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        flex: 1;
        min-height: 0;
        overflow: auto;
      }
      article {
        max-width: 820px;
        margin: 12px;
        padding: 12px 16px 14px;
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
        border-inline-start: 3px solid var(--vscode-descriptionForeground);
        border-radius: 4px;
        background: var(--vscode-editorWidget-background);
      }
      article.failed {
        border-inline-start-color: var(--vscode-errorForeground);
      }
      article.ok {
        border-inline-start-color: var(--vscode-testing-iconPassed);
      }
      header {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 8px;
      }
      h2 {
        display: flex;
        align-items: center;
        gap: 7px;
        margin: 0;
        font-size: 14px;
        font-weight: 600;
        overflow-wrap: anywhere;
      }
      .failed h2,
      .failed h2 .icon {
        color: var(--vscode-errorForeground);
      }
      .ok h2 .icon {
        color: var(--vscode-testing-iconPassed);
      }
      .code {
        color: var(--vscode-descriptionForeground);
        font-weight: normal;
        font-variant-numeric: tabular-nums;
      }
      .badges {
        display: flex;
        align-items: center;
        gap: 4px;
        margin-inline-start: auto;
      }
      .certainty {
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-descriptionForeground)));
        background: none;
        color: var(--vscode-descriptionForeground);
      }
      .explanation {
        margin: 8px 0 0;
        font-size: 14px;
        line-height: 20px;
        overflow-wrap: anywhere;
      }
      h3 {
        margin: 14px 0 4px;
        color: var(--vscode-descriptionForeground);
        font-size: 11px;
        font-weight: 600;
        letter-spacing: 0.02em;
      }
      .message,
      pre {
        margin: 0;
        padding: 6px 10px;
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, transparent));
        border-radius: 3px;
        background: var(--vscode-textCodeBlock-background);
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: calc(var(--vscode-editor-font-size, 13px) - 1px);
        line-height: 18px;
        white-space: pre-wrap;
        overflow-wrap: anywhere;
        max-height: 240px;
        overflow: auto;
      }
      ul {
        margin: 0;
        padding: 0;
        list-style: none;
      }
      li {
        display: flex;
        gap: 7px;
        padding: 2px 0;
        overflow-wrap: anywhere;
        min-width: 0;
      }
      li > span:last-child {
        min-width: 0;
      }
      .next .icon {
        color: var(--vscode-textLink-foreground);
        margin-top: 2px;
      }
      .evidence li {
        padding: 1px 0;
        color: var(--vscode-descriptionForeground);
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: calc(var(--vscode-editor-font-size, 13px) - 1px);
      }
      details + details {
        margin-top: 6px;
      }
      summary {
        cursor: pointer;
        overflow-wrap: anywhere;
      }
      details pre {
        margin-top: 4px;
      }
      .problem {
        color: var(--vscode-editorWarning-foreground);
      }
    `,
  ];

  override render() {
    const { detail } = this;
    if (detail === undefined) {
      return nothing;
    }
    const { status } = detail;
    const tone = toneOf(status);
    const origin = originNames[status.origin];
    return html`<article class=${tone} aria-label="Status ${visible(status.name, 60)}">
      <header>
        <h2>
          ${icon(toneIcons[tone])}<span>${visible(status.name, 60)}</span><span class="code">${status.code}</span>
        </h2>
        <span class="badges">
          <span class="badge" title=${origin.title}>${origin.label}</span>
          <span class="badge certainty" title=${certaintyTitles[status.certainty]}
            >${status.certainty}</span
          >
          <slot name="tools"></slot>
        </span>
      </header>
      <p class="explanation">${visibleLines(status.explanation, 2_000)}</p>
      ${
        status.message === ''
          ? nothing
          : html`<h3>Message</h3>
              <div class="message" tabindex="0">${visibleLines(status.message)}</div>`
      }
      ${
        status.nextActions.length === 0
          ? nothing
          : html`<h3>What to do next</h3>
              <ul class="next">
                ${status.nextActions.map(
                  (action) =>
                    html`<li>${icon('arrow-right', 'small')}<span>${visibleLines(action, 2_000)}</span></li>`,
                )}
              </ul>`
      }
      ${this.#details(detail)}
      ${
        status.evidence.length === 0
          ? nothing
          : html`<h3>Evidence</h3>
              <ul class="evidence">
                ${status.evidence.map((line) => html`<li><span>${visible(line)}</span></li>`)}
              </ul>`
      }
    </article>`;
  }

  #details({ details }: Extract<EntryDetail, { kind: 'status' }>) {
    return details.length === 0
      ? nothing
      : html`<h3>Details from the server</h3>
          ${details.map(
            (one) =>
              html`<details open>
                <summary class="mono">${visible(one.type, 300)}</summary>
                ${one.problem === undefined ? nothing : html`<div class="problem">${visible(one.problem)}</div>`}
                ${one.json === undefined && one.base64 === undefined ? nothing : html`<pre tabindex="0">${visibleLines(one.json ?? one.base64 ?? '')}</pre>`}
              </details>`,
          )}`;
  }
}
