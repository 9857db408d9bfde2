import { css, html, LitElement, nothing, type PropertyValues } from 'lit';
import { customElement, property, state } from 'lit/decorators.js';
import type { WireField } from '../../protocol';
import { icon } from '../shared/icons';
import { sharedStyles } from '../shared/styles';
import { count, visible } from '../shared/text';
import { type FieldAt, flatten } from './byteRange';

/** The names of "Protocol Buffers: Encoding". */
const wireTypes: { readonly [type in WireField['wireType']]: string } = {
  varint: 'VARINT',
  fixed64: 'I64',
  bytes: 'LEN',
  group: 'SGROUP',
  fixed32: 'I32',
};

/** No person reads more; the bytes of all fields stay reachable through the hex view. */
const maxFields = 500;

/** The protobuf fields of a message as they stand on the wire. Fires `choose-field` with a path. */
@customElement('frameline-field-tree')
export class FramelineFieldTree extends LitElement {
  @property({ attribute: false }) fields: readonly WireField[] = [];
  /** Path of the chosen field. */
  @property() chosen: string | undefined;
  @state() private closed: ReadonlySet<string> = new Set();

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: block;
        min-width: 0;
        min-height: 0;
        overflow: auto;
      }
      .field {
        display: flex;
        align-items: center;
        gap: 6px;
        height: 22px;
        padding-inline-end: 12px;
        white-space: nowrap;
        cursor: default;
      }
      .field:hover {
        background: var(--vscode-list-hoverBackground);
      }
      .field[aria-selected='true'] {
        background: var(--vscode-list-inactiveSelectionBackground);
        color: var(--vscode-list-inactiveSelectionForeground, inherit);
        outline: 1px dotted var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      .tree:focus .field[aria-selected='true'] {
        background: var(--vscode-list-activeSelectionBackground);
        color: var(--vscode-list-activeSelectionForeground);
      }
      .twisty {
        width: 16px;
        flex: none;
      }
      .number {
        flex: none;
        min-width: 20px;
        text-align: end;
        color: var(--vscode-debugTokenExpression-number);
        font-variant-numeric: tabular-nums;
      }
      .name {
        flex: none;
        color: var(--vscode-debugTokenExpression-name);
      }
      .tree:focus .field[aria-selected='true'] :is(.number, .name, .dim) {
        color: inherit;
      }
      .value {
        overflow: hidden;
        text-overflow: ellipsis;
      }
      .type {
        flex: none;
        margin-inline-start: auto;
        padding-inline-start: 10px;
        font-size: 11px;
      }
      .tree {
        font-family: var(--vscode-editor-font-family, monospace);
        font-size: calc(var(--vscode-editor-font-size, 13px) - 1px);
        outline: none;
        min-height: 100%;
        padding: 4px 0;
      }
      p {
        margin: 8px 12px;
      }
    `,
  ];

  override render() {
    if (this.fields.length === 0) {
      return html`<p class="dim">No fields: the message is empty.</p>`;
    }
    const list = this.#list();
    const chosen = list.findIndex((item) => item.path === this.chosen);
    return html`<div
        class="tree"
        role="tree"
        tabindex="0"
        aria-label="Protobuf fields"
        aria-activedescendant=${chosen < 0 ? nothing : `field-${chosen}`}
        @keydown=${(event: KeyboardEvent) => this.#key(event, list)}
      >
        ${list.map((item, index) => this.#item(item, index))}
      </div>
      ${list.length < maxFields ? nothing : html`<p class="dim">Only the first ${count(maxFields)} fields are listed.</p>`}`;
  }

  protected override willUpdate(changed: PropertyValues<this>): void {
    if (changed.has('fields')) {
      this.closed = new Set();
    }
    if (changed.has('chosen') && this.chosen !== undefined) {
      const above = this.chosen
        .split('.')
        .slice(0, -1)
        .map((_, at, steps) => steps.slice(0, at + 1).join('.'));
      if (above.some((path) => this.closed.has(path))) {
        this.closed = new Set([...this.closed].filter((path) => !above.includes(path)));
      }
    }
  }

  protected override updated(changed: PropertyValues<this>): void {
    for (const item of this.renderRoot.querySelectorAll<HTMLElement>('.field')) {
      item.style.paddingInlineStart = `${8 + 14 * (Number(item.dataset.depth) || 0)}px`;
    }
    if (changed.has('chosen')) {
      this.renderRoot.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
    }
  }

  #list(): FieldAt[] {
    return flatten(this.fields, (path) => !this.closed.has(path), maxFields);
  }

  #item({ field, path, depth }: FieldAt, index: number) {
    const folds = field.children !== undefined && field.children.length > 0;
    const open = folds && !this.closed.has(path);
    return html`<div
      class="field"
      role="treeitem"
      id="field-${index}"
      data-depth=${depth}
      data-path=${path}
      aria-level=${depth + 1}
      aria-selected=${path === this.chosen}
      aria-expanded=${folds ? String(open) : nothing}
      @click=${() => this.#choose(path)}
    >
      <span class="twisty" @click=${folds ? () => this.#toggle(path) : nothing}
        >${folds ? icon(open ? 'chevron-down' : 'chevron-right', 'small') : nothing}</span
      >
      <span class="number">${field.number}</span>
      <span class="name">${field.name === undefined ? html`<span class="dim">unknown</span>` : visible(field.name, 120)}</span>
      <span class="value">${folds ? nothing : visible(field.value, 300)}</span>
      <span class="type dim">${field.type === undefined ? nothing : `${visible(field.type, 120)} · `}${wireTypes[field.wireType]}</span>
    </div>`;
  }

  #choose(path: string): void {
    this.chosen = path;
    this.dispatchEvent(new CustomEvent('choose-field', { detail: path }));
  }

  #toggle(path: string): void {
    const closed = new Set(this.closed);
    if (!closed.delete(path)) {
      closed.add(path);
    }
    this.closed = closed;
  }

  #key(event: KeyboardEvent, list: readonly FieldAt[]): void {
    const at = list.findIndex((item) => item.path === this.chosen);
    const item = list[at];
    if ((event.key === 'ArrowLeft' || event.key === 'ArrowRight') && item !== undefined) {
      event.preventDefault();
      const folds = item.field.children !== undefined;
      if (folds && this.closed.has(item.path) === (event.key === 'ArrowRight')) {
        this.#toggle(item.path);
      } else if (event.key === 'ArrowLeft' && item.depth > 0) {
        this.#choose(item.path.split('.').slice(0, -1).join('.'));
      }
      return;
    }
    const next = {
      ArrowDown: at + 1,
      ArrowUp: at < 0 ? list.length - 1 : at - 1,
      Home: 0,
      End: list.length - 1,
    }[event.key];
    const to = next === undefined ? undefined : list[Math.max(0, Math.min(next, list.length - 1))];
    if (to !== undefined) {
      event.preventDefault();
      this.#choose(to.path);
    }
  }
}
