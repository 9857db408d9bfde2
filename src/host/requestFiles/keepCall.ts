import type { RequestFile, RequestNode } from '../../request/file/syntax';
import type { CallResult } from '../../request/run/result';
import type { Scope } from '../../request/variables/scope';
import type { App } from '../app';
import { draftOf } from '../history/keptRequest';
import type { Server } from '../servers';
import { messageTexts, panelForm } from './panelForm';

/** A request of a file whose call has ended. */
export interface FinishedRequest {
  readonly file: RequestFile;
  readonly node: RequestNode;
  readonly scope: Scope;
  readonly server: Server;
  readonly result: CallResult;
  readonly framesAvailable: boolean;
}

/** Keeps a call in the history; its transcript must not be disposed of before this has resolved. */
export function keepCall(app: Pick<App, 'history'>, finished: FinishedRequest): Promise<void> {
  const { file, node, scope, server, result, framesAvailable } = finished;
  const { request, transcript, schema, method, status, deadline } = result;
  const form = panelForm(file, node, request, scope);
  const messages = messageTexts(file, node, request, scope);
  return app.history.record({
    ...{ server, schema, method, status, transcript, deadline, framesAvailable },
    request: draftOf(server, request.path, form, messages),
    secrets: request.secrets,
    environment: scope.environment?.name,
  });
}
