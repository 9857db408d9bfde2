import { css } from 'lit';

/** What every component of the panel starts from. Colours are the theme's variables only. */
export const sharedStyles = css`
  :host {
    box-sizing: border-box;
    color: var(--vscode-foreground);
    font-family: var(--vscode-font-family);
    font-size: var(--vscode-font-size, 13px);
    line-height: 18px;
  }
  :host([hidden]) {
    display: none !important;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }
  .icon {
    display: inline-block;
    flex: none;
    font: normal 16px / 1 codicon;
    text-align: center;
    user-select: none;
    -webkit-font-smoothing: antialiased;
  }
  .icon.small {
    font-size: 14px;
  }
  .icon.spin {
    animation: spin 1.2s linear infinite;
  }
  @keyframes spin {
    to {
      transform: rotate(360deg);
    }
  }
  .dim {
    color: var(--vscode-descriptionForeground);
  }
  .mono {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: var(--vscode-editor-font-size, 13px);
  }
  .clip {
    overflow: hidden;
    text-overflow: ellipsis;
    white-space: nowrap;
    min-width: 0;
  }
  .numbers {
    font-variant-numeric: tabular-nums;
  }
  .screen-reader {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  button.tool {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 4px;
    flex: none;
    min-width: 22px;
    height: 22px;
    padding: 0 3px;
    border: 1px solid transparent;
    border-radius: 4px;
    background: none;
    color: var(--vscode-icon-foreground, inherit);
    font: inherit;
    cursor: pointer;
  }
  button.tool:hover:not(:disabled) {
    background: var(--vscode-toolbar-hoverBackground);
    outline: 1px dashed var(--vscode-toolbar-hoverOutline, transparent);
    outline-offset: -1px;
  }
  button.tool:disabled {
    opacity: 0.4;
    cursor: default;
  }
  button.link {
    padding: 0;
    border: 0;
    background: none;
    color: var(--vscode-textLink-foreground);
    font: inherit;
    cursor: pointer;
    text-align: start;
  }
  button.link:hover {
    color: var(--vscode-textLink-activeForeground);
    text-decoration: underline;
  }
  :focus-visible {
    outline: 1px solid var(--vscode-focusBorder) !important;
    outline-offset: -1px !important;
  }
  .badge {
    flex: none;
    padding: 0 6px;
    border: 1px solid var(--vscode-contrastBorder, transparent);
    border-radius: 9px;
    background: var(--vscode-badge-background);
    color: var(--vscode-badge-foreground);
    font-size: 11px;
    line-height: 16px;
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;

/** Fields with a message under them: native inputs, so that a label and a message can belong to a field. */
export const fieldStyles = css`
  input[type='checkbox'] {
    display: inline-grid;
    flex: none;
    place-content: center;
    width: 18px;
    height: 18px;
    margin: 0;
    border: 1px solid var(--vscode-settings-checkboxBorder, var(--vscode-contrastBorder));
    border-radius: 3px;
    background: var(--vscode-settings-checkboxBackground);
    color: var(--vscode-settings-checkboxForeground, inherit);
    appearance: none;
    cursor: pointer;
  }
  input[type='checkbox']:checked::before {
    content: '\\eab2';
    font: normal 14px / 1 codicon;
  }
  label.check {
    display: flex;
    gap: 7px;
    cursor: pointer;
  }
  input.field,
  textarea.field {
    width: 100%;
    height: 24px;
    padding: 2px 6px;
    border: 1px solid var(--vscode-input-border, var(--vscode-contrastBorder, transparent));
    border-radius: 4px;
    background: var(--vscode-input-background);
    color: var(--vscode-input-foreground);
    font: inherit;
    line-height: 18px;
  }
  textarea.field {
    height: auto;
    min-height: 62px;
    resize: vertical;
  }
  input.field::placeholder,
  textarea.field::placeholder {
    color: var(--vscode-input-placeholderForeground);
    opacity: 1;
  }
  input.field[aria-invalid='true'],
  textarea.field[aria-invalid='true'] {
    border-color: var(--vscode-inputValidation-errorBorder);
  }
  .problem {
    display: flex;
    gap: 4px;
    align-items: flex-start;
    margin-top: 2px;
    font-size: 12px;
    line-height: 16px;
    overflow-wrap: anywhere;
  }
  .problem .icon {
    font-size: 14px;
    margin-top: 1px;
  }
  .problem.error {
    color: var(--vscode-errorForeground);
  }
  .problem.warning {
    color: var(--vscode-editorWarning-foreground);
  }
  .notice {
    display: flex;
    gap: 6px;
    align-items: flex-start;
    padding: 5px 8px;
    border: 1px solid var(--vscode-inputValidation-errorBorder);
    border-radius: 4px;
    background: var(--vscode-inputValidation-errorBackground);
    color: var(--vscode-inputValidation-errorForeground, var(--vscode-foreground));
    overflow-wrap: anywhere;
  }
  .notice.warning {
    border-color: var(--vscode-inputValidation-warningBorder);
    background: var(--vscode-inputValidation-warningBackground);
    color: var(--vscode-inputValidation-warningForeground, var(--vscode-foreground));
  }
  .notice .icon {
    margin-top: 1px;
  }
`;
