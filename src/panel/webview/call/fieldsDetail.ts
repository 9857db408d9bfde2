import './hexView';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { EntryDetail } from '../../protocol';
import { sharedStyles } from '../shared/styles';
import { visible, visibleLines } from '../shared/text';

/** Headers, trailers and frames: names and values, with a decoded note, over the bytes when there are any. */
@customElement('frameline-fields-detail')
export class FramelineFieldsDetail extends LitElement {
  @property({ attribute: false }) detail: Extract<EntryDetail, { kind: 'fields' }> | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-width: 0;
        min-height: 0;
        overflow: auto;
        container-type: inline-size;
      }
      table {
        flex: none;
        width: 100%;
        border-collapse: collapse;
        table-layout: fixed;
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: calc(var(--vscode-editor-font-size, 13px) - 1px);
      }
      th,
      td {
        padding: 2px 12px;
        text-align: start;
        vertical-align: top;
        font-weight: normal;
        overflow-wrap: anywhere;
      }
      th {
        width: 190px;
        color: var(--vscode-debugTokenExpression-name);
      }
      td {
        white-space: pre-wrap;
      }
      @container (max-width: 480px) {
        th {
          width: 36%;
        }
      }
      .note {
        color: var(--vscode-descriptionForeground);
      }
      frameline-hex-view {
        flex: 1;
        min-height: 90px;
        padding-top: 4px;
        border-top: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      p {
        margin: 10px 12px;
      }
    `,
  ];

  override render() {
    const { detail } = this;
    if (detail === undefined) {
      return nothing;
    }
    return html`${
      detail.fields.length === 0
        ? html`<p class="dim">This entry has no fields.</p>`
        : html`<table aria-label=${visible(detail.title, 100)}>
              <tbody>
                ${detail.fields.map(
                  (field) =>
                    html`<tr>
                      <th scope="row">${visible(field.name, 500)}</th>
                      <td>${visibleLines(field.value)}${field.note === undefined ? nothing : html`<div class="note">${visibleLines(field.note)}</div>`}</td>
                    </tr>`,
                )}
              </tbody>
            </table>`
    }${
      detail.bytes === undefined
        ? nothing
        : html`<frameline-hex-view .window=${detail.bytes}></frameline-hex-view>`
    }`;
  }
}
