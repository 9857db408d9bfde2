import { css } from 'lit';

export const timelineStyles = css`
  :host {
    position: relative;
    display: flex;
    flex: 1;
    min-width: 0;
    min-height: 0;
    container-type: inline-size;
  }
  .scroll {
    /* "message" and the longest number there can be in this call. */
    --numbered: calc(64px + var(--digits, 1) * 8.5px);
    position: relative;
    flex: 1;
    min-width: 0;
    overflow-x: hidden;
    overflow-y: auto;
    outline: none;
  }
  .head {
    position: sticky;
    top: 0;
    z-index: 2;
    height: 22px;
    border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
    background: var(--vscode-editor-background);
    color: var(--vscode-descriptionForeground);
    font-size: 11px;
  }
  .layer {
    position: sticky;
    top: 22px;
    z-index: 1;
    height: 0;
  }
  .row {
    position: absolute;
    inset-inline: 0;
    height: 22px;
    cursor: default;
  }
  .head,
  .row {
    display: flex;
    align-items: center;
    gap: 8px;
    padding: 0 12px;
    line-height: 22px;
    white-space: nowrap;
  }
  .row:hover {
    background: var(--vscode-list-hoverBackground);
    color: var(--vscode-list-hoverForeground, inherit);
    outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .row.chosen {
    background: var(--vscode-list-inactiveSelectionBackground);
    color: var(--vscode-list-inactiveSelectionForeground, inherit);
    outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
    outline-offset: -1px;
  }
  .scroll:focus .row.chosen {
    background: var(--vscode-list-activeSelectionBackground);
    color: var(--vscode-list-activeSelectionForeground);
    outline: 1px solid var(--vscode-list-focusOutline, var(--vscode-focusBorder));
  }
  .scroll:focus .row.chosen :is(.time, .delta, .size) {
    color: inherit;
    opacity: 0.85;
  }
  .time,
  .delta,
  .size {
    flex: none;
    text-align: end;
    font-variant-numeric: tabular-nums;
  }
  .row :is(.time, .delta, .size) {
    color: var(--vscode-descriptionForeground);
  }
  .time {
    width: 62px;
  }
  .delta {
    width: 70px;
  }
  .size {
    width: 56px;
  }
  .arrow {
    flex: none;
    width: 14px;
    line-height: 1;
  }
  .arrow.sent {
    color: var(--vscode-charts-blue);
  }
  .arrow.received {
    color: var(--vscode-charts-green);
  }
  .kind {
    flex: none;
    width: max(122px, var(--numbered));
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .content {
    flex: 1;
    min-width: 0;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .row .content {
    font-family: var(--vscode-editor-font-family, monospace);
    font-size: calc(var(--vscode-editor-font-size, 13px) - 1px);
  }
  .row.connection :is(.kind, .content) {
    color: var(--vscode-descriptionForeground);
  }
  .row.error :is(.kind, .content) {
    color: var(--vscode-errorForeground);
  }
  .row.warning :is(.kind, .content) {
    color: var(--vscode-editorWarning-foreground);
  }
  .row.ok .kind {
    color: var(--vscode-charts-green);
  }
  .scroll:focus .row.chosen :is(.kind, .content) {
    color: inherit;
  }
  .loading .content {
    color: var(--vscode-descriptionForeground);
  }
  mark {
    border-radius: 2px;
    background: var(--vscode-editor-findMatchHighlightBackground);
    color: inherit;
    outline: 1px solid var(--vscode-editor-findMatchHighlightBorder, transparent);
  }
  @container (max-width: 620px) {
    .delta {
      display: none;
    }
    .kind {
      width: max(108px, var(--numbered));
    }
  }
  @container (max-width: 460px) {
    .head,
    .row {
      gap: 6px;
      padding: 0 8px;
    }
    .size {
      display: none;
    }
    .kind {
      width: max(98px, var(--numbered));
    }
  }
  .jump {
    position: absolute;
    inset-block-end: 10px;
    inset-inline-end: 20px;
    z-index: 3;
    display: inline-flex;
    align-items: center;
    gap: 5px;
    height: 24px;
    padding: 0 12px 0 8px;
    border: 1px solid var(--vscode-contrastBorder, var(--vscode-widget-border, transparent));
    border-radius: 12px;
    background: var(--vscode-button-background);
    color: var(--vscode-button-foreground);
    box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
    font: inherit;
    font-size: 12px;
    white-space: nowrap;
    cursor: pointer;
  }
  .jump:hover {
    background: var(--vscode-button-hoverBackground);
  }
`;
