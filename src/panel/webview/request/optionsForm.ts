import '@vscode-elements/elements/dist/vscode-option/index.js';
import '@vscode-elements/elements/dist/vscode-single-select/index.js';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { live } from 'lit/directives/live.js';
import { repeat } from 'lit/directives/repeat.js';
import type { FormCheck, OptionSpec, RequestForm } from '../../protocol';
import { icon } from '../shared/icons';
import { fieldStyles, sharedStyles } from '../shared/styles';
import { visible } from '../shared/text';

const groups: readonly { readonly id: OptionSpec['group']; readonly title: string }[] = [
  { id: 'call', title: 'Call' },
  { id: 'connection', title: 'Connection' },
  { id: 'limits', title: 'Limits' },
];

/** How many options differ from their defaults. */
export function changedOptions(
  specs: readonly OptionSpec[],
  values: RequestForm['options'],
): OptionSpec[] {
  return specs.filter((spec) => isChanged(spec, values[spec.name]));
}

function isChanged(spec: OptionSpec, value: string | undefined): boolean {
  return value !== undefined && value !== '' && value !== spec.default;
}

/** The options of the call, each with unit, default, help, and what is wrong or risky right under it. Fires `options-change`. */
@customElement('frameline-options-form')
export class FramelineOptionsForm extends LitElement {
  @property({ attribute: false }) specs: readonly OptionSpec[] = [];
  @property({ attribute: false }) values: RequestForm['options'] = {};
  @property({ attribute: false }) issues: FormCheck['options'] = [];

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: block;
        padding: 2px 12px 14px;
        overflow: auto;
        container-type: inline-size;
      }
      fieldset {
        margin: 0;
        padding: 0;
        border: 0;
        max-width: 640px;
      }
      legend {
        padding: 12px 0 2px;
        font-weight: 600;
      }
      .option {
        display: grid;
        grid-template-columns: minmax(140px, 34%) minmax(0, 1fr) 22px;
        gap: 1px 8px;
        align-items: start;
        padding: 5px 0 5px 8px;
        border-inline-start: 2px solid transparent;
      }
      .option.changed {
        border-inline-start-color: var(--vscode-settings-modifiedItemIndicator, var(--vscode-focusBorder));
      }
      .name {
        line-height: 24px;
      }
      .help {
        grid-column: 2;
        color: var(--vscode-descriptionForeground);
        font-size: 12px;
        line-height: 16px;
      }
      .under {
        grid-column: 2;
      }
      .check {
        padding-top: 3px;
      }
      .short {
        max-width: 150px;
      }
      vscode-single-select {
        width: 150px;
      }
      @container (max-width: 400px) {
        .option {
          grid-template-columns: minmax(0, 1fr) 22px;
        }
        .name {
          grid-column: 1 / 3;
          line-height: 20px;
        }
        .help,
        .under {
          grid-column: 1;
        }
      }
    `,
  ];

  override render() {
    return groups.map((group) => {
      const specs = this.specs.filter((spec) => spec.group === group.id);
      return specs.length === 0
        ? nothing
        : html`<fieldset>
            <legend>${group.title}</legend>
            ${repeat(
              specs,
              (spec) => spec.name,
              (spec) => this.#option(spec),
            )}
          </fieldset>`;
    });
  }

  #option(spec: OptionSpec) {
    const value = this.values[spec.name];
    const changed = isChanged(spec, value);
    const issues = this.issues.filter((issue) => issue.name === spec.name);
    const helpId = `help-${spec.name}`;
    return html`<div class="option ${changed ? 'changed' : ''}" data-option=${spec.name}>
      <label class="name" for=${`option-${spec.name}`}>${spec.label}</label>
      <div>${this.#input(
        spec,
        value ?? '',
        issues.some((issue) => issue.severity === 'error'),
      )}</div>
      ${
        changed
          ? html`<button
              class="tool"
              title="Back to the default (${spec.default === '' ? 'not set' : spec.default})"
              aria-label="Reset ${spec.label}"
              @click=${() => this.#set(spec.name, '')}
            >
              ${icon('discard')}
            </button>`
          : html`<span></span>`
      }
      ${issues.map(
        (issue) =>
          html`<div class="problem under ${issue.severity}" role="status">
            ${icon(issue.severity === 'error' ? 'error' : 'warning')}<span>${visible(issue.message)}</span>
          </div>`,
      )}
      ${spec.input.kind === 'boolean' ? nothing : html`<div class="help" id=${helpId}>${spec.help}</div>`}
    </div>`;
  }

  #input(spec: OptionSpec, value: string, wrong: boolean) {
    const id = `option-${spec.name}`;
    const set = (event: Event): void => {
      const { target } = event;
      if (target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) {
        this.#set(spec.name, target.value);
      }
    };
    switch (spec.input.kind) {
      case 'boolean': {
        const on = (value === '' ? spec.default : value) === 'true';
        return html`<label class="check">
          <input
            type="checkbox"
            id=${id}
            aria-label=${spec.label}
            aria-describedby="help-${spec.name}"
            .checked=${live(on)}
            @change=${() => this.#set(spec.name, on ? 'false' : 'true')}
          />
          <span class="help" id="help-${spec.name}">${spec.help}</span>
        </label>`;
      }
      case 'choice': {
        const chosen = value === '' ? spec.default : value;
        return html`<vscode-single-select
          id=${id}
          label=${spec.label}
          .value=${chosen}
          @change=${(event: Event) => {
            const { target } = event;
            if (target instanceof HTMLElement && 'value' in target) {
              this.#set(spec.name, String(target.value));
            }
          }}
          >${spec.input.choices.map(
            (choice) =>
              html`<vscode-option value=${choice} ?selected=${choice === chosen}>${choice}</vscode-option>`,
          )}</vscode-single-select
        >`;
      }
      case 'json':
        return html`<textarea
          id=${id}
          class="field mono"
          rows="3"
          spellcheck="false"
          aria-describedby="help-${spec.name}"
          aria-invalid=${wrong}
          .value=${live(value)}
          @input=${set}
        ></textarea>`;
      default:
        return html`<input
          id=${id}
          class="field mono ${spec.input.kind === 'text' ? '' : 'short'}"
          spellcheck="false"
          autocomplete="off"
          placeholder=${spec.default}
          aria-describedby="help-${spec.name}"
          aria-invalid=${wrong}
          .value=${live(value)}
          @input=${set}
        />`;
    }
  }

  #set(name: string, value: string): void {
    const options = { ...this.values };
    if (value === '') {
      delete options[name];
    } else {
      options[name] = value;
    }
    this.values = options;
    this.dispatchEvent(new CustomEvent('options-change', { detail: options }));
  }
}
