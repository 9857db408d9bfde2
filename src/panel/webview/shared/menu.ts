import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import { type IconName, icon } from './icons';
import { sharedStyles } from './styles';

export interface MenuItem {
  readonly id: string;
  readonly label: string;
}

/** A button that opens a menu (ARIA "menu button"). Fires `pick` with the item's id. */
@customElement('frameline-menu')
export class FramelineMenu extends LitElement {
  @property() icon: IconName = 'save';
  @property() label = '';
  @property({ attribute: false }) items: readonly MenuItem[] = [];
  @property({ type: Boolean }) disabled = false;
  @state() private open = false;
  @query('button.tool') private button!: HTMLElement | null;

  static override styles = [
    sharedStyles,
    css`
      :host {
        position: relative;
        display: inline-flex;
      }
      [role='menu'] {
        position: absolute;
        top: 100%;
        inset-inline-end: 0;
        z-index: 10;
        min-width: 190px;
        margin: 2px 0 0;
        padding: 4px;
        border: 1px solid var(--vscode-menu-border, var(--vscode-contrastBorder));
        border-radius: 5px;
        background: var(--vscode-menu-background);
        color: var(--vscode-menu-foreground);
        box-shadow: 0 2px 8px var(--vscode-widget-shadow, transparent);
      }
      [role='menuitem'] {
        display: block;
        width: 100%;
        padding: 3px 10px;
        border: 0;
        border-radius: 3px;
        background: none;
        color: inherit;
        font: inherit;
        text-align: start;
        white-space: nowrap;
        cursor: pointer;
      }
      [role='menuitem']:is(:hover, :focus) {
        background: var(--vscode-menu-selectionBackground);
        color: var(--vscode-menu-selectionForeground);
        outline: 1px solid var(--vscode-menu-selectionBorder, transparent) !important;
      }
    `,
  ];

  override render() {
    return html`<button
        class="tool"
        title=${this.label}
        aria-label=${this.label}
        aria-haspopup="menu"
        aria-expanded=${this.open}
        ?disabled=${this.disabled}
        @click=${() => this.#toggle(!this.open)}
        @keydown=${(event: KeyboardEvent) => {
          if (event.key === 'ArrowDown') {
            event.preventDefault();
            this.#toggle(true);
          }
        }}
      >
        ${icon(this.icon)}
      </button>
      ${
        this.open
          ? html`<div role="menu" aria-label=${this.label} @keydown=${this.#key} @focusout=${this.#left}>
              ${this.items.map(
                (item) =>
                  html`<button role="menuitem" tabindex="-1" @click=${() => this.#pick(item.id)}>
                    ${item.label}
                  </button>`,
              )}
            </div>`
          : nothing
      }`;
  }

  #toggle(open: boolean): void {
    this.open = open;
    if (open) {
      void this.updateComplete.then(() => this.#items()[0]?.focus());
    }
  }

  #items(): HTMLElement[] {
    return [...this.renderRoot.querySelectorAll<HTMLElement>('[role=menuitem]')];
  }

  #pick(id: string): void {
    this.open = false;
    this.button?.focus();
    this.dispatchEvent(new CustomEvent('pick', { detail: id }));
  }

  #key(event: KeyboardEvent): void {
    const items = this.#items();
    const at = items.findIndex((item) => item.matches(':focus'));
    if (event.key === 'Escape' || event.key === 'Tab') {
      this.open = false;
      this.button?.focus();
    } else {
      const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
      if (to === undefined) {
        return;
      }
      items[(to + items.length) % items.length]?.focus();
    }
    event.preventDefault();
    event.stopPropagation();
  }

  #left(event: FocusEvent): void {
    if (
      event.relatedTarget === null ||
      !(event.relatedTarget instanceof Node) ||
      !this.renderRoot.contains(event.relatedTarget)
    ) {
      this.open = false;
    }
  }
}
