import type { RequestForm, ToWebview } from '../../panel/protocol';
import type { Scope } from '../../request/variables/scope';
import type { MethodInfo, Schema } from '../../schema/schema';
import type { App } from '../app';
import { UserError } from '../errors';
import { recordRun } from '../history/recordRun';
import { SentRequest } from '../history/sentRequest';
import { callDefaults } from '../settings';
import { CallRun, type Update, type Watch } from './callRun';
import { type FilledForm, fillForm } from './formReferences';
import type { Subject } from './panelInit';
import type { StartedCall } from './panelKey';
import { encodeBody, planCall, startRun, streamsRequests } from './startRun';

/** What the calls of a panel tell it. */
export interface CallsListener {
  post(message: ToWebview): void;
  /** A hidden webview is gone; it asks for everything when it comes back. */
  isVisible(): boolean;
  /** Nothing is sent, and why. */
  refuse(where: Extract<ToWebview, { type: 'refused' }>['where'], message: string): void;
  /** Another call than before is shown. */
  shown(): void;
}

/** Of all panels: one page shows one after the other, and must not take the rows of one for those of another. */
let callCount = 0;

/** The calls of one panel, one at a time: starts them, sends their messages, shows what they do. */
export class PanelCalls {
  readonly #app: App;
  readonly #listener: CallsListener;
  readonly #scope: () => Promise<Scope>;
  #run: CallRun | undefined;
  /** Which rows are on the screen; a new call starts with the same. */
  #watch: Watch | undefined;
  /** Of the newest call that was asked for. */
  #callId = 0;
  /** What was sent in it. */
  #sent = new SentRequest();
  /** Values that are hidden in its timeline. */
  #secrets: readonly string[] = [];
  #disposed = false;

  constructor(
    app: App,
    listener: CallsListener,
    scope: () => Promise<Scope>,
    watch: Watch | undefined,
  ) {
    this.#app = app;
    this.#listener = listener;
    this.#scope = scope;
    this.#watch = watch;
  }

  /** The call that is shown. */
  get run(): CallRun | undefined {
    return this.#run;
  }

  /** Which rows are on the screen. */
  get watched(): Watch | undefined {
    return this.#watch;
  }

  /** Whether no call runs. */
  get isIdle(): boolean {
    return this.#run === undefined || this.#run.call.transcript.status !== undefined;
  }

  watch(watch: Watch): void {
    this.#watch = watch;
    this.#run?.watch(watch);
  }

  /** The call with this number; throws when a newer one took its place. */
  runOf(callId: number): CallRun {
    if (this.#run?.context.callId !== callId) {
      throw new UserError('no-method', {
        what: 'Reading the timeline',
        why: 'The call has been replaced by a newer one.',
      });
    }
    return this.#run;
  }

  /** Shows a call that was started elsewhere, and owns it. */
  adopt({ call, context, held }: StartedCall): void {
    const callId = this.#newCall();
    const run = new CallRun(call, { ...context, callId }, (update) => this.#update(callId, update));
    if (held) {
      run.hold(held);
    }
    this.#show(run);
  }

  async send(form: RequestForm, subject: Subject, openOnly: boolean): Promise<void> {
    const scope = await this.#scope();
    const filled = await fillForm(form, scope);
    const plan =
      'refused' in filled
        ? filled
        : planCall(filled.form, subject, callDefaults(), openOnly, filled.secrets);
    if ('refused' in plan) {
      this.#listener.refuse(plan.refused, plan.message);
      return;
    }
    const callId = this.#newCall();
    this.#secrets = plan.secrets;
    const sent = new SentRequest();
    if (!openOnly) {
      sent.add(form.body);
    }
    if (!streamsRequests(subject.method.kind)) {
      sent.end();
    }
    try {
      const run = await startRun(this.#app, subject, plan, callId, (update) =>
        this.#update(callId, update),
      );
      recordRun(this.#app, run, subject, {
        ...{ form, sent, secrets: plan.secrets },
        environment: scope.environment?.name,
      });
      if (this.#disposed || callId !== this.#callId) {
        run.dispose();
        return;
      }
      this.#sent = sent;
      this.#show(run);
    } catch (error) {
      const { why } = UserError.from(error, `Calling ${subject.method.path.slice(1)}`);
      this.#listener.refuse('call', why);
    }
  }

  /** Sends one message more in the call that runs. */
  async sendMessage(text: string): Promise<void> {
    const { call, context } = this.#run ?? {};
    if (!call?.canSend || !context) {
      this.#listener.refuse('call', 'The request stream is closed: no message can follow.');
      return;
    }
    const filled = await fillForm({ body: text, metadata: [], options: {} }, await this.#scope());
    const encoded =
      'refused' in filled ? filled : this.#encodeMore(context.schema, context.method, filled);
    if ('refused' in encoded) {
      this.#listener.refuse(encoded.refused, encoded.message);
      return;
    }
    if (!call.canSend) {
      return;
    }
    call.send(encoded.bytes);
    this.#sent.add(text);
    await call.drained();
  }

  /** Sends messages, and the end of the stream when it is to end, as long as the call is the one that is shown. */
  async sendRest(messages: readonly string[], end: boolean): Promise<void> {
    const run = this.#run;
    for (const message of messages) {
      if (this.#run === run && run?.call.canSend) {
        await this.sendMessage(message);
      }
    }
    if (this.#run === run && end) {
      this.endStream();
    }
  }

  endStream(): void {
    this.#sent.end();
    this.#run?.call.halfClose();
    this.sendSnapshot();
  }

  cancel(): void {
    this.#run?.call.cancel();
  }

  sendSnapshot(): void {
    if (this.#run) {
      this.#listener.post({ type: 'snapshot', snapshot: this.#run.snapshot() });
    }
  }

  dispose(): void {
    this.#disposed = true;
    this.#run?.dispose();
    this.#run = undefined;
  }

  /** Ends the call before, and gives the number of the next. */
  #newCall(): number {
    this.#run?.dispose();
    this.#run = undefined;
    callCount++;
    this.#callId = callCount;
    return callCount;
  }

  #show(run: CallRun): void {
    this.#run = run;
    this.#listener.shown();
    if (this.#watch) {
      run.watch(this.#watch);
    }
    this.sendSnapshot();
  }

  #update(callId: number, update: Update): void {
    if (this.#run?.context.callId === callId && this.#listener.isVisible()) {
      this.#listener.post({ type: 'snapshot', ...update });
    }
  }

  /** A message of a call that runs. What is hidden in the transcript was decided when it began. */
  #encodeMore(
    schema: Schema,
    method: MethodInfo,
    { form, secrets }: FilledForm,
  ): ReturnType<typeof encodeBody> {
    return secrets.every((secret) => this.#secrets.includes(secret))
      ? encodeBody(schema, method, form.body)
      : {
          refused: 'body',
          message:
            'The message uses a secret that the call did not begin with, so it could not be hidden in the timeline. Cancel, and send with this message in the body.',
        };
  }
}
