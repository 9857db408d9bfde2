import { json } from '@codemirror/lang-json';
import { codeFolding, foldGutter, foldKeymap } from '@codemirror/language';
import { search, searchKeymap } from '@codemirror/search';
import { EditorState } from '@codemirror/state';
import { drawSelection, EditorView, highlightSpecialChars, keymap } from '@codemirror/view';
import { css, html, LitElement } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { editorTheme } from './theme';

/** A message as read-only ProtoJSON: folds, selects and has a find of its own. */
@customElement('frameline-json-viewer')
export class FramelineJsonViewer extends LitElement {
  @property() value = '';
  @property() label = 'Message as JSON';
  #view: EditorView | undefined;

  static override styles = css`
    :host {
      display: block;
      min-height: 0;
      min-width: 0;
      overflow: hidden;
    }
  `;

  override render() {
    return html``;
  }

  protected override updated(): void {
    const parent = this.renderRoot;
    if (!(parent instanceof ShadowRoot)) {
      return;
    }
    const state = this.#state();
    if (this.#view === undefined) {
      this.#view = new EditorView({ parent, root: parent, state });
    } else {
      this.#view.setState(state);
    }
  }

  #state(): EditorState {
    return EditorState.create({
      doc: this.value,
      extensions: [
        highlightSpecialChars({ addSpecialChars: /[\u202a-\u202e\u2066-\u2069]/gu }),
        foldGutter({ openText: '⌄', closedText: '›' }),
        codeFolding(),
        drawSelection(),
        search({ top: true }),
        json(),
        EditorState.readOnly.of(true),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ 'aria-label': this.label }),
        editorTheme,
        keymap.of([...searchKeymap, ...foldKeymap]),
      ],
    });
  }
}
