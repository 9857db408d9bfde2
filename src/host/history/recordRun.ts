import type { RequestForm } from '../../panel/protocol';
import type { App } from '../app';
import type { CallRun } from '../requestPanel/callRun';
import type { Subject } from '../requestPanel/panelInit';
import { draftOf } from './keptRequest';
import type { SentRequest } from './sentRequest';

/** What the history wants to know of a call that a panel made. */
export interface SentForm {
  /** As it was filled in: with references to variables. */
  readonly form: RequestForm;
  readonly sent: SentRequest;
  readonly secrets: readonly string[];
  /** Name of the environment that the form was sent with. */
  readonly environment: string | undefined;
}

/** Keeps the call of a panel once it has ended; its transcript stays until then. */
export function recordRun(
  app: App,
  run: CallRun,
  { server, schema, method }: Subject,
  { form, sent, secrets, environment }: SentForm,
): void {
  const { call, context } = run;
  run.hold(
    call.done.then((status) =>
      app.history.record({
        ...{ server, schema, method, status, secrets, environment },
        transcript: call.transcript,
        request: draftOf(server, method.path, form, sent.messages),
        messagesLeftOut: sent.leftOut,
        requestEnded: sent.ended,
        deadline: context.deadline,
        framesAvailable: context.framesAvailable,
      }),
    ),
  );
}
