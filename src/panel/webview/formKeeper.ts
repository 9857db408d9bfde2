import type { FormCheck, PanelInit, PanelState, RequestForm } from '../protocol';
import type { HostConnection } from './shared/hostConnection';

/** Milliseconds of quiet before the host looks at a changed form. */
const checkAfter = 150;
/** Milliseconds before the host gets a changed form to keep; a reload flushes it at once. */
const tellAfter = 100;

/** Keeps the form across reloads, tells the host about it, and has it checked while the user types. */
export class FormKeeper {
  readonly #host: HostConnection;
  readonly #checked: (check: FormCheck) => void;
  #init: PanelInit | undefined;
  #form: RequestForm = { body: '', metadata: [], options: {} };
  #view: PanelState['view'] = {};
  #untold = false;
  #version = 0;
  #checkTimer: ReturnType<typeof setTimeout> | undefined;
  #tellTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(host: HostConnection, checked: (check: FormCheck) => void) {
    this.#host = host;
    this.#checked = checked;
    addEventListener('pagehide', this.#flushNow);
    document.addEventListener('visibilitychange', this.#flushNow);
  }

  /** The form as the user left it, if the host doesn't know it yet and `init` is about the same method. */
  untold(init: PanelInit): RequestForm | undefined {
    const same =
      this.#init?.target.id === init.target.id &&
      this.#init.method.service === init.method.service &&
      this.#init.method.method === init.method.method;
    return same && this.#untold ? this.#form : undefined;
  }

  /** Starts anew with `form`. */
  open(init: PanelInit, form: RequestForm, view: PanelState['view']): void {
    this.#init = init;
    this.#form = form;
    this.#view = view;
    this.flush();
    this.#save();
    void this.#check();
  }

  change(form: RequestForm): void {
    this.#form = form;
    this.#untold = true;
    this.#save();
    clearTimeout(this.#checkTimer);
    this.#checkTimer = setTimeout(() => void this.#check(), checkAfter);
    this.#tellTimer ??= setTimeout(this.#flushNow, tellAfter);
  }

  arrange(view: PanelState['view']): void {
    this.#view = view;
    this.#save();
  }

  /** Gives the host the newest form now, if it doesn't have it. */
  flush(): void {
    clearTimeout(this.#tellTimer);
    this.#tellTimer = undefined;
    if (this.#untold) {
      this.#untold = false;
      this.#host.post({ type: 'formChanged', form: this.#form });
    }
  }

  close(): void {
    this.flush();
    clearTimeout(this.#checkTimer);
    removeEventListener('pagehide', this.#flushNow);
    document.removeEventListener('visibilitychange', this.#flushNow);
  }

  readonly #flushNow = (): void => this.flush();

  #save(): void {
    const init = this.#init;
    if (init !== undefined) {
      this.#host.save({
        version: 1,
        target: init.target.id,
        service: init.method.service,
        method: init.method.method,
        form: this.#form,
        ...(init.file === undefined ? {} : { file: init.file }),
        ...(init.history === undefined ? {} : { history: init.history }),
        view: this.#view,
      });
    }
  }

  async #check(): Promise<void> {
    this.#version += 1;
    const version = this.#version;
    try {
      const check = await this.#host.request('check', { form: this.#form });
      if (version === this.#version) {
        this.#checked(check);
      }
    } catch {
      // Without a check nothing is marked; what can't be sent is refused when it is sent.
    }
  }
}
