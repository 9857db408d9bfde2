import {
  acceptCompletion,
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completionKeymap,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { json } from '@codemirror/lang-json';
import {
  bracketMatching,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
} from '@codemirror/language';
import { type Diagnostic, lintKeymap, setDiagnostics } from '@codemirror/lint';
import { highlightSelectionMatches, search, searchKeymap } from '@codemirror/search';
import { Compartment, EditorState } from '@codemirror/state';
import {
  drawSelection,
  EditorView,
  highlightActiveLineGutter,
  highlightSpecialChars,
  keymap,
  lineNumbers,
} from '@codemirror/view';
import { css, html, LitElement, type PropertyValues } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import { type BodyProblem, formatJson, type JsonSchema, SchemaReader } from '../../protocol';
import { schemaCompletion } from './completion';
import { schemaHover } from './hover';

import { syntaxProblem } from './jsonSyntax';
import { keepOwnKeys } from './ownKeys';
import { editorTheme } from './theme';

/** The request message as ProtoJSON, with completion, hover and errors as you type. Fires `body-change`. */
@customElement('frameline-body-editor')
export class FramelineBodyEditor extends LitElement {
  @property() value = '';
  @property({ attribute: false }) schema: JsonSchema = {};
  /** What the host found, for the text that `value` was when it looked. */
  @property({ attribute: false }) problems: readonly BodyProblem[] = [];
  @property() label = 'Message';

  #reader = new SchemaReader({});
  #view: EditorView | undefined;
  readonly #labels = new Compartment();

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

  protected override firstUpdated(): void {
    const parent = this.renderRoot;
    if (!(parent instanceof ShadowRoot)) {
      return;
    }
    this.#view = new EditorView({
      parent,
      root: parent,
      state: EditorState.create({
        doc: this.value,
        extensions: [
          lineNumbers(),
          highlightActiveLineGutter(),
          highlightSpecialChars(),
          foldGutter({ openText: '⌄', closedText: '›' }),
          history(),
          drawSelection(),
          indentOnInput(),
          indentUnit.of('  '),
          bracketMatching(),
          closeBrackets(),
          highlightSelectionMatches(),
          search({ top: true }),
          json(),
          autocompletion({
            override: [schemaCompletion(() => this.#reader)],
            icons: false,
            optionClass: (completion) => (completion.type === 'deprecated' ? 'deprecated' : ''),
          }),
          schemaHover(() => this.#reader),
          EditorView.lineWrapping,
          editorTheme,
          this.#labels.of(EditorView.contentAttributes.of({ 'aria-label': this.label })),
          keymap.of([
            // Tab takes a completion; else it moves the focus on, so that the keyboard is never trapped.
            { key: 'Tab', run: acceptCompletion },
            { key: 'Shift-Alt-f', run: () => this.format(), preventDefault: true },
            ...closeBracketsKeymap,
            ...defaultKeymap,
            ...searchKeymap,
            ...historyKeymap,
            ...foldKeymap,
            ...completionKeymap,
            ...lintKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) {
              this.#changed(update.state.doc.toString());
            }
          }),
        ],
      }),
    });
    keepOwnKeys(this.#view);
    this.#showProblems();
  }

  protected override updated(changed: PropertyValues<this>): void {
    const view = this.#view;
    if (view === undefined) {
      return;
    }
    if (changed.has('schema')) {
      this.#reader = new SchemaReader(this.schema);
    }
    if (changed.has('label')) {
      view.dispatch({
        effects: this.#labels.reconfigure(
          EditorView.contentAttributes.of({ 'aria-label': this.label }),
        ),
      });
    }
    const text = view.state.doc.toString();
    if (changed.has('value') && this.value !== text) {
      view.dispatch({ changes: { from: 0, to: text.length, insert: this.value } });
    }
    if (changed.has('problems')) {
      this.#showProblems();
    }
  }

  override focus(): void {
    this.#view?.focus();
  }

  /** Indents the JSON with two spaces. Numbers and member order stay as written. False when it isn't JSON. */
  format(): boolean {
    const view = this.#view;
    const text = view?.state.doc.toString() ?? '';
    if (view === undefined || syntaxProblem(text) !== undefined) {
      return false;
    }
    const formatted = formatJson(text);
    if (formatted !== text) {
      view.dispatch({
        changes: { from: 0, to: text.length, insert: formatted },
        userEvent: 'format',
      });
    }
    return true;
  }

  #changed(text: string): void {
    this.value = text;
    this.#showProblems();
    this.dispatchEvent(new CustomEvent('body-change', { detail: text }));
  }

  // Broken JSON is marked at once, here; what the schema says comes from the host a moment later.
  #showProblems(): void {
    const view = this.#view;
    if (view === undefined) {
      return;
    }
    const { doc } = view.state;
    const wrong = syntaxProblem(doc.toString());
    const found: readonly BodyProblem[] =
      wrong === undefined ? this.problems : [{ ...wrong, severity: 'error' }];
    const marks = found.map((problem): Diagnostic => {
      const from = Math.min(problem.from, doc.length);
      const to = Math.min(Math.max(problem.to, from), doc.length);
      return {
        from,
        to,
        severity: problem.severity,
        message: problem.message,
      };
    });
    marks.sort((a, b) => a.from - b.from);
    view.dispatch(setDiagnostics(view.state, marks));
  }
}
