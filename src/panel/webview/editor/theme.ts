import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import type { Extension } from '@codemirror/state';
import { EditorView } from '@codemirror/view';
import { tags } from '@lezer/highlight';

/** JSON in the theme's colours: the debugger's token colours are the only ones a webview is given. */
const highlighting = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--vscode-debugTokenExpression-name)' },
  { tag: tags.string, color: 'var(--vscode-debugTokenExpression-string)' },
  { tag: tags.number, color: 'var(--vscode-debugTokenExpression-number)' },
  { tag: [tags.bool, tags.null], color: 'var(--vscode-debugTokenExpression-boolean)' },
]);

const widget = {
  border: '1px solid var(--vscode-editorHoverWidget-border, var(--vscode-contrastBorder))',
  borderRadius: '4px',
  backgroundColor: 'var(--vscode-editorHoverWidget-background)',
  color: 'var(--vscode-editorHoverWidget-foreground, var(--vscode-foreground))',
  boxShadow: '0 2px 8px var(--vscode-widget-shadow, transparent)',
};

const wavy = (color: string) => ({
  backgroundImage: 'none',
  textDecoration: `underline wavy var(${color})`,
  textDecorationSkipInk: 'none',
  textUnderlineOffset: '3px',
});

const look = EditorView.theme({
  '&': {
    height: '100%',
    color: 'var(--vscode-editor-foreground)',
    backgroundColor: 'var(--vscode-editor-background)',
    fontSize: 'var(--vscode-editor-font-size, 13px)',
  },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': {
    fontFamily: 'var(--vscode-editor-font-family, monospace)',
    lineHeight: '1.5',
  },
  '.cm-content': { padding: '4px 0', caretColor: 'var(--vscode-editorCursor-foreground)' },
  '.cm-cursor': { borderLeftColor: 'var(--vscode-editorCursor-foreground)' },
  '.cm-gutters': {
    backgroundColor: 'var(--vscode-editor-background)',
    color: 'var(--vscode-editorLineNumber-foreground)',
    border: 'none',
  },
  '.cm-lineNumbers .cm-gutterElement': { padding: '0 4px 0 10px', minWidth: '28px' },
  '.cm-activeLineGutter': {
    backgroundColor: 'transparent',
    color: 'var(--vscode-editorLineNumber-activeForeground)',
  },
  '.cm-foldGutter .cm-gutterElement': { padding: '0 3px', cursor: 'pointer' },
  '.cm-foldPlaceholder': {
    border: 'none',
    backgroundColor: 'var(--vscode-editor-foldBackground)',
    color: 'var(--vscode-editor-foldPlaceholderForeground, var(--vscode-foreground))',
    padding: '0 4px',
  },
  '&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection':
    { backgroundColor: 'var(--vscode-editor-selectionBackground)' },
  // High contrast themes select with a colour that the text's own can't be read on.
  '.cm-line ::selection, .cm-line::selection': {
    color: 'var(--vscode-editor-selectionForeground, currentColor)',
  },
  '.cm-matchingBracket, &.cm-focused .cm-matchingBracket': {
    backgroundColor: 'var(--vscode-editorBracketMatch-background)',
    outline: '1px solid var(--vscode-editorBracketMatch-border)',
  },
  '.cm-specialChar': { color: 'var(--vscode-editorWarning-foreground)' },
  '.cm-searchMatch': {
    backgroundColor: 'var(--vscode-editor-findMatchHighlightBackground)',
    outline: '1px solid var(--vscode-editor-findMatchHighlightBorder, transparent)',
  },
  '.cm-searchMatch-selected': { backgroundColor: 'var(--vscode-editor-findMatchBackground)' },
  '.cm-panels': {
    backgroundColor: 'var(--vscode-editorWidget-background)',
    color: 'var(--vscode-editorWidget-foreground, var(--vscode-foreground))',
    border: 'none',
  },
  '.cm-panel.cm-search': {
    fontFamily: 'var(--vscode-font-family)',
    fontSize: '12px',
    padding: '4px 24px 4px 6px',
  },
  '.cm-panel.cm-search label': { fontSize: '12px' },
  '.cm-panel .cm-textfield': {
    fontSize: '12px',
    color: 'var(--vscode-input-foreground)',
    backgroundColor: 'var(--vscode-input-background)',
    border: '1px solid var(--vscode-input-border, transparent)',
    borderRadius: '3px',
  },
  '.cm-panel .cm-button': {
    fontSize: '12px',
    color: 'var(--vscode-button-secondaryForeground)',
    backgroundImage: 'none',
    backgroundColor: 'var(--vscode-button-secondaryBackground)',
    border: '1px solid var(--vscode-button-border, transparent)',
    borderRadius: '3px',
  },
  '.cm-panel.cm-search [name=close]': { color: 'inherit', top: '4px', right: '6px' },
  '.cm-tooltip': widget,
  '.cm-tooltip.cm-tooltip-autocomplete': {
    ...widget,
    borderColor: 'var(--vscode-editorSuggestWidget-border, var(--vscode-contrastBorder))',
    backgroundColor: 'var(--vscode-editorSuggestWidget-background)',
    color: 'var(--vscode-editorSuggestWidget-foreground)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--vscode-editor-font-family, monospace)',
    minWidth: '220px',
    maxHeight: '220px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    alignItems: 'baseline',
    gap: '12px',
    padding: '2px 8px',
    lineHeight: '18px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': {
    backgroundColor: 'var(--vscode-editorSuggestWidget-selectedBackground)',
    color: 'var(--vscode-editorSuggestWidget-selectedForeground)',
    outline: '1px dashed var(--vscode-contrastActiveBorder, transparent)',
    outlineOffset: '-1px',
  },
  '.cm-completionMatchedText': {
    textDecoration: 'none',
    fontWeight: '600',
    color: 'var(--vscode-editorSuggestWidget-highlightForeground)',
  },
  '.cm-completionDetail': {
    flex: '1',
    marginLeft: '0',
    textAlign: 'end',
    fontStyle: 'normal',
    fontSize: '0.9em',
    color: 'var(--vscode-descriptionForeground)',
    overflow: 'hidden',
    textOverflow: 'ellipsis',
  },
  '.deprecated > .cm-completionLabel': { textDecoration: 'line-through' },
  '.cm-tooltip.cm-completionInfo': {
    ...widget,
    padding: '6px 8px',
    whiteSpace: 'pre-wrap',
    fontFamily: 'var(--vscode-font-family)',
    fontSize: 'var(--vscode-font-size)',
  },
  '.frameline-hover': {
    maxWidth: '460px',
    padding: '5px 8px',
    fontFamily: 'var(--vscode-font-family)',
    fontSize: 'var(--vscode-font-size)',
    lineHeight: '18px',
  },
  '.frameline-hover-title': {
    fontFamily: 'var(--vscode-editor-font-family, monospace)',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.frameline-hover-comment': {
    marginTop: '4px',
    whiteSpace: 'pre-wrap',
    overflowWrap: 'anywhere',
  },
  '.cm-lintRange-error': wavy('--vscode-editorError-foreground'),
  '.cm-lintRange-warning': wavy('--vscode-editorWarning-foreground'),
  '.cm-lintRange-active': { backgroundColor: 'transparent' },
  '.cm-diagnostic': {
    padding: '4px 8px',
    marginLeft: '0',
    fontFamily: 'var(--vscode-font-family)',
    fontSize: 'var(--vscode-font-size)',
    lineHeight: '18px',
  },
  '.cm-diagnostic-error': { borderLeft: '3px solid var(--vscode-editorError-foreground)' },
  '.cm-diagnostic-warning': { borderLeft: '3px solid var(--vscode-editorWarning-foreground)' },
  '.cm-placeholder': { color: 'var(--vscode-input-placeholderForeground)' },
});

/** The editor's look, in the user's theme and editor font. */
export const editorTheme: Extension = [look, syntaxHighlighting(highlighting)];
