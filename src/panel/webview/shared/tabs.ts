import { css, html, nothing, type TemplateResult } from 'lit';
import type { IconName } from './icons';
import { icon } from './icons';

export interface Tab<Id extends string> {
  readonly id: Id;
  readonly label: string;
  /** Shown after the label: a count. */
  readonly badge?: string | undefined;
  readonly mark?:
    | { readonly icon: IconName; readonly tone: 'error' | 'warning'; readonly text: string }
    | undefined;
  readonly disabled?: string | undefined;
}

/**
 * A row of tabs in the ARIA pattern: one tab stop, arrow keys move and choose. The caller draws the panels
 * as `role=tabpanel` with the id `panel-<id>` in the same shadow root.
 */
export function tabs<Id extends string>(
  name: string,
  list: readonly Tab<Id>[],
  chosen: Id,
  choose: (id: Id) => void,
): TemplateResult {
  const move = (event: KeyboardEvent): void => {
    const usable = list.filter((tab) => tab.disabled === undefined);
    const at = usable.findIndex((tab) => tab.id === chosen);
    const step = { ArrowLeft: -1, ArrowRight: 1, Home: -at, End: usable.length - 1 - at }[
      event.key
    ];
    const next =
      step === undefined ? undefined : usable[(at + step + usable.length) % usable.length];
    if (next === undefined) {
      return;
    }
    event.preventDefault();
    choose(next.id);
    const row = event.currentTarget;
    if (row instanceof HTMLElement) {
      row.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
    }
  };
  return html`<div class="tabs" role="tablist" aria-label=${name} @keydown=${move}>
    ${list.map(
      (tab) =>
        html`<button
          role="tab"
          id="tab-${tab.id}"
          data-tab=${tab.id}
          aria-controls="panel-${tab.id}"
          aria-selected=${tab.id === chosen}
          tabindex=${tab.id === chosen ? 0 : -1}
          ?disabled=${tab.disabled !== undefined}
          title=${tab.disabled ?? nothing}
          @click=${() => choose(tab.id)}
        >
          ${tab.label}${tab.badge === undefined ? nothing : html`<span class="tab-count">${tab.badge}</span>`}${
            tab.mark === undefined
              ? nothing
              : html`<span class="tab-mark ${tab.mark.tone}" title=${tab.mark.text}
                  >${icon(tab.mark.icon, 'small')}<span class="screen-reader">${tab.mark.text}</span></span
                >`
          }
        </button>`,
    )}
  </div>`;
}

export const tabStyles = css`
  .tabs {
    display: flex;
    gap: 14px;
    min-width: 0;
  }
  .tabs [role='tab'] {
    display: inline-flex;
    align-items: center;
    gap: 5px;
    height: 28px;
    padding: 0 1px;
    border: 0;
    border-bottom: 1px solid transparent;
    background: none;
    color: var(--vscode-panelTitle-inactiveForeground, var(--vscode-descriptionForeground));
    font: inherit;
    white-space: nowrap;
    cursor: pointer;
  }
  .tabs [role='tab']:hover:not(:disabled) {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
  }
  .tabs [role='tab'][aria-selected='true'] {
    color: var(--vscode-panelTitle-activeForeground, var(--vscode-foreground));
    border-bottom-color: var(--vscode-panelTitle-activeBorder, var(--vscode-focusBorder));
  }
  .tabs [role='tab']:disabled {
    opacity: 0.5;
    cursor: default;
  }
  .tab-count {
    color: var(--vscode-descriptionForeground);
    font-size: 11px;
    font-variant-numeric: tabular-nums;
  }
  .tab-mark {
    display: inline-flex;
  }
  .tab-mark.error {
    color: var(--vscode-editorError-foreground);
  }
  .tab-mark.warning {
    color: var(--vscode-editorWarning-foreground);
  }
`;
