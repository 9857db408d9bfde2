import type { EditorView } from '@codemirror/view';

/**
 * Keeps keys that the text editor took from VS Code, which would do the same again a moment later: it answers
 * Ctrl+A, Ctrl+Z and Ctrl+Y in a webview with the browser's own commands, and those spoil the editor's text.
 */
export function keepOwnKeys(view: EditorView): void {
  view.dom.addEventListener('keydown', (event) => {
    const isHistory = (event.ctrlKey || event.metaKey) && /^[zy]$/i.test(event.key);
    if (isHistory) {
      event.preventDefault();
    }
    if (event.defaultPrevented) {
      event.stopPropagation();
    }
  });
}
