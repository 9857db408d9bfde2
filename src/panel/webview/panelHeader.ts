import { css, html, LitElement, nothing } from 'lit';
import { customElement, property } from 'lit/decorators.js';
import type { PanelInit, TargetLabel } from '../protocol';
import { kindNames } from './request/callActions';
import { type IconName, icon } from './shared/icons';
import { sharedStyles } from './shared/styles';
import { visible } from './shared/text';

const security: {
  readonly [kind in TargetLabel['security']]: {
    readonly icon: IconName;
    readonly label: string;
    readonly title: string;
  };
} = {
  plaintext: {
    icon: 'unlock',
    label: 'Plaintext',
    title: 'Not encrypted: anyone on the way can read this call.',
  },
  tls: { icon: 'lock', label: 'TLS', title: "Encrypted; the server's certificate is verified." },
  mtls: {
    icon: 'lock',
    label: 'mTLS',
    title: 'Encrypted; both sides show a certificate, and the server verifies yours.',
  },
  'tls-unverified': {
    icon: 'warning',
    label: 'TLS not verified',
    title: 'Encrypted, but the certificate is not verified: this could be any server.',
  },
};

export type HeaderCommand =
  | 'changeTarget'
  | 'saveAsRequestFile'
  | 'copyAsGrpcurl'
  | 'showDefinition';

/** Which method of which target this is. Fires `header-command`. */
@customElement('frameline-header')
export class FramelineHeader extends LitElement {
  @property({ attribute: false }) init: PanelInit | undefined;

  static override styles = [
    sharedStyles,
    css`
      :host {
        display: flex;
        flex: none;
        flex-wrap: wrap;
        align-items: center;
        gap: 4px 10px;
        container-type: inline-size;
        padding: 8px 8px 7px 12px;
        border-bottom: 1px solid var(--vscode-panel-border, var(--vscode-contrastBorder));
      }
      .method {
        display: flex;
        flex: 1 1 240px;
        align-items: baseline;
        gap: 8px;
        min-width: 0;
      }
      /* The service gives way first. */
      .service {
        flex: 0 10000 auto;
      }
      h1 {
        flex: 0 1 auto;
        margin: 0;
        font-size: 14px;
        font-weight: 600;
      }
      h1.deprecated {
        text-decoration: line-through;
      }
      .right {
        display: flex;
        flex: 0 1 auto;
        align-items: center;
        gap: 4px;
        min-width: 0;
      }
      .right .badge {
        margin-inline-end: 4px;
      }
      /* Beside a file there may be room for the target and the buttons only when the kind stands above them. */
      @container (max-width: 400px) {
        .right {
          flex-wrap: wrap;
        }
        .target {
          max-width: calc(100% - 3 * 28px);
        }
      }
      .target {
        display: inline-flex;
        align-items: center;
        gap: 5px;
        min-width: 0;
        height: 22px;
        padding: 0 7px 0 5px;
        border: 1px solid var(--vscode-widget-border, var(--vscode-contrastBorder, var(--vscode-panel-border)));
        border-radius: 4px;
        background: none;
        color: inherit;
        font: inherit;
        font-size: 12px;
        cursor: pointer;
      }
      .target:hover {
        background: var(--vscode-toolbar-hoverBackground);
      }
      .target .icon {
        font-size: 14px;
      }
      .target .security {
        flex: none;
        color: var(--vscode-descriptionForeground);
      }
      .target.tls-unverified {
        border-color: var(--vscode-statusBarItem-warningBackground);
        background: var(--vscode-statusBarItem-warningBackground);
        color: var(--vscode-statusBarItem-warningForeground);
      }
      .target.tls-unverified :is(.security, .dim) {
        color: inherit;
      }
      .target.tls-unverified .security {
        font-weight: 600;
      }
    `,
  ];

  override render() {
    const { init } = this;
    if (init === undefined) {
      return nothing;
    }
    const { method } = init;
    const about = [`${method.service}/${method.method}`, method.comment ?? ''].join('\n\n').trim();
    return html`<div class="method" title=${visible(about.replaceAll('\n', ' '), 1_500)}>
        <h1 class="clip ${method.deprecated ? 'deprecated' : ''}">${visible(method.method, 300)}</h1>
        <span class="service dim clip">${visible(method.service, 300)}</span>
      </div>
      <div class="right">
        ${method.deprecated ? html`<span class="badge">Deprecated</span>` : nothing}
        <span class="badge">${kindNames[method.kind]}</span>
        ${this.#target(init.target)}
        ${this.#tool('saveAsRequestFile', 'save-as', 'Save as request file')}
        ${this.#tool('copyAsGrpcurl', 'terminal', 'Copy as grpcurl')}
        ${this.#tool('showDefinition', 'file-code', 'Show definition')}
      </div>`;
  }

  #target(target: TargetLabel) {
    const { icon: name, label, title } = security[target.security];
    const address =
      target.address === target.name
        ? nothing
        : html`<span class="dim clip">${visible(target.address, 200)}</span>`;
    return html`<button
      class="target ${target.security}"
      title="${visible(target.name, 200)} (${visible(target.address, 300)}): ${title} Click to change the target."
      @click=${() => this.#fire('changeTarget')}
    >
      ${icon(name)}<span class="security">${label}</span><span class="clip">${visible(target.name, 200)}</span>${address}
    </button>`;
  }

  #tool(command: HeaderCommand, name: IconName, label: string) {
    return html`<button class="tool" title=${label} aria-label=${label} @click=${() => this.#fire(command)}>
      ${icon(name)}
    </button>`;
  }

  #fire(command: HeaderCommand): void {
    this.dispatchEvent(new CustomEvent('header-command', { detail: command }));
  }
}
