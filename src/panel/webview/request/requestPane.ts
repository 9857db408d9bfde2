import '../editor/bodyEditor';
import './metadataEditor';
import './optionsForm';
import './sendBar';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query } from 'lit/decorators.js';
import type {
  CallPhase,
  FormCheck,
  MetadataRow,
  PanelInit,
  RequestForm,
  ToWebview,
} from '../../protocol';
import type { FramelineBodyEditor } from '../editor/bodyEditor';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { type Tab, tabStyles, tabs } from '../shared/tabs';
import { plural, visible } from '../shared/text';
import { changedOptions } from './optionsForm';
import { sendKey } from './sendBar';

export type RequestTab = 'body' | 'metadata' | 'options';
export type Refused = Extract<ToWebview, { type: 'refused' }>;

/** What is asked: the send bar, and the body, metadata and options in tabs. Fires `form-change`, `tab-change`. */
@customElement('frameline-request')
export class FramelineRequest extends LitElement {
  @property({ attribute: false }) init: PanelInit | undefined;
  @property({ attribute: false }) form: RequestForm = { body: '', metadata: [], options: {} };
  @property({ attribute: false }) check: FormCheck = { body: [], metadata: [], options: [] };
  @property() phase: CallPhase = 'idle';
  @property({ type: Boolean }) canSend = false;
  @property({ attribute: false }) refused: Refused | undefined;
  @property({ type: Boolean }) starting = false;
  @property({ type: Boolean }) available = true;
  @property() tab: RequestTab = 'body';
  @query('frameline-body-editor') private editor!: FramelineBodyEditor | null;

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
      }
      .head {
        display: flex;
        align-items: center;
        gap: 4px;
        padding: 0 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .tabs {
        flex: none;
      }
      .panel {
        flex: 1;
        min-height: 0;
        display: flex;
        flex-direction: column;
      }
      .panel > :last-child {
        flex: 1;
      }
      button.type {
        flex: 0 1 auto;
        color: var(--vscode-descriptionForeground);
        font-size: 12px;
      }
      .gap {
        flex: 1;
      }
      .notice {
        margin: 0 12px 8px;
      }
      .panel > .notice {
        flex: none;
        margin: 8px 12px;
      }
      .empty {
        display: flex;
        flex-direction: column;
        align-items: center;
        justify-content: center;
        gap: 4px;
        padding: 16px;
        text-align: center;
      }
      kbd {
        padding: 0 4px;
        border: 1px solid var(--vscode-keybindingLabel-border, var(--vscode-contrastBorder));
        border-radius: 3px;
        background: var(--vscode-keybindingLabel-background);
        color: var(--vscode-keybindingLabel-foreground);
        font: inherit;
        font-size: 11px;
      }
      details {
        margin: 0 12px 8px;
        font-size: 12px;
      }
      summary {
        color: var(--vscode-editorWarning-foreground);
        cursor: pointer;
      }
      details ul {
        margin: 4px 0 0;
        padding-inline-start: 18px;
        overflow-wrap: anywhere;
      }
    `,
  ];

  override render() {
    const { init } = this;
    if (init === undefined) {
      return nothing;
    }
    const deadline = init.optionSpecs.find((spec) => spec.name === 'deadline');
    return html`<frameline-send-bar
        .kind=${init.method.kind}
        .phase=${this.phase}
        .canSend=${this.canSend}
        .starting=${this.starting}
        .available=${this.available}
        .spec=${deadline}
        .deadline=${this.form.options.deadline ?? ''}
        .issue=${this.check.options.find((issue) => issue.name === 'deadline')}
        @deadline-change=${(event: CustomEvent<string>) => this.#deadline(event.detail)}
      ></frameline-send-bar>
      ${this.#refusal('call')} ${this.#refusal('options')} ${this.#problems(init)}
      <div class="head">
        ${tabs('Request', this.#tabs(init), this.tab, (tab) => this.#choose(tab))}
        ${this.tab === 'body' && !init.emptyRequest ? this.#bodyTools(init) : nothing}
      </div>
      <div class="panel" role="tabpanel" id="panel-${this.tab}" aria-labelledby="tab-${this.tab}">
        ${this.tab === 'options' ? nothing : this.#refusal(this.tab)} ${this.#panel(init)}
      </div>`;
  }

  /** Puts the cursor into the body. */
  override focus(): void {
    this.editor?.focus();
  }

  #panel(init: PanelInit) {
    switch (this.tab) {
      case 'body':
        return init.emptyRequest
          ? html`<div class="empty">
              <div>This request has no fields.</div>
              <div class="dim">
                Send <span class="mono">${visible(init.method.requestType, 200)}</span> as it is:
                <kbd>${sendKey}</kbd>
              </div>
            </div>`
          : html`<frameline-body-editor
              label="Message ${visible(init.method.requestType, 200)}"
              .value=${this.form.body}
              .schema=${init.requestSchema}
              .problems=${this.check.body}
              @body-change=${(event: CustomEvent<string>) => this.#change({ body: event.detail })}
            ></frameline-body-editor>`;
      case 'metadata':
        return html`<frameline-metadata-editor
          .rows=${this.form.metadata}
          .problems=${this.check.metadata}
          @rows-change=${(event: CustomEvent<readonly MetadataRow[]>) => this.#change({ metadata: event.detail })}
        ></frameline-metadata-editor>`;
      case 'options':
        return html`<frameline-options-form
          .specs=${init.optionSpecs.filter((spec) => spec.name !== 'deadline')}
          .values=${this.form.options}
          .issues=${this.check.options}
          @options-change=${(event: CustomEvent<RequestForm['options']>) => this.#change({ options: event.detail })}
        ></frameline-options-form>`;
    }
  }

  #tabs(init: PanelInit): readonly Tab<RequestTab>[] {
    const { body, metadata, options } = this.check;
    const others = options.filter((issue) => issue.name !== 'deadline');
    const sent = this.form.metadata.filter((row) => row.enabled && row.key !== '').length;
    const specs = init.optionSpecs.filter((spec) => spec.name !== 'deadline');
    const changed = changedOptions(specs, this.form.options).length;
    return [
      { id: 'body', label: 'Body', mark: mark(body) },
      {
        id: 'metadata',
        label: 'Metadata',
        badge: sent === 0 ? undefined : String(sent),
        mark: mark(metadata.map((one) => ({ severity: 'error', message: one.message }))),
      },
      {
        id: 'options',
        label: 'Options',
        badge: changed === 0 ? undefined : `${changed} changed`,
        mark: mark(others),
      },
    ];
  }

  #bodyTools(init: PanelInit) {
    return html`<span class="gap"></span
      ><button
        class="link type clip"
        title="Show the definition of ${visible(init.method.requestType, 300)}"
        @click=${() => this.dispatchEvent(new CustomEvent('show-definition', { detail: init.method.requestType }))}
      >
        ${visible(init.method.requestType, 200)}
      </button>
      <button class="tool" title="Format (Shift+Alt+F)" aria-label="Format" @click=${() => this.editor?.format()}>
        ${icon('wand')}
      </button>
      <button
        class="tool"
        title="Reset the body to the template"
        aria-label="Reset to template"
        @click=${() => this.dispatchEvent(new CustomEvent('reset-body'))}
      >
        ${icon('discard')}
      </button>`;
  }

  #refusal(where: Refused['where']) {
    return this.refused?.where === where
      ? html`<div class="notice" role="alert">${icon('error')}<span>${visible(this.refused.message)}</span></div>`
      : nothing;
  }

  #problems(init: PanelInit) {
    return init.problems.length === 0
      ? nothing
      : html`<details>
          <summary>${plural(init.problems.length, 'problem')} in this method's schema</summary>
          <ul>
            ${init.problems.map(
              (problem) =>
                html`<li>${visible(problem.message)} <span class="dim">${visible(problem.subject, 300)}</span></li>`,
            )}
          </ul>
        </details>`;
  }

  #choose(tab: RequestTab): void {
    this.tab = tab;
    this.dispatchEvent(new CustomEvent('tab-change', { detail: tab }));
  }

  #deadline(value: string): void {
    const { deadline: _, ...rest } = this.form.options;
    this.#change({ options: value === '' ? rest : { ...rest, deadline: value } });
  }

  #change(change: Partial<RequestForm>): void {
    this.form = { ...this.form, ...change };
    this.dispatchEvent(new CustomEvent('form-change', { detail: this.form }));
  }
}

function mark(
  issues: readonly { readonly severity: 'error' | 'warning'; readonly message: string }[],
): Tab<RequestTab>['mark'] {
  const errors = issues.filter((issue) => issue.severity === 'error').length;
  if (issues.length === 0) {
    return undefined;
  }
  return errors > 0
    ? { icon: 'error', tone: 'error', text: plural(errors, 'error') }
    : { icon: 'warning', tone: 'warning', text: plural(issues.length, 'warning') };
}
