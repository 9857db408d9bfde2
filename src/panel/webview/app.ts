import '@vscode-elements/elements/dist/vscode-button/index.js';
import './call/callPane';
import './panelHeader';
import './request/requestPane';
import './shared/split';
import { css, html, LitElement, nothing } from 'lit';
import { customElement, property, query, state } from 'lit/decorators.js';
import type { CallSnapshot, FormCheck, PanelInit, RequestForm, ToWebview } from '../protocol';
import type { CallView, FramelineCall } from './call/callPane';
import { FormKeeper } from './formKeeper';
import type { HeaderCommand } from './panelHeader';
import { callButtons } from './request/callActions';
import type { FramelineRequest, Refused, RequestTab } from './request/requestPane';
import type { CallCommand } from './request/sendBar';
import type { HostConnection } from './shared/hostConnection';
import { icon } from './shared/icons';
import { fieldStyles, sharedStyles } from './shared/styles';
import { visible } from './shared/text';
import { readView, type ViewState, writeView } from './viewState';

/** From this width on, request and answer stand side by side. In pixels. */
const wideFrom = 900;
const noIssues: FormCheck = { body: [], metadata: [], options: [] };

/** The whole panel: takes the host's messages, holds the state, and sends what the user does. */
@customElement('frameline-panel')
export class FramelinePanel extends LitElement {
  @property({ attribute: false }) host: HostConnection | undefined;
  @state() private init: PanelInit | undefined;
  @state() private form: RequestForm = { body: '', metadata: [], options: {} };
  @state() private check: FormCheck = noIssues;
  @state() private snapshot: CallSnapshot | undefined;
  @state() private refused: Refused | undefined;
  @state() private unavailable: Extract<ToWebview, { type: 'unavailable' }> | undefined;
  @state() private starting = false;
  @state() private wide = false;
  @state() private view: ViewState = readView(undefined);
  @query('frameline-call') private call!: FramelineCall | null;
  @query('frameline-request') private request!: FramelineRequest | null;

  #keeper: FormKeeper | undefined;
  #stopListening = (): void => {};
  readonly #width = new ResizeObserver((entries) => {
    this.wide = (entries[0]?.contentRect.width ?? 0) >= wideFrom;
  });

  static override styles = [
    sharedStyles,
    fieldStyles,
    css`
      :host {
        display: flex;
        flex-direction: column;
        height: 100%;
        background: var(--vscode-editor-background);
      }
      main {
        display: flex;
        flex: 1;
        flex-direction: column;
        min-height: 0;
      }
      main > frameline-split {
        flex: 1;
      }
      .unavailable {
        display: flex;
        flex-direction: column;
        align-items: center;
        gap: 8px;
        max-width: 520px;
        margin: auto;
        padding: 24px;
        text-align: center;
        overflow-wrap: anywhere;
      }
      .unavailable .icon {
        font-size: 28px;
        color: var(--vscode-descriptionForeground);
      }
      .unavailable h2 {
        margin: 0;
        font-size: 14px;
        font-weight: 600;
      }
      .unavailable p {
        margin: 0 0 4px;
      }
      .banner {
        flex: none;
        margin: 8px 12px 0;
      }
      .banner div {
        flex: 1;
      }
    `,
  ];

  override connectedCallback(): void {
    super.connectedCallback();
    this.#width.observe(this);
    // Also when nothing in the panel has the focus.
    addEventListener('keydown', this.#key, { capture: true });
    const { host } = this;
    if (host !== undefined) {
      this.#keeper = new FormKeeper(host, (check) => {
        this.check = check;
      });
      this.#stopListening = host.listen((message) => this.#take(message));
      host.post({ type: 'ready' });
    }
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#width.disconnect();
    removeEventListener('keydown', this.#key, { capture: true });
    this.#keeper?.close();
    this.#stopListening();
  }

  override render() {
    const { init, unavailable } = this;
    if (init === undefined) {
      return unavailable === undefined
        ? nothing
        : html`<main>${this.#unavailablePage(unavailable)}</main>`;
    }
    return html`<frameline-header
        .init=${init}
        @header-command=${(event: CustomEvent<HeaderCommand>) => this.#header(event.detail, init)}
      ></frameline-header>
      <main>
        ${unavailable === undefined ? nothing : this.#unavailableBanner(unavailable)}
        <frameline-split
          direction=${this.wide ? 'columns' : 'rows'}
          label="Resize request and answer"
          .initial=${this.wide ? 0.42 : 0.4}
          .ratio=${this.wide ? this.view.columns : this.view.rows}
          @ratio-change=${(event: CustomEvent<number | undefined>) =>
            this.#arrange(this.wide ? { columns: event.detail } : { rows: event.detail })}
        >
          <frameline-request
            slot="first"
            .init=${init}
            .form=${this.form}
            .check=${this.check}
            .phase=${this.snapshot?.phase ?? 'idle'}
            .canSend=${this.snapshot?.canSend ?? false}
            .refused=${this.refused}
            .starting=${this.starting}
            .available=${unavailable === undefined}
            .tab=${this.view.tab}
            @form-change=${(event: CustomEvent<RequestForm>) => this.#edit(event.detail)}
            @tab-change=${(event: CustomEvent<RequestTab>) => this.#arrange({ tab: event.detail })}
            @command=${(event: CustomEvent<CallCommand>) => this.#command(event.detail)}
            @show-definition=${(event: CustomEvent<string>) =>
              this.host?.post({ type: 'showDefinition', symbol: event.detail })}
            @reset-body=${() => this.#resetBody()}
          ></frameline-request>
          <frameline-call
            slot="second"
            .host=${this.host}
            .method=${init.method}
            .starting=${this.starting}
            .snapshot=${this.snapshot}
            .view=${this.view.call}
            @view-change=${(event: CustomEvent<CallView>) => this.#arrange({ call: event.detail })}
            @send-again=${() => this.#sendAgain()}
          ></frameline-call>
        </frameline-split>
      </main>`;
  }

  #unavailablePage(why: Extract<ToWebview, { type: 'unavailable' }>) {
    return html`<div class="unavailable" role="alert">
      ${icon('debug-disconnect')}
      <h2>${visible(why.title, 300)}</h2>
      <p class="dim">${visible(why.reason)}</p>
      ${
        why.action === undefined
          ? nothing
          : html`<vscode-button @click=${() => this.host?.post({ type: 'unavailableAction' })}
              >${visible(why.action, 80)}</vscode-button
            >`
      }
    </div>`;
  }

  #unavailableBanner(why: Extract<ToWebview, { type: 'unavailable' }>) {
    return html`<div class="notice warning banner" role="alert">
      ${icon('warning')}
      <div><b>${visible(why.title, 300)}.</b> ${visible(why.reason)}</div>
      ${
        why.action === undefined
          ? nothing
          : html`<button class="link" @click=${() => this.host?.post({ type: 'unavailableAction' })}>
              ${visible(why.action, 80)}
            </button>`
      }
    </div>`;
  }

  #take(message: ToWebview): void {
    switch (message.type) {
      case 'init': {
        const { init, snapshot } = message;
        // What was typed a moment ago may not have reached the host when it wrote this.
        const form = this.#keeper?.untold(init) ?? init.form;
        this.init = init;
        this.form = form;
        this.unavailable = undefined;
        this.refused = undefined;
        this.starting = false;
        this.snapshot = snapshot;
        this.view = readView(this.host?.saved());
        this.#keeper?.open(init, form, writeView(this.view));
        return;
      }
      case 'unavailable':
        this.starting = false;
        this.unavailable = message;
        return;
      case 'snapshot':
        this.starting = false;
        this.snapshot = message.snapshot;
        if (message.window !== undefined) {
          void this.#push(message.snapshot.callId, message.window);
        }
        return;
      case 'refused':
        this.starting = false;
        this.refused = message;
        this.#showRefused(message);
        return;
      case 'focus':
        (message.part === 'body' ? this.request : this.call)?.focus();
        return;
      case 'reply':
      case 'replyError':
        // The connection has matched these with their requests.
        return;
    }
  }

  // The deadline is in sight on every tab; everything else is on the tab that it is named for.
  #showRefused({ where }: Refused): void {
    const wrong = this.check.options.filter((issue) => issue.severity === 'error');
    const deadlineOnly = wrong.length > 0 && wrong.every((issue) => issue.name === 'deadline');
    if (where !== 'call' && !(where === 'options' && deadlineOnly)) {
      this.#arrange({ tab: where });
    }
  }

  async #push(
    callId: number,
    window: NonNullable<Extract<ToWebview, { type: 'snapshot' }>['window']>,
  ): Promise<void> {
    await this.updateComplete;
    await this.call?.updateComplete;
    this.call?.push(callId, window.view, window.rows);
  }

  #edit(form: RequestForm): void {
    this.form = form;
    this.refused = undefined;
    // A host that never answered must not keep the user from trying again.
    this.starting = false;
    this.#keeper?.change(form);
  }

  #command(command: CallCommand): void {
    const { host, init } = this;
    if (host === undefined || init === undefined) {
      return;
    }
    const can = callButtons(init.method.kind, {
      phase: this.snapshot?.phase ?? 'idle',
      canSend: this.snapshot?.canSend ?? false,
      starting: this.starting,
      available: this.unavailable === undefined,
    });
    switch (command) {
      case 'send':
      case 'open':
        if (command === 'send' ? !can.canSend : !can.canOpen) {
          return;
        }
        this.refused = undefined;
        this.#keeper?.flush();
        if (can.running) {
          host.post({ type: 'sendMessage', body: this.form.body });
        } else {
          this.starting = true;
          host.post({
            type: 'send',
            form: this.form,
            ...(command === 'open' ? { openOnly: true } : {}),
          });
        }
        return;
      case 'endStream':
      case 'cancel':
        if (command === 'cancel' ? can.canCancel : can.canEnd) {
          host.post({ type: command });
        }
        return;
    }
  }

  #sendAgain(): void {
    this.refused = undefined;
    this.starting = true;
    this.#keeper?.flush();
    this.host?.post({ type: 'sendAgain' });
  }

  #header(command: HeaderCommand, init: PanelInit): void {
    switch (command) {
      case 'changeTarget':
        this.host?.post({ type: 'changeTarget' });
        return;
      case 'copyAsGrpcurl':
      case 'saveAsRequestFile':
        this.host?.post({ type: command, form: this.form });
        return;
      case 'showDefinition':
        this.host?.post({
          type: 'showDefinition',
          symbol: `${init.method.service}.${init.method.method}`,
        });
        return;
    }
  }

  async #resetBody(): Promise<void> {
    const { host } = this;
    if (host === undefined) {
      return;
    }
    try {
      const { body } = await host.request('template', {});
      this.#edit({ ...this.form, body });
    } catch (error) {
      const message = error instanceof Error ? error.message : 'There is no template.';
      this.refused = { type: 'refused', where: 'body', message };
    }
  }

  #arrange(change: Partial<ViewState>): void {
    this.view = { ...this.view, ...change };
    this.#keeper?.arrange(writeView(this.view));
  }

  readonly #key = (event: KeyboardEvent): void => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) {
      return;
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      event.stopPropagation();
      this.#command('send');
    } else if (event.key.toLowerCase() === 'f' && !inCodeEditor(event)) {
      event.preventDefault();
      event.stopPropagation();
      void this.call?.openFind();
    }
  };
}

// The editors have a find of their own.
function inCodeEditor(event: KeyboardEvent): boolean {
  return event
    .composedPath()
    .some((target) => target instanceof HTMLElement && target.classList.contains('cm-editor'));
}
