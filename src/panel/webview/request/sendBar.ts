import '@vscode-elements/elements/dist/vscode-button/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import type { CallPhase, FormCheck, MethodKind, OptionSpec } from '../../protocol';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { visible } from '../shared/text';
import { callButtons } from './callActions';

const mac = navigator.platform.startsWith('Mac');
export const sendKey = mac ? '⌘⏎' : 'Ctrl+Enter';

export type CallCommand = 'send' | 'open' | 'endStream' | 'cancel';

/** The call's buttons with the deadline beside them. Fires `command` (a `CallCommand`) and `deadline-change`. */
@customElement('frameline-send-bar')
export class FramelineSendBar extends LitElement {
  @property() kind: MethodKind = 'unary';
  @property() phase: CallPhase = 'idle';
  @property({ type: Boolean }) canSend = false;
  @property({ type: Boolean }) starting = false;
  @property({ type: Boolean }) available = true;
  @property() deadline = '';
  @property({ attribute: false }) spec: OptionSpec | undefined;
  @property({ attribute: false }) issue: FormCheck['options'][number] | undefined;

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: block;
        padding: 8px 12px;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px 14px;
      }
      .buttons {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 6px;
      }
      vscode-button {
        flex: none;
      }
      vscode-button::part(base) {
        line-height: 20px;
        padding-inline: 11px;
      }
      .deadline {
        display: flex;
        align-items: center;
        gap: 6px;
      }
      .deadline label {
        color: var(--vscode-descriptionForeground);
      }
      .deadline input {
        width: 76px;
      }
      .deadline input[data-risk='warning'] {
        border-color: var(--vscode-inputValidation-warningBorder);
      }
      .problem {
        margin-top: 5px;
      }
    `,
  ];

  override render() {
    const can = callButtons(this.kind, this);
    return html`<div class="bar">
        <div class="buttons" role="group" aria-label="Call">
          ${this.#button(
            can.streamsRequests ? 'Send message' : 'Send',
            'send',
            can.canSend,
            can.streamsRequests && !can.running
              ? `Open the stream and send the first message (${sendKey})`
              : `${can.streamsRequests ? 'Send the message' : 'Send the request'} (${sendKey})`,
            false,
          )}
          ${
            can.streamsRequests
              ? this.#button(
                  'End stream',
                  'endStream',
                  can.canEnd,
                  'No more messages from here: half-close the stream',
                )
              : nothing
          }
          ${this.#button('Cancel', 'cancel', can.canCancel, 'Cancel the call')}
          ${
            can.streamsRequests
              ? html`<button
                  class="tool"
                  data-command="open"
                  title="Open the stream without sending a message"
                  aria-label="Open stream without a message"
                  ?disabled=${!can.canOpen}
                  @click=${() => this.#command('open')}
                >
                  ${icon('plug')}
                </button>`
              : nothing
          }
        </div>
        ${this.#deadline()}
      </div>
      ${this.#issue()}`;
  }

  #button(label: string, command: CallCommand, enabled: boolean, title: string, secondary = true) {
    return html`<vscode-button
      data-command=${command}
      ?secondary=${secondary}
      ?disabled=${!enabled}
      aria-disabled=${!enabled}
      title=${title}
      @click=${() => enabled && this.#command(command)}
      >${label}</vscode-button
    >`;
  }

  #deadline() {
    const fallback = this.spec?.default ?? '';
    return html`<div class="deadline">
      <label for="deadline">Deadline</label>
      <input
        id="deadline"
        class="field mono"
        spellcheck="false"
        autocomplete="off"
        placeholder=${fallback === '' ? 'none' : fallback}
        title=${`${this.spec?.help ?? ''}${fallback === '' ? '' : ` Empty means ${fallback}.`}`.trim()}
        .value=${live(this.deadline)}
        aria-describedby=${this.issue === undefined ? nothing : 'deadline-problem'}
        aria-invalid=${this.issue?.severity === 'error'}
        data-risk=${this.issue?.severity ?? nothing}
        @input=${(event: InputEvent) => {
          if (event.target instanceof HTMLInputElement) {
            this.dispatchEvent(new CustomEvent('deadline-change', { detail: event.target.value }));
          }
        }}
      />
    </div>`;
  }

  #issue() {
    const { issue } = this;
    return issue === undefined
      ? nothing
      : html`<div id="deadline-problem" class="problem ${issue.severity}" role="status">
          ${icon(issue.severity === 'error' ? 'error' : 'warning')}<span>${visible(issue.message)}</span>
        </div>`;
  }

  #command(command: CallCommand): void {
    this.dispatchEvent(
      new CustomEvent('command', { detail: command, bubbles: true, composed: true }),
    );
  }
}
